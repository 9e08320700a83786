from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.answers import Answer as Said
from launchready_tui.checks.dns.leftovers import Proof, proofs, withdrawn
from launchready_tui.model import RecordSet, Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, NoData, TimedOut
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, found, hold, said

WWW = f"www.{NAME}"
NEW, OLD, THIRD = "93.184.215.14", "93.184.215.99", "93.184.215.50"
URL, WWW_URL = f"https://{NAME}/", f"https://{WWW}/"
KEY = "v=DKIM1; k=rsa; p="


def page(title: str = "Maple Club", status: int = 200, url: str = URL, more: str = "") -> Page:
    return Page(url, status, (), f"<title>{title}</title>{more}".encode())


def to(url: str, where: str) -> Page:
    return Page(url, 301, (("location", where),))


def no(kind: str, say: str, url: str = URL, fact: bool = False) -> NoPage:
    return NoPage(url, kind, say, fact=fact)  # type: ignore[arg-type]


REFUSED = no("refused", "refused our connection", fact=True)
SILENT = no("timeout", "did not take our connection within 6 seconds")


def world(
    at: Mapping[str, Reply] | None = None,
    *,
    www: Answer | None = None,
    www_page: Reply | None = None,
    home: Reply | None = None,
    txt: tuple[str, ...] = ("v=spf1 ~all",),
    dns: Mapping[tuple[str, str], Answer] | None = None,
    answers: tuple[Said, ...] = (),
    owners: Mapping[str, Owner] | None = None,
    keys: tuple[str, ...] = (),
) -> World:
    """The apex with the addresses of `at` and what each answers; www is an alias of it unless said otherwise."""
    at = {NEW: page()} if at is None else at
    return World(
        project=Project(NAME, dkim_selectors=keys),
        dns={
            (NAME, "A"): found(NAME, "A", *at),
            (NAME, "AAAA"): NoData(NAME, "AAAA"),
            (WWW, "A"): www or found(WWW, "A", *at, aliases=(NAME,)),
            (WWW, "AAAA"): NoData(WWW, "AAAA"),
            (NAME, "TXT"): found(NAME, "TXT", *txt),
            (NAME, "NS"): found(NAME, "NS", "dns1.registrar-servers.com.", "dns2.registrar-servers.com."),
            **(dns or {}),
        },
        web={URL: home or page(), WWW_URL: www_page or to(WWW_URL, URL)},
        web_at={(URL, address): reply for address, reply in at.items()},
        answers=answers,
        owners=owners or {},
    )


HTTP_URL = f"http://{NAME}/"


def forwarded(http: Reply) -> World:
    """The domain itself at an address that takes no https, and the site at www."""
    there = world({OLD: REFUSED}, www=found(WWW, "A", NEW), www_page=page(url=WWW_URL), home=REFUSED)
    return replace(there, web={**there.web, HTTP_URL: http})


MIRO = "miro-verification=d2e174fdb00c71e0bcf58f8e58c3da2dd80dcfa9"
STRIPE = "stripe-verification=f88ef17321660a01bab1660454192e014defa29b"
OWN_WWW = found(WWW, "A", OLD)

TABLE: dict[str, list[Row]] = {
    "dns.records.stale": [
        Row("one address", world(), Status.PASS, "no record left over"),
        Row("two that show the site", world({NEW: page(), THIRD: page()}), Status.PASS),
        Row("two that lead to the site", world({NEW: to(URL, WWW_URL), THIRD: to(URL, WWW_URL)}), Status.PASS),
        Row(
            "one network's addresses are one place",
            world({"104.16.132.229": page(), "104.16.133.229": REFUSED}),
            Status.PASS,
        ),
        Row(
            "www elsewhere, and leads here",
            world(www=OWN_WWW, www_page=to(WWW_URL, URL)),
            Status.PASS,
        ),
        Row(
            "the registrar forwards the domain to www, over http alone",
            forwarded(to(HTTP_URL, WWW_URL)),
            Status.PASS,
            "no record left over",
        ),
        Row("nobody forwards", forwarded(REFUSED), Status.FAIL, f"at {OLD} refused our connection"),
        Row("one refuses", world({NEW: page(), OLD: REFUSED}), Status.FAIL, f"at {OLD} refused our connection"),
        Row(
            "one shows a default page",
            world({NEW: page(), OLD: page("Welcome to nginx!")}),
            Status.FAIL,
            "Welcome to nginx!",
        ),
        Row("one is not found", world({NEW: page(), OLD: page("Not found", 404)}), Status.FAIL, "answers 404"),
        Row(
            "one has another certificate",
            world({NEW: page(), OLD: no("tls", "shows a certificate for another name", fact=True)}),
            Status.FAIL,
        ),
        Row(
            "one leads elsewhere",
            world({NEW: page(), OLD: to(URL, "https://parked.example/")}),
            Status.FAIL,
            "parked.example",
        ),
        Row(
            "one is private",
            world({NEW: page(), "10.0.0.1": no("policy", "is not public")}),
            Status.FAIL,
            "private network",
        ),
        Row("one is in trouble", world({NEW: page(), OLD: page("Oops", 503)}), Status.FAIL, "repair it instead"),
        Row(
            "www is the old host's",
            world(www=OWN_WWW, www_page=page("My old shop", url=WWW_URL)),
            Status.FAIL,
            "My old shop",
        ),
        Row(
            "www refuses",
            world(www=OWN_WWW, www_page=no("refused", "refused our connection", WWW_URL, fact=True)),
            Status.FAIL,
            f"to a CNAME with the value {NAME}",
        ),
        Row(
            "two pages, and no home page to tell",
            world({NEW: page("One"), OLD: page("Two")}, home=page("Three", 503)),
            Status.FAIL,
            "different pages",
        ),
        Row(
            "a proof for what is no longer used",
            world(txt=(MIRO,), answers=(said("records.unused", "some", unused="miro and Slack"),)),
            Status.WARN,
            "Ada said that Miro is no longer used",
        ),
        Row("a dead format", world(txt=("spf2.0/pra ~all",)), Status.WARN, "RFC 6686"),
        Row(
            "a withdrawn mail key",
            world(keys=("old",), dns={(f"old._domainkey.{NAME}", "TXT"): found("", "TXT", KEY)}),
            Status.WARN,
            "it holds no key",
        ),
        Row("a proof, and nobody said", world(txt=(MIRO, STRIPE)), Status.UNKNOWN, "for Miro and Stripe"),
        Row(
            "a proof for what the page loads",
            world(txt=(STRIPE,), home=page(more="<script src=https://js.stripe.com/v3/></script>")),
            Status.PASS,
        ),
        Row(
            "a proof for what an owner named",
            world(txt=(MIRO,), owners={"repository": Owner("repository", provider="Miro Inc.")}),
            Status.PASS,
        ),
        Row("all are used", world(txt=(MIRO,), answers=(said("records.unused", "all"),)), Status.PASS),
        Row("one is silent", world({NEW: page(), OLD: SILENT}), Status.UNKNOWN, f"at {OLD} did not take"),
        Row("one turns us away", world({NEW: page(), OLD: page("Forbidden", 403)}), Status.UNKNOWN),
        Row("not looked up", world(dns={(NAME, "A"): TimedOut(NAME, "A", 4.0)}), Status.UNKNOWN),
        Row("TXT not read", world(dns={(NAME, "TXT"): TimedOut(NAME, "TXT", 4.0)}), Status.UNKNOWN),
        Row(
            "full of escapes",
            world(
                {NEW: page(), OLD: page("\x1b[2J\u202e[@click=app.quit]x[/]")},
                txt=("\x1b]0;x\x07" + MIRO, MIRO + "\x1b[31m"),
            ),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["dns.records.stale"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("dns.records.stale", row)


async def records(world: World, status: Status = Status.FAIL) -> tuple[RecordSet, ...]:
    finding = await hold("dns.records.stale", Row("", world, status))
    assert finding.fix is not None
    assert (finding.fix.kind == "records") is bool(finding.fix.records)
    return finding.fix.records


async def test_the_old_address_goes_and_the_others_stay() -> None:
    three: dict[str, Reply] = {NEW: page(), OLD: REFUSED, THIRD: page()}
    assert await records(world(three)) == (RecordSet(NAME, "A", (NEW, THIRD)),)
    assert await records(world({NEW: page(), OLD: page("Oops", 503)})) == ()  # it may be the site's, in trouble


async def test_www_follows_the_apex_instead() -> None:
    old = world(www=OWN_WWW, www_page=page("My old shop", url=WWW_URL))
    assert RecordSet(WWW, "CNAME", (f"{NAME}.",)) in await records(old)
    assert RecordSet(WWW, "A", ()) in await records(old)
    alias = replace(old, dns={**old.dns, (WWW, "A"): found(WWW, "A", OLD, aliases=("old.host.example",))})
    assert await records(alias) == (RecordSet(WWW, "CNAME", (f"{NAME}.",)),)


async def test_only_the_proof_goes_from_the_txt_records() -> None:
    gone = world(txt=("v=spf1 ~all", MIRO, STRIPE), answers=(said("records.unused", "some", unused="Miro"),))
    (one,) = await records(gone, Status.WARN)
    assert one == RecordSet(NAME, "TXT", ("v=spf1 ~all", STRIPE), drops=(MIRO,))


@pytest.mark.parametrize("proof", proofs(), ids=lambda proof: proof.vendor)
def test_every_proof_knows_its_own_examples(proof: Proof) -> None:
    assert all(proof.proves(example) for example in proof.yes)
    assert not any(proof.proves(example) for example in proof.no)
    for example in proof.yes:
        assert [each.vendor for each in proofs() if each.proves(example)] == [proof.vendor]
    assert proof.source
    assert proof.date >= "2026-11-01"


def test_a_withdrawn_key() -> None:
    assert withdrawn(KEY)
    assert withdrawn("p=")
    assert not withdrawn("v=DKIM1; p=MIIB")
    assert not withdrawn("v=spf1 p=")
    assert not withdrawn("hello")
