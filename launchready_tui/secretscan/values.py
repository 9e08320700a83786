"""What tells a key from what stands where a key would: stand-ins, words, references, hashes, checksums, roles."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from launchready_tui.leaks import entropy, possible
from launchready_tui.secretrules import Rule, checksum, load

_STAND_IN = re.compile(
    r"(?i)example|sample|placeholder|change[_-]?me|change[_-]?this|your[_-]|yourkey|yoursecret|yourtoken|yourpass|"
    r"x{4}|dummy|redacted|replace|insert[_-]|notreal|not[_-]a[_-]|1234567890|0123456789|12345678|abcdefgh|abcdef01|"
    r"deadbeef|foobar|lorem|[_-]here$|[<>]|\.\.\.|\*\*\*|…|•|fake[_-]?|[_-]fake|^test[_-]|"
    r"^(?:my|some|the|a|super|top|very|local|dev|demo|default|test)[_-]?(?:secret|password|token|api[_-]?key|key)s?\d*$"
)
_SAME = re.compile(r"(.)\1{6,}")
_UNIT = re.compile(r"^(.{1,8}?)\1{2,}.{0,7}$")
_WORDS = re.compile(r"^(?:[A-Za-z][a-z]*|[A-Z]+|\d{1,4})(?:[_.:/ \-]+(?:[A-Za-z][a-z]*|[A-Z]+|\d{1,4}))*[:/]?$")
_CAMEL = re.compile(r"^[a-z]+(?:[A-Z][a-z]+)*\d?$|^(?:[A-Z][a-z]+)+\d?$")
_CODE = re.compile(r"[(){}\[\]]|\$|%[sd({]|^@|^#\{|=>|&&|\|\||::|^!|^-|^\.|^/|^~/|\\[dwsb]|^%|^ref[:+]|^\w+\.\w+\.\w+$")
_ADDRESS = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://|arn:|urn:|data:|blob:|projects/|mailto:|s3:|gs:|sha\d+[-:]|md5[-:]|ssh-)"
)
_HASH = re.compile(
    r"^(?:\$2[abxy]?\$|\$argon2|\$pbkdf2|\$[156y]\$|pbkdf2[_:]|scrypt[:$]|bcrypt[:$_]|\{(?:SSHA|SHA|CRYPT|PBKDF2)|"
    r"ENC\[|enc:|AgA|AQICAH|vault:v\d|\$ANSIBLE|kms:|age1|encrypted:|secure:|sealed:)"
)
_PUBLIC_KEY = re.compile(r"^(?:MIIBI|MIGf|MFkw|MCow|MFkwEwYH|AAAA[BEC]|ssh-)")
_UUID = re.compile(r"^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")
_HEX = re.compile(r"^(?:0x)?[0-9a-fA-F]+$")
_BASE64 = re.compile(r"^[A-Za-z0-9+/]{24,}={0,2}$")
_BODY = re.compile(r"^[A-Za-z0-9+/=_.~:!@#$%^&*?,;\-]+$")
# fmt: off
_COMMON = frozenset({
    "password", "passw0rd", "password1", "password123", "password1234", "secret", "postgres", "mysql", "root",
    "admin", "admin123", "changeit", "hunter2", "letmein", "qwerty123", "test1234", "test123", "pass123", "pass1234",
    "guest", "rabbitmq", "minioadmin", "mongo", "redis", "docker", "vagrant", "p@ssw0rd", "p@ssword",
    "correct-horse-battery-staple", "correcthorsebatterystaple", "s3cr3t", "secret123", "user123",
})
# fmt: on
_LOCAL = re.compile(
    r"^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|(?:db|postgres|mysql|redis|mongo)(?::|/|$))"
)
_FOR_SHOW = re.compile(
    r"(?i)(?:^|[.@])(?:example\.(?:com|org|net)|[a-z0-9-]+\.example|[a-z0-9-]+\.test|[a-z0-9-]+\.invalid|"
    r"host|hostname|server|your[a-z-]*\.[a-z]+)(?:[:/]|$)"
)
_FIREBASE = re.compile(r"authDomain|messagingSenderId|storageBucket|FIREBASE|firebase", re.IGNORECASE)
_OPEN_NAME = re.compile(r"(?i)(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY)_[A-Z0-9_]*\W{0,5}$")
_LONG_LIFE = 30 * 86_400  # seconds that a signed token must live to be worth telling; ours
_AZURITE = "Eby8vdM02" + "xNOcqFlqUw"


@dataclass(frozen=True, slots=True)
class Around:
    """A value where it stands: its text's part before and after it, and the path of the file."""

    before: str
    after: str
    path: str


def made_up(value: str) -> bool:
    """True for what nobody would use as a key: words for "put yours here", one sign over and over, the alphabet."""
    return bool(_STAND_IN.search(value) or _SAME.search(value) or _UNIT.match(value)) or climbing(value)


def stand_in(value: str) -> bool:
    """The same for a value of no known form, where a common word and a reference are none either."""
    return made_up(value) or value.lower() in _COMMON or not possible(value)


def climbing(value: str, *, most: int = 7) -> bool:
    """True where `most` signs stand in the order of the alphabet or of numbers."""
    run = 1
    for one, two in pairwise(value):
        run = run + 1 if ord(two) - ord(one) == 1 else 1
        if run >= most:
            return True
    return False


def published(value: str) -> bool:
    """True for a key that a provider prints in its own documentation."""
    return hashlib.sha256(value.encode()).hexdigest()[:32] in load().published


def chosen_password(value: str, *, least: int = 8) -> bool:
    """True for what looks like a password that somebody uses: mixed signs, no word, no reference, no code."""
    if not least <= len(value) <= 200 or any(char.isspace() for char in value) or reference(value):
        return False
    if not value.isascii() or stand_in(value):
        return False
    digit = any(char.isdigit() for char in value)
    symbol = any(not char.isalnum() for char in value)
    letter = any(char.isalpha() for char in value)
    if not letter or _WORDS.match(value) or _CAMEL.match(value):
        return False
    mixed = any(char.isupper() for char in value[1:]) and any(char.islower() for char in value)
    if not digit and not (symbol and mixed) and not (mixed and len(value) >= 14):
        return False
    return entropy(value) >= 2.5


def random_value(value: str) -> bool:
    """True for what a machine made as a key: at least 16 signs, as mixed as chance makes them."""
    if not 16 <= len(value) <= 500 or not _BODY.match(value) or reference(value) or stand_in(value):
        return False
    if _UUID.match(value):
        return True
    if _WORDS.match(value) or _CAMEL.match(value) or _PUBLIC_KEY.match(value):
        return False
    digits = sum(char.isdigit() for char in value)
    if _HEX.match(value):
        return digits >= 2 and digits < len(value) and entropy(value) >= 2.8
    if digits == 0 and not any(char.isupper() for char in value[1:]):
        return False
    parts = [part for part in re.split(r"[_.:/\-]", value) if part]
    if max(len(part) for part in parts) < 8:  # names with hyphens and numbers between
        return False
    return (digits >= 2 or len(value) >= 24) and entropy(value) >= 3.3


def encoded_bytes(value: str) -> bool:
    """True for the base64 of random bytes, which may begin with a slash as a path does."""
    if len(value) % 4 or not _BASE64.match(value):
        return False
    longest = max(value.split("/"), key=len)
    return len(longest) >= 12 and len({char.isupper() for char in longest if char.isalpha()}) == 2


def reference(value: str) -> bool:
    """True for what only points at a value, or is code, an address, a hash or a sealed value."""
    return (
        bool(_CODE.search(value) and not _BODY.match(value))
        or bool(
            _ADDRESS.match(value)
            or _HASH.match(value)
            or value.startswith(("$", "@", "%", "./", "../", "process.env"))
            or (value.startswith("/") and not encoded_bytes(value))
        )
        or possible(value) is False
    )


# --- one function for each `check` of the rules: what the value comes to, "" where it is no key


def _crc(value: str, around: Around) -> str:
    """GitHub's classic tokens and npm's end in a checksum: one that does not fit was made up."""
    body = value[4:]
    if len(body) != 36 or not body.isalnum():
        return "secret"
    return "secret" if checksum(body[:30]) == body[30:] else ""


def _openai(value: str, around: Around) -> str:
    parts = re.split(r"[_-]", value[3:])
    if sum(char.isdigit() for char in value) < 3 or max(len(part) for part in parts) < 16:
        return ""
    return "secret"


def _google_browser(value: str, around: Around) -> str:
    """Firebase's web key is meant to be seen; one for maps in a page is too, once its referrer limit is set."""
    if _OPEN_NAME.search(around.before[-120:]):
        return "public"
    if _FIREBASE.search(around.before[-400:]) or _FIREBASE.search(around.after[:400]):
        return "public"
    if around.path.endswith(("google-services.json", "GoogleService-Info.plist")):
        return "public"
    return "secret"


def _azurite(value: str, around: Around) -> str:
    return "" if _AZURITE in value else "secret"


def _twilio(value: str, around: Around) -> str:
    return "secret" if any(char.isdigit() for char in value) and entropy(value) >= 3 else ""


def _algolia(value: str, around: Around) -> str:
    name = around.before[-60:].lower()
    return "public" if "search" in name or _OPEN_NAME.search(around.before[-120:]) else "secret"


def claims(token: str) -> dict[str, object] | None:
    """What a signed token says; None where it is none."""
    try:
        part = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, IndexError, binascii.Error, UnicodeDecodeError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


OPEN_ROLES = ("service_role", "supabase_admin", "postgres")


def _jwt(value: str, around: Around) -> str:
    said = claims(value)
    if said is None or value.endswith("."):
        return ""
    if str(said.get("sub", "")) == "1234567890" or "demo" in str(said.get("iss", "")):
        return ""  # the one of jwt.io, and the keys that every local Supabase has
    role = str(said.get("role", "")).lower()
    if role == "anon":
        return "public"
    if role in OPEN_ROLES:
        return "secret"
    ends, began = said.get("exp"), said.get("iat", said.get("nbf"))
    if isinstance(ends, int | float) and isinstance(began, int | float) and ends - began < _LONG_LIFE:
        return "debatable"
    return "secret" if not isinstance(ends, int | float) or isinstance(began, int | float) else "debatable"


def _block(value: str, around: Around) -> str:
    """A private key with its body: the mere words of the first line stand in every program that reads one."""
    body = re.sub(r"-----[^-]*-----|\\[nr]|[^A-Za-z0-9+/=]", "", value)
    return "secret" if len(body) >= 60 and entropy(body) >= 4 else ""


def _address(value: str, around: Around) -> str:
    user = around.before[around.before.rfind("://") + 3 :].rstrip(":")
    host = around.after[1:120]
    if stand_in(value) or _PLACE.match(value) or reference(value) or _FOR_SHOW.search(re.split(r"[\s\"'`?]", host)[0]):
        return ""
    if re.match(r"(?i)^(?:user(?:name)?|u|x)$", user) and len(value) < 8:
        return ""
    if _LOCAL.match(host) and (value.lower() == user.lower() or not chosen_password(value, least=10)):
        return ""
    if value.isalpha() and value.islower() and len(value) < 12 and _LOCAL.match(host):
        return ""
    return "secret"


_PLACE = re.compile(
    r"(?i)^(?:pass(?:word|wd)?|pw|pwd|secret|token|x-oauth-basic|x|\$\{?.*|:?password.*|<.*|\[.*|%.*|\{.*)$"
)


def _header(value: str, around: Around) -> str:
    if stand_in(value) or reference(value) or _CODE.search(value):
        return ""
    if around.before.rstrip().lower().endswith("basic"):
        try:
            plain = base64.b64decode(value, validate=True).decode("ascii")
        except (ValueError, UnicodeDecodeError):
            return ""
        name, colon, password = plain.partition(":")
        word = password or name
        return "secret" if colon and (chosen_password(word, least=6) or random_value(word)) else ""
    return "secret" if random_value(value) else ""


def _password(value: str, around: Around) -> str:
    if around.before.rstrip().endswith(":") and re.search(r"[\"']auth[\"']", around.before[-20:]):
        try:
            value = base64.b64decode(value, validate=True).decode("ascii").partition(":")[2]
        except (ValueError, UnicodeDecodeError):
            return ""
    return "secret" if chosen_password(value) or random_value(value) else ""


def _key_file(value: str, around: Around) -> str:
    return "secret" if around.path.endswith(".key") else ""


CHECKS: Mapping[str, Callable[[str, Around], str]] = {
    "crc": _crc,
    "openai": _openai,
    "google-browser": _google_browser,
    "azurite": _azurite,
    "twilio": _twilio,
    "algolia": _algolia,
    "jwt": _jwt,
    "block": _block,
    "address": _address,
    "header": _header,
    "password": _password,
    "key-file": _key_file,
}


def what_it_is(rule: Rule, value: str, around: Around) -> str:
    """ "secret", "public", "debatable", or "" for a match that is no key."""
    if rule.kind != "block":
        if (made_up(value) if rule.alone or not rule.kind else stand_in(value)) and rule.check != "jwt":
            return ""
        if published(value) or (rule.entropy and entropy(value) < rule.entropy):
            return ""
    said = CHECKS[rule.check](value, around) if rule.check in CHECKS else rule.what
    return rule.what if said == "secret" and rule.what != "secret" else said
