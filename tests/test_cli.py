"""The command line as a user meets it: real processes, sentences instead of tracebacks, exit status as written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from launchready_tui import __version__

SILENT = ("--resolver", "127.0.0.1:9", "--private-network", "--no-registries")


def launchready(*args: str, cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "launchready_tui", *args],
        capture_output=True,
        text=True,
        cwd=cwd,
        input=stdin,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done


def test_version_and_help() -> None:
    assert launchready("--version").stdout.strip() == f"launchready {__version__}"
    shown = launchready("--help").stdout
    for command in ("demo", "open", "check", "ask", "fix", "undo", "changes", "export"):
        assert command in shown


@pytest.mark.parametrize(
    "typed",
    ["", "localhost", "127.0.0.1", "::1", "a" * 300, "a b.example", "co.uk", "http://", "\x1b[2J.example", "-.example"],
)
def test_what_is_not_a_domain_is_said_in_a_sentence(typed: str) -> None:
    done = launchready("check", "--", typed)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "\x1b" not in done.stderr
    assert done.stderr.strip().endswith((".", "…"))


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "good.example", "--only", "no.such.check"),
        ("check", "good.example", "--resolver", "nonsense"),
        ("check", "good.example", "--repo", "/no/such/folder"),
        ("check", "good.example", "--at", "soon"),
        ("check", "good.example", "--answers", "/no/such/file.toml"),
        ("check", "good.example", "--connect-to", "good.example:443:127.0.0.1:1"),
        ("export",),
        ("undo", "1"),
        ("changes", "--project", "good.example"),
        ("fix", "dns.www.resolves"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_status_2_and_a_sentence(args: tuple[str, ...]) -> None:
    done = launchready(*args)
    assert done.returncode == 2
    assert done.stderr.strip()


@pytest.mark.parametrize("args", [(), ("demo",), ("open", "good.example")])
def test_without_a_terminal_the_wizard_says_so(args: tuple[str, ...]) -> None:
    done = launchready(*args)
    assert done.returncode == 2
    assert "terminal" in done.stderr


def test_a_url_typed_as_a_domain_gives_its_host_and_says_so() -> None:
    done = launchready("check", "https://www.good.example/login?x=1", "--only", "dns.apex.resolves", "--json", *SILENT)
    assert "good.example" in done.stderr
    assert json.loads(done.stdout)["domain"] == "good.example"


def test_silence_is_status_3_and_never_a_failure() -> None:
    done = launchready("check", "good.example", "--only", "dns.apex.resolves", "--json", *SILENT)
    document = json.loads(done.stdout)
    assert done.returncode == 3
    assert [finding["status"] for finding in document["findings"]] == ["unknown"]
    assert document["counts"] == {"critical": 0, "high": 0, "medium": 0, "low": 0, "unknown": 1}
    assert document["schema_version"] == 1
    keys = {
        "id",
        "stage",
        "status",
        "severity",
        "subject",
        "title",
        "saw",
        "why",
        "fix",
        "evidence",
        "needs",
        "seconds",
    }
    assert keys <= set(document["findings"][0])


def test_the_stream_says_each_check_as_it_happens() -> None:
    done = launchready("check", "good.example", "--stage", "handover", "--stream", *SILENT)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    started = [line["id"] for line in lines if line["event"] == "started"]
    finished = [line["id"] for line in lines if line["event"] == "finished"]
    assert sorted(started) == sorted(finished)
    assert started
    assert lines[-1]["event"] == "done"


def test_text_for_a_person_names_the_domain_and_the_next_step() -> None:
    done = launchready("check", "good.example", "--only", "dns.apex.resolves", *SILENT)
    assert done.stdout.startswith("good.example\n")
    assert "Next:" in done.stdout


def test_ask_answers_line_by_line() -> None:
    lines = '{"id": "a", "kind": "org-domain", "name": "a.b.co.uk"}\nnonsense\n'
    answers = [json.loads(line) for line in launchready("ask", stdin=lines).stdout.splitlines()]
    assert {"id": "a", "ok": True, "data": {"org_domain": "b.co.uk"}} in answers
    assert len(answers) == 2


def test_somebody_elses_screens_folder_does_not_stand_in_for_ours(tmp_path: Path) -> None:
    (tmp_path / "screens").mkdir()
    (tmp_path / "screens" / "__init__.py").write_text("raise SystemExit('wrong screens')\n")
    assert launchready("--version", cwd=tmp_path).returncode == 0
    code = "import launchready_tui.__main__, screens; print(screens.__file__)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert str(tmp_path) not in shown.stdout
    assert shown.returncode == 0, shown.stderr


def test_the_headless_path_loads_no_screen() -> None:
    code = (
        "import sys, launchready_tui.cli, launchready_tui.headless, launchready_tui.changing, launchready_tui.session,"
        " launchready_tui.desk, launchready_tui.ask.kinds, launchready_tui.report;"
        "from launchready_tui.checks import all_checks; all_checks();"
        "print([m for m in ('textual', 'rich', 'screens.app') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert shown.stdout.strip() == "[]", shown.stderr


def test_help_loads_little() -> None:
    code = (
        "import sys, launchready_tui.cli;"
        "print([m for m in ('msgspec', 'httpx', 'dns', 'textual', 'keyring', 'asyncio') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert shown.stdout.strip() == "[]", shown.stderr
