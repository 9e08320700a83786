"""Every DNS host that we know: no blank field, each example held, each type typed as its panel wants it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from launchready_tui import known
from launchready_tui.known import read_data
from launchready_tui.model import RecordSet, Typed
from launchready_tui.panels import Connect, Panel, host_of, instead, moves, notes, panel, panels, typed

FIELDS = {
    "name", "names", "yes", "no", "soa", "soa_yes", "soa_no", "connect", "page", "path", "boxes", "short", "apex",
    "apex_cname", "ttl", "ttl_label", "ttl_least", "dots", "mx", "txt", "source", "checked", "date",
}  # fmt: skip
CHOICES = {
    "apex": {"@", ""},
    "apex_cname": {"CNAME", "ALIAS", "ANAME", "no"},
    "ttl": {"seconds", "unit", "leave"},
    "dots": {"never", "required", "optional"},
    "txt": {"whole", "quoted", "pieces", "short", "try"},
}
ASKED_FOR = (
    "Cloudflare", "Namecheap", "GoDaddy", "Squarespace Domains", "Amazon Route 53", "DigitalOcean", "Gandi", "Hetzner",
    "OVHcloud", "Porkbun", "IONOS", "Hover", "Name.com", "Dynadot", "Vercel", "Netlify", "Google Cloud DNS",
    "Azure DNS", "deSEC", "Bunny DNS",
)  # fmt: skip
ZONE = "good.example"
RAW: list[dict[str, Any]] = read_data("dns_hosts.toml")["host"]
GOOGLE_SOA = "ns1.good.example. cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"


def blanks(entry: dict[str, Any]) -> list[str]:
    """What keeps an entry from counting."""
    found = [f"no {field}" for field in FIELDS - set(entry)] + [f"what is {field}" for field in set(entry) - FIELDS]
    found += [f"{f} is {entry.get(f)!r}" for f, allowed in CHOICES.items() if entry.get(f) not in allowed]
    for marks in (("names", "yes", "no"), ("soa", "soa_yes", "soa_no")):
        filled = [bool(entry.get(mark)) and all(str(text).strip() for text in entry[mark]) for mark in marks]
        if any(filled) and not all(filled):
            found.append(f"{marks[0]} without examples")
    if not entry.get("names") and not entry.get("soa"):
        found.append("nothing to know it by")
    may_be_empty = {"names", "yes", "no", "soa", "soa_yes", "soa_no", "apex"}
    for field in FIELDS - may_be_empty:
        value = entry.get(field)
        parts = value if isinstance(value, list) else [value]
        if value in ([], None) or any(not str(part).strip() for part in parts):
            found.append(f"blank {field}")
    return found


@pytest.mark.parametrize("entry", RAW, ids=lambda entry: str(entry["name"]))
def test_no_entry_has_a_blank(entry: dict[str, Any]) -> None:
    assert blanks(entry) == []
    assert entry["source"].startswith("https://")
    assert entry["page"].startswith("https://")
    assert entry["page"].replace("{domain}", "").count("{") == 0
    assert len(entry["boxes"]) == 2
    assert isinstance(entry["short"], bool)
    assert entry["ttl_least"] >= 1
    assert isinstance(entry["date"], dt.date)


@pytest.mark.parametrize("field", sorted(FIELDS - {"soa", "soa_yes", "soa_no"}))
def test_a_blank_is_refused(field: str) -> None:
    full = next(entry for entry in RAW if entry["name"] == "Cloudflare")
    assert blanks({key: value for key, value in full.items() if key != field})
    if field not in {"apex", "short", "ttl_least", "date"}:
        assert blanks(full | {field: type(full[field])()})
        if isinstance(full[field], list):
            assert blanks(full | {field: [" "]})


def test_a_choice_that_nothing_reads_is_refused() -> None:
    for field in CHOICES:
        assert blanks(RAW[0] | {field: "sometimes"})


def test_those_that_founders_use_are_there() -> None:
    assert {one.name for one in panels()} >= set(ASKED_FOR)
    assert len(panels()) >= 20
    assert len({one.name for one in panels()}) == len(panels())


@pytest.mark.parametrize("entry", RAW, ids=lambda entry: str(entry["name"]))
def test_examples_of_name_servers_and_soa(entry: dict[str, Any]) -> None:
    for server in entry["yes"]:
        assert host_of([server]).name == entry["name"]
        assert known.dns_host([server]) == entry["name"], "one place says whose name servers these are"
    for server in entry["no"]:
        assert host_of([server]).name != entry["name"]
    for soa in entry["soa_yes"]:
        assert host_of(["ns1.good.example."], soa).name == entry["name"]
    for soa in entry["soa_no"]:
        assert host_of(["ns1.good.example."], soa).name != entry["name"]
    for name in entry["connect"]:
        assert host_of(["ns1.good.example."], "", Connect((name.upper(),))).name == entry["name"]


def test_no_host_stands_in_two_files() -> None:
    assert not {entry["name"] for entry in RAW} & {entry["name"] for entry in read_data("known.toml")["dns"]}


def test_name_servers_come_before_the_soa_and_both_before_what_a_host_says_of_itself() -> None:
    servers, told = ["dns1.registrar-servers.com."], Connect(("GoDaddy",))
    assert host_of(servers, GOOGLE_SOA, told).name == "Namecheap"
    assert host_of(["ns1.good.example."], GOOGLE_SOA, told).name == "Google Cloud DNS"
    assert host_of(["ns1.good.example."], "", told).name == "GoDaddy"
    # The first server of the SOA may be one that is known, behind name servers with the founder's own name.
    assert host_of(["ns1.good.example."], "ns1.digitalocean.com. hostmaster.good.example. 1").name == "DigitalOcean"


def test_name_servers_that_two_share_are_told_apart_by_the_soa() -> None:
    shared = ["dns1.p01.nsone.net."]
    assert host_of(shared, "dns1.p01.nsone.net. domains+netlify.netlify.com. 1 2 3 4 5").name == "Netlify"
    other = host_of(shared, "dns1.p01.nsone.net. hostmaster.nsone.net. 1 2 3 4 5")
    assert (other.name, other.known) == ("NS1 (Netlify DNS)", False)


def test_a_host_that_nobody_knows_keeps_its_own_name_and_address() -> None:
    assert host_of(["ns1.good.example."]) == Panel("")
    assert host_of([]) == Panel("")
    assert host_of([], "", Connect(("", " "))) == Panel("")
    said = host_of([], "", Connect(("Small\x1b[31m Registrar", "small.example"), "https://panel.example/good.example"))
    assert said.name == "Small␛[31m Registrar"
    assert said.address(ZONE) == "https://panel.example/good.example"
    assert Panel("").at == "where your DNS records are kept"


def rows(host: str, record: RecordSet) -> list[tuple[str, str, str, str, str]]:
    return [(row.type, row.name, row.value, row.priority, row.ttl) for row in typed(panel(host), ZONE, record)]


WWW = RecordSet("www.good.example", "CNAME", ("cname.vercel-dns.com.",))
APEX_A = RecordSet(ZONE, "A", ("93.184.215.14", "93.184.215.15"))
APEX_CNAME = RecordSet(ZONE, "CNAME", ("cname.vercel-dns.com.",))
MX = RecordSet(ZONE, "MX", ("10 mx.mail.example.", "0 ."))
SRV = RecordSet("_sip._tls.good.example", "SRV", ("100 1 443 sip.example.",))
CAA = RecordSet(ZONE, "CAA", ('0 issue "letsencrypt.org; validationmethods=dns-01"',))
NS = RecordSet("app.good.example", "NS", ("ns1.other.example.",))
LONG = "v=DKIM1; p=" + "A" * 300


@pytest.mark.parametrize(
    ("host", "record", "expected"),
    [
        ("Namecheap", WWW, [("CNAME", "www", "cname.vercel-dns.com", "", "Automatic")]),
        ("Amazon Route 53", WWW, [("CNAME", "www", "cname.vercel-dns.com.", "", "300")]),
        ("Porkbun", WWW, [("CNAME", "www", "cname.vercel-dns.com", "", "600")]),
        ("Google Cloud DNS", WWW, [("CNAME", "www", "cname.vercel-dns.com.", "", "5 minutes")]),
        ("deSEC", WWW, [("CNAME", "www", "cname.vercel-dns.com.", "", "3600")]),
        ("", WWW, [("CNAME", "www", "cname.vercel-dns.com", "", "300")]),
        ("Gandi", APEX_A, [("A", "@", "93.184.215.14", "", "300"), ("A", "@", "93.184.215.15", "", "300")]),
        ("Name.com", APEX_A, [("A", "", "93.184.215.14", "", "300"), ("A", "", "93.184.215.15", "", "300")]),
        (
            "GoDaddy",
            RecordSet(ZONE, "AAAA", ("2606:50c0:8000::153",)),
            [("AAAA", "@", "2606:50c0:8000::153", "", "1 Hour")],
        ),
        ("Cloudflare", APEX_CNAME, [("CNAME", "@", "cname.vercel-dns.com", "", "Auto")]),
        ("DNSimple", APEX_CNAME, [("ALIAS", "@", "cname.vercel-dns.com.", "", "what stands there")]),
        ("Name.com", APEX_CNAME, [("ANAME", "", "cname.vercel-dns.com", "", "300")]),
        ("GoDaddy", APEX_CNAME, []),
        ("", APEX_CNAME, []),
        (
            "Squarespace Domains",
            MX,
            [("MX", "@", "mx.mail.example", "10", "4 hrs"), ("MX", "@", ".", "0", "4 hrs")],
        ),
        ("Amazon Route 53", MX, [("MX", "", "10 mx.mail.example.", "", "300"), ("MX", "", "0 .", "", "300")]),
        ("Hetzner", SRV, [("SRV", "_sip._tls", "1 443 sip.example.", "100", "300")]),
        ("Google Cloud DNS", SRV, [("SRV", "_sip._tls", "100 1 443 sip.example.", "", "5 minutes")]),
        ("Cloudflare", CAA, [("CAA", "@", "0 issue letsencrypt.org; validationmethods=dns-01", "", "Auto")]),
        (
            "Amazon Route 53",
            CAA,
            [("CAA", "", '0 issue "letsencrypt.org; validationmethods=dns-01"', "", "300")],
        ),
        ("OVHcloud", NS, [("NS", "app", "ns1.other.example.", "", "300")]),
        ("Azure DNS", NS, [("NS", "app", "ns1.other.example", "", "5 Minutes")]),
        ("Gandi", RecordSet("*.good.example", "A", ("93.184.215.14",)), [("A", "*", "93.184.215.14", "", "300")]),
        (
            "Gandi",
            RecordSet("a.b.good.example", "A", ("93.184.215.14",)),
            [("A", "a.b", "93.184.215.14", "", "300")],
        ),
        (
            "Gandi",
            RecordSet("xn--caf-dma.good.example", "A", ("93.184.215.14",)),
            [("A", "xn--caf-dma", "93.184.215.14", "", "300")],
        ),
        # A name of another zone is typed in full, never cut to something else.
        (
            "Gandi",
            RecordSet("www.notgood.example", "A", ("93.184.215.14",)),
            [("A", "www.notgood.example", "93.184.215.14", "", "300")],
        ),
        ("Cloudflare", RecordSet(ZONE, "TXT", ('v="a\\b"',)), [("TXT", "@", 'v="a\\b"', "", "Auto")]),
        ("deSEC", RecordSet(ZONE, "TXT", ('v="a\\b"',)), [("TXT", "", '"v=\\"a\\\\b\\""', "", "3600")]),
        ("deSEC", RecordSet(ZONE, "TXT", ("",)), [("TXT", "", '""', "", "3600")]),
        ("Cloudflare", RecordSet(ZONE, "TXT", (LONG,)), [("TXT", "@", LONG, "", "Auto")]),
        ("Gandi", RecordSet(ZONE, "TXT", (LONG,)), [("TXT", "@", f'"{LONG[:255]}" "{LONG[255:]}"', "", "300")]),
        ("Gandi", RecordSet(ZONE, "TXT", ("v=spf1 -all",)), [("TXT", "@", "v=spf1 -all", "", "300")]),
        ("OVHcloud", RecordSet(ZONE, "TXT", (LONG,)), []),
        ("OVHcloud", RecordSet(ZONE, "TXT", ("v=spf1 -all",)), [("TXT", "", "v=spf1 -all", "", "300")]),
        ("Gandi", RecordSet(ZONE, "A", ("93.184.215.14",), None), [("A", "@", "93.184.215.14", "", "as it stands")]),
        ("Gandi", RecordSet(ZONE, "A", ()), []),
        # What is not of its type's form stays as it is: a panel refuses it, and the founder sees what was proposed.
        ("Gandi", RecordSet(ZONE, "MX", ("mx.mail.example.",)), [("MX", "@", "mx.mail.example.", "", "300")]),
    ],
)
def test_each_type_as_its_panel_wants_it(
    host: str, record: RecordSet, expected: list[tuple[str, str, str, str, str]]
) -> None:
    assert rows(host, record) == expected


def test_a_sub_zone_has_its_own_short_names_and_its_own_apex() -> None:
    record = RecordSet("www.app.good.example", "A", ("93.184.215.14",))
    assert [row.name for row in typed(panel("Gandi"), "app.good.example", record)] == ["www"]
    assert [row.name for row in typed(panel("Gandi"), ZONE, record)] == ["www.app"]
    at_cut = RecordSet("app.good.example", "CNAME", ("x.example.",))
    assert typed(panel("GoDaddy"), "app.good.example", at_cut) == ()
    assert typed(panel("GoDaddy"), ZONE, at_cut)[0].name == "app"


def test_pieces_are_cut_at_255_bytes_and_never_inside_a_character() -> None:
    value = "ü" * 200
    (row,) = typed(panel("deSEC"), ZONE, RecordSet(ZONE, "TXT", (value,)))
    pieces = [piece.strip('"') for piece in row.value.split('" "')]
    assert "".join(pieces) == value
    assert [len(piece.encode()) for piece in pieces] == [254, 146]


def test_what_to_do_where_a_panel_has_no_alias_for_the_domain_itself() -> None:
    said = instead(panel("GoDaddy"), ZONE, APEX_CNAME)
    assert said.startswith("GoDaddy has no alias for the domain itself")
    assert "Add what Vercel lists for it: A 76.76.21.21." in said
    unknown_target = RecordSet(ZONE, "CNAME", ("lb.other.example.",))
    assert "type A) that your web host shows" in instead(panel("GoDaddy"), ZONE, unknown_target)
    assert instead(panel(""), ZONE, APEX_CNAME).startswith("Most panels have no alias")
    assert instead(panel("GoDaddy"), ZONE, RecordSet(ZONE, "CNAME", ())) == "", "to delete one is always possible"
    assert instead(panel("Cloudflare"), ZONE, APEX_CNAME) == ""
    assert "ALIAS in place of CNAME" in notes(panel("Porkbun"), ZONE, APEX_CNAME)[0]


def test_notes_say_what_is_particular() -> None:
    assert notes(panel("Cloudflare"), ZONE, WWW) == ()
    assert notes(panel("Name.com"), ZONE, APEX_A) == ("Leave the box “Host” empty: that means good.example itself.",)
    assert notes(panel("Hetzner"), ZONE, WWW) == ()
    assert notes(panel(""), ZONE, WWW) == (
        "If your panel adds good.example behind the value, end the value with a dot.",
    )
    assert "pieces of 255" in notes(panel("Porkbun"), ZONE, RecordSet("k.good.example", "TXT", (LONG,)))[0]
    assert "at most 255" in instead(panel("OVHcloud"), ZONE, RecordSet("k.good.example", "TXT", (LONG,)))


def told(record: RecordSet, existing: tuple[str, ...] | None, host: str = "Namecheap") -> list[tuple[str, str, str]]:
    return [(row.act, row.was, row.value) for row in moves(panel(host), ZONE, record, existing)[0]]


def test_rows_say_what_to_add_what_to_change_and_what_to_delete() -> None:
    assert told(WWW, ()) == [("add", "", "cname.vercel-dns.com")]
    assert told(WWW, None) == [("add", "", "cname.vercel-dns.com")]
    assert told(WWW, ("Old.example.",)) == [("change", "Old.example", "cname.vercel-dns.com")]
    assert told(WWW, ("CNAME.vercel-dns.com.",)) == [], "case and dot make no other record"
    two = RecordSet(ZONE, "A", ("93.184.215.14",))
    assert told(two, ("93.184.215.14", "93.184.215.99")) == [("delete", "", "93.184.215.99")]
    assert told(RecordSet(ZONE, "A", ()), ("93.184.215.99",)) == [("delete", "", "93.184.215.99")]
    assert told(RecordSet(ZONE, "A", ()), None) == [("delete", "", "whatever stands there")]
    assert told(RecordSet(ZONE, "A", ()), ()) == []
    assert told(MX, ("5 mx.mail.example.",)) == [("change", "5 mx.mail.example", "mx.mail.example"), ("add", "", ".")]


def test_txt_of_others_stays_and_a_second_spf_goes() -> None:
    spf = RecordSet(ZONE, "TXT", ("v=spf1 include:a.example -all",))
    have = ("v=spf1 include:b.example -all", "V=SPF1 ~all", "google-site-verification=1")
    assert told(spf, have) == [
        ("change", "v=spf1 include:b.example -all", "v=spf1 include:a.example -all"),
        ("delete", "", "V=SPF1 ~all"),
    ]
    dropping = RecordSet(ZONE, "TXT", ("keep",), drops=("gone",))
    assert told(dropping, ("keep", "gone", "other")) == [("delete", "", "gone")]


def test_where_the_time_to_live_is_what_it_is_about_every_row_is_named() -> None:
    record = RecordSet(ZONE, "A", ("93.184.215.14",), 300, retime=True)
    (row,) = moves(panel("Gandi"), ZONE, record, ("93.184.215.14",))[0]
    assert (row.act, row.was, row.value, row.ttl) == ("change", "93.184.215.14", "93.184.215.14", "300")


def test_what_stands_in_a_row_is_clean() -> None:
    row = Typed("TXT", "@", "a\x1b[2Jb\u202e", was="c\nd")
    assert "\x1b" not in row.value
    assert "\u202e" not in row.value
    assert "\n" not in row.was
