"""What differs by operating system, met on this one."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from launchready_tui import system

posix = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        system.private_folder(tmp_path / "a" / "b")
        system.private_file(tmp_path / "a" / "b" / "file").close()
    finally:
        os.umask(before)
    assert mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path / "a" / "b" / "file") == 0o600


@posix
def test_loose_permissions_are_tightened(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    folder.chmod(0o755)
    file.write_text("x")
    file.chmod(0o644)
    system.private_folder(folder)
    system.private_file(file, append=True).close()
    assert (mode(folder), mode(file)) == (0o700, 0o600)
    assert file.read_text() == "x"


def test_file_modes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with system.private_file(path, exclusive=True) as file:
        file.write(b"one")
    with pytest.raises(FileExistsError):
        system.private_file(path, exclusive=True)
    with system.private_file(path, append=True) as file:
        file.write(b" two")
    assert path.read_bytes() == b"one two"
    system.private_file(path).close()
    assert path.read_bytes() == b""


@posix
def test_links_pipes_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    (tmp_path / "link").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(OSError):
            system.plain_file(tmp_path / name)
        with pytest.raises(OSError):
            system.private_file(tmp_path / name)
    with pytest.raises(OSError):
        system.plain_file(Path("/dev/zero"))
    assert secret.read_text() == "mine"


def test_pid_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert system.pid_alive(child.pid)
    child.communicate(b"\n")
    assert not system.pid_alive(child.pid)
    assert system.pid_alive(os.getpid())
    for pid in (0, -1, 2**40):
        assert not system.pid_alive(pid)


def test_workspace_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAUNCHREADY_HOME", str(tmp_path))
    assert system.workspace_folder() == tmp_path
    monkeypatch.setenv("LAUNCHREADY_HOME", "~/somewhere")
    assert system.workspace_folder() == Path.home() / "somewhere"
    monkeypatch.delenv("LAUNCHREADY_HOME")
    assert system.workspace_folder().name == "launchready"


def test_loopback_addresses() -> None:
    found = system.loopback_addresses(4)
    assert found[0] == "127.0.0.1"
    assert len(found) == (4 if sys.platform == "linux" else len(found))
    for address in found:
        with socket.socket() as probe:
            probe.bind((address, 0))
    assert system.loopback_addresses(0) == ()


def test_replace_and_sync(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    system.replace(tmp_path / "new", tmp_path / "old")
    system.sync_folder(tmp_path)
    assert (tmp_path / "old").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_names_and_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert system.user_name()
    assert system.host_name()
    assert signal.SIGINT in system.stop_signals()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform != "win32":
        import pwd

        def nobody(uid: int) -> pwd.struct_passwd:
            raise KeyError(uid)

        monkeypatch.setattr(pwd, "getpwuid", nobody)
        assert system.user_name() == str(os.getuid())
