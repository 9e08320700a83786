"""Makes up values of documented shapes from parts, so that none stands whole in our own repository.

A value is a list of parts joined when it is planted: plain text, or `<kind:size>` made from a seeded generator. KINDS
and MAKERS are the kinds. Checksums are the documented ones: GitHub's and npm's tokens end in the CRC32 of their random
part in base 62.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import re
import string
import uuid
import zlib
from collections.abc import Callable, Sequence

from tests.secrets_planted import pem

B62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
KINDS = {
    "b62": B62,
    "hex": "0123456789abcdef",
    "b32": string.ascii_uppercase + "234567",
    "dig": string.digits,
    "nz": "123456789",
    "b64": B62 + "+/",
    "url": B62 + "-_",
    "low": string.ascii_lowercase + string.digits,
    "up": string.ascii_uppercase + string.digits,
    "let": string.ascii_lowercase,
    "b58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "pw": B62 + "!#*-_.",
    "azure": B62 + "_~.-",
    "b64end": "AQgw",
}
_PART = re.compile(r"<([a-z0-9-]+)(?::(.*))?>", re.DOTALL)


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _jwt(rng: random.Random, claims: str) -> str:
    """A signed token of RFC 7519, HS256 with a made-up key."""
    head = _unpadded(b'{"alg":"HS256","typ":"JWT"}')
    signed = f"{head}.{_unpadded(claims.encode())}"
    return f"{signed}.{_unpadded(hmac.new(rng.randbytes(32), signed.encode(), hashlib.sha256).digest())}"


def _macaroon(rng: random.Random, place: str) -> str:
    """A version 2 macaroon as PyPI hands it out: place, identifier, one caveat, signature."""
    identifier = str(uuid.UUID(int=rng.getrandbits(128), version=4)).encode()
    caveat = json.dumps([3, str(uuid.UUID(int=rng.getrandbits(128), version=4))]).encode()
    body = (
        b"\x02\x01" + bytes([len(place)]) + place.encode() + b"\x02" + bytes([len(identifier)]) + identifier + b"\x00"
    )
    body += b"\x02" + bytes([len(caveat)]) + caveat + b"\x00\x00\x06\x20" + rng.randbytes(32)
    return _unpadded(body)


def checksum(text: str) -> str:
    """The CRC32 of the text in base 62, six characters, zeros first: the end of GitHub's and npm's tokens."""
    number, digits = zlib.crc32(text.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = B62[rest] + digits
    return digits.rjust(6, "0")


MAKERS: dict[str, Callable[[random.Random, str], str]] = {
    "uuid": lambda rng, _: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "bytes": lambda rng, size: base64.b64encode(rng.randbytes(int(size))).decode(),
    "nopad": lambda rng, size: base64.b64encode(rng.randbytes(int(size))).decode().rstrip("="),
    "basic": lambda rng, name: base64.b64encode(f"{name}:{''.join(rng.choices(B62, k=20))}".encode()).decode(),
    "jwt": _jwt,
    "macaroon": _macaroon,
    "json64": lambda _, text: base64.b64encode(text.encode()).decode(),
    "json64url": lambda _, text: _unpadded(text.encode()),
    "rsa": lambda rng, form: pem.rsa_key(rng, form),
    "rsa-public": lambda rng, _: pem.rsa_public(rng),
    "ec": lambda rng, _: pem.ec_key(rng),
    "openssh": lambda rng, comment: pem.openssh_key(rng, comment),
    "openssh-public": lambda rng, comment: pem.openssh_public(rng, comment),
    "pgp": lambda rng, _: pem.pgp_block(rng, "PRIVATE KEY"),
    "pgp-public": lambda rng, _: pem.pgp_block(rng, "PUBLIC KEY"),
    "certificate": lambda rng, name: pem.certificate(rng, name),
}


def make(parts: Sequence[str], seed: str) -> str:
    """The value of these parts; the same parts and seed give the same value. Raises ValueError on an unknown kind."""
    rng, made, body = random.Random(seed), [], ""
    for part in parts:
        found = _PART.fullmatch(part)
        if found is None:
            made.append(part)
            continue
        kind, size = found[1], found[2] or ""
        if kind == "crc62":
            made.append(checksum(body))
        elif kind in KINDS:
            body = "".join(rng.choices(KINDS[kind], k=int(size)))
            made.append(body)
        elif kind in MAKERS:
            made.append(MAKERS[kind](rng, size))
        else:
            raise ValueError(f"no kind of part is called {kind}")
    return "".join(made)
