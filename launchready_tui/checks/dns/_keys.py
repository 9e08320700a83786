"""Whether a zone's keys are those that the registry vouches for: DS against DNSKEY (RFC 4034 section 5). Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable

_ZONE, _REVOKED, _DNSSEC = 0x0100, 0x0080, 3  # RFC 4034 sections 2.1.1 and 2.1.2, RFC 5011 section 2.1
# What resolvers check today; who uses nothing of these counts as unsigned (RFC 8624, RFC 4035 section 5.2).
_ALGORITHMS = frozenset({5, 7, 8, 10, 13, 14, 15, 16})
_DIGESTS = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}


def fits(zone: str, vouched: Iterable[str], keys: Iterable[str]) -> bool | None:
    """True where one of the DS values is that of a key; None where no DS is of a kind that resolvers check.

    Both in presentation form: "12345 13 2 0123…" and "257 3 13 base64".
    """
    usable = [entry for entry in map(_ds, vouched) if entry is not None]
    if not usable:
        return None
    wires = [wire for wire in map(_key, keys) if wire is not None]
    owner = b"".join(bytes([len(label)]) + label for label in zone.encode("ascii", "replace").split(b".")) + b"\0"
    return any(
        wire[3] == algorithm and _DIGESTS[kind](owner + wire).digest() == digest
        for algorithm, kind, digest in usable
        for wire in wires
    )


def _ds(text: str) -> tuple[int, int, bytes] | None:
    parts = text.split()
    try:
        algorithm, kind, digest = int(parts[1]), int(parts[2]), bytes.fromhex("".join(parts[3:]))
    except (IndexError, ValueError):
        return None
    if algorithm not in _ALGORITHMS or kind not in _DIGESTS or len(digest) != _DIGESTS[kind]().digest_size:
        return None
    return algorithm, kind, digest


def _key(text: str) -> bytes | None:
    """The key as it is on the wire; None for what signs no zone."""
    parts = text.split()
    try:
        flags, protocol, algorithm = (int(part) for part in parts[:3])
        wire = struct.pack("!HBB", flags, protocol, algorithm) + base64.b64decode("".join(parts[3:]), validate=True)
    except (ValueError, struct.error, binascii.Error):
        return None
    return wire if flags & _ZONE and not flags & _REVOKED and protocol == _DNSSEC else None
