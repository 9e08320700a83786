"""Strict-Transport-Security, read as browsers read it (RFC 6797 section 6.1). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_AGE = re.compile(r'"?(\d{1,18})"?')


@dataclass(frozen=True, slots=True)
class Hsts:
    """One header. A header that is not `valid` does nothing; its `max_age` (seconds) is 0."""

    valid: bool
    max_age: int = 0
    include_subdomains: bool = False
    preload: bool = False


def parse_hsts(values: Sequence[str]) -> Hsts | None:
    """The Strict-Transport-Security headers of one https answer, in order; the first counts. None where there is none.

    Without max-age, with a directive twice, or with something that is no directive, browsers drop the whole header.
    """
    if not values:
        return None
    found: dict[str, str] = {}
    for part in values[0].split(";"):
        name, mark, value = (text.strip() for text in part.partition("="))
        name = name.lower()
        if not name and not mark:
            continue  # an empty directive is allowed
        if not _TOKEN.fullmatch(name) or name in found:
            return Hsts(valid=False)
        found[name] = value
    age = _AGE.fullmatch(found.get("max-age", ""))
    if age is None:
        return Hsts(valid=False)
    return Hsts(True, int(age[1]), "includesubdomains" in found, "preload" in found)
