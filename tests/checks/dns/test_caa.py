from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from launchready_tui.checks.dns._caa import Property, climb, hosts, issuer, issuers, parse, rules
from launchready_tui.model import RecordSet, Status
from launchready_tui.project import Project
from launchready_tui.sources.certificates import Certificate, Verdict
from launchready_tui.sources.dns import Answer, Malformed, NoData, NxDomain, ServerFailed, TimedOut
from launchready_tui.sources.tls import Handshake, NoHandshake
from tests.world import NAME, NOW, Row, World, found, hold

WWW = f"www.{NAME}"
LE, GTS = ("Let's Encrypt", "R11"), ("Google Trust Services", "WE1")
EVIL = "\x1b]0;x\x07\u202e[@click=app.quit]x[/]"

# ---- reading records ----


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('0 issue "letsencrypt.org"', Property("issue", False, "letsencrypt.org")),
        ('128 ISSUE "LetsEncrypt.org"', Property("issue", True, "letsencrypt.org")),
        (
            '0 issue " pki.goog ; cansignhttpexchanges=yes "',
            Property("issue", False, "pki.goog", "cansignhttpexchanges=yes"),
        ),
        ('0 issue ";"', Property("issue", False)),
        ('0 issue ""', Property("issue", False)),
        ('0 issue "%%%"', Property("issue", False)),
        ('0 issue "-a.example"', Property("issue", False)),
        ('0 issue "two words"', Property("issue", False)),
        (r'0 issue "lets\101ncrypt.org"', Property("issue", False, "letsencrypt.org")),
        (r'0 issue "a\"b"', Property("issue", False)),
        ('0 iodef "mailto:ada@good.example"', Property("iodef", False)),
        ('255 tbs "Unknown"', Property("tbs", True, "unknown")),
        ("0 issue letsencrypt.org", None),
        ('0 is-sue "x"', None),
        ("", None),
        ("\x1b[2J", None),
    ],
)
def test_a_record_is_read(value: str, expected: Property | None) -> None:
    assert parse(value) == expected


# RFC 8659 sections 4.2 to 4.4: the examples, and what they allow. (records, wildcard, company, permitted)
EXAMPLES = [
    (['0 issue "ca1.example.net"'], False, "ca1.example.net", True),
    (['0 issue "ca1.example.net"'], False, "ca2.example.org", False),
    (['0 issue "ca1.example.net; account=230123"'], False, "ca1.example.net", True),
    (['0 issue ";"'], False, "ca1.example.net", False),
    (['0 issue ";"', '0 issue "ca1.example.net"'], False, "ca1.example.net", True),
    (['0 issue "malformed %%%%%"'], False, "malformed", False),
    (['0 issuewild "ca2.example.org"'], False, "ca1.example.net", True),
    (['0 issuewild "ca2.example.org"'], True, "ca1.example.net", False),
    (['0 issue "ca1.example.net"', '0 issuewild "ca2.example.org"'], True, "ca2.example.org", True),
    (['0 issue "ca1.example.net"', '0 issuewild "ca2.example.org"'], True, "ca1.example.net", False),
    (['0 issue "ca1.example.net"', '0 issuewild ";"'], False, "ca1.example.net", True),
    (['0 issue "ca1.example.net"', '0 issuewild ";"'], True, "ca1.example.net", False),
    (['0 issue "ca1.example.net"'], True, "ca1.example.net", True),
    (['0 iodef "mailto:security@example.com"'], False, "ca1.example.net", True),
    (['0 issue "ca1.example.net"', '128 tbs "Unknown"'], False, "ca1.example.net", False),
    (['0 issue "ca1.example.net"', '0 tbs "Unknown"'], False, "ca1.example.net", True),
    (['0 issue "ca1.example.net"', '128 iodef "mailto:a@b.example"'], False, "ca1.example.net", True),
    ([], False, "ca1.example.net", True),
]


@pytest.mark.parametrize(("records", "wildcard", "company", "permitted"), EXAMPLES)
def test_who_may_issue(records: list[str], wildcard: bool, company: str, permitted: bool) -> None:
    assert rules(records, wildcard=wildcard).permits([company]) is permitted


def test_what_a_permission_is_tied_to() -> None:
    account, free = '0 issue "a.example; accounturi=https://x.example/1"', '0 issue "a.example"'
    assert rules([account], wildcard=False).ties(["a.example"]) == "accounturi=https://x.example/1"
    assert rules([account, free], wildcard=False).ties(["a.example"]) == ""
    assert rules([account], wildcard=False).ties(["b.example"]) == ""
    assert rules(['0 issue "a.example; validationmethods=dns-01"'], wildcard=False).ties(["a.example"])
    assert rules(['0 issue "a.example; x=accounturi"'], wildcard=False).ties(["a.example"]) == ""


def test_every_name_above_counts_but_the_root() -> None:
    assert climb("a.b.good.example") == ("a.b.good.example", "b.good.example", "good.example", "example")


# ---- the companies ----


def _split(text: str) -> tuple[str, str]:
    organisation, _, name = text.partition(" / ")
    return organisation, name


@pytest.mark.parametrize("company", issuers(), ids=lambda company: company.name)
def test_a_company_is_known_by_its_examples(company: object) -> None:
    from launchready_tui.checks.dns._caa import Issuer

    assert isinstance(company, Issuer)
    assert company.yes
    assert company.no
    assert company.caa
    assert company.source.startswith("https://")
    dt.date.fromisoformat(company.date)
    for example in company.yes:
        assert issuer(*_split(example)) == company, example
    for example in company.no:
        assert issuer(*_split(example)) != company, example
    assert all(name == name.lower() and "." in name for name in company.caa)


def test_companies_that_founders_meet_are_there() -> None:
    names = {name for company in issuers() for name in company.caa}
    assert names >= {
        *("letsencrypt.org", "pki.goog", "digicert.com", "sectigo.com", "amazon.com", "globalsign.com", "ssl.com"),
        *("entrust.net", "godaddy.com"),
    }
    assert issuer("Practice", "Practice CA") is None
    assert issuer("", "R11") is None  # a common name alone can be anybody's


def test_hosts_are_those_that_we_know_by_name() -> None:
    from launchready_tui.known import marks

    assert set(hosts()) <= {mark.name for mark in marks("host")}
    known = {name for company in issuers() for name in company.caa}
    assert all(set(names) <= known for names in hosts().values())


# ---- the check ----


def shown(host: str, by: tuple[str, str] = LE, *, sans: tuple[str, ...] = ()) -> Handshake:
    since, until = NOW - dt.timedelta(days=10), NOW + dt.timedelta(days=80)
    leaf = Certificate(host, by[1], since, until, sans or (host,), "ecdsa256", "sha256", "00" * 32, by[0])
    return Handshake(host, 443, "93.184.215.14", Verdict(leaf, ()))


def none(host: str) -> NoHandshake:
    return NoHandshake(host, 443, "tls", "broke off while we were securing the connection", fact=True)


def world(
    answers: Mapping[str, Answer | tuple[str, ...]],
    looks: Mapping[str, Handshake | NoHandshake] | None = None,
    address: Answer | None = None,
) -> World:
    """CAA answers by name; apex and www show certificates of Let's Encrypt where nothing else is said."""
    dns: dict[tuple[str, str], Answer] = {
        (NAME, "A"): address or found(NAME, "A", "93.184.215.14"),
        ("example", "SOA"): found("example", "SOA", "x"),
    }
    for name, answer in answers.items():
        dns[name, "CAA"] = found(name, "CAA", *answer) if isinstance(answer, tuple) else answer
    return World(project=Project(NAME, subs=()), dns=dns, tls=looks or {NAME: shown(NAME), WWW: shown(WWW)})


ONLY_DIGICERT = ('0 issue "digicert.com"',)
OURS = ('0 issue "letsencrypt.org"', '0 iodef "mailto:ada@good.example"')

TABLE: dict[str, list[Row]] = {
    "dns.caa.permits": [
        Row("none", world({}), Status.PASS, "You may add one"),
        Row(
            "none, and no certificate yet",
            world({}, {NAME: none(NAME), WWW: none(WWW)}),
            Status.PASS,
            "renewals go through",
        ),
        Row("lets the company issue", world({NAME: OURS}), Status.PASS, "Let's Encrypt is among them"),
        Row(
            "speaks of reports alone",
            world({NAME: ('0 iodef "mailto:ada@good.example"',)}),
            Status.PASS,
            "No CAA record",
        ),
        Row("of the registry above", world({"example": OURS}), Status.PASS, "among them"),
        Row(
            "tied to one account",
            world({NAME: ('0 issue "letsencrypt.org; accounturi=https://acme.example/acct/7"',)}),
            Status.PASS,
            "It is tied to accounturi=https://acme.example/acct/7",
        ),
        Row(
            "another name of the same company",
            world({NAME: ('0 issue "comodoca.com"',)}, {NAME: shown(NAME, ("Sectigo Limited", "X")), WWW: none(WWW)}),
            Status.PASS,
            "Sectigo is among them",
        ),
        Row("leaves the company out", world({NAME: ONLY_DIGICERT}), Status.FAIL, "Its renewal will be refused"),
        Row("lets nobody issue", world({NAME: ('0 issue ";"',)}), Status.FAIL, "let nobody issue"),
        Row(
            "nobody, whoever issued it",
            world({NAME: ('0 issue ";"',)}, {NAME: shown(NAME, ("Unheard Of", "X")), WWW: none(WWW)}),
            Status.FAIL,
            "comes from Unheard Of",
        ),
        Row(
            "www has its own, which counts there",
            world({NAME: OURS, WWW: ONLY_DIGICERT}),
            Status.FAIL,
            f"The CAA records of {WWW} let only digicert.com issue",
        ),
        Row(
            "a wildcard certificate",
            world(
                {NAME: ('0 issue "letsencrypt.org"', '0 issuewild ";"')},
                {NAME: shown(NAME), WWW: shown(WWW, sans=(f"*.{NAME}",))},
            ),
            Status.FAIL,
            "let nobody issue",
        ),
        Row(
            "something critical that nobody knows",
            world({NAME: (*OURS, '128 tbs "x"')}),
            Status.FAIL,
            "“tbs”, marked as critical",
        ),
        Row(
            "the host cannot get its first certificate",
            world(
                {NAME: ONLY_DIGICERT},
                {NAME: none(NAME), WWW: none(WWW)},
                found(NAME, "A", "76.76.21.21", aliases=("cname.vercel-dns.com",)),
            ),
            Status.FAIL,
            "Vercel, which serves good.example, gets certificates from letsencrypt.org",
        ),
        Row(
            "the host's company is let in",
            world(
                {NAME: ('0 issue "pki.goog"',)},
                {NAME: none(NAME), WWW: none(WWW)},
                found(NAME, "A", "76.76.21.21", aliases=("cname.vercel-dns.com",)),
            ),
            Status.PASS,
            "the company that Vercel uses",
        ),
        Row(
            "a company that we do not know",
            world({NAME: OURS}, {NAME: shown(NAME, ("Unheard Of", "X")), WWW: none(WWW)}),
            Status.UNKNOWN,
            "Its certificate comes from Unheard Of",
        ),
        Row(
            "no certificate",
            world({NAME: OURS}, {NAME: none(NAME), WWW: none(WWW)}),
            Status.UNKNOWN,
            "saw no certificate",
        ),
        Row("silence", world({NAME: TimedOut(NAME, "CAA", 4.0)}), Status.UNKNOWN, "no answer within 4 s"),
        Row("servers in trouble", world({WWW: ServerFailed(WWW, "CAA"), NAME: OURS}), Status.UNKNOWN, "SERVFAIL"),
        Row("no DNS", world({NAME: Malformed(NAME, "CAA", "not DNS")}), Status.UNKNOWN),
        Row("the registry cannot be asked", world({"example": ServerFailed("example", "CAA", "REFUSED")}), Status.PASS),
        Row("no such name", world({WWW: NxDomain(WWW, "CAA"), NAME: NoData(NAME, "CAA")}), Status.PASS),
        Row(
            "records and companies full of escapes",
            world(
                {NAME: (f'0 issue "{EVIL}"', f'128 tbs "{EVIL}"', EVIL)},
                {NAME: shown(NAME, (EVIL, EVIL)), WWW: none(WWW)},
            ),
            Status.FAIL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_the_fix_adds_and_keeps_what_is_there() -> None:
    finding = await hold("dns.caa.permits", Row("", world({NAME: ONLY_DIGICERT}), Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(NAME, "CAA", (*ONLY_DIGICERT, '0 issue "letsencrypt.org"')),)
    wild = world(
        {NAME: ('0 issue "letsencrypt.org"', '0 issuewild "digicert.com"')},
        {NAME: shown(NAME), WWW: shown(WWW, GTS, sans=(f"*.{NAME}", NAME))},
    )
    finding = await hold("dns.caa.permits", Row("", wild, Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records[0].values[-1] == '0 issuewild "pki.goog"'


async def test_somebody_elses_records_are_left_to_them() -> None:
    theirs = found(WWW, "CAA", *ONLY_DIGICERT, aliases=("cname.host.example",))
    finding = await hold("dns.caa.permits", Row("", world({WWW: theirs}), Status.FAIL, "Ask whoever runs cname.host"))
    assert finding.fix is not None
    assert (finding.fix.kind, finding.fix.records) == ("steps", ())
