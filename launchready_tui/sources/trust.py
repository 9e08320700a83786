"""Whom we trust: the system's roots and the project's own authority."""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{0,40000}-----END CERTIFICATE-----")


class BadTrust(Exception):
    """The file of trusted certificates cannot be read."""


def from_der(ders: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """Read certificates. Raises ValueError where one is none."""
    with warnings.catch_warnings():  # old roots have odd serial numbers: nothing a founder can do about
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return tuple(x509.load_der_x509_certificate(der) for der in ders)


def certificates(pem: str, *, most: int | None = None) -> tuple[x509.Certificate, ...]:
    """Every certificate in a PEM text that can be read, at most `most`; what cannot be read is left out."""
    found: list[x509.Certificate] = []
    for block in _BLOCK.finditer(pem):
        if most is not None and len(found) >= most:
            break
        try:
            found += from_der([ssl.PEM_cert_to_DER_cert(block[0])])
        except ValueError:
            continue
    return tuple(found)


def client_context(ca: str | None) -> ssl.SSLContext:
    """A context that verifies as a browser does, with `ca` (a PEM file) trusted beside the system. Raises BadTrust."""
    try:
        stamp = Path(ca).stat().st_mtime_ns if ca is not None else 0
        return _client_context(ca, stamp)
    except (OSError, ssl.SSLError) as error:
        raise BadTrust(f"the file of trusted certificates cannot be read ({ca})") from error


@lru_cache(maxsize=8)
def _client_context(ca: str | None, stamp: int) -> ssl.SSLContext:
    """Made once for each state of the file (`stamp`), since reading the system's roots takes a while."""
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
    return context


@lru_cache(maxsize=1)
def system_roots() -> tuple[x509.Certificate, ...]:
    """The roots that this machine trusts."""
    pems = [ssl.DER_cert_to_PEM_cert(der) for der in ssl.create_default_context().get_ca_certs(binary_form=True)]
    # Roots in a capath are read lazily and not listed, so the bundle is read as well (macOS and Windows have none).
    bundle = ssl.get_default_verify_paths().cafile
    if bundle is not None:
        try:
            pems.append(Path(bundle).read_text("ascii", "replace"))
        except OSError:
            pass  # the context's own list stands
    return tuple(dict.fromkeys(certificates("".join(pems))))


def project_roots(ca: str | None) -> tuple[x509.Certificate, ...]:
    """The system's roots and those in the PEM file `ca`. Raises BadTrust."""
    if ca is None:
        return system_roots()
    try:
        own = certificates(Path(ca).read_text("ascii", "replace"))
    except OSError as error:
        raise BadTrust(f"the file of trusted certificates cannot be read ({ca})") from error
    return (*own, *system_roots())
