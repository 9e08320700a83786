"""A certificate authority for tests: a root, an intermediate, and leaves of every kind, sound and not.

Made with `x509.CertificateBuilder` and not with trustme, whose critical SAN `cryptography`'s own verifier refuses.

    authority = Authority()
    leaf = authority.leaf("good.example", "www.good.example")
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=authority.server_context(leaf))
    Network(private=True, ca=authority.write(tmp_path / "ca.pem"), connect_to={…})
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _san(names: Sequence[str]) -> x509.SubjectAlternativeName:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(found)


@dataclass(frozen=True)
class Leaf:
    """A server's certificate, its key, and the certificates that link it to a root (empty where self-signed)."""

    certificate: x509.Certificate
    key: Key
    links: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        return _pem(self.certificate)

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    @property
    def chain_pem(self) -> str:
        """Leaf first, then the links, without the root: what a server should send."""
        return self.pem + "".join(_pem(link) for link in self.links)


class Authority:
    """A root and an intermediate. `pem` is the root, to be trusted; leaves are issued by the intermediate."""

    def __init__(self, name: str = "Test Root", at: dt.datetime | None = None) -> None:
        self.at = at or dt.datetime.now(dt.UTC)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._ca(name, name, self.key, self.key, length=1)
        self.intermediate_key = ec.generate_private_key(ec.SECP256R1())
        self.intermediate = self._ca(f"{name} R1", name, self.intermediate_key, self.key, length=0)

    def _ca(self, subject: str, issuer: str, key: Key, signer: Key, length: int) -> x509.Certificate:
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
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.at - dt.timedelta(days=3650))
            .not_valid_after(self.at + dt.timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=length), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        return _pem(self.root)

    def write(self, path: Path) -> str:
        """Write the root as a PEM file and give its path, for Network(ca=…) and --ca."""
        path.write_text(self.pem)
        return str(path)

    def leaf(
        self,
        *names: str,
        not_before: dt.datetime | None = None,
        not_after: dt.datetime | None = None,
        self_signed: bool = False,
        weak_key: bool = False,
        from_root: bool = False,
        subject: str | None = None,
    ) -> Leaf:
        """A server's certificate for `names` (host names and IPs), from yesterday for 90 days unless told.

        `weak_key` is RSA 1024, `subject` the common name (may hold escapes), `from_root` leaves the intermediate out
        of the path. (SHA-1 cannot be signed any more: tests of it bring a PEM.)
        """
        key: Key = rsa.generate_private_key(65537, 1024) if weak_key else ec.generate_private_key(ec.SECP256R1())
        above = self.root if from_root else self.intermediate
        above_key = self.key if from_root else self.intermediate_key
        name = _name(subject if subject is not None else names[0])
        signer: Key = key if self_signed else above_key
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name if self_signed else above.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before or self.at - dt.timedelta(days=1))
            .not_valid_after(not_after or self.at + dt.timedelta(days=89))
            .add_extension(_san(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        links = () if self_signed or from_root else (self.intermediate,)
        return Leaf(certificate, key, links)

    def chain_pem(self, leaf: Leaf) -> str:
        """What a server should send for `leaf`."""
        return leaf.chain_pem

    def server_context(self, leaf: Leaf, *, incomplete: bool = False) -> ssl.SSLContext:
        """A server's TLS context for `leaf`; `incomplete` leaves the intermediate out."""
        return server_context(leaf, incomplete=incomplete)


def server_context(leaf: Leaf, *, incomplete: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # so that a weak leaf can be served at all
    context.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory() as folder:
        chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
        chain.write_text(leaf.pem if incomplete else leaf.chain_pem)
        key.write_text(leaf.key_pem)
        context.load_cert_chain(chain, key)
    return context
