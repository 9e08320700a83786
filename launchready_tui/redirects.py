"""Judges a chain of redirects from http (Fetch standard, RFC 9110 section 15.4; MDN HTTP Observatory's grading)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import limits

Code = Literal["ok", "not-needed", "no-https", "initial-off-host", "ends-on-http", "loop", "too-long", "no-answer"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer: its URL and HTTP status, 0 where no answer came."""

    url: str
    status: int


def judge_redirects(chain: Sequence[Hop], host: str) -> Code:
    """What a chain that starts at http://<host>/ comes to, in one word.

    not-needed: nothing answers on http, so nothing can travel unprotected. no-https: the first answer does not lead to
    https. initial-off-host: the first redirect leaves `host`, so the browser never learns HSTS for it. A chain that
    starts on https is judged by its end.
    """
    if not chain or not chain[0].status:
        return "not-needed"
    seen: set[str] = set()
    for hop in chain:
        if hop.url in seen:
            return "loop"
        seen.add(hop.url)
    last = chain[-1]
    if len(chain) - 1 > limits.REDIRECTS:
        return "too-long"
    if not last.status or (300 <= last.status < 400 and last.status != 304):
        return "no-answer"
    if urlsplit(last.url).scheme != "https":
        return "no-https" if len(chain) == 1 else "ends-on-http"
    if urlsplit(chain[0].url).scheme == "https":
        return "ok"
    first = urlsplit(chain[1].url)
    if (first.hostname or "").rstrip(".") != host.lower().rstrip("."):
        return "initial-off-host"
    return "ok" if first.scheme == "https" else "no-https"
