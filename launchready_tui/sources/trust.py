"""Whom we trust: the system's roots and the project's own authority."""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
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
    return tuple(islice(_readable(_ders(pem)), most))


def _ders(pem: str) -> Iterator[bytes]:
    for block in _BLOCK.finditer(pem):
        try:
            yield ssl.PEM_cert_to_DER_cert(block[0])
        except ValueError:
            continue


def _readable(ders: Iterable[bytes]) -> Iterator[x509.Certificate]:
    for der in ders:
        try:
            yield from from_der((der,))
        except ValueError:
            continue


def client_context(ca: str | None) -> ssl.SSLContext:
    """A context that verifies as a browser does, with `ca` (a PEM file) trusted beside the system. Raises BadTrust."""
    try:
        return _client_context(ca, _stamp(ca))
    except (OSError, ssl.SSLError) as error:
        raise _unread(ca) from error


def system_roots() -> tuple[x509.Certificate, ...]:
    """The roots that this machine trusts."""
    return _roots(None, 0)


def project_roots(ca: str | None) -> tuple[x509.Certificate, ...]:
    """The system's roots and those in the PEM file `ca`. Raises BadTrust."""
    try:
        return _roots(ca, _stamp(ca))
    except (OSError, ssl.SSLError) as error:
        raise _unread(ca) from error


def _stamp(ca: str | None) -> int:
    return Path(ca).stat().st_mtime_ns if ca is not None else 0


def _unread(ca: str | None) -> BadTrust:
    return BadTrust(f"the file of trusted certificates cannot be read ({ca})")


@lru_cache(maxsize=8)
def _client_context(ca: str | None, stamp: int) -> ssl.SSLContext:
    """Made once for each state of the file (`stamp`), since reading the system's roots takes a while."""
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
    return context


@lru_cache(maxsize=8)
def _roots(ca: str | None, stamp: int) -> tuple[x509.Certificate, ...]:
    """What the context of connections trusts, read from it once more as certificates that can be looked at."""
    own = certificates(Path(ca).read_text("ascii", "replace")) if ca is not None else ()
    ders = dict.fromkeys(_client_context(ca, stamp).get_ca_certs(binary_form=True))
    # Roots in a capath are read lazily and not listed, so the bundle is read as well (macOS and Windows have none).
    bundle = ssl.get_default_verify_paths().cafile
    if bundle is not None:
        try:
            ders |= dict.fromkeys(_ders(Path(bundle).read_text("ascii", "replace")))
        except OSError:
            pass  # the context's own list stands
    return tuple(dict.fromkeys((*own, *_readable(ders))))
