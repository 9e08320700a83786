"""A change as it stands in the journal, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from launchready_tui.fixes.model import Change


def encode(change: Change) -> dict[str, object]:
    """Plain values that JSON holds."""
    built = msgspec.to_builtins(change)
    assert isinstance(built, dict)
    return built


def decode(data: Mapping[str, Any]) -> Change:
    """Raises ValueError for what is not a change."""
    return msgspec.convert(data, Change, strict=False)


def encode_time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
