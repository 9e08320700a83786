"""DKIM key records: the TXT at `<selector>._domainkey.<domain>` (RFC 6376 section 3.6.1).

With RFC 8301 (SHA-1 is gone, RSA from 1,024 bits, 2,048 wanted) and RFC 8463 (Ed25519: the 32 bytes themselves).
Pure: nothing here asks the DNS, and nothing computes with a key, so a hostile one costs no more than its length.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.mail import _der
from launchready_tui.text import clean

__all__ = ["KNOWN", "DkimKey", "is_key", "parse_key", "tag_list", "write_key"]

KNOWN = ("v", "h", "k", "n", "p", "s", "t")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_VALUE = re.compile(r"[\x20\x09\x21-\x3a\x3c-\x7e]*\Z")
_FOLD = re.compile(r"\r\n(?=[ \t])")  # FWS is [*WSP CRLF] 1*WSP (section 2.8)
_WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z")  # hyphenated-word (section 2.10)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}\Z")
ARMOUR = re.compile(r"-{3,5}\s*(?:BEGIN|END)[A-Z0-9 ]*-{3,5}", re.IGNORECASE)
_ED25519 = 32  # bytes (RFC 8463 section 4.2)


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key record read. `valid` says that a receiver may check a signature with it; never so for a revoked one.

    `fault` is the kind of the first error, for whoever mends it: syntax, duplicate, version, missing, revoked, quotes,
    pem, base64, truncated, key, type, short, huge, hash, service; "" where there is none. `errors` say it in words.
    `type` is k= as it counts (rsa where nothing is said). `bits` is None where no key could be read, 256 for Ed25519.
    `services` and `hashes` are as written, empty hashes for "all". `testing` is t=y, `strict` t=s.
    """

    text: str
    valid: bool
    revoked: bool = False
    type: str = "rsa"
    bits: int | None = None
    testing: bool = False
    strict: bool = False
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    services: tuple[str, ...] = ("*",)
    fault: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    exponent: int = 0
    raw: bytes = b""  # what p= holds: DER for RSA, 32 bytes for Ed25519

    @property
    def weak(self) -> bool:
        """RSA that still counts and is shorter than RFC 8301 wants."""
        return self.valid and self.type == "rsa" and (self.bits or 0) < limits.DKIM_RSA_WANTED


@dataclass(slots=True)
class _Notes:
    """What is wrong, as it is found."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    fault: str = ""

    def wrong(self, fault: str, say: str) -> None:
        self.errors.append(say)
        self.fault = self.fault or fault


def is_key(txt: str) -> bool:
    """True for a TXT that is meant as a DKIM key: it says v=DKIM1, or has a tag p. Text of other kinds has neither."""
    start = txt.lstrip(" \t\"'\\")
    return bool(re.match(r"v\s*=\s*DKIM", start, re.IGNORECASE) or re.search(r"(?:\A|[;\s\"])p\s*=", start))


def tag_list(txt: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """A tag list by RFC 6376 section 3.2, as header fields and key records have it, and its faults as (kind, words).

    Names count by their case. Values have the blanks around them removed; folds in them become what they stand for.
    """
    tags: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    parts = _FOLD.sub("", txt).split(";")
    if len(parts) > 1 and not parts[-1].strip(" \t"):
        parts.pop()
    for part in parts:
        name, equals, value = part.partition("=")
        name, value = name.strip(" \t"), value.strip(" \t")
        shown = clean(part.strip(), limit=40)
        if not equals or not _NAME.match(name):
            empty = "Two semicolons stand together." if not part.strip(" \t") else f"“{shown}” is not a tag=value."
            faults.append(("syntax", empty))
        elif not _VALUE.match(value):
            faults.append(("syntax", f"The value of {name} has characters that may not stand there."))
        elif name in tags:
            faults.append(("duplicate", f"The tag {name} stands more than once."))
        else:
            tags[name] = value
    return tags, list(dict.fromkeys(faults))


def parse_key(txt: str) -> DkimKey:
    """Read one TXT value, its strings joined. Never raises."""
    notes = _Notes()
    tags, faults = tag_list(txt)
    pasted = _pasted(txt)
    if pasted:
        notes.wrong(*pasted)
    for fault in faults[:8]:
        notes.wrong(*fault)
    _version(tags, notes)
    kind = tags.get("k", "rsa")
    if kind not in ("rsa", "ed25519"):
        notes.wrong("type", f"k={clean(kind, limit=40)} is no kind of key that receivers know.")
    hashes, services, flags = (_words(tags, name, notes) for name in ("h", "s", "t"))
    if hashes and "sha256" not in hashes:
        notes.wrong("hash", f"h={clean(tags['h'], limit=40)} leaves out sha256, the only one that still counts.")
    elif "sha1" in hashes:
        notes.warnings.append("h names sha1, which no longer counts (RFC 8301).")
    if services and not {"*", "email"} & set(services):
        notes.wrong("service", f"s={clean(tags['s'], limit=40)} keeps the key for something other than mail.")
    notes.warnings += [
        f"The tag {clean(name, limit=40)} is unknown and overlooked." for name in tags if name not in KNOWN
    ][:8]
    revoked, raw, found = False, b"", _der.PublicKey(kind)
    bits: int | None = None
    if "p" not in tags:
        notes.wrong("missing", "There is no p, the tag that holds the key.")
    elif not tags["p"]:
        revoked = True
        notes.wrong("revoked", "p is empty: the key was withdrawn.")
    elif kind in ("rsa", "ed25519") and (data := _decoded(tags["p"], txt, notes)) is not None:
        raw = data
        bits, found = _ed25519(raw, notes) if kind == "ed25519" else _rsa(raw, txt, notes)
    return DkimKey(
        txt,
        not notes.errors,
        revoked,
        kind,
        bits,
        "y" in flags,
        "s" in flags,
        tuple(notes.errors),
        tuple(notes.warnings),
        hashes,
        services or ("*",),
        notes.fault,
        tags,
        found.exponent,
        raw,
    )


def _pasted(txt: str) -> tuple[str, str] | None:
    """What a panel or a hand put into the record that belongs to the way it is written down, not to it."""
    if ARMOUR.search(txt):
        return "pem", "The BEGIN and END lines of the key file were pasted with it."
    if '"' in txt:
        return "quotes", "Quotation marks were pasted into the record."
    if "\\;" in txt:
        return "quotes", "Backslashes were pasted into the record."
    return None


def _version(tags: dict[str, str], notes: _Notes) -> None:
    if "v" not in tags:
        return
    if tags["v"] != "DKIM1":
        notes.wrong("version", f"v={clean(tags['v'], limit=40)} is not DKIM1, so receivers drop the record.")
    elif next(iter(tags)) != "v":
        notes.wrong("version", "v=DKIM1 must stand first.")


def _words(tags: dict[str, str], name: str, notes: _Notes) -> tuple[str, ...]:
    """A list with colons; words that nobody knows are kept, since receivers overlook them."""
    if name not in tags:
        return ()
    words = tuple(word.strip(" \t") for word in tags[name].split(":"))
    if not all(_WORD.match(word) or (name == "s" and word == "*") for word in words):
        notes.wrong("syntax", f"{name}={clean(tags[name], limit=40)} is not a list of words with colons.")
    return words


def _decoded(value: str, txt: str, notes: _Notes) -> bytes | None:
    packed = re.sub(r"[ \t]", "", value)
    if notes.fault in ("quotes", "pem"):
        return None
    if not _BASE64.match(packed):
        odd = next((char for char in packed if not re.match(r"[A-Za-z0-9+/=]", char)), "=")
        notes.wrong("base64", f"The key (p) has “{clean(odd)}” in it, where only letters, digits, + and / may stand.")
        return None
    if len(packed) % 4:
        whole = base64.b64decode(packed[: len(packed) // 4 * 4].rstrip("=") + "==", validate=False)
        cut = len(whole) > _ED25519 and _is_short(whole)
        say = f"The key is cut off{_where(txt)}." if cut else "The key (p) is not whole: its end is missing."
        notes.wrong("truncated" if cut else "base64", say)
        return None
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error:
        notes.wrong("base64", "The key (p) is not base64.")
        return None


def _is_short(raw: bytes) -> bool:
    try:
        _der.read(raw)
    except _der.NotDer as error:
        return error.short
    return False


def _where(txt: str) -> str:
    """255 bytes is the longest string of a TXT record; what is longer must be split into several."""
    return " at 255 characters, where the record should have been split" if len(txt) in (255, 510) else ""


def _ed25519(raw: bytes, notes: _Notes) -> tuple[int | None, _der.PublicKey]:
    if len(raw) == _ED25519:
        return 256, _der.PublicKey("ed25519", data=raw)
    try:
        inside = _der.read(raw)
    except _der.NotDer:
        notes.wrong("key", f"An Ed25519 key has {_ED25519} bytes; this one has {len(raw):,}.")
        return None, _der.PublicKey("ed25519")
    if inside.kind == "ed25519":
        notes.wrong("key", "An Ed25519 key stands in the record without the wrapping that key files have.")
        return 256, inside
    notes.wrong("type", f"The record says ed25519, and the key is of the kind {inside.kind}.")
    return None, _der.PublicKey("ed25519")


def _rsa(raw: bytes, txt: str, notes: _Notes) -> tuple[int | None, _der.PublicKey]:
    nothing = _der.PublicKey("rsa")
    try:
        key = _der.read(raw)
    except _der.NotDer as error:
        if len(raw) == _ED25519:
            notes.wrong("type", "The key looks like Ed25519, and the record does not say k=ed25519.")
        elif error.short:
            notes.wrong("truncated", f"The key is cut off{_where(txt)}: {error}.")
        else:
            notes.wrong("key", f"The key cannot be read: {error}.")
        return None, nothing
    if key.kind != "rsa":
        notes.wrong("type", f"The record is for RSA, and the key is of the kind {key.kind}.")
        return None, nothing
    bits = key.modulus.bit_length()
    if key.rest:
        notes.wrong("key", f"{key.rest:,} bytes follow after the key.")
    if key.modulus % 2 == 0 or key.exponent % 2 == 0 or key.exponent < 3:
        notes.wrong("key", "The numbers in the key cannot be an RSA key.")
    if bits < limits.DKIM_RSA_LEAST:
        notes.wrong("short", f"The key has {bits:,} bits; receivers refuse less than {limits.DKIM_RSA_LEAST:,}.")
    elif bits > limits.DKIM_RSA_MOST or (bits > 3_072 and key.exponent.bit_length() > 64):
        notes.wrong("huge", f"The key has {bits:,} bits, more than receivers can work with.")
    elif bits < limits.DKIM_RSA_WANTED:
        notes.warnings.append(f"The key has {bits:,} bits; {limits.DKIM_RSA_WANTED:,} are wanted (RFC 8301).")
    elif bits > limits.DKIM_RSA_SURE:
        notes.warnings.append(
            f"The key has {bits:,} bits; not every receiver takes more than {limits.DKIM_RSA_SURE:,}."
        )
    return bits, key


def write_key(tags: Mapping[str, str]) -> str:
    """The record in its plainest form: the tags that say something, the key without blanks."""
    order = ("v", "k", "h", "s", "t", "n", "p")
    kept = {"v": "DKIM1", "k": "rsa"} | {name: value for name, value in tags.items() if name in KNOWN}
    if "p" in kept:
        kept["p"] = re.sub(r"[ \t]", "", kept["p"])
    return "; ".join(f"{name}={kept[name]}" for name in order if name in kept)
