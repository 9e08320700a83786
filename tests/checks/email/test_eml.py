"""email.eml.*: real messages, signed by dkimpy, judged against the DNS of a world."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.answers import Answer, Answers
from launchready_tui.engine import judge
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Clock, Project
from launchready_tui.proofs import Kind, Proof, StoredMessage
from launchready_tui.proving import prove_bytes
from launchready_tui.sources.dns import Answer as DnsAnswer
from launchready_tui.sources.dns import NoData, ServerFailed
from launchready_tui.sources.message import Messages
from tests.mail.letters import (
    IP,
    NOW,
    OURS,
    SENT,
    THEIRS,
    Zone,
    carried,
    ed_key,
    rsa_key,
    short_record,
    signed,
    written,
)
from tests.world import NAME, CannedDns, Row, World, by_id, found, hold, said

OTHER_IP = "8.8.8.8"


def filed(
    *letters: bytes | tuple[Kind, bytes],
    zone: Zone | None = None,
    project: Project | None = None,
    answers: tuple[Answer, ...] = (),
) -> World:
    """A world with messages on file, judged by the real thing."""
    about = project or Project(NAME)
    known = (zone or Zone()).answers()
    clock = Clock(NOW)
    held: list[tuple[Kind, bytes]] = [one if isinstance(one, tuple) else ("reset", one) for one in letters]

    async def prove(message: StoredMessage) -> Proof:
        kind, data = held[int(message.name)]
        dns = CannedDns(known, {}, None)
        return await prove_bytes(data, kind, about, dns, clock, Answers(answers, clock))

    stored = tuple(StoredMessage(str(at), kind, Path("none")) for at, (kind, _) in enumerate(held))
    return World(project=about, dns=known, answers=answers, more=(Messages(stored, prove),))


def linking(*urls: str, seconds: float = 4, **more: str) -> bytes:
    return carried(signed(written("\r\n".join(urls) + "\r\n", **more)), seconds=seconds)  # type: ignore[arg-type]


PLAIN = written()
GOOD = carried(signed(PLAIN))
UNSIGNED = carried(PLAIN, ip=OTHER_IP)
ALTERED = carried(signed(PLAIN).replace(b"reset?t=1", b"reset?t=2"), ip=OTHER_IP)
RENAMED = carried(signed(PLAIN).replace(b"From: Good <hello@", b"From: Good <boss@"), ip=OTHER_IP)
THIRD = carried(signed(PLAIN, rsa_key(2048, 1), domain=THEIRS, selector="m1"), ip=OTHER_IP, path=f"b@{THEIRS}")
THIRD_ZONE = Zone(keys={f"m1._domainkey.{THEIRS}": rsa_key(2048, 1).record})
FREE = carried(written(sender="Ada <ada@gmail.com>"), ip=OTHER_IP, path="ada@gmail.com")
HOSTILE = carried(
    signed(PLAIN).replace(b"Reset your password", b"\x1b]0;owned\x07\xe2\x80\xae [red]x[/red]" + b"=?utf-8?b?" * 50)
)
FAILING = Zone(more={(f"s1._domainkey.{OURS}", "TXT"): ServerFailed(f"s1._domainkey.{OURS}", "TXT")})
NOTHING_SENT: dict[tuple[str, str], DnsAnswer] = {
    (NAME, "MX"): found(NAME, "MX", "0 ."),
    (NAME, "TXT"): found(NAME, "TXT", "v=spf1 -all"),
}
NULL_MX_ONLY: dict[tuple[str, str], DnsAnswer] = {
    (NAME, "MX"): found(NAME, "MX", "0 ."),
    (NAME, "TXT"): NoData(NAME, "TXT"),
}


def common() -> list[Row]:
    """What all three say of a product without messages, or without mail."""
    return [
        Row("no message on file", World(), Status.UNKNOWN, "no message of yours on file"),
        Row("how to save one", World(), Status.UNKNOWN, "Raw Message Source"),
        Row(
            "nothing sends mail, it was said",
            World(project=replace(Project(NAME), absent={"sender": "Ada, 3 Nov 2026"})),
            Status.INFO,
            "nothing sends mail",
        ),
        Row("nothing sends, by the owners", World(owners={"sender": Owner("sender", absent=True)}), Status.INFO),
        Row("nobody may send", World(answers=(said("email.senders", "none"),)), Status.INFO, "sends no mail"),
        Row("the records say so", World(dns=NOTHING_SENT), Status.INFO, "neither takes nor sends"),
        Row("a null MX alone does not", World(dns=NULL_MX_ONLY), Status.UNKNOWN),
    ]


TABLE: dict[str, list[Row]] = {
    "email.eml.dkim": [
        Row("signed with RSA", filed(GOOD), Status.PASS, "good signature of good.example (key s1)"),
        Row("named by kind and day", filed(GOOD), Status.PASS, "The password reset of 24 Nov 2026"),
        Row(
            "signed with Ed25519",
            filed(carried(signed(PLAIN, ed_key())), zone=Zone(keys={f"s1._domainkey.{OURS}": ed_key().record})),
            Status.PASS,
        ),
        Row(
            "two signatures, one of them its own",
            filed(
                carried(signed(signed(PLAIN, rsa_key(2048, 1), domain=THEIRS, selector="m1"))),
                zone=Zone(keys={f"s1._domainkey.{OURS}": rsa_key().record} | THIRD_ZONE.keys),
            ),
            Status.PASS,
        ),
        Row("only the sender's own", filed(THIRD, zone=THIRD_ZONE), Status.WARN, "signed by mailer.example only"),
        Row(
            "another's name in From",
            filed(
                carried(signed(written(sender="Ada <ada@other.example>"), domain="other.example")),
                zone=Zone(keys={"s1._domainkey.other.example": rsa_key().record}),
            ),
            Status.WARN,
            "not by your own domain",
        ),
        Row("none", filed(UNSIGNED), Status.FAIL, "carries no signature."),
        Row(
            "where to set it up",
            filed(UNSIGNED, answers=(said("email.senders", "listed", "postmark"),)),
            Status.FAIL,
            "At Postmark:",
        ),
        Row("body altered", filed(ALTERED), Status.FAIL, "was changed after good.example signed it"),
        Row("From altered", filed(RENAMED), Status.FAIL, "was changed after good.example signed it"),
        Row("SHA-1", filed(carried(signed(PLAIN, tags=b"a=rsa-sha1"), ip=OTHER_IP)), Status.FAIL, "SHA-1"),
        Row(
            "a short key",
            filed(GOOD, zone=Zone(keys={f"s1._domainkey.{OURS}": short_record()})),
            Status.FAIL,
            "512 bits",
        ),
        Row(
            "expired before it came",
            filed(carried(signed(PLAIN, tags=b"t=1600000000; x=1600000100"))),
            Status.FAIL,
            "13 Sep 2020",
        ),
        Row(
            "expired since",
            filed(carried(signed(PLAIN, tags=b"t=1600000000; x=%d" % int((SENT + dt.timedelta(hours=1)).timestamp())))),
            Status.UNKNOWN,
        ),
        Row("key replaced since", filed(GOOD, zone=Zone(keys={})), Status.UNKNOWN, "There is no key at s1._domainkey"),
        Row(
            "key withdrawn since",
            filed(GOOD, zone=Zone(keys={f"s1._domainkey.{OURS}": "v=DKIM1; p="})),
            Status.UNKNOWN,
            "was withdrawn",
        ),
        Row(
            "no key, and the receiver found none either",
            filed(carried(signed(PLAIN), results=f"dkim=permerror header.d={OURS} header.s=s1"), zone=Zone(keys={})),
            Status.FAIL,
        ),
        Row("the key could not be read", filed(GOOD, zone=FAILING), Status.UNKNOWN, "SERVFAIL"),
        Row("the copy in Sent", filed(PLAIN), Status.UNKNOWN, "Sent folder"),
        Row("the newest of a kind counts", filed(UNSIGNED, carried(signed(written(sent=NOW)))), Status.PASS),
        Row("each kind counts", filed(GOOD, ("invite", UNSIGNED)), Status.FAIL, "carries no signature."),
        Row("hostile", filed(HOSTILE), Status.FAIL, hostile=True),
        *common(),
    ],
    "email.eml.aligned": [
        Row("by its signature", filed(GOOD), Status.PASS, "proves that it is yours. It carries a good signature"),
        Row("by its address", filed(carried(PLAIN)), Status.PASS, f"{IP} may send for good.example"),
        Row(
            "by a part of the domain",
            filed(carried(signed(written(sender=f"hi@news.{OURS}")), ip=OTHER_IP)),
            Status.PASS,
        ),
        Row(
            "by what the receiver wrote",
            filed(carried(PLAIN, ip="10.0.0.1", results=f"spf=pass smtp.mailfrom=b@{OURS}")),
            Status.PASS,
            "inbox.example recorded",
        ),
        Row(
            "strict, and a part of the domain",
            filed(
                carried(signed(written(sender=f"hi@news.{OURS}")), ip=OTHER_IP),
                zone=Zone(dmarc={OURS: "v=DMARC1; p=none; adkim=s"}),
            ),
            Status.FAIL,
            "not by news.good.example",
        ),
        Row(
            "the sender's name only", filed(THIRD, zone=THIRD_ZONE), Status.FAIL, "signed by mailer.example, and not by"
        ),
        Row("neither", filed(UNSIGNED), Status.FAIL, f"refuses {OTHER_IP}"),
        Row("a free mailbox", filed(FREE), Status.FAIL, "an address at gmail.com"),
        Row("what to do about it", filed(FREE), Status.FAIL, "set From to an address of your own domain"),
        Row("two From lines", filed(carried(b"From: a@b.example\r\n" + signed(PLAIN))), Status.FAIL, "2 From lines"),
        Row(
            "a From that shows one name and means another",
            filed(carried(signed(written(sender=f"hi@{OURS} <x@bad.example>")))),
            Status.FAIL,
            "can be read",
        ),
        Row("altered", filed(ALTERED), Status.FAIL, "was changed"),
        Row(
            "a forged record of the receiver counts for nothing",
            filed(
                carried(
                    b"Authentication-Results: mx.inbox.example; dkim=pass header.d=good.example; spf=pass "
                    b"smtp.mailfrom=good.example\r\n" + PLAIN,
                    ip=OTHER_IP,
                )
            ),
            Status.FAIL,
        ),
        Row(
            "key gone, and the address is not listed",
            filed(carried(signed(PLAIN), ip=OTHER_IP), zone=Zone(keys={})),
            Status.UNKNOWN,
            "not in the DNS",
        ),
        Row("the name servers failed", filed(carried(signed(PLAIN), ip=OTHER_IP), zone=FAILING), Status.UNKNOWN),
        Row(
            "no address to be told", filed(carried(PLAIN, ip="10.0.0.1")), Status.UNKNOWN, "does not say which address"
        ),
        Row("one kind is sound, the other is not", filed(GOOD, ("invite", UNSIGNED)), Status.FAIL),
        Row("hostile", filed(HOSTILE), Status.PASS, hostile=True),
        *common(),
    ],
    "email.eml.content": [
        Row("home", filed(linking("https://good.example/reset?t=1")), Status.PASS, "1 link to your own hosts"),
        Row("a subdomain", filed(linking("https://app.good.example/reset")), Status.PASS),
        Row("no link at all", filed(linking("Hello")), Status.PASS, "no link"),
        Row(
            "another host that was named",
            filed(
                linking("https://good.example/", "https://help.vendor.example/x"),
                answers=(said("email.links", "these", hosts="vendor.example, https://x.example/"),),
            ),
            Status.PASS,
        ),
        Row("a developer's machine", filed(linking("http://localhost:3000/reset")), Status.FAIL, "localhost"),
        Row("an address at home", filed(linking("https://192.168.1.7/reset")), Status.FAIL, "192.168.1.7"),
        Row("a tunnel", filed(linking("https://abc.ngrok-free.app/reset")), Status.FAIL),
        Row("a preview", filed(linking("https://good-git-main-ada.vercel.app/reset")), Status.FAIL, "preview"),
        Row("staging", filed(linking("https://staging.good.example/reset")), Status.FAIL, "preview"),
        Row("what to do about it", filed(linking("http://localhost/")), Status.FAIL, "APP_URL"),
        Row("not encrypted", filed(linking("http://good.example/reset")), Status.WARN, "not encrypted"),
        Row("a counter of clicks", filed(linking("https://u1.ct.sendgrid.net/ls/click?x")), Status.WARN, "counter"),
        Row("somebody else", filed(linking("https://shop.elsewhere.example/")), Status.WARN, "not yours"),
        Row("three minutes", filed(linking("https://good.example/", seconds=200)), Status.WARN, "3 minutes"),
        Row("eleven minutes", filed(linking("https://good.example/", seconds=660)), Status.FAIL, "took 11 minutes"),
        Row("the clocks disagree", filed(linking("https://good.example/", seconds=-900)), Status.UNKNOWN, "clocks"),
        Row("no date", filed(carried(signed(written(sent=None)))), Status.UNKNOWN, "how long it took"),
        Row(
            "a mailing without a way out",
            filed(("other", linking("https://good.example/", more="Precedence: bulk\r\n"))),
            Status.WARN,
            "nobody can leave it with one click",
        ),
        Row(
            "a mailing with one",
            filed(
                (
                    "other",
                    linking(
                        "https://good.example/",
                        more=(
                            "List-Id: <news.good.example>\r\nList-Unsubscribe: <https://good.example/u/1>\r\n"
                            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
                        ),
                    ),
                )
            ),
            Status.PASS,
        ),
        Row("in HTML", filed(linking("<a href='http://127.0.0.1/x'>reset</a>", type="text/html")), Status.FAIL),
        Row(
            "hostile",
            filed(linking("https://good.example\x1b]0;x\x07/", "http://[::1/", "https://%00/")),
            Status.WARN,
            hostile=True,
        ),
        *common(),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(id, row) for id, rows in TABLE.items() for row in rows], ids=lambda v: getattr(v, "name", v)
)
async def test_the_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_findings_hold_no_subject_no_address_and_no_key_of_a_reset() -> None:
    """They stand in findings.json and go into exports; the link of a reset opens an account."""
    letter = written(
        "https://ada:pw@good.example/reset/9f8e7d6c?token=c0ffee#k=1 https://good.example/en/help-pages/",
        subject="Zoe, your code is 123456",
    )
    world = filed(("reset", carried(signed(letter))))
    for id in TABLE:
        finding = await judge(by_id(id), world.context())
        told = finding.saw + "".join(one.text for one in finding.evidence)
        assert not [word for word in ("Zoe", "123456", "ada", "pw", "9f8e", "c0ffee", "k=1") if word in told], id
    seen = await judge(by_id("email.eml.content"), world.context())
    links = [one.text for one in seen.evidence if one.source == "link"]
    assert links == ["https://good.example/reset/…?…", "https://good.example/en/help-pages/"]
