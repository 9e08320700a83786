"""Everything that differs by operating system: permissions, fsync, processes, signals, folders, loopback."""

from __future__ import annotations

import asyncio.subprocess
import errno
import getpass
import ipaddress
import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path
from typing import BinaryIO

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a named pipe would otherwise wait for its other end


def private_file(path: Path, *, exclusive: bool = False, append: bool = False) -> BinaryIO:
    """Open a file for writing that only its owner may read (0600), whatever the umask; unbuffered.

    `exclusive` raises FileExistsError where something is there already; `append` writes at the end and keeps what is
    there, otherwise the file is emptied. On Windows the folder's access list is inherited. Raises OSError, also for a
    link or anything that is not a plain file.
    """
    flags = os.O_RDWR | os.O_CREAT | _NO_LINK | _NO_WAIT
    flags |= os.O_EXCL if exclusive else 0
    flags |= os.O_APPEND if append else 0
    descriptor = os.open(path, flags, PRIVATE_FILE)
    try:
        _only_plain(descriptor, path)
        if sys.platform != "win32":
            os.fchmod(descriptor, PRIVATE_FILE)
        if not append:
            os.ftruncate(descriptor, 0)
        return os.fdopen(descriptor, "r+b", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise


def plain_file(path: Path) -> BinaryIO:
    """Open a plain file for reading. Raises OSError: a link, a pipe or a device is refused, never waited for."""
    descriptor = os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT)
    try:
        _only_plain(descriptor, path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _only_plain(descriptor: int, path: Path) -> None:
    if stat.S_ISDIR(mode := os.fstat(descriptor).st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a plain file", str(path))


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter (0700), its parents too. Raises OSError.

    One that is there already is tightened; parents that are there keep their permissions.
    """
    for parent in reversed(path.parents):
        if not parent.exists():
            _make(parent)
    _make(path)
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) != PRIVATE_FOLDER:
        path.chmod(PRIVATE_FOLDER)


def _make(path: Path) -> None:
    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make a rename or a new name in a folder last through a power cut. Windows does this by itself."""
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
                raise
        finally:
            os.close(descriptor)


def sync_file(descriptor: int) -> None:
    """Put a file's bytes on the disk for good. On macOS fsync stops at the drive's cache; F_FULLFSYNC goes through."""
    if sys.platform == "darwin":
        import fcntl  # imported here: Windows has none

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
        except OSError:
            pass  # a network disk may not know it; the plain one follows
    os.fsync(descriptor)


def replace(source: Path, target: Path) -> None:
    """Put `source` in the place of `target` in one step. Raises OSError.

    On Windows a virus scanner may hold the target for a moment; it is tried for a quarter of a second.
    """
    tries = 10 if sys.platform == "win32" else 1
    for left in reversed(range(tries)):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(0.025)


def pid_alive(pid: int) -> bool:
    """Is there a process of this number on this machine? A process of somebody else counts."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        import ctypes  # imported here: only Windows needs it

        query, still_active = 0x1000, 259  # PROCESS_QUERY_LIMITED_INFORMATION, STILL_ACTIVE
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(query, False, pid)
        if not handle:
            return bool(kernel.GetLastError() == 5)  # ERROR_ACCESS_DENIED: it is there, and not ours
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == still_active
    else:  # noqa: RET505  an else, so that mypy checks one branch a platform
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:
            pass  # it is there, and somebody else's
        return True


def user_name() -> str:
    """The name of whoever runs this, or their number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):  # no entry in the user list; OSError from Python 3.13 on
        if sys.platform == "win32":
            return "somebody"
        else:  # noqa: RET505  as above
            return str(os.getuid())


def host_name() -> str:
    return socket.gethostname() or "this machine"


def workspace_folder() -> Path:
    """Where projects live: LAUNCHREADY_HOME, or the system's folder for an application's data."""
    if told := os.environ.get("LAUNCHREADY_HOME"):
        return Path(told).expanduser()
    import platformdirs  # imported here: `check` with --workspace does not need it

    return Path(platformdirs.user_data_dir("launchready", appauthor=False))


def loopback_addresses(count: int) -> tuple[str, ...]:
    """At most `count` addresses of this machine alone: 127.0.0.1, 127.0.0.2, … macOS has only the first."""
    found = ["127.0.0.1"]
    first = int(ipaddress.IPv4Address("127.0.0.1"))
    for number in range(1, count):
        address = str(ipaddress.IPv4Address(first + number))
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((address, 0))
            except OSError:
                break
        found.append(address)
    return tuple(found[: max(count, 0)])


def stop_signals() -> tuple[signal.Signals, ...]:
    """The signals by which a person or the system asks us to end, as far as this system has them."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    return tuple(signal.Signals[name] for name in names if name in signal.Signals.__members__)


def open_inside(root: str, parts: list[str]) -> int:
    """Open a file part by part and follow no link, so that nothing swapped in meanwhile leads out. Raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    if sys.platform == "win32":  # no opening relative to a folder there
        whole = os.path.join(root, *parts)
        if not stat.S_ISREG(os.lstat(whole).st_mode):
            raise FileNotFoundError(whole)
        return os.open(whole, flags)
    else:  # noqa: RET505  a type checker reads each system only within an if and else
        at = os.open(root, flags | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                below = os.open(part, flags | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                os.close(at)
                at = below
            if not stat.S_ISREG(os.stat(parts[-1], dir_fd=at, follow_symlinks=False).st_mode):
                raise FileNotFoundError(parts[-1])
            return os.open(
                parts[-1], flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at
            )  # a FIFO would wait for a writer
        finally:
            os.close(at)


def kill_group(process: asyncio.subprocess.Process, *, gently: bool = False) -> None:
    """End a child of ours at once, with its own children where it was started as the head of a group; `gently` asks it
    to end, so that it can tidy up (Windows has no such way)."""
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGTERM if gently else signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself in between


def is_ours(path: str) -> bool:
    """Does this very path, not what a link leads to, belong to whoever runs this? Raises OSError."""
    if sys.platform == "win32":
        return os.path.lexists(path)
    else:  # noqa: RET505  as above
        return os.lstat(path).st_uid == os.getuid()


def build_shell(command: str) -> tuple[str, ...]:
    """What runs a line as a person types it into a terminal of this system."""
    if sys.platform == "win32":
        return (os.environ.get("COMSPEC", "cmd.exe"), "/d", "/s", "/c", command)
    else:  # noqa: RET505  as above
        return ("/bin/sh", "-c", command)


def build_limits() -> str:
    """What we cannot promise about ending a build on this system, in a sentence; "" where we end all of it."""
    if sys.platform == "linux":
        return ""
    elif sys.platform == "win32":  # noqa: RET505  as above
        return "On Windows a program that a build left behind may go on running: look in the Task Manager."
    else:
        return "On this system a program that the build put into a session of its own may go on running."
