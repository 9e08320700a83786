"""Read a file below a folder that is not trusted: no link out, no device, no FIFO, and never the folder's .git."""

from __future__ import annotations

import os
import stat

from launchready_tui.system import open_inside


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
        handle = open_inside(root, inner)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most) if stat.S_ISREG(os.fstat(handle).st_mode) else None


def _holds(top: str, folder: str) -> bool:
    """True where `folder` is `top` or lies in it, links resolved."""
    real_top, real = os.path.realpath(top), os.path.realpath(folder)
    return real == real_top or real.startswith(real_top.rstrip(os.sep) + os.sep)
