from __future__ import annotations

import asyncio
import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.x509 import verification

from launchready_tui.practice.authority import LIFETIME, Authority
from launchready_tui.sources.tls import sent_chain

NAMES = ("mapleclub.example", "www.mapleclub.example")


async def sent(context: ssl.SSLContext) -> list[x509.Certificate]:
    """The chain that a server with this context sends."""
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname=NAMES[0])
        shake = writer.get_extra_info("ssl_object")
        writer.transport.abort()
        return list(sent_chain(shake))
    finally:
        server.close()
        await server.wait_closed()


def verify(authority: Authority, chain: list[x509.Certificate], name: str) -> None:
    roots = x509.load_pem_x509_certificates(authority.pem.encode())
    builder = verification.PolicyBuilder().store(verification.Store(roots)).time(dt.datetime.now(dt.UTC))
    builder.build_server_verifier(x509.DNSName(name)).verify(chain[0], chain[1:])


async def test_a_strict_verifier_trusts_what_it_makes() -> None:
    authority = Authority()
    chain = await sent(authority.context(NAMES))
    for name in NAMES:
        verify(authority, chain, name)
    with pytest.raises(verification.VerificationError):
        verify(authority, chain, "other.example")
    with pytest.raises(verification.VerificationError):
        verify(Authority(), chain, NAMES[0])
    assert not chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).critical


@pytest.mark.parametrize(("days", "trusted"), [(5, True), (-1, False)])
async def test_a_certificate_ends_when_it_is_told_to(days: int, trusted: bool) -> None:
    authority = Authority()
    chain = await sent(authority.context(NAMES, left=dt.timedelta(days=days)))
    left = chain[0].not_valid_after_utc - dt.datetime.now(dt.UTC)
    assert abs(left - dt.timedelta(days=days)) < dt.timedelta(minutes=1)
    assert chain[0].not_valid_after_utc - chain[0].not_valid_before_utc == LIFETIME
    if trusted:
        verify(authority, chain, NAMES[0])
    else:
        with pytest.raises(verification.VerificationError):
            verify(authority, chain, NAMES[0])
