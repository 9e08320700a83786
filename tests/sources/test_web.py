"""The web source against real servers on loopback: what it sends, follows, verifies, remembers and calls a fact."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import socket
import ssl
import zlib
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.project import Network
from launchready_tui.sources import dns as d
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.certs import Authority, Leaf
from tests.sources.serving import Asked, Talk, answer, browsing, by_path, network, raw, serving, visiting
from tests.world import NAME, found

HOME = f"http://{NAME}/"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def page(reply: Reply) -> Page:
    assert isinstance(reply, Page), reply
    return reply


def no_page(reply: Reply) -> NoPage:
    assert isinstance(reply, NoPage), reply
    return reply


async def test_a_page_and_what_we_send() -> None:
    async with visiting(answer(body=b"<p>hi", content_type="text/html; charset=utf-8")) as (web, server):
        got = page(await web.get(f"http://{NAME.upper()}:80#top"))
    assert (got.url, got.status, got.text, got.content_type) == (HOME, 200, "<p>hi", "text/html")
    assert (got.address, got.wire_bytes, got.cut, got.encoding) == ("127.0.0.1", 5, False, "")
    (asked,) = server.asked
    assert asked.headers["host"] == NAME
    assert asked.headers["user-agent"].startswith("launchready/")
    assert asked.headers["accept-encoding"] == "gzip"
    assert "cookie" not in asked.headers
    assert "authorization" not in asked.headers


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")
    async with visiting(answer()) as (web, _server):
        assert page(await web.get(HOME)).status == 200


async def test_the_same_url_is_asked_once() -> None:
    async with visiting(answer()) as (web, server):
        replies = await asyncio.gather(*(web.get(url) for url in (HOME, HOME + "#a", f"http://{NAME}", HOME)))
        assert all(reply is replies[0] for reply in replies)
        await web.get(HOME, attempt=2)
        await web.get(HOME, accept_encoding="br")
        assert len(server.asked) == 3
        assert web.asked == (HOME, f"{HOME} (attempt 2)", f"{HOME} (accept-encoding br)")


async def test_a_body_cut_for_one_is_fetched_whole_for_another() -> None:
    async with visiting(answer(body=b"x" * 1000)) as (web, server):
        small = page(await web.get(HOME, most=10))
        whole = page(await web.get(HOME))
        again = page(await web.get(HOME, most=10))
    assert (len(small.body), small.cut, len(whole.body), whole.cut) == (10, True, 1000, False)
    assert again is small
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello " * 50)),
        ("gzip", gzip.compress(b"hello " * 25) + gzip.compress(b"hello " * 25)),
        ("deflate", zlib.compress(b"hello " * 50)),
        ("deflate", zlib.compress(b"hello " * 50)[2:-4]),
        ("identity", b"hello " * 50),
    ],
    ids=["gzip", "gzip members", "deflate", "raw deflate", "identity"],
)
async def test_encodings_that_we_unpack(encoding: str, packed: bytes) -> None:
    async with visiting(answer(body=packed, content_encoding=encoding)) as (web, _server):
        got = page(await web.get(HOME))
    assert got.body == b"hello " * 50
    assert (got.encoding, got.wire_bytes, got.cut) == (encoding, len(packed), False)


async def test_an_encoding_that_we_do_not_unpack_is_counted_only() -> None:
    async with visiting(answer(body=b"\x0b\x02", content_encoding="BR")) as (web, _server):
        got = page(await web.get(HOME, accept_encoding="br"))
    assert (got.encoding, got.body, got.wire_bytes) == ("br", b"", 2)


async def test_redirects_are_followed_by_hand_and_shared_with_get() -> None:
    talk = by_path({"/": answer("301 Moved", location="/a"), "/a": answer("302 Found", location=f"http://{NAME}/b#x")})
    async with visiting(talk) as (web, server):
        chain = await web.follow(HOME)
        await web.get(f"http://{NAME}/b")
        await web.follow(f"http://{NAME}/a")
    assert chain.urls == (HOME, f"http://{NAME}/a", f"http://{NAME}/b")
    assert (chain.end, chain.redirects) == ("ok", 2)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("location", "end"),
    [
        ("javascript:alert(1)", "bad-location"),
        ("http://[", "bad-location"),
        ("mailto:ada@good.example", "bad-location"),
        ("http://good.example:99999/", "bad-location"),
        ("http://ada:secret@good.example/", "no-answer"),
        ("http://good.example:25/", "no-answer"),
        ("http://0x7f.1/", "bad-location"),
        ("https://elsewhere.example/", "no-answer"),
        ("/", "loop"),
    ],
)
async def test_where_a_redirect_leads(location: str, end: str) -> None:
    async with visiting(answer("301 Moved", location=location)) as (web, server):
        chain = await web.follow(HOME)
    assert chain.end == end
    assert len(server.asked) == 1
    assert not any("secret" in str(asked.headers) for asked in server.asked)


async def test_a_redirect_without_location_and_one_with_two() -> None:
    two = raw(b"HTTP/1.1 301 M\r\nlocation: /a\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n")
    async with visiting(by_path({"/": answer("301 Moved"), "/two": two})) as (web, _server):
        assert (await web.follow(HOME)).end == "bad-location"
        assert (await web.follow(f"http://{NAME}/two")).end == "bad-location"


async def test_304_is_no_redirect() -> None:
    async with visiting(answer("304 Not Modified", b"", location="/a")) as (web, _server):
        assert (await web.follow(HOME)).end == "ok"


async def test_a_thousand_redirects_end_after_ten() -> None:
    async def on(asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.target[1:] or 0)
        await answer("302 Found", location=f"/{number + 1}")(asked, writer)

    async with visiting(on) as (web, server):
        chain = await web.follow(HOME)
    assert chain.end == "too-long"
    assert len(server.asked) == limits.REDIRECTS + 1


def bouncing(needs_cookie: bool) -> Talk:
    """/ sends to /set, which sets a cookie and sends back; with the cookie / answers, if `needs_cookie`."""

    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.target == "/set":
            await answer("302 Found", location="/", set_cookie="seen=1; Path=/")(asked, writer)
        elif needs_cookie and asked.headers.get("cookie") == "seen=1":
            await answer()(asked, writer)
        else:
            await answer("302 Found", location="/set")(asked, writer)

    return talk


async def test_a_loop_is_walked_again_with_its_own_cookies() -> None:
    async with visiting(bouncing(needs_cookie=True)) as (web, _server):
        chain = await web.follow(HOME)
        assert chain.end == "ok"
        assert page(chain.last).status == 200
        fresh = page(await web.get(HOME, attempt=2))  # the jar was that flow's alone
        assert fresh.status == 302
    assert len(set(web.asked)) == len(web.asked)


async def test_a_loop_in_spite_of_cookies_is_a_loop() -> None:
    async with visiting(bouncing(needs_cookie=False)) as (web, server):
        assert (await web.follow(HOME)).end == "loop"
    assert len(server.asked) < 8


async def test_https_with_our_own_authority(authority: Authority, tmp_path: Path) -> None:
    leaf = authority.leaf(NAME)
    async with visiting(answer(), authority.server_context(leaf), authority.write(tmp_path / "ca.pem")) as (
        web,
        _server,
    ):
        got = page(await web.get(f"https://{NAME}/"))
    assert got.status == 200


def faulty(kind: str, authority: Authority) -> ssl.SSLContext:
    now = dt.datetime.now(dt.UTC)
    leaf: Leaf
    if kind == "expired":
        leaf = authority.leaf(NAME, not_before=now - dt.timedelta(days=90), not_after=now - dt.timedelta(days=1))
    elif kind == "early":
        leaf = authority.leaf(NAME, not_before=now + dt.timedelta(days=1), not_after=now + dt.timedelta(days=9))
    elif kind == "wrong name":
        leaf = authority.leaf("other.example")
    elif kind == "self-signed":
        leaf = authority.leaf(NAME, self_signed=True)
    else:
        leaf = authority.leaf(NAME)
    return authority.server_context(leaf, incomplete=kind == "incomplete")


@pytest.mark.parametrize(
    ("kind", "say", "reason"),
    [
        ("expired", "has expired", "certificate has expired"),
        ("early", "not valid yet", "not yet valid"),
        ("wrong name", "another name", "Hostname mismatch"),
        ("self-signed", "signed itself", "self-signed"),
        ("incomplete", "is missing", "unable to get local issuer"),
    ],
)
async def test_a_certificate_that_fails_is_a_fact(
    kind: str, say: str, reason: str, authority: Authority, tmp_path: Path
) -> None:
    async with visiting(answer(), faulty(kind, authority), authority.write(tmp_path / "ca.pem")) as (web, server):
        got = no_page(await web.get(f"https://{NAME}/"))
    assert (got.kind, got.fact) == ("tls", True)
    assert say in got.say
    assert reason.replace("-", "") in got.reason.replace("-", "").replace("self signed", "selfsigned")
    assert server.asked == []


async def test_plain_http_where_https_should_be() -> None:
    async def blunt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(blunt, "127.0.0.1", 0)
    async with listener, browsing(network(https=listener.sockets[0].getsockname()[1])) as web:
        got = no_page(await web.get(f"https://{NAME}/"))
    assert (got.kind, got.fact) == ("tls", True)
    assert "does not speak HTTPS" in got.say


async def test_an_authority_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    async with browsing(network(https=1, ca=str(tmp_path / "gone.pem"))) as web:
        got = no_page(await web.get(f"https://{NAME}/"))
    assert (got.kind, got.fact) == ("broken", False)
    assert "gone.pem" in got.say


async def test_an_authority_that_was_made_anew_is_read_anew(tmp_path: Path) -> None:
    for _ in range(2):
        authority = Authority()
        path = tmp_path / "ca.pem"
        path.unlink(missing_ok=True)
        ca = authority.write(path)
        async with visiting(answer(), authority.server_context(authority.leaf(NAME)), ca) as (web, _server):
            assert page(await web.get(f"https://{NAME}/")).status == 200


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def test_refused_is_a_fact() -> None:
    async with browsing(network(http=closed_port())) as web:
        got = no_page(await web.get(HOME))
    assert (got.kind, got.fact) == ("refused", True)


@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ({}, True),
        ({(NAME, "A"): d.NoData(NAME, "A"), (NAME, "AAAA"): d.NoData(NAME, "AAAA")}, True),
        ({(NAME, "A"): d.ServerFailed(NAME, "A"), (NAME, "AAAA"): d.NoData(NAME, "AAAA")}, False),
        ({(NAME, "A"): d.TimedOut(NAME, "A", 4.0), (NAME, "AAAA"): d.TimedOut(NAME, "AAAA", 4.0)}, False),
    ],
)
async def test_no_address_is_a_fact_only_where_a_server_said_so(
    answers: dict[tuple[str, str], d.Answer], fact: bool
) -> None:
    async with browsing(Network(), answers) as web:
        got = no_page(await web.get(HOME))
    assert (got.kind, got.fact) == ("no-address", fact)


WWW = f"www.{NAME}"
HERE = {(NAME, "A"): found(NAME, "A", "93.184.215.14")}


@pytest.mark.parametrize(
    ("answers", "reached"),
    [
        ({}, True),  # the DNS knows nothing of the site: it is reached by the mapping alone
        ({**HERE, (WWW, "A"): found(WWW, "A", "93.184.215.14")}, True),
        ({**HERE, (WWW, "A"): d.TimedOut(WWW, "A", 4.0), (WWW, "AAAA"): d.NoData(WWW, "AAAA")}, True),
        ({**HERE, (WWW, "A"): d.NxDomain(WWW, "A"), (WWW, "AAAA"): d.NxDomain(WWW, "AAAA")}, False),
        ({**HERE, (WWW, "A"): d.NoData(WWW, "A"), (WWW, "AAAA"): d.NoData(WWW, "AAAA")}, False),
    ],
)
async def test_a_mapped_host_that_visitors_cannot_find(answers: dict[tuple[str, str], d.Answer], reached: bool) -> None:
    async with serving(answer()) as server, browsing(network(NAME, WWW, http=server.port), answers) as web:
        assert page(await web.get(HOME)).status == 200
        reply = await web.get(f"http://{WWW}/")
        assert isinstance(reply, Page) is reached
        assert isinstance(reply, Page) or (reply.kind, reply.fact) == ("no-address", True)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1"])
async def test_private_addresses_are_left_alone(address: str) -> None:
    type = "AAAA" if ":" in address else "A"
    async with browsing(Network(), {(NAME, type): found(NAME, type, address)}) as web:
        got = no_page(await web.get(HOME))
        literal = f"[{address}]" if ":" in address else address
        other = no_page(await web.get(f"http://{literal}/"))
    assert (got.kind, got.fact, other.kind) == ("policy", False, "policy")


async def test_the_policy_holds_on_every_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launchready_tui.sources.dial.is_public", lambda address: address == "127.0.0.1")
    async with serving(answer("302 Found", location="http://inside.example/")) as server:
        where = Network(connect_to={(NAME, 80): ("127.0.0.1", server.port)})
        async with browsing(where, {("inside.example", "A"): found("inside.example", "A", "127.0.0.2")}) as web:
            chain = await web.follow(HOME)
    assert chain.end == "no-answer"
    assert no_page(chain.last).kind == "policy"
    assert "127.0.0.2" in no_page(chain.last).say


async def test_ipv4_is_tried_first_and_a_dead_address_does_not_hold_us() -> None:
    async with serving(answer()) as server:
        url = f"http://{NAME}:{server.port}/"
        dns = {(NAME, "A"): found(NAME, "A", "127.0.0.1"), (NAME, "AAAA"): found(NAME, "AAAA", "::1")}
        async with browsing(Network(private=True), dns) as web:
            assert page(await web.get(url)).address == "127.0.0.1"
        dns = {(NAME, "A"): found(NAME, "A", "127.0.0.9", "127.0.0.1")}  # nobody listens at the first
        async with browsing(Network(private=True), dns) as web:
            assert page(await web.get(url)).address == "127.0.0.1"


async def test_the_budget_of_a_host_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PRIVATE_HOST_PER_RUN", 2)
    async with visiting(answer()) as (web, _server):
        kinds = [type(await web.get(f"{HOME}{number}")).__name__ for number in range(4)]
        last = no_page(await web.get(f"{HOME}3"))
    assert kinds == ["Page", "Page", "NoPage", "NoPage"]
    assert (last.kind, last.fact) == ("budget", False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "\ud800",
        "ftp://good.example/",
        "file:///etc/passwd",
        "http:///x",
        "http://x:0/",
        "http://1.2.3/",
        "http://a:b@good.example/",
        "http://good .example/",
        "http://" + "a" * 300 + "/",
        "http://good.example/" + "a" * 9000,
    ],
)
async def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    async with browsing(Network(private=True)) as web:
        got = no_page(await web.get(url))
        assert web.asked == ()
    assert got.kind in ("policy", "broken")
    assert not got.fact


async def test_a_name_in_other_letters() -> None:
    async with visiting(answer(), host="xn--bcher-kva.example") as (web, server):
        got = page(await web.get("http://Bücher.example/Straße?q=ü"))
    assert got.url == "http://xn--bcher-kva.example/Stra%C3%9Fe?q=%C3%BC"
    assert server.asked[0].target == "/Stra%C3%9Fe?q=%C3%BC"
