"""The few DER structures that a DKIM key comes in (RFC 6376 section 3.6.1): SubjectPublicKeyInfo and RSAPublicKey.

Read by hand and not by a library: one that checks keys takes its time over a hostile one, and refuses to say how short
a key is that is too short. Nothing here computes with a key.
"""

from __future__ import annotations

from dataclasses import dataclass

_SEQUENCE, _INTEGER, _BITS, _OID = 0x30, 0x02, 0x03, 0x06
RSA = "1.2.840.113549.1.1.1"
ED25519 = "1.3.101.112"
_NAMES = {
    RSA: "rsa",
    ED25519: "ed25519",
    "1.2.840.10045.2.1": "ec",
    "1.2.840.10040.4.1": "dsa",
    "1.3.101.113": "ed448",
    "1.3.101.110": "x25519",
    "1.2.840.113549.1.1.10": "rsa-pss",
}


class NotDer(ValueError):
    """What stands there is no such key. `short` says that it begins as one and ends too early."""

    def __init__(self, reason: str, *, short: bool = False) -> None:
        super().__init__(reason)
        self.short = short


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`kind` is rsa, ed25519, ec, … or the OID in dots; `modulus` and `exponent` are 0 for every kind but rsa."""

    kind: str
    modulus: int = 0
    exponent: int = 0
    data: bytes = b""
    wrapped: bool = False  # in a SubjectPublicKeyInfo
    rest: int = 0  # bytes that follow the key


def _take(data: bytes, tag: int, what: str) -> tuple[bytes, bytes]:
    """The content of the element that `data` begins with, and what follows it."""
    if not data:
        raise NotDer(f"{what} is missing", short=True)
    if data[0] != tag:
        raise NotDer(f"{what} does not begin as one")
    if len(data) < 2:
        raise NotDer(f"{what} ends too early", short=True)
    size, at = data[1], 2
    if size >= 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise NotDer(f"{what} has no readable length")
        if len(data) < 2 + count:
            raise NotDer(f"{what} ends too early", short=True)
        size, at = int.from_bytes(data[2 : 2 + count]), 2 + count
    if len(data) < at + size:
        raise NotDer(f"{what} ends {at + size - len(data):,} bytes too early", short=True)
    return data[at : at + size], data[at + size :]


def _oid(data: bytes) -> str:
    parts: list[int] = []
    value = 0
    for byte in data[:32]:
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            parts.append(value)
            value = 0
    if not parts:
        return "?"
    first = min(parts[0] // 40, 2)
    return ".".join(map(str, (first, parts[0] - 40 * first, *parts[1:])))


def _number(data: bytes, what: str) -> tuple[int, bytes]:
    content, rest = _take(data, _INTEGER, what)
    if not content or content[0] & 0x80:
        raise NotDer(f"{what} is not a positive number")
    return int.from_bytes(content), rest


def _rsa(data: bytes, *, wrapped: bool, rest: int) -> PublicKey:
    body, after = _take(data, _SEQUENCE, "the key")
    modulus, body = _number(body, "the modulus")
    exponent, body = _number(body, "the exponent")
    if body:
        raise NotDer("the key has more than two numbers: it looks like a private key or another kind of key")
    return PublicKey("rsa", modulus, exponent, wrapped=wrapped, rest=rest + len(after))


def read(data: bytes) -> PublicKey:
    """Read one public key. Raises NotDer with the reason; takes time in proportion to the length of `data`."""
    body, after = _take(data, _SEQUENCE, "the key")
    if body[:1] == bytes([_INTEGER]):
        return _rsa(data, wrapped=False, rest=0)
    algorithm, body = _take(body, _SEQUENCE, "the name of the algorithm")
    oid, _ = _take(algorithm, _OID, "the name of the algorithm")
    kind = _NAMES.get(_oid(oid), _oid(oid))
    bits, body = _take(body, _BITS, "the key")
    if bits[:1] != b"\0":
        raise NotDer("the key is not a whole number of bytes")
    if kind == "rsa":
        return _rsa(bits[1:], wrapped=True, rest=len(after) + len(body))
    return PublicKey(kind, data=bits[1:], wrapped=True, rest=len(after) + len(body))
