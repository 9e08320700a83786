from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from launchready_tui.practice.authority import Authority
from launchready_tui.practice.mail import COMMANDS, LINE_BYTES, MailServer

T = TypeVar("T")
NAME = "mail.mapleclub.example"


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[int, str]]:
    authority = Authority()
    context = authority.context((NAME,))
    server = MailServer(NAME, lambda: context)
    port = await server.start()
    try:
        yield port, authority.pem
    finally:
        await server.aclose()


async def talk(work: Callable[[], T]) -> T:
    async with asyncio.timeout(10):
        return await asyncio.to_thread(work)


async def test_it_greets_starts_tls_and_takes_no_mail() -> None:
    async with serving() as (port, pem):

        def work() -> None:
            client = smtplib.SMTP("127.0.0.1", port, timeout=5)
            client._host = NAME  # type: ignore[attr-defined]  # the name whose certificate smtplib then checks
            assert client.ehlo("looker.example")[0] == 250
            assert client.has_extn("starttls")
            assert client.starttls(context=ssl.create_default_context(cadata=pem))[0] == 220
            assert client.ehlo("looker.example")[0] == 250
            assert not client.has_extn("starttls")
            assert client.noop()[0] == 250
            assert client.docmd("MAIL", "FROM:<a@b.example>")[0] == 550
            assert client.docmd("VRFY", "founder")[0] == 502
            assert client.docmd("")[0] == 502
            assert client.quit()[0] == 221

        await talk(work)


async def test_what_was_sent_in_the_clear_is_not_read_as_encrypted() -> None:
    """RFC 3207 section 6, the command injection of CVE-2011-0411."""
    async with serving() as (port, pem):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(b"STARTTLS\r\nMAIL FROM:<injected@evil.example>\r\n")
        assert (await reader.readline()).startswith(b"220")
        await writer.start_tls(ssl.create_default_context(cadata=pem), server_hostname=NAME)
        writer.write(b"NOOP\r\n")
        assert (await reader.readline()).startswith(b"250")
        writer.transport.abort()


@pytest.mark.parametrize("flood", [b"x" * (LINE_BYTES * 3), b"NOOP\r\n" * (COMMANDS + 10)])
async def test_it_ends_a_talk_without_end(flood: bytes) -> None:
    async with serving() as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(flood)
        async with asyncio.timeout(5):
            try:
                while await reader.read(65_536):
                    pass
            except ConnectionError:
                pass  # it closed with our flood unread
        writer.transport.abort()
        _, again = await asyncio.open_connection("127.0.0.1", port)
        again.close()


async def test_nothing_is_left_when_it_is_closed() -> None:
    async with serving() as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
