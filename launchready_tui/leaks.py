"""What looks like a secret in a text: provider-prefixed tokens, private keys, passwords in URLs, random values beside a
telling name. Used before anything leaves: the handover's self-scan and the messages that ask somebody.

A rule names what it found and never the value. Rules are precise rather than many: a DKIM public key, a verification
TXT, a commit id and the name of an environment variable are no secrets.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from launchready_tui import secretrules


@lru_cache(maxsize=1)
def token_rules() -> tuple[tuple[str, secretrules.Rule], ...]:
    """(name, rule) of what is a secret by its form alone, whatever stands around it."""
    rules = secretrules.load().by_id.values()
    return tuple((rule.name, rule) for rule in rules if rule.alone and rule.what != "public" and not rule.kind)


_KEY_BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]|-(?!----)){0,20000}(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)?"
)
_URL_PASSWORD = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@?#\"'<>]{0,200}:([^\s/@?#\"'<>]{1,500})@")
_AUTHORIZATION = re.compile(
    r"(?i)\bauthorization[\"']?\s{0,5}[:=]\s{0,5}[\"']?(?:basic|bearer|token)\s{1,5}([A-Za-z0-9._~+/=-]{8,})"
)
_TELLING_WORDS = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret(?:[ _-]?(?:access[ _-]?)?key)?|(?:[a-z]+[ _-])?token|api[ _-]?key|"
    r"access[ _-]?key|private[ _-]?key|encryption[ _-]?key|signing[ _-]?key|client[ _-]?secret|recovery[ _-]?codes?|"
    r"credentials?"
)
_TELLING = re.compile(
    rf"(?i)(?<![a-z])(?:{_TELLING_WORDS})[\"'”]?\s{{0,5}}(?::=|=>|[:=])\s{{0,5}}[\"'“]?([^\s\"'“”,;<>]{{6,500}})"
)
_TELLING_NAME = re.compile(rf"(?i)(?:^|[^a-z])(?:{_TELLING_WORDS}|apikey|auth|authorization)(?:[^a-z]|$)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,20000}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){12,10000}(?![0-9A-Za-z])")
_SHORTEST = 8  # no rule fits less: "ab://:x@"
# What stands where a secret would, and is none.
_PLACEHOLDER = re.compile(
    r"(?i)^(?:[*•x.…_-]+|\$?\{+[^}]*\}+|<[^>]*>|%[^%]*%|\[.*\]|your[_-].*|example.*|changeme|redacted|hidden|none|null|"
    r"1password|bitwarden|keychain|keyring|vault[:/].*|op://.*|env[:.].*|process\.env.*|os\.environ.*)$"
)
_REFERENCE = re.compile(
    r"^(?:\$?[A-Z][A-Z0-9_]*|https?://.*|[^@\s]+@[^@\s]+\.[a-z]{2,}|(?:[\w-]+\.)+[a-z]{2,10}|[\w.~/-]*/[\w./-]*\.[a-z]{1,5})$"
)


def entropy(text: str) -> float:
    """Bits a character, as Shannon counts them; 0 for an empty text."""
    if not text:
        return 0.0
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def random_looking(value: str, *, least: int = 8) -> bool:
    """True for a value that a person did not choose to be read: mixed characters, and not a reference or a stand-in."""
    value = value.strip().rstrip(".")
    if len(value) < least or not possible(value):
        return False
    digit = any(char.isdigit() for char in value)
    letter = any(char.isalpha() for char in value)
    mixed = any(char.isupper() for char in value) and any(char.islower() for char in value[1:])
    symbol = any(not char.isalnum() for char in value)
    if not letter or digit + mixed + symbol == 0:
        return len(value) >= 24 and entropy(value) >= 3.5
    if not digit and not symbol:
        return len(value) >= 16 and entropy(value) >= 3.5
    return entropy(value) >= 2.5


def words(name: str) -> str:
    """A field's name with its words apart: "dbPassword" is "db_Password"."""
    return _CAMEL.sub("_", name)


def telling(name: str) -> bool:
    """True for a field's name that says that its value is a secret: "apiKey", "DB_PASSWORD", "client-secret"."""
    return bool(_TELLING_NAME.search(words(name)))


def possible(value: str) -> bool:
    """False for what stands where a secret would and is none: "***", "<your key>", "$API_KEY", "1Password"."""
    return not (_PLACEHOLDER.match(value) or _REFERENCE.match(value))


def _spans(text: str) -> Iterator[tuple[str, int, int]]:
    """(rule, start, end) of each secret that stands in the text as it is."""
    if len(text) < _SHORTEST:
        return
    for match in _KEY_BLOCK.finditer(text):
        yield "private key", match.start(), match.end()
    for name, rule in token_rules():
        if any(word in text for word in rule.keywords):
            for match in rule.regex.finditer(text):
                yield name, match.start(), match.end()
    for match in _URL_PASSWORD.finditer(text):
        if not _PLACEHOLDER.match(match[1]) and match[1].lower() not in ("password", "pass", "pw", "secret"):
            yield "password in an address", match.start(1), match.end(1)
    for match in _AUTHORIZATION.finditer(text):
        yield "authorization header", match.start(1), match.end(1)
    for match in _TELLING.finditer(text):
        if random_looking(match[1]):
            yield "secret value", match.start(1), match.end(1)


def _readable(data: bytes) -> str:
    """Decoded bytes as text where they are text, else ""."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if all(char.isprintable() or char in "\r\n\t" for char in text) else ""


def _base64(run: str) -> str:
    """A run of base64 as text where it is text, else ""."""
    try:
        return _readable(base64.b64decode(run[: len(run) - (len(run) % 4 == 1)] + "=" * (-len(run) % 4), validate=True))
    except (binascii.Error, ValueError):
        return ""


def unwrapped_base64(text: str) -> Iterator[tuple[str, int, int]]:
    """(decoded text, start, end) of what stands in base64 inside a text."""
    for match in _BASE64.finditer(text):
        run = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        for cut in range(4):  # what stands before the encoded part may shift it
            if inner := _base64(run[cut:]):
                yield inner, match.start(), match.end()
                break


def unwrapped(text: str) -> Iterator[tuple[str, int, int]]:
    """(decoded text, start, end) of what stands in base64, hex or URL encoding inside a text."""
    yield from unwrapped_base64(text)
    for match in _HEX.finditer(text):
        if inner := _readable(bytes.fromhex(match[0])):
            yield inner, match.start(), match.end()
    if "%" in text and (plain := urllib.parse.unquote(text)) != text:
        yield plain, 0, len(text)


def spans(text: str) -> list[tuple[str, int, int]]:
    """(rule, start, end) of each secret in a text, encoded ones included, in order; never the value."""
    found = list(_spans(text))
    for inner, start, end in unwrapped(text):
        found += [(f"{rule}, encoded", start, end) for rule, _, _ in _spans(inner)]
    return sorted(set(found), key=lambda each: (each[1], each[2], each[0]))


def rules_hit(text: str) -> tuple[str, ...]:
    """The names of the rules that a text trips, each once, in order."""
    return tuple(dict.fromkeys(rule for rule, _, _ in spans(text)))


def redact(text: str) -> str:
    """The text with every secret replaced by what it was: "[a Stripe key was here]"."""
    out, at = [], 0
    for rule, start, end in spans(text):
        if start >= at:
            out += [text[at:start], f"[{rule} removed]"]
        at = max(at, end)
    return "".join(out) + text[at:]
