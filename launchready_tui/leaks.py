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

_EDGE = r"(?<![A-Za-z0-9_])"

# rule -> pattern. Prefixes are those that the providers publish for secret scanners.
TOKENS: dict[str, re.Pattern[str]] = {
    rule: re.compile(_EDGE + pattern)
    for rule, pattern in {
        "Stripe key": r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}",
        "Stripe webhook secret": r"whsec_[A-Za-z0-9+/=]{16,}",
        "AWS access key": r"(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])",
        "GitHub token": r"(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})",
        "GitLab token": r"gl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,}",
        "Slack token": r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
        "Slack webhook": r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_+-]{20,}",
        "Discord webhook": r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/webhooks/\d{10,}/[A-Za-z0-9_-]{20,}",
        "Google API key": r"AIza[0-9A-Za-z_-]{35}",
        "Google client secret": r"GOCSPX-[A-Za-z0-9_-]{20,}",
        "OpenAI key": r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}",
        "Anthropic key": r"sk-ant-[A-Za-z0-9_-]{20,}",
        "SendGrid key": r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        "Mailgun key": r"key-[0-9a-f]{32}(?![0-9a-f])",
        "Resend key": r"re_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{16,}",
        "Twilio key": r"SK[0-9a-f]{32}(?![0-9a-f])",
        "Mailchimp key": r"[0-9a-f]{32}-us\d{1,2}(?![0-9])",
        "npm token": r"npm_[A-Za-z0-9]{36}",
        "PyPI token": r"pypi-AgE[A-Za-z0-9_-]{50,}",
        "DigitalOcean token": r"do[oprt]_v1_[0-9a-f]{40,}",
        "Netlify token": r"nf[pcobu]_[A-Za-z0-9]{36,}",
        "Fly token": r"(?:FlyV1 |fm[12][ar]?_|fo1_)[A-Za-z0-9_+/=,-]{30,}",
        "Heroku token": r"HRKU-[A-Za-z0-9_-]{30,}",
        "Supabase key": r"(?:sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,})",
        "PlanetScale password": r"pscale_(?:pw|tkn|oauth)_[A-Za-z0-9_.-]{30,}",
        "Shopify token": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
        "Square token": r"(?:sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}|EAAA[A-Za-z0-9_-]{60})",
        "Hugging Face token": r"hf_[A-Za-z]{30,}",
        "Notion token": r"(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43})",
        "Linear key": r"lin_api_[A-Za-z0-9]{32,}",
        "Doppler token": r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,}",
        "Telegram bot token": r"\d{8,10}:AA[A-Za-z0-9_-]{33}",
        "age key": r"AGE-SECRET-KEY-1[A-Z0-9]{50,}",
        "signed token (JWT)": r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    }.items()
}
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
    for rule, pattern in TOKENS.items():
        for match in pattern.finditer(text):
            yield rule, match.start(), match.end()
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


def unwrapped(text: str) -> Iterator[tuple[str, int, int]]:
    """(decoded text, start, end) of what stands in base64, hex or URL encoding inside a text."""
    for match in _BASE64.finditer(text):
        run = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        for cut in range(4):  # what stands before the encoded part may shift it
            if inner := _base64(run[cut:]):
                yield inner, match.start(), match.end()
                break
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
