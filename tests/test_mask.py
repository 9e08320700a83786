"""What a shared screen does not show: mail addresses, IP addresses, account names. Same width, so nothing jumps."""

from __future__ import annotations

import pytest

from launchready_tui.mask import mask
from launchready_tui.render import cells


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to ada@good.example now", "write to •••@•••••••••••• now"),
        ("the server 93.184.215.14 answers", "the server ••••••••••••• answers"),
        ("2606:2800:21f::1 is v6", "•••••••••••••••• is v6"),
        ("asked 1.1.1.1 and 8.8.8.8", "asked 1.1.1.1 and 8.8.8.8"),
        ("version 1.2.3", "version 1.2.3"),
        ("at 12:30 today", "at 12:30 today"),
        ("account ada-77 holds it", "account •••••• holds it"),
    ],
)
def test_mask(text: str, shown: str) -> None:
    assert mask(text, {"ada-77"}) == shown
    assert cells(mask(text)) == cells(text)
