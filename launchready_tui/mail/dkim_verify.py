"""Every DKIM signature of a message, verified against the key that is in the DNS now (RFC 6376, 8301, 8463).

dkimpy takes a signature apart, hashes the header and does the arithmetic; the body is hashed by canonical.py, keys come
from our own DNS source, times are judged at the clock that is given. Section 6.1: what is wrong with a signature or a
key as such is a permerror, a signature that was computed and does not fit is a fail.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import datetime as dt
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from launchready_tui import limits
from launchready_tui.mail.canonical import BodyHash, Wanted, body_hashes
from launchready_tui.mail.dkim import DkimKey, parse_key
from launchready_tui.mail.message import Field, Message, host_of
from launchready_tui.proofs import Result, Signature
from launchready_tui.sources.dns import Answer, Found, is_fact, tell
from launchready_tui.text import clean, day, plural

Keys = Callable[[str], Awaitable[Answer]]  # the TXT records of a name

_SELECTOR = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\Z")
_LONG_BLANK = re.compile(rb"[\s]{200}")  # dkimpy's patterns take time that grows with the square of these
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_REQUIRED = (b"v", b"a", b"b", b"bh", b"d", b"h", b"s")
_ALGORITHMS = {b"rsa-sha256": "rsa", b"ed25519-sha256": "ed25519"}


@dataclass(frozen=True, slots=True)
class _Read:
    """A signature taken apart. `refused` says why it cannot be verified, whatever the key is."""

    field: Field
    tags: dict[bytes, bytes]
    domain: str = ""
    selector: str = ""
    refused: str = ""
    expired: bool = False

    @property
    def seen(self) -> Signature:
        """What can be said of it before its key is read."""
        ends = self.tags.get(b"x", b"")
        return Signature(
            self.domain,
            self.selector,
            "permerror",
            self.refused,
            algorithm=clean(self.tags.get(b"a", b""), limit=40),
            expired=self.expired,
            until=dt.datetime.fromtimestamp(int(ends), dt.UTC) if re.fullmatch(rb"\d{1,10}", ends) else None,
            covers=tuple(clean(name, limit=80) for name in _signed_names(self.tags)[:100] if name),
        )

    @property
    def key_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def wanted(self) -> Wanted:
        form = self.tags.get(b"c", b"simple/simple").lower().partition(b"/")[2] or b"simple"
        most = self.tags.get(b"l")
        return form.decode("ascii", "replace"), int(most) if most is not None else None


async def verify(message: Message, keys: Keys, at: dt.datetime) -> tuple[Signature, ...]:
    """One Signature for each DKIM-Signature, from the top; at most limits.DKIM_SIGNATURES of them.

    `keys` asks for the TXT records of a name, `at` is the moment at which x= and t= are judged. Never raises for what a
    message holds; the loop gets its turn, however large the message is.
    """
    read = [_read(field, at) for field in message.all("dkim-signature")[: limits.DKIM_SIGNATURES]]
    if not read:
        return ()
    sound = [one for one in read if not one.refused]
    names = list(dict.fromkeys(one.key_name for one in sound))
    answers = dict(zip(names, await asyncio.gather(*(keys(name) for name in names)), strict=True))
    hashes = await body_hashes(message.raw, message.body_at, {one.wanted for one in sound})
    out = []
    for one in read:
        out.append(one.seen if one.refused else _judged(one, message, answers[one.key_name], hashes))
        await asyncio.sleep(0)
    return tuple(out)


def signers(message: Message) -> tuple[tuple[str, str], ...]:
    """The (domain, selector) of every signature that can be read, each once."""
    now = dt.datetime.now(dt.UTC)
    read = (_read(field, now) for field in message.all("dkim-signature")[: limits.DKIM_SIGNATURES])
    return tuple(dict.fromkeys((one.domain, one.selector) for one in read if one.domain and one.selector))


# ---- the field (section 6.1.1) ----


def _read(field: Field, at: dt.datetime) -> _Read:
    import dkim
    import dkim.util

    if len(field.raw) > limits.DKIM_FIELD_BYTES or _LONG_BLANK.search(field.raw):
        return _Read(field, {}, refused="The signature is longer, or holds longer blanks, than any that servers write.")
    try:
        tags = dkim.util.parse_tag_value(_FOLD.sub(b"", field.raw))
    except dkim.util.DuplicateTag:
        return _Read(field, {}, refused="The signature cannot be read: a tag stands in it twice.")
    except dkim.util.InvalidTagValueList:
        return _Read(field, {}, refused="The signature cannot be read: it is no list of tags.")
    domain, selector = _names(tags)
    one = _Read(field, tags, domain, selector)
    missing = [name.decode() for name in _REQUIRED if not tags.get(name)]
    if missing:
        return replace(one, refused=f"The signature has no {', '.join(f'{name}=' for name in missing)}.")
    if not domain or not selector:
        return replace(one, refused="The signature names no domain and key that can be in the DNS (d=, s=).")
    fault = _fault(tags)
    return replace(one, refused=fault) if fault else _timed(one, at)


def _names(tags: dict[bytes, bytes]) -> tuple[str, str]:
    domain = host_of(tags.get(b"d", b"").decode("utf-8", "replace"))
    selector = tags.get(b"s", b"").decode("utf-8", "replace").lower().rstrip(".")
    fits = len(selector) <= 200 and _SELECTOR.match(selector) is not None
    return domain, selector if fits else ""


def _fault(tags: dict[bytes, bytes]) -> str:
    """Why nobody may verify this signature, "" where it may be."""
    import dkim

    if tags[b"a"] == b"rsa-sha1":
        return "It is signed with SHA-1 (a=rsa-sha1), which receivers must not accept since 2018 (RFC 8301)."
    if tags[b"a"] not in _ALGORITHMS:
        return f"Nobody knows its algorithm, a={clean(tags[b'a'], limit=40)}."
    if b"from" not in _signed_names(tags):
        return "It does not cover the From line (h=), so it says nothing about who wrote the message."
    if b"dns/txt" not in [word.strip() for word in tags.get(b"q", b"dns/txt").split(b":")]:
        return f"Its key is not in the DNS (q={clean(tags[b'q'], limit=40)})."
    form = tags.get(b"c", b"simple/simple").lower()
    if not re.fullmatch(rb"(simple|relaxed)(/(simple|relaxed))?", form):
        return f"Nobody knows its form, c={clean(form, limit=40)}."
    if not re.fullmatch(rb"\d{1,76}", tags.get(b"l", b"0")):
        return "Its length (l=) is not a number."
    identity = tags.get(b"i", b"").lower().rpartition(b"@")
    if tags.get(b"i") and not (identity[1] and _under(identity[2], tags[b"d"].lower())):
        return f"It speaks for {clean(tags[b'i'], limit=80)} (i=), which is not under its own domain (d=)."
    for name in (b"t", b"x"):
        if name in tags and not re.fullmatch(rb"\d{1,15}", tags[name]):
            return f"Its time ({name.decode()}=) is not a number."
    checked = {name: value for name, value in tags.items() if name not in (b"t", b"x", b"q", b"i")}
    try:
        dkim.validate_signature_fields(checked)
    except dkim.ValidationError as error:
        return f"The signature cannot be used: {clean(str(error), limit=120)}."
    return ""


def _under(name: bytes, parent: bytes) -> bool:
    return name == parent or name.endswith(b"." + parent)


def _signed_names(tags: dict[bytes, bytes]) -> list[bytes]:
    return [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]


def _timed(one: _Read, at: dt.datetime) -> _Read:
    signed, ends = (int(one.tags[name]) if name in one.tags else None for name in (b"t", b"x"))
    now = at.timestamp()
    if signed is not None and signed > now + limits.DKIM_CLOCK_SECONDS:
        return replace(one, refused="Its time of signing (t=) lies in the future.")
    if signed is not None and ends is not None and ends < signed:
        return replace(one, refused="It ends (x=) before it was made (t=).")
    if ends is not None and ends < now:
        ended = dt.datetime.fromtimestamp(ends, dt.UTC)
        return replace(one, refused=f"It counted until {day(ended)} (x=) and has expired.", expired=True)
    return one


# ---- the key (section 6.1.2) and the arithmetic (section 6.1.3) ----


def _judged(one: _Read, message: Message, answer: Answer, hashes: dict[Wanted, BodyHash]) -> Signature:
    seen = one.seen
    if not is_fact(answer):
        return replace(seen, result="temperror", reason=f"Its key at {one.key_name} could not be read: {tell(answer)}.")
    texts = answer.values[: limits.MAIL_KEYS] if isinstance(answer, Found) else ()
    if not texts:
        return replace(seen, key_gone=True, reason=f"There is no key at {one.key_name}.")
    body = hashes[one.wanted]
    seen = replace(seen, part=one.wanted[1] is not None and one.wanted[1] < body.length)
    tried = [_tried(seen, one, message, text, body) for text in texts]
    order: tuple[Result, ...] = ("pass", "fail", "permerror")
    return min(tried, key=lambda signature: order.index(signature.result))


def _tried(seen: Signature, one: _Read, message: Message, text: str, body: BodyHash) -> Signature:
    import dkim

    key = parse_key(text)
    seen = replace(seen, bits=key.bits or 0, testing=key.testing)
    if fault := _key_fault(one, key):
        return replace(seen, key_gone=key.revoked, reason=fault)
    signed = _decoded(one.tags[b"bh"])
    if signed is None:
        return replace(seen, reason="Its hash of the body (bh=) cannot be read.")
    length = one.wanted[1]
    if length is not None and length > body.length:
        lost = f"The body is shorter than what was signed: {plural(body.length, 'byte')} of {length:,}."
        return replace(seen, result="fail", altered="body", reason=lost)
    if signed != body.digest:
        return replace(seen, result="fail", altered="body", reason="The body is not the one that was signed.")
    try:
        good = _fits(one, message, key)
    except (dkim.DKIMException, ValueError, binascii.Error) as error:
        return replace(seen, reason=f"The signature cannot be used: {clean(str(error), limit=120)}.")
    if not good:
        # Which of the two it is, nobody can see: either gives a signature that does not fit.
        why = f"The body is as it was signed; the lines above it are not, or the key at {one.key_name} is another one."
        return replace(seen, result="fail", altered="header", reason=why)
    how = f"{key.bits}-bit RSA" if key.type == "rsa" else "Ed25519"
    part = " It leaves the end of the body unsigned (l=)." if seen.part else ""
    return replace(seen, result="pass", reason=f"Good: signed by {one.domain} with {how}.{part}")


def _key_fault(one: _Read, key: DkimKey) -> str:
    """Why this key does not serve this signature, "" where it does."""
    if key.revoked:
        return f"The key at {one.key_name} was withdrawn (p= is empty)."
    if not key.valid:
        return f"The key at {one.key_name} cannot be used: {' '.join(key.errors[:2])}"
    if key.type != _ALGORITHMS[one.tags[b"a"]]:
        return f"It is signed with {clean(one.tags[b'a'], limit=40)}, and the key at {one.key_name} is {key.type}."
    identity = one.tags.get(b"i", b"@" + one.tags[b"d"]).lower().rpartition(b"@")[2]
    if key.strict and identity != one.tags[b"d"].lower():
        return f"The key at {one.key_name} serves its own domain only (t=s), not {clean(identity, limit=80)}."
    return ""


def _decoded(value: bytes) -> bytes | None:
    try:
        return base64.b64decode(re.sub(rb"\s+", b"", value), validate=True)
    except (binascii.Error, ValueError):
        return None


def _fits(one: _Read, message: Message, key: DkimKey) -> bool:
    """dkimpy's verdict on the header and the signature, with the key at hand; the body was compared already.

    Raises dkim.DKIMException and ValueError for a key or a signature that cannot be computed with.
    """
    import dkim

    # What else the record says was judged; dkimpy reads a list of services as one word.
    record = f"v=DKIM1; k={key.type}; p={''.join(key.tags['p'].split())}"
    verifier = dkim.DKIM()
    verifier.headers = [[field.written, field.raw] for field in message.fields]
    verifier.pk, verifier.keysize, verifier.ktag, verifier.seqtlsrpt = dkim.evaluate_pk(one.key_name, record)
    tags = {name: value for name, value in one.tags.items() if name not in (b"bh", b"c")}
    tags[b"c"] = one.tags.get(b"c", b"simple/simple").lower()
    field = [one.field.written, one.field.raw]
    return bool(verifier.verify_sig_process(tags, _signed_names(one.tags), field, None))
