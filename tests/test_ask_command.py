"""`launchready ask` as a process of its own: JSON lines in, JSON lines out, in the words and shapes that are fixed."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import tomllib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import dns.flags
import dns.message
import pytest

from launchready_tui.practice.nameserver import Nameserver
from tests.certs import Authority, Leaf
from tests.command import launchready
from tests.small_world import zone
from tests.sources.rogue import Rogue, answering, silent
from tests.sources.test_certificates import SHA1

ZONE = r"""@ 300 IN SOA ns1.good.example. host.good.example. 1 2 3 4 5
@ 300 IN NS ns1.good.example.
@ 300 IN NS ns2.good.example.
ns1 300 IN A 127.0.0.1
ns2 300 IN AAAA ::1
@ 300 IN A 192.0.2.7
@ 300 IN A 192.0.2.8
@ 300 IN AAAA 2001:db8::7
@ 300 IN MX 10 mail.good.example.
@ 300 IN CAA 0 issue "letsencrypt.org"
@ 300 IN TXT "v=spf1 ip4:192.0.2.0/24 " "-all exp=why.good.example"
why 300 IN TXT "%{i} is not ours"
www 300 IN CNAME good.example.
_sip._tcp 300 IN SRV 1 2 5060 sip.good.example.
@ 300 IN HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.7
service 300 IN HTTPS 1 Svc.Good.Example. alpn="h2" port=8443
elsewhere 300 IN HTTPS 0 Other.Example.
part 300 IN NS ns1.part.good.example.
part 300 IN DS 60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A
part 300 IN DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118
soft 300 IN TXT "v=spf1 ~all"
neutral 300 IN TXT "v=spf1 ?all"
two 300 IN TXT "v=spf1 -all"
two 300 IN TXT "v=spf1 ~all"
words 300 IN TXT "\027[2J caf\195\169"
"""


async def ask(*lines: Mapping[str, object], home: Path) -> list[dict[str, Any]]:
    """The answers, in the order of the lines."""
    sent = "".join(json.dumps({"id": number, **line}) + "\n" for number, line in enumerate(lines)).encode()
    ran = await launchready("ask", home=home, stdin=sent)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.isascii()
    answers = {answer["id"]: answer for answer in map(json.loads, ran.out.splitlines())}
    assert sorted(answers) == list(range(len(lines)))
    for answer in answers.values():
        assert set(answer) == ({"id", "ok", "data"} if answer["ok"] else {"id", "ok", "error"})
        if not answer["ok"]:
            assert set(answer["error"]) == {"code", "message"}
    return [answers[number] for number in range(len(lines))]


async def data(*lines: Mapping[str, object], home: Path) -> list[Any]:
    answers = await ask(*lines, home=home)
    assert all(answer["ok"] for answer in answers), answers
    return [answer["data"] for answer in answers]


@asynccontextmanager
async def name_server() -> AsyncIterator[str]:
    server = Nameserver(dict([zone("good.example", ZONE)]), {})
    port = await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.aclose()


# ---- dns ----

# What the command line's description names.
EVERY_TYPE = {"A", "AAAA", "CNAME", "MX", "TXT", "NS", "SOA", "CAA", "SRV", "DS", "HTTPS"}

RECORDS = {
    ("good.example", "A"): ["192.0.2.7", "192.0.2.8"],
    ("good.example", "AAAA"): ["2001:db8::7"],
    ("www.good.example", "CNAME"): ["good.example."],
    ("www.good.example", "A"): ["192.0.2.7", "192.0.2.8"],
    ("good.example", "MX"): ["10 mail.good.example."],
    ("good.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 -all exp=why.good.example"],
    ("good.example", "NS"): ["ns1.good.example.", "ns2.good.example."],
    ("good.example", "SOA"): ["ns1.good.example. host.good.example. 1 2 3 4 5"],
    ("good.example", "CAA"): ['0 issue "letsencrypt.org"'],
    ("_sip._tcp.good.example", "SRV"): ["1 2 5060 sip.good.example."],
    ("good.example", "HTTPS"): ['1 . alpn="h2,h3" ipv4hint="192.0.2.7"'],
    ("service.good.example", "HTTPS"): ['1 svc.good.example. alpn="h2" port="8443"'],
    ("elsewhere.good.example", "https"): ["0 other.example."],
    ("part.good.example", "DS"): [
        "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
        "60485 5 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
    ],
    ("words.good.example", "TXT"): ["\x1b[2J café"],
    ("GOOD.Example.", "a"): ["192.0.2.7", "192.0.2.8"],
}


async def test_every_record_type(tmp_path: Path) -> None:
    assert {type.upper() for _, type in RECORDS} == EVERY_TYPE
    async with name_server() as resolver:
        lines = [{"kind": "dns", "name": name, "type": type, "resolver": resolver} for name, type in RECORDS]
        found = await data(*lines, home=tmp_path)
        without = [
            {**line, "name": "soft.good.example", "type": type} for line in lines[:1] for type in EVERY_TYPE - {"TXT"}
        ]
        assert {answer["status"] for answer in await data(*without, home=tmp_path)} == {"nodata"}
    assert found == [{"status": "ok", "records": records} for records in RECORDS.values()]


def failing(rcode: str) -> Rogue:
    return Rogue(answering(rcode=rcode))


def _noise(request: bytes) -> Iterable[bytes]:
    return [request[:2] + b"\x84\x00\xff\xff\x00\x00 no message"]


def _other_question(request: bytes) -> Iterable[bytes]:
    """A reply with the right number and another name."""
    asked = dns.message.from_wire(request)
    other = dns.message.make_query("other.example.", "A", id=asked.id)
    reply = dns.message.make_response(other)
    reply.flags |= dns.flags.RA
    return [reply.to_wire()]


async def test_every_status(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        sound = await stack.enter_async_context(name_server())
        rogues = (failing("SERVFAIL"), failing("REFUSED"), Rogue(_noise), Rogue(_other_question), Rogue(silent))
        at = [f"127.0.0.1:{(await stack.enter_async_context(rogue.serving())).port}" for rogue in rogues]
        asked = [
            ("good.example", sound, "ok"),
            ("ns1.good.example", sound, "ok"),
            ("mail.good.example", sound, "nxdomain"),
            ("why.good.example", sound, "nodata"),
            ("good.example", at[0], "servfail"),
            ("good.example", at[1], "servfail"),
            ("good.example", at[2], "malformed"),
            ("good.example", at[3], "malformed"),
            ("good.example", at[4], "timeout"),
        ]
        lines = [{"kind": "dns", "name": n, "type": "A", "resolver": r, "timeout": 1.0} for n, r, _ in asked]
        found = await data(*lines, home=tmp_path)
    assert [answer["status"] for answer in found] == [status for _, _, status in asked]
    assert all(answer["records"] == [] for answer, (_, _, status) in zip(found, asked, strict=True) if status != "ok")


async def test_nothing_listens_there(tmp_path: Path) -> None:
    async with name_server() as resolver:
        pass  # and now it is closed
    line = {"kind": "dns", "name": "good.example", "type": "A", "resolver": resolver, "timeout": 3}
    assert await data(line, home=tmp_path) == [{"status": "timeout", "records": []}]


async def test_the_time_that_was_given_counts_both_ways(tmp_path: Path) -> None:
    """A silent server is given up in time; one that takes longer than a usual look waits is heard all the same."""
    answered = asyncio.Event()

    class Slow(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast("asyncio.DatagramTransport", transport)

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            (reply,) = answering("good.example. 60 IN A 192.0.2.7")(data)
            asyncio.get_running_loop().call_later(4.5, self._answer, reply, addr)  # the lateness is the test

        def _answer(self, reply: bytes, addr: tuple[str, int]) -> None:
            self.transport.sendto(reply, addr)
            answered.set()

    loop = asyncio.get_running_loop()
    slow, _ = await loop.create_datagram_endpoint(Slow, ("127.0.0.1", 0))
    async with Rogue(silent).serving() as rogue:
        base = {"kind": "dns", "name": "good.example", "type": "A"}
        quick = await launchready(
            "ask",
            home=tmp_path / "quick",
            stdin=json.dumps({**base, "resolver": f"127.0.0.1:{rogue.port}", "timeout": 0.3}).encode(),
        )
        assert json.loads(quick.out)["data"]["status"] == "timeout"
        assert quick.seconds < 3  # the interpreter's start included; by default it would be 5
        resolver = f"127.0.0.1:{slow.get_extra_info('sockname')[1]}"
        late = await data({**base, "resolver": resolver, "timeout": 12}, home=tmp_path / "late")
    slow.close()
    assert answered.is_set()
    assert late == [{"status": "ok", "records": ["192.0.2.7"]}]


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "a..b"},
        {"name": "x" * 64 + ".example"},
        {"name": "a." * 200},
        {"name": 7},
        {"type": "NOSUCH"},
        {"resolver": "dns.example:53"},
        {"timeout": 0},
        {"timeout": "soon"},
    ],
)
async def test_what_cannot_be_asked_is_a_bad_argument(change: dict[str, object], tmp_path: Path) -> None:
    line = {"kind": "dns", "name": "good.example", "type": "A", "resolver": "127.0.0.1:1", "timeout": 1, **change}
    (answer,) = await ask(line, home=tmp_path)
    assert answer["error"]["code"] == "bad-argument"


# ---- mail ----


async def test_spf(tmp_path: Path) -> None:
    cases = [
        ("192.0.2.9", "good.example", "pass", ""),
        ("198.51.100.1", "good.example", "fail", "198.51.100.1 is not ours"),
        ("198.51.100.1", "soft.good.example", "softfail", ""),
        ("198.51.100.1", "neutral.good.example", "neutral", ""),
        ("198.51.100.1", "none.good.example", "none", ""),
        ("198.51.100.1", "two.good.example", "permerror", ""),
    ]
    async with name_server() as resolver:
        lines = [
            {"kind": "spf", "ip": ip, "helo": "mail.other.example", "sender": f"ada@{domain}", "resolver": resolver}
            for ip, domain, _, _ in cases
        ]
        found = await data(*lines, home=tmp_path)
    assert found == [{"result": result, "explanation": said} for _, _, result, said in cases]


async def test_spf_that_cannot_be_looked_up(tmp_path: Path) -> None:
    async with failing("SERVFAIL").serving() as rogue:
        line = {"kind": "spf", "ip": "192.0.2.9", "helo": "h.example", "sender": "a@good.example", "timeout": 3}
        (found,) = await data({**line, "resolver": f"127.0.0.1:{rogue.port}"}, home=tmp_path)
    assert found["result"] == "temperror"


async def test_org_domain_and_dmarc_record(tmp_path: Path) -> None:
    org, suffix, record, bad = await data(
        {"kind": "org-domain", "name": "mail.shop.good.co.uk"},
        {"kind": "org-domain", "name": "co.uk"},
        {"kind": "dmarc-record", "txt": "v=DMARC1; p=quarantine; rua=mailto:d@good.example"},
        {"kind": "dmarc-record", "txt": "v=DMARC2; p=none"},
        home=tmp_path,
    )
    assert (org, suffix) == ({"org_domain": "good.co.uk"}, {"org_domain": None})
    assert set(record) == set(bad) == {"valid", "tags", "errors", "warnings"}
    assert (record["valid"], record["errors"]) == (True, [])
    assert record["tags"]["p"] == record["tags"]["sp"] == record["tags"]["np"] == "quarantine"
    assert (bad["valid"], bool(bad["errors"])) == (False, True)


# ---- redirects ----

HTTP, HTTPS, OTHER = "http://good.example/", "https://good.example/", "https://other.example/"
CHAINS: dict[str, list[tuple[str, int | None]]] = {
    "ok": [(HTTP, 301), (HTTPS, 200)],
    "not-needed": [(HTTP, None)],
    "no-https": [(HTTP, 200)],
    "initial-off-host": [(HTTP, 301), (OTHER, 200)],
    "ends-on-http": [(HTTP, 301), (f"{HTTP}home", 200)],
    "loop": [(HTTP, 301), (HTTPS, 301), (HTTP, 301)],
    "too-long": [(f"https://good.example/{number}", 301) for number in range(12)],
    "no-answer": [(HTTP, 301), (HTTPS, None)],
}


async def test_every_code_of_a_redirect(tmp_path: Path) -> None:
    lines = [
        {"kind": "redirects", "host": "good.example", "chain": [{"url": url, "status": status} for url, status in hops]}
        for hops in CHAINS.values()
    ]
    found = await data(*lines, home=tmp_path)
    assert found == [{"pass": code in ("ok", "not-needed"), "code": code} for code in CHAINS]


# ---- certificates ----

AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
NAME = "good.example"


def cert(pem: str, host: str = NAME, at: dt.datetime = AT) -> dict[str, object]:
    return {"kind": "cert", "chain_pem": pem, "host": host, "at": at.isoformat()}


def days(authority: Authority, first: int, last: int) -> Leaf:
    return authority.leaf(NAME, not_before=AT + dt.timedelta(days=first), not_after=AT + dt.timedelta(days=last))


async def test_every_finding_of_a_certificate(tmp_path: Path) -> None:
    authority = Authority(at=AT)
    sound = authority.leaf(NAME, f"www.{NAME}")
    cases: list[tuple[str, dict[str, object], list[str]]] = [
        ("sound", cert(sound.chain_pem), []),
        ("with its root, which nobody knows", cert(sound.chain_pem + authority.pem), []),
        ("from a root that nobody knows", cert(authority.leaf(NAME, from_root=True).pem + authority.pem), []),
        ("expired", cert(days(authority, -90, -2).chain_pem), ["expired"]),
        ("not yet", cert(days(authority, 2, 90).chain_pem), ["not-yet-valid"]),
        ("another name", cert(sound.chain_pem, "bad.example"), ["name-mismatch"]),
        ("self-signed", cert(authority.leaf(NAME, self_signed=True).pem), ["self-signed"]),
        ("its issuer is not there", cert(sound.pem), ["incomplete-chain"]),
        ("a wrong issuer is there", cert(sound.pem + Authority(at=AT).pem), ["incomplete-chain"]),
        ("its root is not there", cert(authority.leaf(NAME, from_root=True).pem), ["incomplete-chain"]),
        ("RSA of 1024 bits", cert(authority.leaf(NAME, weak_key=True).chain_pem), ["weak-key"]),
        ("SHA-1", cert(SHA1), ["self-signed", "weak-signature"]),
        (
            "many at once",
            cert(days(authority, -90, -2).pem, "x.example"),
            ["expired", "name-mismatch", "incomplete-chain"],
        ),
    ]
    found = await data(*(line for _, line, _ in cases), home=tmp_path)
    for answer, (label, _, expected) in zip(found, cases, strict=True):
        assert set(answer) == {"not_after", "days_left", "key", "sig", "sans", "findings"}
        findings = [each for each in answer["findings"] if label != "SHA-1" or each in expected]
        assert findings == expected, label
    by_label = {label: answer for answer, (label, _, _) in zip(found, cases, strict=True)}
    first = by_label["sound"]
    assert (first["key"], first["sig"], first["sans"], first["days_left"]) == ("ecdsa256", "sha256", 2, 89)
    assert dt.datetime.fromisoformat(first["not_after"]) == AT + dt.timedelta(days=89)
    assert by_label["expired"]["days_left"] == -2
    assert by_label["RSA of 1024 bits"]["key"] == "rsa1024"
    assert by_label["SHA-1"]["sig"] == "sha1"


async def test_what_is_no_certificate(tmp_path: Path) -> None:
    for answer in await ask(
        cert(""), cert("-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"), home=tmp_path
    ):
        assert answer["error"]["code"] == "bad-argument"


# ---- export and render ----


async def test_export_and_render(tmp_path: Path) -> None:
    facts = {"product": "Maple", "systems": [{"name": "DNS", "owner": "Ada"}], "live": True, "note": None}
    evil = {"name": "\x1b]0;x\x07[@click=app.quit]x[/]\u202e", "long": "word " * 100}
    export, render, refused, shown = await ask(
        {"kind": "export", "facts": facts},
        {"kind": "render", "facts": facts, "width": 60},
        {"kind": "export", "facts": {"key": "ghp_" + "a1B2" * 9}},
        {"kind": "render", "facts": evil, "width": 40},
        home=tmp_path,
    )
    assert set(export["data"]) == {"toml"}
    assert tomllib.loads(export["data"]["toml"]) == {
        "schema_version": 1,
        "product": "Maple",
        "systems": [{"name": "DNS", "owner": "Ada"}],
        "live": True,
    }
    assert set(render["data"]) == {"text"}
    assert "owner: Ada" in render["data"]["text"]
    assert refused["error"]["code"] == "secret"
    lines = shown["data"]["text"].split("\n")
    assert not any(ord(char) < 0x20 or char == "\u202e" for line in lines for char in line)
    assert all(len(line) <= 40 for line in lines)


async def test_lines_that_are_no_question_end_nothing(tmp_path: Path) -> None:
    sent = (
        b'not json\n\n{"id": 1, "kind": "nonsense"}\n\xff\xfe\n{"id": 2, "kind": "org-domain", "name": "a.b.example"}'
    )
    ran = await launchready("ask", home=tmp_path, stdin=sent)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (0, "")
    assert sorted(answer.get("error", {}).get("code", "ok") for answer in answers) == [
        "bad-json",
        "bad-json",
        "bad-kind",
        "ok",
    ]
