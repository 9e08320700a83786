"""What records say of themselves, and what nobody can know without asking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.model import Finding, Fix, RecordSet, failed, passed, warned
from launchready_tui.project import Project
from launchready_tui.purposes import Purpose, enough, suggest
from launchready_tui.recordlist import annotate
from launchready_tui.subdomains import Decided, plan

NAME = "good.example"
APP = f"app.{NAME}"


@pytest.mark.parametrize(
    ("name", "type", "values", "says", "certain"),
    [
        (NAME, "NS", ("ns1.example.net.",), "answer for your domain", True),
        (f"lab.{NAME}", "NS", ("ns1.example.net.",), "hands lab to other name servers", False),
        (NAME, "MX", ("1 aspmx.l.google.com.",), "at Google Workspace", True),
        (NAME, "MX", (f"10 mail.{NAME}.",), "on a server of your own", True),
        (NAME, "MX", ("10 mail.example.net.",), "ask whose mail server", False),
        (NAME, "TXT", ("v=spf1 ~all",), "SPF", True),
        (NAME, "TXT", ("v=spf1 ~all", "google-site-verification=x"), "Google", True),
        (NAME, "TXT", ("v=spf1 ~all", "who-knows=1"), "ask what it is", False),
        (NAME, "TXT", ("spf1 is what we use",), "ask what it is", False),
        (f"_dmarc.{NAME}", "TXT", ("v=DMARC1; p=none",), "DMARC", True),
        (f"_dmarc.{NAME}", "TXT", ("something else",), "ask what it is", False),
        (f"s1._domainkey.{NAME}", "CNAME", ("s1.domainkey.u1.wl.sendgrid.net.",), "SendGrid", True),
        (f"k1._domainkey.{NAME}", "TXT", ("v=DKIM1; p=x",), "ask which service", False),
        (f"_acme-challenge.{NAME}", "TXT", ("x",), "issues the certificate", True),
        (NAME, "CAA", ('0 issue "letsencrypt.org"',), "certificates", True),
        (f"_sip._tcp.{NAME}", "SRV", ("1 1 5060 x.example.net.",), "the service sip", False),
        (f"www.{NAME}", "CNAME", ("cname.vercel-dns.com.",), "type www", True),
        (APP, "CNAME", ("cname.vercel-dns.com.",), "Vercel", True),
        (f"old.{NAME}", "A", ("93.184.215.14",), "ask whether it is still used", False),
        (f"notapp.{NAME}", "CNAME", ("cname.vercel-dns.com.",), "ask whether it is still used", False),
        (f"*.{NAME}", "A", ("93.184.215.14",), "every name without a record", False),
        (NAME, "LOC", ("x",), "ask what it is", False),
    ],
)
def test_a_suggestion_is_certain_only_where_the_record_says_it(
    name: str, type: str, values: tuple[str, ...], says: str, certain: bool
) -> None:
    found = suggest(RecordSet(name, type, values), NAME, ("app",))
    assert says in found.text
    assert found.certain is certain
    assert enough(found.text)


def test_what_other_records_need_is_known_by_them() -> None:
    sets = (
        RecordSet(NAME, "NS", (f"ns1.{NAME}.",)),
        RecordSet(f"ns1.{NAME}", "A", ("93.184.215.14",)),
        RecordSet(NAME, "MX", (f"10 mail.{NAME}.",)),
        RecordSet(f"mail.{NAME}", "A", ("93.184.215.14",)),
        RecordSet(f"mail7.{NAME}", "A", ("93.184.215.14",)),
    )
    said = {each.set.name: (each.by, each.text) for each in annotate(sets, Project(NAME), {}) if each.set.type == "A"}
    assert said[f"ns1.{NAME}"] == ("record", f"the address of your name server ns1.{NAME}")
    assert said[f"mail.{NAME}"][0] == "record"
    assert said[f"mail7.{NAME}"][0] == "ask"


def test_what_a_person_said_counts_before_what_the_record_says_and_can_be_taken_back() -> None:
    sets = (RecordSet(NAME, "A", ("93.184.215.14",)),)
    said = Purpose(f"{NAME.upper()}.", "a", "our launch page at the host", "Ada")
    (one,) = annotate(sets, Project(NAME), {said.key: said})
    assert (one.by, one.text, one.who) == ("person", "our launch page at the host", "Ada")
    (one,) = annotate(sets, Project(NAME), {said.key: Purpose(NAME, "A", "", "Ada")})
    assert one.by == "record"


def test_a_list_has_one_order_whichever_way_the_server_turned_it() -> None:
    mx = ("20 b.example.net.", "5 c.example.net.", "10 a.example.net.")
    sets = (
        RecordSet(f"b.{NAME}", "A", ("93.184.215.15", "93.184.215.14")),
        RecordSet(f"a.{NAME}", "A", ("93.184.215.14",)),
        RecordSet(NAME, "TXT", ("b", "a")),
        RecordSet(NAME, "MX", mx),
        RecordSet(f"x.a.{NAME}", "A", ("93.184.215.14",)),
    )
    listed = [(each.key, each.set.values) for each in annotate(sets, Project(NAME), {})]
    turned = tuple(replace(each, values=each.values[::-1]) for each in sets[::-1])
    assert [(each.key, each.set.values) for each in annotate(turned, Project(NAME), {})] == listed
    assert [key for key, _ in listed] == [
        (NAME, "MX"),
        (NAME, "TXT"),
        (f"a.{NAME}", "A"),
        (f"b.{NAME}", "A"),
        (f"x.a.{NAME}", "A"),
    ]
    assert listed[0][1] == ("5 c.example.net.", "10 a.example.net.", "20 b.example.net.")


def test_text_from_outside_is_cleaned_and_bounded() -> None:
    said = Purpose("x\x1b.good.example", "TXT", "a\u202eb " * 500, "\x07Ada")
    assert "\x1b" not in said.name
    assert "\u202e" not in said.text
    assert len(said.text) <= 300
    assert said.who == "␇Ada"


def test_the_plan_has_every_subdomain_once_with_why() -> None:
    project = Project(NAME, subs=("app", "api"))
    sets = (
        RecordSet(APP, "CNAME", ("cname.vercel-dns.com.",)),
        RecordSet(f"www.{NAME}", "CNAME", ("cname.vercel-dns.com.",)),
        RecordSet(f"beta.{NAME}", "A", ("93.184.215.14",)),
        RecordSet(f"shop.{NAME}", "CNAME", ("gone.example.net.",)),
        RecordSet(f"_x.{NAME}", "CNAME", ("gone.example.net.",)),
        RecordSet(NAME, "MX", (f"10 mail.{NAME}.",)),
        RecordSet(f"mail.{NAME}", "A", ("93.184.215.14",)),
    )
    findings = {
        "dns.sub.declared": passed("x", facts=[(APP, "answers 200")]),
        "dns.cname.dangling": failed(f"shop.{NAME} points at nothing.", Fix("steps", "x"), subject=f"shop.{NAME}"),
    }
    planned = {each.host: each for each in plan(project, annotate(sets, project, {}), findings, {})}
    assert {host: each.when for host, each in planned.items()} == {
        f"api.{NAME}": "now",
        APP: "now",
        f"beta.{NAME}": "",
        f"mail.{NAME}": "now",
        f"shop.{NAME}": "remove",
    }
    assert planned[APP].why.endswith("it answers 200")
    assert planned[f"mail.{NAME}"].why == f"the address of your mail server mail.{NAME}"
    decided = {f"beta.{NAME}": Decided(f"beta.{NAME}", "later", "after the launch", "Ada")}
    after = {each.host: each for each in plan(project, annotate(sets, project, {}), findings, decided)}
    assert (after[f"beta.{NAME}"].when, after[f"beta.{NAME}"].who) == ("later", "Ada")


def test_names_that_nobody_listed_are_planned_as_their_check_says() -> None:
    old, new = f"old.{NAME}", f"new.{NAME}"
    facts = [("undeclared", f"{old}, {new}, _x.{NAME}, elsewhere.example")]
    removal = Fix("records", "Delete it.", records=(RecordSet(old, "A", ()),))
    records = annotate((RecordSet(old, "A", ("93.184.215.14",)),), Project(NAME), {})

    def planned(finding: Finding) -> dict[str, str]:
        return {each.host: each.when for each in plan(Project(NAME), records, {"dns.sub.undeclared": finding}, {})}

    assert planned(warned("x", removal, facts=facts)) == {old: "remove", new: ""}
    assert planned(passed("x", facts=facts)) == {old: "now", new: "now"}
    assert planned(warned("x", Fix("steps", "Decide."), facts=facts)) == {old: "", new: ""}


def test_a_plan_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="needed now, later, or removed"):
        Decided(APP, "never", "x")  # type: ignore[arg-type]  # what a journal of another version may hold
