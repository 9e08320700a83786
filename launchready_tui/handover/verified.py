"""A receiver's word that they ran the verification: name, day, the file's SHA-256, signed with the receiver's own key.

It stands beside the handover in a file of its own (handover.toml.verified.toml), which goes back to the founder.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from launchready_tui import disk
from launchready_tui.handover.fingerprint import six_words
from launchready_tui.handover.signing import digest, name, packed, signing_key, unpacked
from launchready_tui.saying import Problem

if TYPE_CHECKING:
    from launchready_tui.vault import Vault

SUFFIX = ".verified.toml"
_SIGNED = b"launchready statement that a handover was verified, version 1\n"
_FIELDS = ("schema_version", "file_sha256", "name", "at", "result", "key", "words", "signature")

Result = Literal["equal", "drift", "unknown"]
RESULTS: tuple[Result, ...] = ("equal", "drift", "unknown")


class NotVerified(Problem):
    """A file that is no statement of ours, or one that was changed. `sentence` says which."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Who verified which file when, with what result; `words` are the six words of the key that signed it."""

    name: str
    at: dt.datetime
    sha256: str
    result: Result
    key: str
    words: str


async def state_verified(vault: Vault, data: bytes, who: str, at: dt.datetime, result: Result) -> str:
    """The statement's text. In a vault that keeps nothing, the key lives as long as the session does: the statement
    holds all the same, and its words can be read out until then. Raises VaultProblem, ValueError as `signing_key`."""
    key, _ = await signing_key(vault)
    public = key.public_key().public_bytes_raw()
    body = _body(digest(data), name(who), at, result, public)
    return f'{body}signature = "{packed(key.sign(_SIGNED + body.encode()))}"\n'


def _body(sha256: str, who: str, at: dt.datetime, result: str, public: bytes) -> str:
    import tomli_w

    table = {
        "schema_version": 1,
        "file_sha256": sha256,
        "name": who,
        "at": at.astimezone(dt.UTC).replace(microsecond=0),
        "result": result,
        "key": f"ed25519 {packed(public)}",
        "words": six_words(public),
    }
    head = (
        "# Somebody ran the verification of a handover and puts their name to it. Send this file back to its sender.\n"
    )
    return head + tomli_w.dumps(table)


def read_verified(data: bytes) -> Verified:
    """Read a statement and hold it against its own signature. Raises NotVerified."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        table = disk.parse_toml(data)
    except ValueError as error:
        raise NotVerified(f"This is no word of a receiver. {error}") from error
    said, public, signature = _parts(table)
    body = _body(said.sha256, said.name, said.at, said.result, public)
    if data != f'{body}signature = "{packed(signature)}"\n'.encode():
        raise NotVerified("This word of a receiver was changed after it was signed. Ask for it again.")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _SIGNED + body.encode())
    except InvalidSignature:
        raise NotVerified("The signature under this word of a receiver does not fit. Ask for it again.") from None
    return said


def _parts(table: dict[str, object]) -> tuple[Verified, bytes, bytes]:
    no = "This is no word of a receiver: it is not what `launchready verify FILE --sign NAME` writes."
    if tuple(table) != _FIELDS or table["schema_version"] != 1:
        raise NotVerified(no)
    texts = {field: each for field, each in table.items() if isinstance(each, str)}
    at = table["at"]
    result = next((each for each in RESULTS if each == texts.get("result")), None)
    public = unpacked(texts.get("key", "").removeprefix("ed25519 "), 32)
    signature = unpacked(texts.get("signature", ""), 64)
    sha256, who = texts.get("file_sha256", ""), texts.get("name", "")
    if not isinstance(at, dt.datetime) or at.tzinfo is None or public is None or signature is None or result is None:
        raise NotVerified(no)
    if re.fullmatch("[0-9a-f]{64}", sha256) is None or not who or name(who) != who:
        raise NotVerified(no)
    return Verified(who, at.astimezone(dt.UTC), sha256, result, packed(public), six_words(public)), public, signature


__all__ = ["RESULTS", "SUFFIX", "NotVerified", "Result", "Verified", "read_verified", "state_verified"]
