"""The vault on a real gnome-keyring, on a session bus of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.real.servers import binary, require

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="gnome-keyring is Linux's")]
REPOSITORY = Path(__file__).parents[2]
DAEMON = "gnome-keyring-daemon"


def on_a_bus(tmp_path: Path, script: str) -> None:
    """Run a shell script under dbus-run-session; the bus, and so the daemon, end with it."""
    require("dbus-run-session", "dbus-daemon", DAEMON)
    home, run = tmp_path / "home", tmp_path / "run"
    for folder in (home, run):
        folder.mkdir(mode=0o700, exist_ok=True)
    keep = {
        name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "XDG_", "PYTHON_KEYRING"))
    }
    env = {
        **keep,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(run),
        "PYTHON": sys.executable,
        "OUT": str(tmp_path / "out"),
    }
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    command = [binary("dbus-run-session") or "", "--", "sh", "-c", script]
    done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr


def child(tmp_path: Path, job: str, unlock: str) -> dict[str, Any]:
    on_a_bus(tmp_path, f'{unlock}"$PYTHON" -m tests.real.keyring_child {job} "$OUT"')
    said: dict[str, Any] = json.loads((tmp_path / "out").read_text())
    return said


UNLOCK = f"printf %s password | {DAEMON} --unlock --components=secrets >/dev/null && "


def test_a_sitting_on_a_real_keyring(tmp_path: Path) -> None:
    said = child(tmp_path, "use", UNLOCK)
    assert said["ok"], said
    assert said["backend"] == "Secret Service"
    assert said["token"]
    assert said["gone"]
    assert said["owners"] == {"dns": "Åda 😀"}
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert kept, "the keyring is not in the home that was given to it"
    for path in kept:
        assert "Åda".encode() not in path.read_bytes()  # never plain text on the disk


def test_what_is_kept_is_there_after_the_desktop_ended(tmp_path: Path) -> None:
    put = "import asyncio;from launchready_tui.vault import Vault;from launchready_tui.secret import Secret;"
    on_a_bus(tmp_path, f'{UNLOCK}"$PYTHON" -c \'{put}asyncio.run(Vault().put("n", Secret("v")))\'')
    get = f'{put}s = asyncio.run(Vault().get("n")); assert s == Secret("v")'
    on_a_bus(tmp_path, f"{UNLOCK}\"$PYTHON\" -c '{get}'")


def test_a_keyring_that_nobody_can_unlock(tmp_path: Path) -> None:
    """No desktop, so no window can ask for the password: said in a sentence, nothing stored, no hang."""
    said = child(tmp_path, "refused", f"{DAEMON} --start --components=secrets >/dev/null && ")
    assert not said["ok"]
    assert said["problem"] in ("dismissed", "locked", "slow")
    assert said["put"] in ("dismissed", "locked", "slow")


def test_a_bus_without_a_keyring(tmp_path: Path) -> None:
    """gnome-keyring's own activation is out of reach here, so nothing answers for the Secret Service."""
    said = child(tmp_path, "refused", "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent; ")
    assert (said["ok"], said["problem"], said["put"]) == (False, "none", "none")
