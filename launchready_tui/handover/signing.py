"""Who signed a handover, and is it still what they signed? Ed25519 (RFC 8032) over the exact bytes of the file.

The signature stands beside the file in one of its own (handover.toml.sig), a text that a person can read. What is
signed is its head (who, when, which key, the SHA-256 of the file) and then the file, byte by byte. A signature file is
read only in the very form in which it was written, so every changed byte of either file is seen.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from launchready_tui import limits
from launchready_tui.handover.fingerprint import six_words
from launchready_tui.secret import Secret
from launchready_tui.text import clean, day

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from launchready_tui.vault import Vault

SIGNATURE_SUFFIX = ".sig"
KEY_ENTRY = "signing-key"  # in the vault: one for this person on this machine, whatever the project
_TITLE = "launchready signature 1"
_SIGNED = b"launchready signature of a handover, version 1\n"  # so that a signature for one purpose fits no other
_KEY = "ed25519 "
_NAME = 120  # characters of a name
_LINES = ("sha256", "signed-by", "signed-at", "key", "words", "signature")
_BOM = "\ufeff".encode()

Outcome = Literal["known", "unknown-key", "altered", "unsigned", "malformed"]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it is written beside the file. `made` says that the key was made for it just now."""

    text: str
    words: str
    made: bool = False


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that somebody trusted: whose it is, its public bytes in base64, and since when."""

    name: str
    key: str
    since: dt.date | None = None

    @property
    def words(self) -> str:
        public = unpacked(self.key, 32)
        return six_words(public) if public is not None else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a signature is worth. `known` alone may be shown green. `say` is one or two plain sentences.

    `by`, `at`, `words` and `key` are what the signature says of itself: true where the outcome is known or unknown-key.
    `known_as` is the name under which the key was trusted.
    """

    outcome: Outcome
    say: str
    by: str = ""
    at: dt.datetime | None = None
    words: str = ""
    key: str = ""
    known_as: str = ""

    @property
    def valid(self) -> bool:
        """Does the signature fit the file, whoever made it?"""
        return self.outcome in ("known", "unknown-key")


def digest(data: bytes) -> str:
    """The SHA-256 of a file, in hex: what a receiver signs for."""
    return hashlib.sha256(data).hexdigest()


# ---- the key ----
def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unpacked(text: str, size: int) -> bytes | None:
    """Base64 in its one canonical form, of so many bytes; None for all else."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return data if len(data) == size and packed(data) == text else None


async def signing_key(vault: Vault, say: Callable[[str], None] | None = None) -> tuple[Ed25519PrivateKey, bool]:
    """The key of this vault, and whether it was made just now. `say` is told before one is made.

    Raises VaultProblem where the vault cannot be read or written, ValueError where it holds something else there.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    kept = await vault.get(KEY_ENTRY)
    if kept is not None:
        private = unpacked(kept.reveal(), 32)
        if private is None:
            raise ValueError(
                f"What the keyring holds under {KEY_ENTRY} is no signing key. Delete it there, then export."
            )
        return Ed25519PrivateKey.from_private_bytes(private), False
    if say is not None:
        say(
            "There is no key to sign with yet, so one is made now. It stays in your keyring, and signs what you export."
        )
    key = Ed25519PrivateKey.generate()
    await vault.put(KEY_ENTRY, Secret(packed(key.private_bytes_raw())))
    return key, True


async def sign(
    vault: Vault, data: bytes, now: dt.datetime, *, who: str = "", say: Callable[[str], None] | None = None
) -> Signed | None:
    """Sign `data` in the name of `who`. None where no key can be kept: a signature whose key is gone proves nothing.

    `say` is told in a sentence before a key is made. Raises VaultProblem, ValueError as `signing_key` does.
    """
    if vault.kind == "session":
        return None
    key, made = await signing_key(vault, say)
    public = key.public_key().public_bytes_raw()
    head = _head(digest(data), name(who), now, public)
    signature = key.sign(_message(head, data))
    return Signed(f"{head}signature: {packed(signature)}\n", six_words(public), made)


def name(who: str) -> str:
    """A name as it stands in a signature: one line, bounded."""
    return clean(who, limit=10 * _NAME)[:_NAME].strip() or "nobody named"


def stamp(at: dt.datetime) -> str:
    """A moment as it stands in a signature: UTC, to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _head(sha256: str, who: str, at: dt.datetime, public: bytes) -> str:
    return (
        f"{_TITLE}\nsha256: {sha256}\nsigned-by: {who}\nsigned-at: {stamp(at)}\n"
        f"key: {_KEY}{packed(public)}\nwords: {six_words(public)}\n"
    )


def _message(head: str, data: bytes) -> bytes:
    return _SIGNED + head.encode() + data


# ---- what it is worth ----
@dataclass(frozen=True, slots=True)
class _Read:
    sha256: str
    who: str
    at: dt.datetime
    public: bytes
    signature: bytes


def check_signature(data: bytes, signature: bytes | str | None, known: Iterable[KnownKey] = ()) -> Verdict:
    """Hold a file against its signature file (None or "" where there is none). Pure; raises nothing."""
    if not signature:
        return Verdict("unsigned", "It is not signed: nobody says that this is what they handed over.")
    raw = signature.encode("utf-8", "surrogatepass") if isinstance(signature, str) else signature
    read = _read(raw)
    if isinstance(read, str):
        return Verdict("malformed", f"{read} Ask for the signature file again.")
    who, words, key = read.who, six_words(read.public), packed(read.public)
    told = Verdict("altered", "", read.who, read.at, words, key)
    if digest(data) != read.sha256:
        return _with(told, f"This is not the file that was signed. {_changed(data, read.sha256)}")
    if not _fits(read, data):
        return _with(
            told, "The signature does not fit: it was changed, or another key made it. Ask for both files again."
        )
    signed = f"signed by {who} on {day(read.at)}"
    for each in known:
        if each.key == key:
            aka = f", whom you know as {each.name}" if each.name != who else ""
            say = f"It is as {signed}{aka}."
            return Verdict("known", say, who, read.at, words, key, each.name)
    say = (
        f"It fits its signature, {signed}, by a key that you do not know. Anybody could have made it. Have {who} read "
    )
    return Verdict("unknown-key", f"{say}these six words to you: {words}.", who, read.at, words, key)


def _with(verdict: Verdict, say: str) -> Verdict:
    return Verdict(verdict.outcome, say, verdict.by, verdict.at, verdict.words, verdict.key)


def _changed(data: bytes, wanted: str) -> str:
    """What happened to a file whose digest is another, where that can be told."""
    if digest(data.replace(b"\r\n", b"\n")) == wanted:
        return "Its line ends were changed on the way (CRLF). Ask for it again, as an attachment or in a zip file."
    if digest(data.removeprefix(_BOM)) == wanted:
        return "An editor put a mark before its first line (BOM). Ask for the file again."
    return "Ask for the file again; do not rely on what stands in this one."


def _fits(read: _Read, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    head = _head(read.sha256, read.who, read.at, read.public)
    try:
        Ed25519PublicKey.from_public_bytes(read.public).verify(read.signature, _message(head, data))
    except InvalidSignature:
        return False
    return True


def _read(raw: bytes) -> _Read | str:
    """A signature file, or a sentence about why it is none. Only the very form that `sign` writes is taken."""
    no = "What stands in the signature file is no signature of ours."
    if len(raw) > limits.SIGNATURE_BYTES:
        return no
    if b"\r" in raw:
        return "The line ends of the signature file were changed on the way (CRLF)."
    if raw.startswith(_BOM):
        return "An editor put a mark before the first line of the signature file (BOM)."
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return no
    if lines[0] != _TITLE:
        newer = re.fullmatch(r"launchready signature \d{1,4}", lines[0])
        return "The signature was made by a newer launchready. Update it, then look again." if newer else no
    if len(lines) != len(_LINES) + 2 or lines[-1]:
        return "The signature file is not whole."
    found: dict[str, str] = {}
    for wanted, line in zip(_LINES, lines[1:-1], strict=True):
        label, colon, value = line.partition(": ")
        if label != wanted or not colon:
            return no
        found[label] = value
    return _parts(found, raw) or no


def _parts(found: dict[str, str], raw: bytes) -> _Read | None:
    """The parts, where writing them again gives the same bytes: nothing else hides in the file."""
    public = unpacked(found["key"].removeprefix(_KEY), 32)
    signature = unpacked(found["signature"], 64)
    try:
        at = dt.datetime.strptime(found["signed-at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    if public is None or signature is None or name(found["signed-by"]) != found["signed-by"]:
        return None
    if re.fullmatch("[0-9a-f]{64}", found["sha256"]) is None:
        return None
    again = f"{_head(found['sha256'], found['signed-by'], at, public)}signature: {packed(signature)}\n"
    return _Read(found["sha256"], found["signed-by"], at, public, signature) if again.encode() == raw else None
