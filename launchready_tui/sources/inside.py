"""Read a file below a folder that is not trusted: no link out, no device, no FIFO, and never the folder's .git."""

from __future__ import annotations

import os
import stat


def read_inside(top: str, path: str, most: int) -> bytes | None:
    """At most `most` bytes of a plain file below `top`; None for everything else: links out, FIFOs, devices, .git."""
    parts = path.split("/")
    if "\0" in path or os.path.isabs(path) or any(part in ("", ".", "..") for part in parts):
        return None
    root = os.path.realpath(top)
    real = os.path.realpath(os.path.join(root, *parts))
    if not _holds(root, real) or real == root:
        return None
    inner = os.path.relpath(real, root).split(os.sep)
    if inner[0].casefold() == ".git":  # its config may hold a token
        return None
    try:
        handle = _open_inside(root, inner)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most) if stat.S_ISREG(os.fstat(handle).st_mode) else None


def _holds(top: str, folder: str) -> bool:
    """True where `folder` is `top` or lies in it, links resolved."""
    real_top, real = os.path.realpath(top), os.path.realpath(folder)
    return real == real_top or real.startswith(real_top.rstrip(os.sep) + os.sep)


def _open_inside(root: str, parts: list[str]) -> int:
    """Open a file part by part and follow no link, so that nothing swapped in meanwhile leads out. Raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    if os.open not in os.supports_dir_fd:  # Windows
        whole = os.path.join(root, *parts)
        if not stat.S_ISREG(os.lstat(whole).st_mode):
            raise FileNotFoundError(whole)
        return os.open(whole, flags)
    at = os.open(root, flags | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            below = os.open(part, flags | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        if not stat.S_ISREG(os.stat(parts[-1], dir_fd=at, follow_symlinks=False).st_mode):
            raise FileNotFoundError(parts[-1])
        return os.open(parts[-1], flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)  # a FIFO would wait for a writer
    finally:
        os.close(at)
