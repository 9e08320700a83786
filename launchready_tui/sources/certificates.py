"""A certificate, read; and whether it is made for a host. Pure.

Names are held against the SAN alone (RFC 9525).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from launchready_tui.text import clean

Fault = Literal[
    "expired",
    "not-yet-valid",
    "name-mismatch",
    "self-signed",
    "incomplete-chain",
    "untrusted",
    "weak-key",
    "weak-signature",
]
WEAK_HASHES = frozenset({"md2", "md4", "md5", "sha1"})


@dataclass(frozen=True, slots=True)
class Certificate:
    """The leaf, read. Times are aware UTC; `sans` are the DNS names and IPs of the SAN; `key` is "rsa2048", "ecdsa256",
    "ed25519"; `signature` the hash ("sha256"); `issuer` the issuer's common name or organisation, cleaned;
    `issuer_organisation` its organisation, "" where there is none."""

    subject: str
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    sans: tuple[str, ...]
    key: str
    signature: str
    sha256: str
    issuer_organisation: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a browser would say of a chain for a host at a moment. No faults means trusted.

    `missing` names the issuer that the server should have sent ("R11") where the chain is incomplete.
    """

    leaf: Certificate
    faults: tuple[Fault, ...]
    chain: tuple[str, ...] = ()
    missing: str = ""


def read_certificate(certificate: x509.Certificate) -> Certificate:
    """The fields that are told, cleaned. Raises ValueError for a certificate whose times or names are no such thing."""
    before, after = times(certificate)
    return Certificate(
        subject=called(certificate.subject) or (_sans(certificate) or ("a nameless certificate",))[0],
        issuer=called(certificate.issuer),
        not_before=before,
        not_after=after,
        sans=_sans(certificate),
        key=key_of(certificate)[0],
        signature=hash_of(certificate),
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        issuer_organisation=_organisation(certificate.issuer),
    )


def times(certificate: x509.Certificate) -> tuple[dt.datetime, dt.datetime]:
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


def called(name: x509.Name) -> str:
    """What people call it: the common name, else the organisation, else the whole name."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return clean(attribute.value, limit=120)
    return clean(name.rfc4514_string(), limit=120)


def _organisation(name: x509.Name) -> str:
    for attribute in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME):
        return clean(attribute.value, limit=120)
    return ""


def _sans(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return ()
    found = [clean(name, limit=260).lower() for name in names.get_values_for_type(x509.DNSName)]
    return (*found, *(str(address) for address in names.get_values_for_type(x509.IPAddress)))


def key_of(certificate: x509.Certificate) -> tuple[str, bool]:
    """("rsa2048", is it too weak?)."""
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return "unknown", False
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa{key.key_size}", key.key_size < 2048
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ecdsa{key.key_size}", key.key_size < 256
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519", False
    if isinstance(key, ed448.Ed448PublicKey):
        return "ed448", False
    if isinstance(key, dsa.DSAPublicKey):
        return f"dsa{key.key_size}", True
    return "unknown", False


def key_hash(certificate: x509.Certificate) -> str:
    """SHA-256 of the public key as it stands there (SPKI), in hexadecimal; "" for a key of a kind that nobody reads."""
    try:
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (UnsupportedAlgorithm, ValueError):
        return ""
    return hashlib.sha256(key).hexdigest()


def hash_of(certificate: x509.Certificate) -> str:
    try:
        algorithm = certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return "unknown"
    if algorithm is not None:
        return algorithm.name
    return key_of(certificate)[0]  # Ed25519 and Ed448 hash for themselves


def names_match(host: str, sans: Iterable[str]) -> bool:
    """RFC 9525 section 6: the SAN alone; a wildcard stands for the whole left-most label and for nothing else."""
    host = host.rstrip(".").lower()
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        address = ""
    for name in sans:
        name = name.rstrip(".").lower()
        if address:
            if name == address:
                return True
        elif name == host:
            return True
        elif name.startswith("*.") and name.count(".") > 1 and "*" not in name[1:]:
            first, _, rest = host.partition(".")
            if first and rest == name[2:]:
                return True
    return False
