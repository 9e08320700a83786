"""Private and public key blocks, made the same each time from a seeded generator."""

from __future__ import annotations

import base64
import datetime
import random
import struct
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

# Long enough to look real; found in a fraction of a second without a library that draws its own random numbers.
_PRIME_BITS = 512
_SMALL = [p for p in range(3, 2000, 2) if all(p % q for q in range(3, int(p**0.5) + 1, 2))]


def _prime(rng: random.Random) -> int:
    while True:
        tried = rng.getrandbits(_PRIME_BITS) | (3 << (_PRIME_BITS - 2)) | 1
        if (
            (tried - 1) % 65537
            and all(tried % p for p in _SMALL)
            and all(pow(b, tried - 1, tried) == 1 for b in (2, 3, 5))
        ):
            return tried


@cache
def _rsa(first: int) -> rsa.RSAPrivateKey:
    rng = random.Random(first)
    p, q = _prime(rng), _prime(rng)
    d = pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(65537, p * q)
    return rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    ).private_key()


def _private(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, form: serialization.PrivateFormat) -> str:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode().strip()


def rsa_key(rng: random.Random, form: str) -> str:
    """An RSA key: `pkcs1` (RFC 8017) or `pkcs8` (RFC 5958)."""
    kinds = {"pkcs1": serialization.PrivateFormat.TraditionalOpenSSL, "pkcs8": serialization.PrivateFormat.PKCS8}
    return _private(_rsa(rng.getrandbits(64)), kinds[form])


def rsa_public(rng: random.Random) -> str:
    """The public half, SubjectPublicKeyInfo of RFC 5280."""
    public = _rsa(rng.getrandbits(64)).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode().strip()


def ec_key(rng: random.Random) -> str:
    """A P-256 key in the form of RFC 5915."""
    key = ec.derive_private_key(rng.getrandbits(250) + 1, ec.SECP256R1())
    return _private(key, serialization.PrivateFormat.TraditionalOpenSSL)


def _field(raw: bytes) -> bytes:
    return struct.pack(">I", len(raw)) + raw


def _ed25519(rng: random.Random) -> tuple[bytes, bytes]:
    seed = rng.randbytes(32)
    form = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return seed, ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(*form)


def openssh_key(rng: random.Random, comment: str) -> str:
    """An unencrypted Ed25519 key in OpenSSH's own form (PROTOCOL.key of OpenSSH)."""
    seed, public = _ed25519(rng)
    blob = _field(b"ssh-ed25519") + _field(public)
    check = rng.randbytes(4)
    inner = check + check + blob + _field(seed + public) + _field(comment.encode())
    inner += bytes(range(1, 1 + -len(inner) % 8))
    whole = (
        b"openssh-key-v1\0" + _field(b"none") * 2 + _field(b"") + struct.pack(">I", 1) + _field(blob) + _field(inner)
    )
    return _armour("OPENSSH PRIVATE KEY", whole, 70)


def openssh_public(rng: random.Random, comment: str) -> str:
    """A line of an authorized_keys file."""
    blob = _field(b"ssh-ed25519") + _field(_ed25519(rng)[1])
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}"


def _armour(name: str, raw: bytes, width: int) -> str:
    text = base64.b64encode(raw).decode()
    body = "\n".join(text[i : i + width] for i in range(0, len(text), width))
    edge = "-----"
    return f"{edge}BEGIN {name}{edge}\n{body}\n{edge}END {name}{edge}"


def _crc24(raw: bytes) -> int:
    crc = 0xB704CE
    for byte in raw:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc & 0xFFFFFF


def pgp_block(rng: random.Random, name: str) -> str:
    """An armoured block of RFC 4880 section 6.2: packet head, random body, CRC-24."""
    tag = 0x95 if "PRIVATE" in name else 0x99
    size = 600
    raw = bytes([tag]) + struct.pack(">H", size) + b"\x04" + rng.randbytes(size - 1)
    text = _armour(f"PGP {name} BLOCK", raw, 64).split("\n")
    sum24 = "=" + base64.b64encode(_crc24(raw).to_bytes(3, "big")).decode()
    return "\n".join([text[0], "", *text[1:-1], sum24, text[-1]])


def certificate(rng: random.Random, name: str) -> str:
    """A self-signed certificate, public by its nature. PKCS #1 v1.5: a signature that draws no random number."""
    key = _rsa(rng.getrandbits(64))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    built = built.serial_number(rng.getrandbits(100) + 1).not_valid_before(start)
    signed = built.not_valid_after(start + datetime.timedelta(days=3650)).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode().strip()
