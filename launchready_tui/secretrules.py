"""The rules for what a key looks like (secretrules.toml): one place for the scan of code, the exports and the messages.

Loading reads the file once; a pattern is compiled when a text holds one of its keywords and not before.
"""

from __future__ import annotations

import re
import string
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

EDGE = r"(?<![A-Za-z0-9_])"
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CUT = "|"
_FILE = Path(__file__).with_name("secretrules.toml")
_FILL = re.compile(r"\{([a-z0-9]+):?([a-z0-9_]*)\}")
# Between a name and its value: how the languages and the formats of settings write it.
ASSIGNED = (
    r"[\"'`\]]{0,3}\s{0,3}(?::\s{0,2}&?(?:'[a-z]+\s)?[A-Za-z][\w<>. ]{0,20}=\s{0,3}|"  # const KEY: &str = "…"
    r"(?:=>|:=|\?=|==|=|:|,|\|\||\?\?|\)\s{0,2}\|\|)\s{0,3}|"
    r"\n\s{0,20}(?:-\s)?[\"']?value[\"']?\s{0,3}[:=]\s{0,3}|"  # name: KEY / value: …
    r"\s{1,3}value\s{0,2}=\s{0,2}|"  # <add key="KEY" value="…">
    r"[^\n<>]{0,40}>\s{0,3}|\s{1,3})"  # <key>…</key>, ENV KEY …, --key …
    r"(?:[a-z]{0,2}[\"'`]{1,3})?(?:\s{0,2})"
)
NAME_END = r"[A-Za-z0-9_.\-]{0,30}"


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose key it is, the page where it is made new, the way there, and where its form is documented."""

    name: str
    page: str
    path: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `what` is "secret", "public" (for information) or "debatable"; `alone` says that its form is enough.

    `near` is a pattern for the name that must stand before it; `kind` says which reader in secretscan/ it is for, ""
    for plain patterns. `entropy` is in bits a character; `names` are (part of a value, what such a one is called). The
    examples are whole: they exist in memory only.
    """

    id: str
    name: str
    provider: Provider
    pattern: str
    keywords: tuple[str, ...]
    what: str
    severity: str
    near: str
    alone: bool
    kind: str
    entropy: float
    check: str
    names: tuple[tuple[str, str], ...]
    true: tuple[str, ...]
    false: tuple[str, ...]

    def called(self, value: str) -> str:
        """What this very value is called: "Stripe live key"."""
        return next((name for part, name in self.names if part in value), self.name)

    @property
    def regex(self) -> re.Pattern[str]:
        """The whole pattern. The secret is its last group that matched, or all of it where it has none."""
        return _compiled(self.pattern, self.near, self.kind)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules by id, when they were last read against their sources, and published keys that open nothing."""

    by_id: dict[str, Rule]
    date: str
    published: frozenset[str]


@lru_cache(maxsize=512)
def _compiled(pattern: str, near: str, kind: str) -> re.Pattern[str]:
    if kind:
        return re.compile(pattern, re.MULTILINE)
    if near:
        return re.compile(rf"(?i:{near}){NAME_END}{ASSIGNED}((?<![A-Za-z0-9_]){_group(pattern)})")
    return re.compile(EDGE + _group(pattern))


def _group(pattern: str) -> str:
    return f"(?:{pattern})"


@lru_cache(maxsize=1)
def load() -> Rules:
    """The rules, from the file beside this one. Raises KeyError for one that lacks something."""
    import tomllib  # what only looks for a file of settings does without it

    document = tomllib.loads(_FILE.read_text("utf-8"))
    providers = {
        name: Provider(row["name"], row["page"], row["path"], row["source"])
        for name, row in document["provider"].items()
    }
    rules = [
        Rule(
            id=row["id"],
            name=row["name"],
            provider=providers[row["provider"]],
            pattern=row["pattern"],
            keywords=tuple(row["keywords"]),
            what=row["what"],
            severity=row["severity"],
            near=row.get("near", ""),
            alone=row.get("alone", True),
            kind=row.get("kind", ""),
            entropy=row.get("entropy", 0.0),
            check=row.get("check", ""),
            names=tuple(row.get("names", {}).items()),
            true=tuple(row["true"]),
            false=tuple(row["false"]),
        )
        for row in document["rule"]
    ]
    return Rules({rule.id: rule for rule in rules}, document["date"], frozenset(document["published"]))


def checksum(body: str) -> str:
    """GitHub's and npm's: the CRC-32 of the body, in base 62, six digits."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


def example(template: str) -> str:
    """An example as it would stand in a file: the cuts taken out, the made-up parts filled in, the same each time."""
    import random

    rng = random.Random(template)  # not for a secret: an example must come out the same each time
    return _FILL.sub(lambda found: _fill(found[1], found[2], rng), template.replace(_CUT, ""))


def _fill(kind: str, size: str, rng: random.Random) -> str:
    import base64
    import uuid

    alphabets = {
        "an": string.ascii_letters + string.digits,
        "bad": string.ascii_letters + string.digits,
        "al": string.ascii_letters,
        "hex": "0123456789abcdef",
        "b32": string.ascii_uppercase + "234567",
        "num": string.digits,
        "aws": string.ascii_letters + string.digits + "/+",
    }
    if kind in alphabets:
        return "".join(rng.choice(alphabets[kind]) for _ in range(int(size)))
    if kind == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if kind == "crc":
        body = _fill("an", size, rng)
        return body + checksum(body)
    if kind == "jwt":
        claims = {"account": '{"sub":"ada","iat":1760000000}', "demo": '{"sub":"1234567890"}'}.get(
            size, f'{{"iss":"supabase","role":"{size}"}}'
        )
        parts = ['{"alg":"HS256","typ":"JWT"}', claims]
        head = ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
        return f"{head}.{_fill('an', '43', rng)}"
    raise ValueError(f"no such made-up part: {kind}")
