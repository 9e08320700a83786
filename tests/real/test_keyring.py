"""The vault on a real gnome-keyring, on a session bus of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.promises.canaries import files_under, seen
from tests.real.keyring_child import ENTRY, NAME, VALUES
from tests.real.servers import binary, require

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="gnome-keyring is Linux's")]
REPOSITORY = Path(__file__).parents[2]
DAEMON = "gnome-keyring-daemon"


def on_a_bus(tmp_path: Path, script: str) -> None:
    """Run a shell script under dbus-run-session; the bus, and so the daemon, end with it."""
    require("dbus-run-session", "dbus-daemon", "dbus-send", DAEMON)
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


def nowhere(tmp_path: Path, *but: str) -> None:
    """No value is anywhere on the disk that the child had: home, keyring, workspace, exports, what it said."""
    files = files_under(tmp_path)
    assert any("keyring" in name for name in files)
    assert seen(files, [value for value in VALUES if value not in but]) == []


def test_a_launch_on_a_real_keyring(tmp_path: Path) -> None:
    said = child(tmp_path, "whole", UNLOCK)
    assert not said["trouble"], said
    assert said["read"]
    assert said["listed"] == [[ENTRY, "in your system's keyring"]]
    assert said["index"] == [f"{NAME}/owner/dns", ENTRY]
    assert said["exported"] == [True, []]
    assert said["owner"] == "Ada"
    assert said["removed"]
    assert f"{NAME}/owner/dns" in said["left"]
    assert ENTRY not in said["left"]
    nowhere(tmp_path, VALUES[2])  # an account's name is what the handover is for
    outside = {name: data for name, data in files_under(tmp_path).items() if "/exports/" not in name}
    assert seen(outside, [VALUES[2]]) == []


def test_what_a_real_keyring_has_moves_into_the_file_and_back(tmp_path: Path) -> None:
    said = child(tmp_path, "moved", UNLOCK)
    for what in ("gone from the keyring", "in the file", "in the keyring", "gone from the file"):
        assert said[what], said
    assert "1 of them was moved there" in said["to the file"]
    nowhere(tmp_path)


def test_the_daemon_is_killed_in_the_middle(tmp_path: Path) -> None:
    said = child(tmp_path, "killed", UNLOCK)
    assert said["put"] in ("none", "broken", "locked", "dismissed", "slow", "lying"), said
    assert "cnry" not in said["sentence"]
    assert said["wants"] == "choice"
    assert "this sitting only" in said["say"]
    assert (said["owner"], said["kept"]) == ("Ada", "session")
    assert said["listed"] == []
    nowhere(tmp_path)
    # What was stored before it died is there when the desktop is.
    get = (
        "import asyncio;from launchready_tui.vault import Vault;from tests.real.keyring_child import VALUES;"
        "assert asyncio.run(Vault().get('token/before')).reveal() == VALUES[0]"
    )
    on_a_bus(tmp_path, f'{UNLOCK}"$PYTHON" -c "{get}"')


def test_a_keyring_that_is_locked_in_the_middle(tmp_path: Path) -> None:
    said = child(tmp_path, "locked", UNLOCK)
    assert said["get"] in ("locked", "dismissed", "slow"), said
    assert said["put"] in ("locked", "dismissed", "slow"), said
    nowhere(tmp_path)
