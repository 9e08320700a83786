"""The exported handover, opened by a stranger's tool: taplo checks the file against the schema that its first line
names, and reads the same out of it as we wrote."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from launchready_tui.handover.export import build, write
from tests.handover.worlds import facts
from tests.real.servers import binary, require

pytestmark = pytest.mark.real
SECONDS = 60  # it is a WebAssembly program that node compiles first


def taplo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    require("taplo", "node")
    program = binary("taplo")
    assert program is not None
    return subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    written = write(build(facts()), tmp_path)
    assert written.paths
    return tmp_path


def test_it_is_clean_against_the_schema_that_it_names(exported: Path) -> None:
    done = taplo(exported, "check", "handover.toml")
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr.lower()


def test_the_tool_reads_that_schema(exported: Path) -> None:
    """A file that the schema refuses is refused: what is clean above was held against it."""
    file = exported / "handover.toml"
    file.write_text(file.read_text("utf-8").replace("critical = true", "critical = 'yes'", 1), "utf-8")
    done = taplo(exported, "check", "handover.toml")
    assert done.returncode != 0
    assert "critical" in done.stderr


def test_it_reads_what_we_wrote(exported: Path) -> None:
    done = taplo(exported, "get", "-f", "handover.toml", "-o", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == tomllib.loads((exported / "handover.toml").read_text("utf-8"))
