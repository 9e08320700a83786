"""Our nouns to plain types and back: nothing is lost, nothing unknown comes in, what does not fit is one sentence."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import msgspec
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui import disk
from launchready_tui.answers import Answer
from launchready_tui.model import Evidence, FileChange, Finding, Fix, RecordSet, Setting, Severity, Status
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.project import ALLOWED, URL_KINDS, Network, Project
from launchready_tui.stored import (
    StoredFinding,
    decode_answer,
    decode_finding,
    decode_index,
    decode_owner,
    decode_project,
    encode_answer,
    encode_finding,
    encode_index,
    encode_owner,
    encode_project,
    parse_connect_to,
    parse_endpoint,
    show_connect_to,
    show_endpoint,
)
from launchready_tui.text import clean

AT = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)

text = st.text(max_size=40).map(lambda value: clean(value, limit=2_000))
label = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\Z")
name = st.lists(label, min_size=2, max_size=4).map(".".join)
url = st.builds("https://{}/{}".format, name, label)
ip = st.ip_addresses().map(str).filter(lambda value: "%" not in value)
port = st.integers(1, 65_535)
endpoint = st.tuples(ip, port)
at = st.datetimes(timezones=st.just(dt.UTC))

networks = st.builds(
    Network,
    resolvers=st.lists(endpoint, max_size=3).map(tuple),
    dns_port=port,
    connect_to=st.dictionaries(st.tuples(name, port) | endpoint, endpoint, max_size=3),
    ca=st.none() | text.filter(bool),
    private=st.booleans(),
    rdap=st.none() | url,
    ct=st.none() | url,
    registries=st.booleans(),
)
projects = st.builds(
    Project,
    domain=name,
    product=text,
    urls=st.dictionaries(st.sampled_from(URL_KINDS), url | st.just(""), max_size=4),
    subs=st.none() | st.lists(label, max_size=3).map(tuple),
    repo=st.none() | text.filter(bool),
    marker=text,
    dkim_selectors=st.lists(label, max_size=3).map(tuple),
    senders=st.lists(text, max_size=3).map(tuple),
    absent=st.dictionaries(label, text, max_size=2),
    network=networks,
    allowed=st.frozensets(st.sampled_from(ALLOWED)),
    connections=st.lists(st.dictionaries(label, text, max_size=3), max_size=2).map(tuple),
)
fixes = st.builds(
    Fix,
    kind=st.sampled_from(["records", "setting", "file", "steps"]),
    say=text,
    minutes=st.integers(0, 500),
    records=st.lists(
        st.builds(RecordSet, name, label, st.lists(text, max_size=2).map(tuple), st.none() | st.integers(0, 86_400)),
        max_size=2,
    ).map(tuple),
    settings=st.lists(st.builds(Setting, label, text), max_size=2).map(tuple),
    files=st.lists(st.builds(FileChange, text, st.none() | text), max_size=2).map(tuple),
    copy=text,
)
findings = st.builds(
    Finding,
    status=st.sampled_from(Status),
    saw=text,
    fix=st.none() | fixes,
    evidence=st.lists(st.builds(Evidence, text, text), max_size=3).map(tuple),
    subject=text,
    severity=st.none() | st.sampled_from(Severity),
    needs=st.none() | text,
    question=st.none() | label,
    cause=label,
    facts=st.lists(st.tuples(label, text), max_size=2).map(tuple),
)


@given(projects)
def test_project_round_trip(project: Project) -> None:
    written = tomli_w.dumps({"schema_version": 1, **encode_project(project)}).encode()
    assert decode_project(disk.parse_toml(written)) == project


@given(st.builds(StoredFinding, findings, st.floats(0, 1e6), at))
def test_finding_round_trip(stored: StoredFinding) -> None:
    assert decode_finding(msgspec.json.decode(msgspec.json.encode(encode_finding(stored)))) == stored


@given(
    st.builds(
        Answer,
        question=label,
        choice=label,
        who=text,
        at=at,
        days=st.integers(0, 400),
        ticks=st.frozensets(label, max_size=3),
        fields=st.dictionaries(label, text, max_size=2),
        note=text,
    )
)
def test_answer_round_trip(answer: Answer) -> None:
    assert decode_answer(json.loads(json.dumps(encode_answer(answer)))) == answer


@given(
    st.builds(
        Owner,
        system=st.sampled_from([system for system, _, _ in SYSTEMS]),
        provider=text,
        account=text,
        owner=text,
        contact=text,
        backup_confirmed=st.booleans(),
        recovery=text,
        proved=st.none() | st.dates(),
        absent=st.booleans(),
    )
)
def test_owner_round_trip(owner: Owner) -> None:
    assert decode_owner(json.loads(msgspec.json.encode(encode_owner(owner)))) == owner


def test_an_empty_owner_is_small() -> None:
    assert encode_owner(Owner("dns")) == {"system": "dns"}


def test_index_holds_names_and_nothing_else() -> None:
    assert encode_index({"hosting", "registrar", "made-up"}) == ["registrar", "hosting"]
    assert decode_index(["dns", "made-up"]) == ("dns",)
    with pytest.raises(ValueError, match="does not fit"):
        decode_index([1])


def test_defaults_are_left_out_of_project_toml() -> None:
    assert encode_project(Project("good.example")) == {"domain": "good.example"}
    assert encode_project(Project("good.example", subs=()))["subs"] == []
    assert decode_project({"domain": "good.example", "subs": []}).subs == ()


def test_a_null_ttl_is_not_the_default() -> None:
    fix = Fix("records", "Add it.", records=(RecordSet("good.example", "A", ("192.0.2.1",), None),))
    stored = StoredFinding(Finding(Status.FAIL, "No address.", fix=fix), 0.1, AT)
    read = decode_finding(encode_finding(stored)).finding.fix
    assert read is not None
    assert read.records[0].ttl is None


def test_unknown_fields_are_left_out() -> None:
    plain: dict[str, Any] = {
        "domain": "good.example",
        "new_in_version_9": {"x": 1},
        "urls": {"home": "https://good.example/", "teleport": "https://good.example/t"},
        "allowed": ["measure", "world-domination"],
        "network": {"private": True, "quantum": 1},
    }
    project = decode_project(plain)
    assert project.urls == {"home": "https://good.example/"}
    assert project.allowed == {"measure"}
    assert project.network == Network(private=True)


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        (None, "It does not fit"),
        ([], "It does not fit"),
        ({}, "missing required field domain"),
        ({"domain": 5}, "“domain” does not fit: Expected str, got int."),
        ({"domain": "Good Example"}, "“domain” is not a domain"),
        ({"domain": "../../etc"}, "“domain” is not a domain"),
        ({"domain": "good.example", "urls": {"home": "javascript:alert(1)"}}, "“urls.home” is not an address"),
        ({"domain": "good.example", "urls": {"home": 1}}, "does not fit"),
        ({"domain": "good.example", "subs": ["a.b"]}, "“subs” holds something"),
        ({"domain": "good.example", "subs": "app"}, "“subs” does not fit"),
        ({"domain": "good.example", "network": {"dns_port": 0}}, "is not a port"),
        ({"domain": "good.example", "network": {"dns_port": "53"}}, "“network.dns_port” does not fit"),
        ({"domain": "good.example", "network": {"resolvers": ["dns.google"]}}, "is not an IP address"),
        ({"domain": "good.example", "network": {"connect_to": ["x"]}}, "is not HOST:PORT:ADDRESS:PORT"),
    ],
)
def test_a_malformed_project_is_one_sentence(plain: object, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        decode_project(plain)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("decode", [decode_answer, decode_finding, decode_owner])
@given(
    plain=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["finding", "status", "saw", "at", "seconds", "system", "proved", "question", "fields"]
                ),
                inner,
            )
        ),
        max_leaves=10,
    )
)
def test_malformed_is_always_a_value_error(decode: Any, plain: object) -> None:
    try:
        decode(plain)
    except ValueError as error:
        said = str(error)
    else:
        said = "."
    assert said.endswith(".")
    assert said.isprintable()


def test_a_time_without_a_zone_does_not_fit() -> None:
    plain = encode_answer(Answer("q", "yes", "Ada", AT, 30)) | {"at": "2026-11-24T12:00:00"}
    with pytest.raises(ValueError, match="without a time zone"):
        decode_answer(plain)


def test_text_is_cleaned_on_the_way_in() -> None:
    hostile = "\x1b]0;x\x07[@click=app.quit]x[/]\u202e"
    project = decode_project(
        {"domain": "good.example", "product": hostile, "senders": [hostile], "absent": {"a": hostile}}
    )
    owner = decode_owner({"system": "dns", "owner": hostile})
    finding = encode_finding(StoredFinding(Finding(Status.PASS, "x"), 0, AT))
    finding["finding"] = {"status": "pass", "saw": hostile, "evidence": [{"source": hostile, "text": hostile}]}
    read = decode_finding(finding).finding
    for value in (project.product, *project.senders, project.absent["a"], owner.owner, read.saw, read.evidence[0].text):
        assert "\x1b" not in value
        assert "\u202e" not in value


@pytest.mark.parametrize(
    ("written", "pair"),
    [
        ("good.example:443:127.0.0.1:8443", (("good.example", 443), ("127.0.0.1", 8443))),
        (" Good.Example.:443:127.0.0.1:8443 ", (("good.example", 443), ("127.0.0.1", 8443))),
        ("good.example:443:[::1]:8443", (("good.example", 443), ("::1", 8443))),
        ("[2001:DB8::1]:443:[::1]:8443", (("2001:db8::1", 443), ("::1", 8443))),
        ("good.example:443:localhost:8443", (("good.example", 443), ("127.0.0.1", 8443))),
    ],
)
def test_connect_to(written: str, pair: tuple[tuple[str, int], tuple[str, int]]) -> None:
    assert parse_connect_to(written) == pair
    assert parse_connect_to(show_connect_to(*pair)) == pair


@pytest.mark.parametrize(
    "written",
    [
        "",
        "good.example",
        "good.example:443",
        "good.example:443:127.0.0.1",
        "good.example:443:::1:8443",
        "good.example:443:other.example:8443",
        "good.example:0:127.0.0.1:8443",
        "good.example:443:127.0.0.1:65536",
        "good.example:443:127.0.0.1:8443:9",
        "good.example:４４３:127.0.0.1:8443",
        "münchen.example:443:127.0.0.1:8443",
        "[good.example]:443:127.0.0.1:8443",
        "good.example:443:127.0.0.1:\x1b[31m",
        ":443:127.0.0.1:8443",
    ],
)
def test_connect_to_refused(written: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_connect_to(written)
    assert str(caught.value).isprintable()
    assert str(caught.value).endswith(".")


@given(endpoint)
def test_endpoint(pair: tuple[str, int]) -> None:
    assert parse_endpoint(show_endpoint(*pair), 53) == pair
    assert parse_endpoint(pair[0], 53) == (pair[0], 53)


@pytest.mark.parametrize("written", ["", "dns.google", "1.1.1.1:", "1.1.1.1:x", "1.1.1.1:0", "[::1", "[1.1.1.1]:99999"])
def test_endpoint_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse_endpoint(written, 53)
