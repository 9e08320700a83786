"""Every judge of drift in tables: what the file says, what is answered, what that comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from launchready_tui.drift.facts import Facts
from launchready_tui.drift.of_dns import judge_made_up, judge_name_servers, judge_serial, judge_set
from launchready_tui.drift.of_people import judge_access, judge_action, judge_risk
from launchready_tui.drift.of_web import judge_certificate, judge_header, judge_page, judge_way
from launchready_tui.drift.told import Verification, document, head, text
from launchready_tui.driftlook import Line, ordered, result
from launchready_tui.handover.document import (
    AcceptedRisk,
    Action,
    Answered,
    CertificateSeen,
    HeaderSeen,
    PageSeen,
    System,
    WaySeen,
)
from launchready_tui.handover.signing import Verdict
from launchready_tui.model import Severity
from launchready_tui.sources.certificates import Certificate, Fault
from launchready_tui.sources.certificates import Verdict as Chained
from launchready_tui.sources.dns import Answer, Delegation, Found, NoData, NxDomain, ServerFailed, TimedOut
from launchready_tui.sources.replies import Chain, NoPage, Page
from launchready_tui.sources.tls import Handshake, NoHandshake

NAME = "good.example"
URL = f"https://{NAME}/"
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
NASTY = "\x1b[2J\u202e[/]"


def found(type: str, *values: str, name: str = NAME, aliases: tuple[str, ...] = ()) -> Found:
    return Found(name, type, values, 300, aliases, True)


@dataclass(frozen=True)
class Case:
    """What the file says and what is answered; the state ("" for no line), the severity, and a word of the sentence."""

    label: str
    was: tuple[str, ...]
    now: Answer
    state: str = ""
    severity: str = ""
    says: str = ""
    type: str = "A"
    name: str = NAME
    shielded: bool = False
    ttl: int | None = 300


TXT = ("v=spf1 mx -all", "site=1")
DMARC = f"_dmarc.{NAME}"
REJECT = "v=DMARC1; p=reject; np=reject; rua=mailto:d@good.example"
SETS = (
    Case("same", ("93.184.215.14",), found("A", "93.184.215.14")),
    Case("another order", ("1.1.1.1", "1.1.1.2"), found("A", "1.1.1.2", "1.1.1.1")),
    Case("moved", ("93.184.215.14",), found("A", "8.8.8.8"), "drift", "critical", "8.8.8.8 in place of 93.184.215.14"),
    Case("elsewhere", ("1.1.1.1",), found("A", "8.8.8.8", name="app.x"), "drift", "high", name="app.good.example"),
    Case("gone", ("1.1.1.1",), NxDomain(NAME, "A"), "drift", "critical", "no address any more"),
    Case("appeared", (), found("AAAA", "2606::1"), "drift", "high", "before, there was none", type="AAAA"),
    Case("still none", (), NoData(NAME, "AAAA"), type="AAAA"),
    Case("silent", ("1.1.1.1",), TimedOut(NAME, "A", 4.0), "unknown", "critical", "no answer within 4 s"),
    Case("refused", ("1.1.1.1",), ServerFailed(NAME, "A", "REFUSED"), "unknown", "critical", "REFUSED"),
    Case("silent where none was", (), TimedOut(NAME, "A", 4.0), "unknown", "critical"),
    Case(
        "within its network", ("104.16.1.1",), found("A", "104.16.9.9"), "benign", "", "content network", shielded=True
    ),
    Case("the same without one", ("104.16.1.1",), found("A", "104.16.9.9"), "drift", "critical"),
    Case("out of its network", ("104.16.1.1",), found("A", "8.8.8.8"), "drift", "critical", shielded=True),
    Case("TTL", ("1.1.1.1",), found("A", "1.1.1.1"), "benign", "", "60 seconds; before, it was 300", ttl=60),
    Case("no TTL seen", ("1.1.1.1",), found("A", "1.1.1.1"), ttl=None),
    Case("an alias in its place", ("1.1.1.1",), found("A", "1.1.1.1", aliases=("x.example",)), "drift", "critical"),
    Case("an alias where none was", (), found("A", "1.1.1.1", aliases=("x.example",))),
    Case("names have no case", ("10 MAIL.x.",), found("MX", "10 mail.x."), type="MX"),
    Case("mail moved", ("10 a.x.",), found("MX", "10 b.x."), "drift", "critical", "another mail server", type="MX"),
    Case("mail gone", ("10 a.x.",), NoData(NAME, "MX"), "drift", "critical", "no mail server any more", type="MX"),
    Case("CAA", ('0 issue "a"',), found("CAA", '0 issue "b"'), "drift", "medium", type="CAA"),
    Case("CNAME", ("a.x.",), found("CNAME", "b.x."), "drift", "critical", "another alias", type="CNAME"),
    Case("texts turned round", TXT, found("TXT", "site=1", "v=spf1 mx -all"), type="TXT"),
    Case("SPF softer", TXT, found("TXT", "v=spf1 mx ~all", "site=1"), "drift", "high", "more weakly", type="TXT"),
    Case("SPF without all", TXT, found("TXT", "v=spf1 mx", "site=1"), "drift", "high", "no all", type="TXT"),
    Case("SPF wider", TXT, found("TXT", "v=spf1 mx a -all", "site=1"), "drift", "medium", "lets more", type="TXT"),
    Case("SPF narrower", TXT, found("TXT", "v=spf1 -all", "site=1"), "drift", "high", "no longer lets mx", type="TXT"),
    Case("SPF twice", TXT, found("TXT", *TXT, "v=spf1 a -all"), "drift", "high", "2 SPF records", type="TXT"),
    Case("SPF gone", TXT, found("TXT", "site=1"), "drift", "high", "no SPF record any more", type="TXT"),
    Case("SPF firmer", ("v=spf1 mx ~all",), found("TXT", "v=spf1 mx -all"), "benign", "", "more firmly", type="TXT"),
    Case("a text gone", TXT, found("TXT", "v=spf1 mx -all"), "drift", "low", "lost site=1", type="TXT"),
    Case(
        "DMARC weaker",
        (REJECT,),
        found("TXT", REJECT.replace("p=reject; n", "p=none; n")),
        "drift",
        "high",
        "p=none",
        "TXT",
        DMARC,
    ),
    Case(
        "DMARC np weaker",
        (REJECT,),
        found("TXT", REJECT.replace("np=reject", "np=none")),
        "drift",
        "high",
        "np=none",
        "TXT",
        DMARC,
    ),
    Case("DMARC testing", (REJECT,), found("TXT", REJECT + "; t=y"), "drift", "high", "p=quarantine", "TXT", DMARC),
    Case("DMARC gone", (REJECT,), NxDomain(DMARC, "TXT"), "drift", "high", "no DMARC record any more", "TXT", DMARC),
    Case("DMARC twice", (REJECT,), found("TXT", REJECT, "v=DMARC1; p=none"), "drift", "high", "several", "TXT", DMARC),
    Case(
        "DMARC reports lost",
        (REJECT,),
        found("TXT", "v=DMARC1; p=reject; np=reject"),
        "drift",
        "medium",
        "no longer go",
        "TXT",
        DMARC,
    ),
    Case(
        "DMARC stricter",
        ("v=DMARC1; p=none",),
        found("TXT", "v=DMARC1; p=reject"),
        "benign",
        "",
        "not weaker",
        "TXT",
        DMARC,
    ),
    Case("DMARC new", (), found("TXT", "v=DMARC1; p=none"), "benign", "", "now", "TXT", DMARC),
    Case("DMARC silent", (REJECT,), TimedOut(DMARC, "TXT", 4.0), "unknown", "high", "", "TXT", DMARC),
    Case(
        "DKIM",
        ("v=DKIM1; p=A",),
        found("TXT", "v=DKIM1; p=B"),
        "drift",
        "high",
        "forged",
        "TXT",
        f"k._domainkey.{NAME}",
    ),
    Case("hostile", (NASTY,), found("TXT", NASTY + "x"), "drift", "low", type="TXT"),
)


@pytest.mark.parametrize("case", SETS, ids=lambda case: case.label)
def test_record_sets(case: Case) -> None:
    fact = Answered(name=case.name, type=case.type, values=list(case.was), ttl=300)
    lines = judge_set(NAME, fact, case.now, case.ttl, shielded=case.shielded)
    held(lines, case.state, case.severity, case.says)


def held(lines: list[Line], state: str, severity: str = "", says: str = "") -> None:
    if not state:
        assert lines == []
        return
    (line,) = lines
    assert line.state == state, line
    assert says in line.say, line
    if severity:
        assert line.severity.value == severity, line
    if state == "drift":
        assert line.todo
    shown = " ".join([line.say, line.was, line.now, line.subject, line.todo])
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def maybe(line: Line | None) -> list[Line]:
    return [] if line is None else [line]


def test_name_servers() -> None:
    was = ("ns1.x", "ns2.x")

    def at(answer: Answer, zone: str = NAME) -> list[Line]:
        return maybe(judge_name_servers(NAME, was, Delegation(zone, answer, "above")))

    held(at(found("NS", "ns2.x.", "NS1.x.")), "")
    held(at(found("NS", "ns1.evil.", "ns2.evil.")), "drift", "critical", "ns1.evil")
    held(at(NxDomain(NAME, "NS")), "drift", "critical", "no name servers any more")
    held(at(found("NS", "ns1.x."), "example"), "drift", "critical")
    held(at(TimedOut(NAME, "NS", 4.0)), "unknown", "critical")
    assert judge_name_servers(NAME, (), Delegation(NAME, NxDomain(NAME, "NS"), "above")) is None


def test_made_up_names_and_serial() -> None:
    held(maybe(judge_made_up(NAME, "no", "yes")), "drift", "medium", "made-up name")
    held(maybe(judge_made_up(NAME, "yes", "no")), "benign")
    held(maybe(judge_made_up(NAME, "no", "")), "unknown", "medium")
    held(maybe(judge_made_up(NAME, "no", "no")), "")
    held(maybe(judge_made_up(NAME, "", "yes")), "")
    held(maybe(judge_serial(NAME, "1", "2")), "benign")
    held(maybe(judge_serial(NAME, "1", "")), "")


# ---- addresses ----
def chain(*steps: tuple[str, int, str], end: str = "ok") -> Chain:
    """(URL, status, where it leads)."""
    hops = [Page(url, status, (("location", to),) if to else ()) for url, status, to in steps]
    return Chain(tuple(hops), end)  # type: ignore[arg-type]  # one of its words


def no(kind: str, fact: bool = False) -> Chain:
    return Chain((NoPage(URL, kind, "said nothing", fact=fact),), "no-answer")  # type: ignore[arg-type]


def way(url: str = f"http://{NAME}/", kind: str = "site", status: int = 301, end: str = URL, hops: int = 1) -> WaySeen:
    return WaySeen(url=url, kind=kind, status=status, end=end, end_status=200, hops=hops)


HTTP = f"http://{NAME}/"
LINK = way(f"{HTTP}a?x=1", "link", end=f"{URL}a?x=1")
WAYS = (
    ("same", way(), chain((HTTP, 301, URL), (URL, 200, "")), "", "", ""),
    ("http stays", way(), chain((HTTP, 200, "")), "drift", "critical", "https"),
    (
        "another host",
        way(),
        chain((HTTP, 301, "https://evil.example/"), ("https://evil.example/", 200, "")),
        "drift",
        "critical",
        "canonical",
    ),
    ("down", way(), chain((HTTP, 301, URL), (URL, 503, "")), "drift", "critical", "page"),
    ("refused", way(), no("refused", fact=True), "drift", "critical", "canonical"),
    ("silent", way(), no("timeout"), "unknown", "critical", "canonical"),
    ("a shield in its place", way(), no("shield"), "unknown", "critical", "canonical"),
    ("no address, not told", way(), no("no-address"), "unknown", "critical", "canonical"),
    ("no address, told", way(), no("no-address", fact=True), "drift", "critical", "canonical"),
    ("a loop", way(), chain((HTTP, 301, HTTP), end="loop"), "drift", "critical", "canonical"),
    ("for a while", way(), chain((HTTP, 302, URL), (URL, 200, "")), "drift", "low", "redirect"),
    ("308", way(), chain((HTTP, 308, URL), (URL, 200, "")), "benign", "", "redirect"),
    (
        "more hops",
        way(),
        chain((HTTP, 301, HTTP + "b"), (HTTP + "b", 301, URL), (URL, 200, "")),
        "drift",
        "low",
        "redirect",
    ),
    ("the link is kept", LINK, chain((LINK.url, 301, LINK.end), (LINK.end, 404, "")), "", "", ""),
    ("the link is lost", LINK, chain((LINK.url, 301, URL), (URL, 200, "")), "drift", "high", "path"),
    ("not asked", way(), None, "unknown", "critical", "canonical"),
)


@pytest.mark.parametrize(
    ("label", "fact", "seen", "state", "severity", "topic"), WAYS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_ways(label: str, fact: WaySeen, seen: Chain | None, state: str, severity: str, topic: str) -> None:
    lines = maybe(judge_way(fact, seen))
    held(lines, state, severity)
    assert all(line.topic == topic for line in lines)


# ---- certificates ----
def shake(issuer: str = "R11", organisation: str = "Let's Encrypt", sha: str = "b", *faults: Fault) -> Handshake:
    leaf = Certificate(NAME, issuer, NOW, NOW + dt.timedelta(days=80), (NAME,), "ecdsa256", "sha256", sha, organisation)
    return Handshake(NAME, 443, "1.1.1.1", Chained(leaf, tuple(faults)))


SEEN = CertificateSeen(host=NAME, issuer="R11", organisation="Let's Encrypt", ends=NOW, sha256="a")
BARE = CertificateSeen(host=NAME, issuer="Root R1", sha256="a")


@pytest.mark.parametrize(
    ("fact", "now", "state", "severity", "says"),
    [
        (SEEN, shake(sha="a"), "", "", ""),
        (SEEN, shake(), "benign", "", "renewed by the same company"),
        (SEEN, shake("R12"), "benign", "", "Let's Encrypt (R12)"),
        (SEEN, shake("WE1", "Google Trust Services"), "drift", "high", "another company"),
        (BARE, shake("Root R1", ""), "benign", "", "renewed"),
        (BARE, shake("Other", ""), "drift", "high", "another company"),
        (SEEN, shake("R11", "Let's Encrypt", "a", "expired"), "drift", "critical", "has expired"),
        (SEEN, shake("R11", "Let's Encrypt", "b", "name-mismatch"), "drift", "critical", "another name"),
        (
            SEEN,
            NoHandshake(NAME, 443, "refused", "refused our connection", True),
            "drift",
            "critical",
            "no certificate",
        ),
        (SEEN, NoHandshake(NAME, 443, "timeout", "said nothing"), "unknown", "high", "said nothing"),
        (SEEN, NoHandshake(NAME, 443, "policy", "is private"), "unknown", "high", ""),
        (SEEN, None, "unknown", "high", "not asked"),
        (SEEN, shake(NASTY, NASTY), "drift", "high", ""),
    ],
)
def test_certificates(
    fact: CertificateSeen, now: Handshake | NoHandshake | None, state: str, severity: str, says: str
) -> None:
    held(maybe(judge_certificate(fact, now)), state, severity, says)


# ---- headers ----
HSTS, CSP = "strict-transport-security", "content-security-policy"


@pytest.mark.parametrize(
    ("name", "was", "now", "state", "severity", "says"),
    [
        (HSTS, "max-age=31536000", "max-age=31536000", "", "", ""),
        (HSTS, "max-age=31536000", "max-age=300", "drift", "medium", "300 seconds"),
        (HSTS, "max-age=31536000", "max-age=63072000", "benign", "", ""),
        (HSTS, "max-age=9; includeSubDomains", "max-age=9", "drift", "medium", "subdomains"),
        (HSTS, "max-age=9", None, "drift", "medium", "sends no Strict-Transport-Security"),
        (CSP, "default-src 'self'", None, "drift", "medium", "sends no Content-Security-Policy"),
        (CSP, "default-src 'self'", "default-src 'self' 'unsafe-inline'", "drift", "medium", "unsafe-inline"),
        (CSP, "default-src 'self'", "default-src *", "drift", "medium", "anywhere"),
        (CSP, "default-src 'self'", "default-src 'none'", "benign", "", ""),
        (CSP, "script-src 'nonce'", "script-src 'nonce-abc123'", "", "", ""),
        (CSP, "default-src 'self'; frame-ancestors 'none'", "default-src 'self'", "drift", "medium", "inside theirs"),
        ("x-frame-options", "DENY", "ALLOWALL", "drift", "low", "another X-Frame-Options"),
        ("x-frame-options", "DENY", NASTY, "drift", "low", ""),
    ],
)
def test_headers(name: str, was: str, now: str | None, state: str, severity: str, says: str) -> None:
    page = Chain((Page(URL, 200, ((name, now),) if now else ()),), "ok")
    held(maybe(judge_header(HeaderSeen(url=URL, name=name, value=was), page)), state, severity, says)


def test_headers_of_a_page_that_is_not_there() -> None:
    fact = HeaderSeen(url=URL, name=HSTS, value="max-age=9")
    held(maybe(judge_header(fact, no("timeout"))), "unknown", "medium")
    held(maybe(judge_header(fact, None)), "unknown", "medium")
    for told_elsewhere in (no("refused", fact=True), chain((URL, 503, ""))):
        assert judge_header(fact, told_elsewhere) is None


# ---- pages ----
def page(status: int = 200, type: str = "text/html", body: bytes = b"", encoding: str = "") -> Chain:
    return Chain((Page(URL, status, (("content-type", type),), body, encoding=encoding),), "ok")


LOGIN = PageSeen(kind="login", url=URL, status=200, type="text/html", title="Log in", sign_in=True)
API = PageSeen(kind="api", url=URL, status=200, type="application/json", says={"status": "ok"})
FORM = b"<title>Log in</title><form><input type=password></form>"
JSON = "application/json"


@pytest.mark.parametrize(
    ("fact", "now", "state", "severity", "says"),
    [
        (LOGIN, page(body=FORM), "", "", ""),
        (LOGIN, page(body=FORM.replace(b"Log in", b"Log in (12)")), "", "", ""),
        (LOGIN, page(500), "drift", "critical", "answers 500. Before, it was 200"),
        (LOGIN, page(404), "drift", "critical", "answers 404"),
        (LOGIN, page(body=b"<title>Log in</title>"), "drift", "high", "no way to sign in"),
        (LOGIN, page(body=FORM.replace(b"Log in", b"Parked")), "drift", "low", "“Parked”"),
        (LOGIN, page(type="text/plain", body=b"x"), "drift", "high", "text/plain now"),
        (LOGIN, page(encoding="br"), "unknown", "high", "packed"),
        (LOGIN, no("timeout"), "unknown", "critical", "said nothing"),
        (LOGIN, no("refused", fact=True), "drift", "critical", "nothing any more"),
        (LOGIN, None, "unknown", "critical", "not asked"),
        (API, page(type=JSON, body=b'{"status": "ok", "uptime": 5}'), "", "", ""),
        (API, page(type=JSON, body=b'{"status": "maintenance"}'), "drift", "critical", "“maintenance”"),
        (API, page(type=JSON, body=b"[]"), "drift", "critical", "not there"),
        (API, page(503, JSON), "drift", "critical", "503"),
        (PageSeen(kind="api", url=URL, status=503), page(200, JSON), "benign", "", "again"),
        (LOGIN, page(body=b"<title>\x1b[2J</title><form><input type=password></form>"), "drift", "low", ""),
    ],
)
def test_pages(fact: PageSeen, now: Chain | None, state: str, severity: str, says: str) -> None:
    held(maybe(judge_page(fact, now)), state, severity, says)


# ---- people ----
def test_people() -> None:
    today = dt.date(2026, 11, 24)

    def access(ago: int | None, *, critical: bool = True, absent: bool = False) -> list[Line]:
        proved = None if ago is None else today - dt.timedelta(days=ago)
        told = System(system="dns", label="DNS", critical=critical, absent=absent, owner="Ada", last_proved=proved)
        return maybe(judge_access(told, today))

    held(access(30), "")
    held(access(31), "drift", "medium", "31 days ago")
    held(access(31, critical=False), "drift", "low")
    held(access(None), "")
    held(access(99, absent=True), "")

    def risk(until: dt.date) -> list[Line]:
        return maybe(judge_risk(AcceptedRisk(what=NASTY, severity="high", who="Ada", reason="", until=until), today))

    held(risk(today), "")
    held(risk(today - dt.timedelta(days=1)), "drift", "medium", "Ada took on until 23 Nov 2026")

    def action(due: dt.date | None, *, done: bool = False) -> list[Line]:
        return maybe(judge_action(Action(id="x", what="Step up DMARC.", who="Ada", due=due, done=done), today))

    held(action(today), "")
    held(action(None), "")
    held(action(dt.date(2026, 11, 1), done=True), "")
    held(action(dt.date(2026, 11, 1)), "drift", "low", "Step up DMARC: it was due on 1 Nov 2026")


# ---- what all comes to ----
def line(state: str, severity: Severity, topic: str) -> Line:
    return Line(state, severity, topic, NAME, f"{topic} says.", todo="Do it.")  # type: ignore[arg-type]


def test_by_harm() -> None:
    low, high = line("drift", Severity.LOW, "action"), line("drift", Severity.CRITICAL, "mail servers")
    servers = line("drift", Severity.CRITICAL, "name servers")
    dark, calm = line("unknown", Severity.CRITICAL, "page"), line("benign", Severity.LOW, "TTL")
    assert ordered([calm, low, dark, high, servers, high]) == (servers, high, low, dark, calm)
    assert [result(lines) for lines in ([], [calm], [calm, dark], [dark, low])] == [
        "equal",
        "equal",
        "unknown",
        "drift",
    ]
    facts = Facts(NAME, NOW)
    done = Verification(
        "handover.toml", "a" * 64, facts, Verdict("unsigned", "It is not signed."), (high, dark, calm), NOW
    )
    assert head(done) == "1 thing is not as the file says about good.example, and 1 thing could not be told."
    told = "\n".join(text(done, 80))
    assert told.index("CRITICAL  mail servers") < told.index("Could not be told") < told.index("nothing to do")
    assert all(len(each) <= 80 for each in told.splitlines())
    assert document(done)["result"] == "drift"
