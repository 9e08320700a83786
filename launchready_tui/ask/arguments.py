"""Reading the arguments of a line: a wrong one is said by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping


class BadArgument(ValueError):
    """An argument is missing or not of its form; the message says which and what it takes."""


class Refused(Exception):
    """We will not answer this: `code` says why ("secret")."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def text(args: Mapping[str, object], name: str, *, default: str | None = None) -> str:
    value = args.get(name, default)
    if not isinstance(value, str):
        raise BadArgument(f"{name} is needed, as text.")
    return value


def number(args: Mapping[str, object], name: str, default: float) -> float:
    value = args.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 600:
        raise BadArgument(f"{name} is a number of seconds above 0, at most 600.")
    return float(value)


def resolver(args: Mapping[str, object], name: str = "resolver") -> tuple[str, int]:
    """ "IP:PORT" or "IP"; an IPv6 address with a port stands in brackets."""
    from launchready_tui.options import parse_resolver

    try:
        return parse_resolver(text(args, name))
    except ValueError as error:
        raise BadArgument(f"{name}: {error}") from error


def moment(args: Mapping[str, object], name: str) -> dt.datetime:
    """An ISO time; without a zone it is taken as UTC."""
    try:
        at = dt.datetime.fromisoformat(text(args, name))
    except ValueError as error:
        raise BadArgument(f"{name} is a time like 2026-11-24T12:00:00Z.") from error
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
