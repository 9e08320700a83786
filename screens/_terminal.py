"""What the terminal around us can do, told only where it is known."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping
from urllib.parse import urlsplit

# Terminals that put an OSC 52 sequence on the clipboard without being told to (their own documentation). iTerm2 and
# GNOME Terminal do not by default; inside tmux and screen it depends on settings that we cannot see.
_TERM = ("xterm-kitty", "xterm-ghostty", "foot", "foot-extra", "alacritty", "wezterm", "contour")
_PROGRAM = ("WezTerm", "ghostty", "vscode", "rio")


def takes_copy(env: Mapping[str, str] | None = None) -> bool:
    """True where the terminal is known to put what we copy on the clipboard."""
    env = os.environ if env is None else env
    if env.get("TMUX") or env.get("STY"):
        return False
    return env.get("TERM") in _TERM or env.get("TERM_PROGRAM") in _PROGRAM or "WT_SESSION" in env


def is_page(address: str) -> bool:
    """True for an http or https address that a browser may be given."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and address.isprintable() and " " not in address


def open_page(address: str, env: Mapping[str, str] | None = None) -> bool:
    """Start a browser where one with a window of its own can be; True where it was started."""
    env = os.environ if env is None else env
    if not is_page(address) or env.get("SSH_CONNECTION"):
        return False
    if sys.platform.startswith("linux") and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:  # a text browser would write over our screen
        return False
    try:
        return browser.open(address)
    except (OSError, webbrowser.Error):
        return False
