"""Searches what an export would hold for secrets, and names the fields; a value that was found is shown to nobody.

Beside the rules of `leaks.py`, every value that is kept in the vault is looked for as it is, in base64, in hex, in URL
encoding, and broken by spaces or line ends.
"""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping

from launchready_tui import leaks
from launchready_tui.secret import Secret
from launchready_tui.text import clean

_LEAST = 4  # characters of a vault value that can be told from ordinary text; ours
_PASSWORD = re.compile(r"(?i)(?:^|[^a-z])(?:pass(?:word|wd|phrase|code)?|pwd)$")
_RECOVERY = re.compile(r"(?i)recovery")
_CODE = re.compile(r"^(?=(?:.*\d){3})(?=.*[A-Za-z])[A-Za-z0-9-]{8,}$")
_SCHEME = re.compile(r"(?i)^(?:bearer|basic|token)\s+")
_SPACE = re.compile(r"\s+")


def _encodings(value: str) -> Iterator[str]:
    """The forms in which a vault value might stand in a text."""
    data = value.encode()
    yield value
    yield _SPACE.sub("", value)
    yield urllib.parse.quote(value, safe="")
    yield urllib.parse.quote_plus(value)
    yield data.hex()
    yield data.hex().upper()
    if len(data) < 6:
        return  # a shorter one's base64 is too short to mean anything
    for shift, lost in ((0, 0), (1, 2), (2, 3)):  # where it starts inside a longer encoded text
        whole = base64.b64encode(b"\0" * shift + data).decode()
        part = whole.rstrip("=")[lost : -1 if (shift + len(data)) % 3 else None]
        yield part
        yield part.replace("+", "-").replace("/", "_")


def _needles(secrets: Iterable[Secret]) -> frozenset[str]:
    values = (secret.reveal() for secret in secrets)
    return frozenset(
        form for value in values if len(value) >= _LEAST for form in _encodings(value) if len(form) >= _LEAST
    )


def _recovery_codes(text: str) -> bool:
    """True for codes themselves where only the place that keeps them belongs."""
    words = [word.strip(".,;:()") for word in text.split()]
    numbers = [word for word in words if word.isdigit() and len(word) >= 4]
    return len(numbers) >= 3 or any(_CODE.match(word) for word in words)


def _value_rule(name: str, text: str) -> str | None:
    """What a whole value is because of its field's name; None where the name tells nothing."""
    value = _SCHEME.sub("", text.strip())
    if _RECOVERY.search(name) and _recovery_codes(value):
        return "recovery code"
    if not value or _SPACE.search(value) or not leaks.telling(name):
        return None
    if _PASSWORD.search(leaks.words(name)) and len(value) >= _LEAST and leaks.possible(value):
        return "password"
    return "secret value" if leaks.random_looking(value, least=6) else None


def _hits(path: str, name: str, value: object, needles: frozenset[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for number, (key, each) in enumerate(value.items(), 1):
            bare = str(key)
            told = list(_text_hits(bare, needles))
            # A key that is itself a secret must not be named by what it is.
            label = f"name {number}" if told else clean(bare, limit=80)
            inside = f"{path}.{label}" if path else label
            yield from ((inside, rule) for rule in told)
            yield from _hits(inside, bare, each, needles)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _hits(f"{path}[{number}]", name, each, needles)
    elif value is not None and not isinstance(value, bool):
        text = _written(value)
        found = list(_text_hits(text, needles))
        if not found and (rule := _value_rule(name, text)) is not None:
            found = [rule]
        yield from ((path, rule) for rule in found)


def _written(value: object) -> str:
    """A value as text; a whole number of more digits than Python writes out holds no secret that anybody could read."""
    try:
        return str(value)
    except ValueError:
        return ""


def _text_hits(text: str, needles: frozenset[str]) -> Iterator[str]:
    yield from leaks.rules_hit(text)
    if needles:
        closed = _SPACE.sub("", text)
        plain = urllib.parse.unquote(text) if "%" in text else text
        if any(needle in text or needle in closed or needle in plain for needle in needles):
            yield "a value that is kept in the vault"


def hide(text: str, secrets: Iterable[Secret]) -> str:
    """The text without the values in the vault, in any of their forms."""
    for needle in sorted(_needles(secrets), key=len, reverse=True):
        text = text.replace(needle, "[a secret removed]")
    return text


def scan(document: Mapping[str, object], secrets: Iterable[Secret] = ()) -> tuple[str, ...]:
    """Every field that holds a secret: "systems[2].account: Stripe key". Empty means that none was found.

    `document` is plain data (dict, list, str, numbers); `secrets` are the values in the vault.
    """
    needles = _needles(secrets)
    return tuple(dict.fromkeys(f"{path}: {rule}" for path, rule in _hits("", "", document, needles)))
