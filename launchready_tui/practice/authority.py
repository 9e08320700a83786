"""The practice startup's own certificate authority. It lives as long as the process; only its public half is written.

Made with `x509.CertificateBuilder`, so that the names (SAN) are not critical: RFC 5280 section 4.2.1.6 asks for that
only where the subject is empty, and strict verifiers refuse it otherwise.
"""

from __future__ import annotations

import datetime as dt
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = dt.timedelta(days=90)  # of a site's certificate, as today's public authorities give
_DAY = dt.timedelta(days=1)


class Authority:
    """A root and an intermediate of P-256 keys, valid around `at`. `pem` is the root, for whoever is to trust it."""

    def __init__(self, at: dt.datetime | None = None) -> None:
        self._at = at or dt.datetime.now(dt.UTC)
        root_key = ec.generate_private_key(ec.SECP256R1())
        self._key = ec.generate_private_key(ec.SECP256R1())
        root = self._certify("Practice Root", root_key, "Practice Root", root_key, depth=1)
        self._intermediate = self._certify("Practice R1", self._key, "Practice Root", root_key, depth=0)
        self.pem = root.public_bytes(serialization.Encoding.PEM).decode()

    def _certify(
        self,
        subject: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: str,
        signer: ec.EllipticCurvePrivateKey,
        *,
        depth: int,
    ) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = self._begin(subject, key, issuer, signer, self._at - 3_650 * _DAY, self._at + 3_650 * _DAY)
        return (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
            .add_extension(usage, critical=True)
            .sign(signer, hashes.SHA256())
        )

    def _begin(
        self,
        subject: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: str,
        signer: ec.EllipticCurvePrivateKey,
        first: dt.datetime,
        last: dt.datetime,
    ) -> x509.CertificateBuilder:
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(first)
            .not_valid_after(last)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(above, critical=False)
        )

    def context(self, hosts: Sequence[str], *, left: dt.timedelta = LIFETIME - _DAY) -> ssl.SSLContext:
        """A server's TLS context with a fresh key and a certificate for `hosts` that ends in `left` (negative: ended).

        The private key is on disk for the moment that `ssl` takes to read it, in a folder only we may open.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        last = self._at + left
        leaf = (
            self._begin(hosts[0], key, "Practice R1", self._key, last - LIFETIME, last)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (leaf, self._intermediate))
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        with tempfile.TemporaryDirectory(prefix="launchready-practice-") as folder:
            file = Path(folder, "leaf.pem")
            file.touch(0o600)
            file.write_bytes(secret + chain)
            context.load_cert_chain(file)
        return context


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
