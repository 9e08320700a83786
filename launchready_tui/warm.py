"""Imports what a launch needs a module at a time, so that the screen answers keys while one is being opened."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import sys
from collections.abc import Iterator

from launchready_tui.model import Stage

# Ours first: it keeps the two after it from importing what nobody needs.
_FIRST = ("launchready_tui.sources", "httpcore", "httpx", "dns.asyncresolver", "dns.message", "cryptography.x509")
_LAST = ("launchready_tui.session", "launchready_tui.vault")


def _names() -> Iterator[str]:
    yield from _FIRST
    for package in ("launchready_tui.sources", *(f"launchready_tui.checks.{stage}" for stage in Stage)):
        yield package
        for module in pkgutil.iter_modules(sys.modules[package].__path__):
            yield f"{package}.{module.name}"
    yield from _LAST


async def warm() -> None:
    """Import it all; the loop is let go after each module. At once where all is there already."""
    for name in _names():
        if name not in sys.modules:
            importlib.import_module(name)
            await asyncio.sleep(0)
