"""A certificate chain, judged for a host at a moment. Pure: no network, no clock of its own.

The precise faults are ours; where we find none, `cryptography.x509.verification` has the last word on the path
(RFC 5280 section 6).
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import get_args

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from launchready_tui import limits
from launchready_tui.sources import trust
from launchready_tui.sources.certificates import (
    WEAK_HASHES,
    Fault,
    Verdict,
    called,
    hash_of,
    key_of,
    names_match,
    read_certificate,
    times,
)


def judge_chain(chain_pem: str, host: str, at: dt.datetime, roots_pem: str | None = None) -> Verdict:
    """Judge a PEM chain, leaf first, for `host` at `at`. `roots_pem` None means the system's trusted roots.

    Raises ValueError for a PEM that holds no certificate.
    """
    chain = trust.certificates(chain_pem, most=limits.TLS_CHAIN)
    if not chain:
        raise ValueError("there is no certificate in this PEM")
    return judge(chain, host, at, trust.system_roots() if roots_pem is None else trust.certificates(roots_pem))


def judge(chain: Sequence[x509.Certificate], host: str, at: dt.datetime, roots: Iterable[x509.Certificate]) -> Verdict:
    """Judge certificates as they were sent, leaf first. Raises ValueError where the leaf itself cannot be read."""
    leaf, others = chain[0], chain[1 : limits.TLS_CHAIN]
    trusted = tuple(roots)
    read = read_certificate(leaf)
    path = _Path(leaf, others, trusted, at)
    found: set[Fault] = set()
    on_path = [certificate for certificate in path.found if certificate not in path.anchors] or [leaf]
    for certificate in on_path:
        before, after = times(certificate)
        if at > after:
            found.add("expired")
        if at < before:
            found.add("not-yet-valid")
        if key_of(certificate)[1]:
            found.add("weak-key")
        if hash_of(certificate) in WEAK_HASHES and (certificate is leaf or not is_self_signed(certificate)):
            found.add("weak-signature")
    if not names_match(host, read.sans):
        found.add("name-mismatch")
    if not path.trusted:
        if is_self_signed(leaf):
            found.add("self-signed")
        elif len(path.found) == 1:
            found.add("incomplete-chain")
        else:
            found.add("untrusted")
    if not found and leaf not in trusted and not _verifies(leaf, others, host, at, path.anchors):
        found.add("untrusted")
    faults: tuple[Fault, ...] = tuple(fault for fault in get_args(Fault) if fault in found)  # as declared
    missing = path.missing if {"incomplete-chain", "untrusted"} & found else ""
    return Verdict(read, faults, tuple(called(each.subject) for each in chain[: limits.TLS_CHAIN]), missing)


def is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject and _signed(certificate, certificate)


def _signed(child: x509.Certificate, parent: x509.Certificate) -> bool:
    """Did `parent` sign `child`? A signature that we cannot check (SHA-1 in a modern build) counts by its name."""
    if child.issuer != parent.subject:
        return False
    try:
        child.verify_directly_issued_by(parent)
    except (InvalidSignature, ValueError, TypeError):
        return hash_of(child) in WEAK_HASHES and _same_key_id(child, parent)
    except UnsupportedAlgorithm:
        return _same_key_id(child, parent)
    return True


def _same_key_id(child: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        wanted = child.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        has = parent.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.key_identifier
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return True
    return wanted is None or wanted == has


@lru_cache(maxsize=4)
def _written(roots: tuple[x509.Certificate, ...]) -> tuple[tuple[bytes, x509.Certificate], ...]:
    return tuple((root.public_bytes(Encoding.DER), root) for root in roots)


class _Path:
    """The way from the leaf to a root over what was sent, in any order: the first that reaches a root.

    `found` is that way (or the longest dead end), `anchors` the roots it reaches, `missing` the issuer not found.
    """

    def __init__(
        self,
        leaf: x509.Certificate,
        sent: Sequence[x509.Certificate],
        roots: tuple[x509.Certificate, ...],
        at: dt.datetime,
    ) -> None:
        # Of two certificates of one authority the one that is valid now is tried first, as browsers do.
        self._sent = sorted(dict.fromkeys(sent), key=lambda each: not _valid_at(each, at))
        self._steps = limits.TLS_PATH_STEPS
        self._roots = _written(roots)
        self.found: list[x509.Certificate] = [leaf]
        self.anchors: tuple[x509.Certificate, ...] = ()
        self.missing = ""
        self.trusted = self._climb([leaf])
        if not self.trusted and not is_self_signed(self.found[-1]):
            self.missing = called(self.found[-1].issuer)

    def _named(self, name: x509.Name) -> list[x509.Certificate]:
        """The roots of this subject. Only where its bytes stand in one of the 140 is that taken apart."""
        written = name.public_bytes()
        return [root for der, root in self._roots if written in der and root.subject == name]

    def _climb(self, path: list[x509.Certificate]) -> bool:
        top = path[-1]
        if any(root == top for root in self._named(top.subject)):
            anchors: tuple[x509.Certificate, ...] = (top,)
        else:
            named = self._named(top.issuer)
            anchors = tuple(root for root in named if _signed(top, root))
        if anchors:
            self.found, self.anchors = list(path), anchors
            return True
        if len(path) > len(self.found):
            self.found = list(path)
        for way in self._sent:
            self._steps -= 1
            if self._steps < 0:  # a hostile tangle of authorities that sign one another
                return False
            if way not in path and _signed(top, way) and self._climb([*path, way]):
                return True
        return False


def _valid_at(certificate: x509.Certificate, at: dt.datetime) -> bool:
    before, after = times(certificate)
    return before <= at <= after


def _must_be_authority(policy: Policy, certificate: x509.Certificate, basic: x509.BasicConstraints) -> None:
    if not basic.ca:
        raise ValueError("a certificate on the path is no authority")


def _serves(policy: Policy, certificate: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    if usage is not None and not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & {
        *usage
    }:
        raise ValueError("the certificate is not made for a server")


def _verifies(
    leaf: x509.Certificate,
    others: Sequence[x509.Certificate],
    host: str,
    at: dt.datetime,
    anchors: Sequence[x509.Certificate],
) -> bool:
    """The last word on the path: `cryptography`'s verifier, first by the rules for public authorities, then by looser
    ones, since an authority of the founder's own need not keep the former."""
    name: x509.DNSName | x509.IPAddress
    try:
        name = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    builder = PolicyBuilder().store(Store(list(anchors))).time(at)
    authority = ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, Criticality.AGNOSTIC, _must_be_authority
    )
    server = (
        ExtensionPolicy.permit_all()
        .require_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
        .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _serves)
    )
    looser = builder.extension_policies(ca_policy=authority, ee_policy=server)
    try:
        if "_" in host:  # no name for the verifier, though browsers take it; ours was matched above
            looser.build_client_verifier().verify(leaf, list(others))
            return True
        for rules in (builder, looser):
            try:
                rules.build_server_verifier(name).verify(leaf, list(others))
            except VerificationError:
                continue
            return True
    except (VerificationError, ValueError):
        pass  # said by the False below
    return False
