"""What the tests of the screens share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test starts a browser or believes that a clipboard took something."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TERM_PROGRAM", "WT_SESSION", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
