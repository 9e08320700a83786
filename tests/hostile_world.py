"""A launch whose every server is hostile: what a look at it meets, by the name of the trick."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

from launchready_tui.practice.nameserver import Nameserver
from tests.certs import Authority
from tests.small_world import ABOVE, GOOGLE, HOME, Place, zone
from tests.sources.rogue import Rogue
from tests.sources.serving import Asked, Talk, serving

DOMAIN = "evil.example"
HOSTS = (DOMAIN, f"www.{DOMAIN}", f"app.{DOMAIN}")
EVIL = "\x1b]52;c;aGVsbG8=\x07\x1b[2J\x1b]0;title\x07\x9b31m [@click=app.quit]x[/] [/] [bold \u202egnp.exe\u2066 {0} %s"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"
# The same in a zone file: a byte is \DDD there, and these are in no encoding at all.
BYTES = r"\027]52;c;aGVsbG8=\007\027[2J\155\255\254\000 [@click=app.quit]x[/] [/] \226\128\174gnp.exe"
RECORDS = rf"""@ 60 IN SOA ns1 \027[2J.host 1 3600 600 604800 60
@ 60 IN NS ns1
@ 60 IN NS ns2
ns1 60 IN A 127.0.0.1
ns2 60 IN A 127.0.0.1
@ 60 IN A 127.0.0.1
app 60 IN A 127.0.0.1
www 60 IN CNAME {DOMAIN}.
mail 60 IN A 127.0.0.1
@ 60 IN MX 10 mail
@ 60 IN MX 20 \027[2Jmail\[\@click=app.quit\]x\[/\]
@ 60 IN TXT "v=spf1 include:{BYTES} exists:%{{i}}.{BYTES} redirect={BYTES}"
@ 60 IN TXT "{BYTES}"
@ 60 IN TXT "{"a" * 250}" "{"[/]" * 80}"
@ 60 IN CAA 0 issue "{BYTES}"
_dmarc 60 IN TXT "v=DMARC1; p={BYTES}; rua=mailto:{BYTES}"
"""


async def pour(writer: asyncio.StreamWriter, part: bytes) -> None:
    """The same again and again, until the other side hangs up."""
    while not writer.transport.is_closing():
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)  # a TLS transport whose socket is gone learns so in the loop alone


def hostile_page() -> bytes:
    """A page whose every part is hostile text."""
    parts = [f"<title>{EVIL}</title><meta http-equiv='content-security-policy' content='{EVIL}'>"]
    parts += [f'<script src="http://{DOMAIN}/{EVIL}{n}.js"></script><img src="{EVIL}{n}.png">' for n in range(20)]
    parts += [f'<a href="javascript:{EVIL}">{EVIL}</a><form action="{EVIL}"><button>{EVIL}</button></form>']
    return "".join(parts).encode("utf-8", "surrogatepass")


async def text(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Hostile words in every header and in the body."""
    head = f"server: {EVIL}\r\nx-vercel-id: {EVIL}\r\nstrict-transport-security: {EVIL}\r\n".encode()
    body = hostile_page()
    writer.write(b"HTTP/1.1 200 " + EVIL.encode() + b"\r\ncontent-type: text/html\r\n" + head)
    writer.write(b"set-cookie: \x1b[2J=1\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def places(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A redirect to hostile text."""
    head = "HTTP/1.1 301 Moved\r\ncontent-length: 0\r\nlocation: https://www.evil.example/[@click=app.quit]"
    writer.write(head.encode() + b"\x1b]0;x\x07\xff\xfe?" + str(len(asked.target)).encode() + b"\r\n\r\n")
    await writer.drain()


@cache
def packed() -> bytes:
    """About 300 KB that unpack to 300 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    zeros = bytes(1_000_000)
    return b"".join([*(packer.compress(zeros) for _ in range(300)), packer.flush()])


async def bomb(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed()) + packed())
    await writer.drain()


async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"\r\n<!doctype html><title>x</title>")
    await pour(writer, b"<p class=a><b>" * 4_000)


async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A byte a second."""
    for byte in OK * 20:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def circles(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A thousand redirects, each to another page, each with another cookie."""
    step = int(asked.target.rpartition("/")[2] or 0) if asked.target.rpartition("/")[2].isdigit() else 0
    where = f"/{min(step + 1, 1000)}"
    writer.write(f"HTTP/1.1 302 Found\r\nlocation: {where}\r\nset-cookie: n={step}\r\n".encode())
    writer.write(b"content-length: 0\r\n\r\n")
    await writer.drain()


async def garbage(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff\x1b[2JHTTP/9 abc\r\n\r\n" + random.Random(1).randbytes(5_000))
    await writer.drain()


async def headers(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Headers without end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    await pour(writer, b"x-\x1b[2J: " + b"y" * 2_000 + b"\r\n")


_SHAKE = b"\x16\x03"  # how a TLS handshake begins (RFC 8446 section 5.1): nobody takes part in one here
Greet = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def endless_banner(writer: asyncio.StreamWriter) -> None:
    await pour(writer, f"220-{EVIL}\r\n".encode() * 10)


async def endless_line(writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 ")
    await pour(writer, b"\x1b[2J" * 1_000)


async def slow_banner(writer: asyncio.StreamWriter) -> None:
    for _ in range(600):
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(1)


async def evil_mail(writer: asyncio.StreamWriter) -> None:
    writer.write(f"220 {EVIL} ESMTP\r\n250-{EVIL}\r\n250 STARTTLS\r\n220 {EVIL}\r\n\x1b[2J".encode())
    await writer.drain()


def registry_of(trick: str) -> bytes:
    """What the registry answers, as a body."""
    match trick:
        case "text":
            card = ["vcard", [["fn", {}, "text", EVIL], ["fn", EVIL]]]
            events = [{"eventAction": "expiration", "eventDate": EVIL}, {"eventAction": EVIL, "eventDate": None}, 7]
            said = {"objectClassName": "domain", "ldhName": EVIL, "status": [EVIL, 7, None], "events": events}
            entities = [{"roles": ["registrar", EVIL], "vcardArray": card, "handle": EVIL}]
            return json.dumps({**said, "entities": entities, "nameservers": [{"ldhName": EVIL}]}).encode()
        case "garbage":
            return random.Random(2).randbytes(200_000)
        case _:
            return b"[" * 400_000


def log_of(trick: str) -> bytes:
    """What the search of certificate logs answers, as a body."""
    match trick:
        case "text":
            words = [f"{EVIL}.{DOMAIN}", f"*.{EVIL}", f"app.{DOMAIN}", f"old.{DOMAIN}\n{EVIL}"]
            entries: list[object] = [{"name_value": word, "entry_timestamp": EVIL} for word in words]
            return json.dumps([*entries, 7, None, {"name_value": 7}, [[EVIL]]]).encode()
        case "garbage":
            return random.Random(4).randbytes(200_000)
        case "bomb":
            return json.dumps([{"name_value": f"n{number}.{DOMAIN}"} for number in range(60_000)]).encode()
        case _:
            return b"[" * 400_000


# trick -> (http and https, mail)
TRICKS: dict[str, tuple[Talk, Greet]] = {
    "text": (text, evil_mail),
    "places": (places, endless_banner),
    "bomb": (bomb, endless_banner),
    "endless": (endless, endless_line),
    "redirects": (circles, endless_banner),
    "headers": (headers, endless_line),
    "garbage": (garbage, endless_line),
    "slow": (slow, slow_banner),
}


@asynccontextmanager
async def _mail(greet: Greet) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = asyncio.ensure_future(greet(writer))
        try:
            while (said := await reader.read(65_536)) and _SHAKE not in said:  # until the other side hangs up
                pass
        except ConnectionError:
            pass
        finally:
            greeting.cancel()
            await asyncio.gather(greeting, return_exceptions=True)
            writer.transport.abort()

    server = await asyncio.start_server(serve, HOME, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def certificate(authority: Authority) -> ssl.SSLContext:
    """Trusted, for the right names, and with escapes in its subject."""
    return authority.server_context(authority.leaf(*HOSTS, subject=EVIL.replace("\x9b", "")[:60]))


@asynccontextmanager
async def hostile(trick: str, folder: Path) -> AsyncIterator[Place]:
    """The launch of DOMAIN with that trick at every server. Its DNS answers hostile text, but for "garbage"."""
    web, greet = TRICKS[trick]
    authority = Authority()
    delegation = f"{DOMAIN}. 60 IN NS ns1.{DOMAIN}.\n{DOMAIN}. 60 IN NS ns2.{DOMAIN}.\n"
    zones = dict([zone(DOMAIN, RECORDS), zone("google.com", GOOGLE), zone("example", ABOVE + delegation)])
    registry, log = registry_of(trick), log_of(trick)
    if trick == "bomb":
        packed()  # a second of work that is the test's own: not in the middle of a look

    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if not asked.headers.get("host", "").startswith(HOME) or trick in ("slow", "endless", "headers"):
            await web(asked, writer)
        else:
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/rdap+json\r\ncontent-length: %d\r\n\r\n"
            body = log if asked.target.startswith("/ct/") else registry
            writer.write(head % len(body) + body)
            await writer.drain()

    async with AsyncExitStack() as stack:
        if trick == "garbage":
            noise = random.Random(3)
            rogue = Rogue(lambda data: [data[:2] + noise.randbytes(60), noise.randbytes(500)], lambda data: [b"\xff"])
            port = (await stack.enter_async_context(rogue.serving())).port
        else:
            server = Nameserver(zones, {})
            port = await server.start()
            stack.push_async_callback(server.aclose)
        http = await stack.enter_async_context(serving(talk))
        https = await stack.enter_async_context(serving(talk, certificate(authority)))
        mail = await stack.enter_async_context(_mail(greet))
        yield Place(DOMAIN, port, http.port, https.port, mail, authority.write(folder / "ca.pem"), HOSTS)
