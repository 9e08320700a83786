"""What leaves the worker about a hit: a keyed fingerprint and a redacted form, never the value."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass
from typing import Any

_PRINT = 32  # hex digits of a fingerprint: 128 bits


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as it is kept and shown. `print` is the HMAC-SHA-256 of the value under the workspace's key; `shown` its
    known prefix and its length. `commit` and `day` are where it first came in, "" for the work tree.

    `rule` is an id of secretrules.toml, or of the other engine's; `name` what it is called, `what` "secret", "public"
    or "debatable". `tracked`: git tracks the file that it stands in. `label`
    is the setting that it is the value of ("STRIPE_SECRET_KEY"), "" where none stands before it.
    """

    rule: str
    name: str
    what: str
    path: str
    line: int
    print: str
    shown: str
    commit: str = ""
    day: str = ""
    tracked: bool = True
    label: str = ""

    def data(self) -> dict[str, Any]:
        return asdict(self)


def fingerprint(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_PRINT]


def redacted(value: str, prefixes: tuple[str, ...]) -> str:
    """ "sk_live_… (32 characters)": the part that every key of its kind begins with, and how long it is."""
    known = max((word for word in prefixes if value.startswith(word)), key=len, default="")
    return f"{value[: len(known)]}… ({len(value)} characters)"
