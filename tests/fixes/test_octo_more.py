"""The other providers of octoDNS: each is built by our code with the real package, and reads a zone on loopback."""

from __future__ import annotations

import importlib.util
import logging
import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from launchready_tui.fixes.model import FixProblem, Moved, State, Step
from launchready_tui.fixes.place import DnsPlace
from launchready_tui.fixes.providers import kinds, provider, provider_of
from launchready_tui.secret import Secret
from tests.fakes.api import Answer, Api, Asked, api

ZONE = "good.example"
TOKEN = "made-for-a-test-0123456789"
WANTED = {
    ("good.example", "A"): (("93.184.215.14", "93.184.215.15"), 3600),
    ("good.example", "MX"): (("10 mail.good.example.",), 3600),
    ("good.example", "TXT"): (("v=spf1 -all; x",), 3600),
    ("www.good.example", "CNAME"): (("good.example.",), 3600),
    ("_sip._tcp.good.example", "SRV"): (("1 2 5060 sip.good.example.",), 3600),
}
REGISTERED = ("bunny", "desec", "digitalocean", "dnsimple", "easydns", "gandi", "hetzner", "ovh", "route53")


def opened(kind: str, base: str, **more: str) -> DnsPlace:
    return provider(kind).open({"kind": kind, "zone": ZONE, "api": base, **more}, Secret(TOKEN))


def digitalocean() -> Callable[[Asked], Answer]:
    """Records one by one, hosts without a dot; it keeps what it is told."""
    rows: list[tuple[str, str, str, dict[str, Any]]] = [
        ("A", "@", "93.184.215.14", {}),
        ("A", "@", "93.184.215.15", {}),
        ("MX", "@", "mail.good.example", {"priority": 10}),
        ("TXT", "@", "v=spf1 -all; x", {}),
        ("CNAME", "www", "good.example", {}),
        ("SRV", "_sip._tcp", "sip.good.example", {"priority": 1, "weight": 2, "port": 5060}),
    ]
    kept = {
        at: {"id": at, "type": t, "name": n, "data": d, "ttl": 3600, **more} for at, (t, n, d, more) in enumerate(rows)
    }

    def answers(asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answer(401, {"id": "unauthorized", "message": f"who is {asked.headers.get('Authorization')}?"})
        if asked.method == "GET":
            return Answer(200, {"domain_records": list(kept.values()), "links": {}})
        if asked.method == "DELETE":
            del kept[int(asked.path.rsplit("/", 1)[1])]
            return Answer(204)
        at = max(kept) + 1
        data = str(asked.body["data"])
        host = data.rstrip(".") if asked.body["type"] in ("CNAME", "MX", "SRV", "NS") else data
        kept[at] = {**asked.body, "id": at, "data": host, "name": asked.body["name"] or "@"}
        return Answer(201, {"domain_record": kept[at]})

    return answers


def gandi(asked: Asked) -> Answer:
    sets = [
        ("@", "A", ["93.184.215.14", "93.184.215.15"]),
        ("@", "MX", ["10 mail.good.example."]),
        ("@", "TXT", ['"v=spf1 -all; x"']),
        ("www", "CNAME", ["good.example."]),
        ("_sip._tcp", "SRV", ["1 2 5060 sip.good.example."]),
    ]
    rows = [{"rrset_name": n, "rrset_type": t, "rrset_ttl": 3600, "rrset_values": v} for n, t, v in sets]
    return Answer(200, rows, {"Total-Count": str(len(rows))})


def hetzner_dns(asked: Asked) -> Answer:
    if asked.path.endswith("/zones"):
        return Answer(200, {"zones": [{"id": "z1", "name": ZONE, "ttl": 3600}]})
    rows = [
        ("@", "A", "93.184.215.14"),
        ("@", "A", "93.184.215.15"),
        ("@", "MX", "10 mail.good.example."),
        ("@", "TXT", '"v=spf1 -all; x"'),
        ("www", "CNAME", "good.example."),
        ("_sip._tcp", "SRV", "1 2 5060 sip.good.example."),
    ]
    return Answer(
        200,
        {
            "records": [
                {"id": str(i), "name": n, "zone_id": "z1", "type": t, "value": v} for i, (n, t, v) in enumerate(rows)
            ]
        },
    )


def hetzner_cloud(asked: Asked) -> Answer:
    page = {"pagination": {"page": 1, "per_page": 50, "previous_page": None, "next_page": None, "last_page": 1}}
    zone = {"id": 1, "name": ZONE, "ttl": 3600, "mode": "primary"}
    if not asked.path.endswith("/rrsets"):
        return Answer(200, {"zones": [zone], "zone": zone, "meta": page})
    sets = [
        ("@", "A", ["93.184.215.14", "93.184.215.15"]),
        ("@", "MX", ["10 mail.good.example."]),
        ("@", "TXT", ['"v=spf1 -all; x"']),
        ("www", "CNAME", ["good.example."]),
        ("_sip._tcp", "SRV", ["1 2 5060 sip.good.example."]),
    ]
    rows = [
        {"id": f"{n}/{t}", "name": n, "type": t, "ttl": 3600, "zone": 1, "records": [{"value": v} for v in values]}
        for n, t, values in sets
    ]
    return Answer(200, {"rrsets": rows, "meta": page})


def desec(asked: Asked) -> Answer:
    sets = [
        ("", "A", ["93.184.215.14", "93.184.215.15"]),
        ("", "MX", ["10 mail.good.example."]),
        ("", "TXT", ['"v=spf1 -all; x"']),
        ("www", "CNAME", ["good.example."]),
        ("_sip._tcp", "SRV", ["1 2 5060 sip.good.example."]),
    ]
    return Answer(200, [{"subname": n, "type": t, "ttl": 3600, "records": v} for n, t, v in sets])


READS: dict[str, tuple[str, Callable[[Asked], Answer], dict[str, str], str]] = {
    "digitalocean": ("digitalocean", digitalocean(), {}, "Authorization"),
    "gandi": ("gandi", gandi, {}, "Authorization"),
    "hetzner, older": ("hetzner", hetzner_dns, {"backend": "dnsapi"}, "Auth-API-Token"),
    "hetzner": ("hetzner", hetzner_cloud, {}, "Authorization"),
    "desec": ("desec", desec, {}, "Authorization"),
}


@pytest.mark.parametrize("name", READS)
async def test_a_zone_is_read_in_our_form(name: str, caplog: pytest.LogCaptureFixture) -> None:
    kind, answers, more, header = READS[name]
    caplog.set_level(logging.DEBUG)
    with api(answers) as there:
        place = opened(kind, there.base, **more)
        sets = await place.records()
        assert sets is not None
        assert {(one.name, one.type): (tuple(sorted(one.values)), one.ttl) for one in sets} == WANTED
        assert await place.read("www.good.example", "CNAME") == State(("good.example.",), 3600)
        assert await place.count() == 6
        asked = len(there.asked)
        reach = await place.reach()
        assert (reach.read, reach.write) == (True, None)
    assert asked <= 4  # one reading, remembered for a plan: hcloud looks its zone up three times
    assert all(TOKEN in one.headers[header] for one in there.asked)
    assert TOKEN not in repr(place) + caplog.text


@pytest.mark.parametrize("kind", REGISTERED)
def test_each_kind_says_what_it_asks(kind: str) -> None:
    one = provider(kind)
    assert kind in kinds()
    assert one.kind == one.extra == kind
    assert one.secret
    assert one.page.startswith("https://")
    assert one.scopes
    known = tomllib.loads(resources.files("launchready_tui").joinpath("dns_hosts.toml").read_text("utf-8"))
    assert set(one.hosts) <= {host["name"] for host in known["host"]}
    assert all(provider_of(host) is one for host in one.hosts)


@pytest.mark.parametrize("kind", REGISTERED)
def test_each_kind_is_built_over_our_session(kind: str) -> None:
    """Nothing in it keeps a session of its own: no request could go round ours."""
    from launchready_tui.fixes.providers.calm import CalmSession
    from launchready_tui.fixes.providers.more import _KINDS
    from launchready_tui.fixes.providers.more_octo import _inside, built

    one = _KINDS[kind]
    pytest.importorskip(one.module)
    given = {ask.name: "12345" if ask.name == "account" else ask.default or "name" for ask in provider(kind).asks}
    made = built(one.module, one.made, one.given(given, "secret:consumer"), CalmSession())
    held = [value for owner in _inside(made) for value in vars(owner).values() if hasattr(value, "trust_env")]
    assert all(isinstance(value, CalmSession) for value in held)
    assert held or kind in ("desec", "route53")  # which are handed ours in another way


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "octodns_gandi" else find(name))
    with pytest.raises(ImportError, match=r"pip install 'launchready-tui\[gandi\]'"):
        opened("gandi", "http://127.0.0.1:1")


async def fixed(place: DnsPlace, name: str, type: str, values: tuple[str, ...], ttl: int = 3600) -> Step:
    place.fresh()  # type: ignore[attr-defined]  # which every place over octoDNS has
    before = await place.read(name, type)
    return await place.complete(Step("records", name, type, before, State(values, ttl if values else None)))


async def shown(place: DnsPlace) -> dict[tuple[str, str], Any]:
    place.fresh()  # type: ignore[attr-defined]
    found = await place.records()
    assert found is not None
    return {(one.name, one.type): (sorted(one.values), one.ttl) for one in found}


@pytest.mark.parametrize(
    ("name", "type", "values"),
    [
        ("good.example", "A", ("93.184.215.14",)),
        ("new.good.example", "AAAA", ("2001:db8::1",)),
        ("www.good.example", "CNAME", ("other.example.",)),
        ("good.example", "MX", ("10 mail.good.example.", "20 mail2.good.example.")),
        ("good.example", "TXT", ("v=spf1 include:mail.example -all; y", "x" * 300)),
        ("good.example", "TXT", ()),
        ("good.example", "CAA", ('0 issue "letsencrypt.org"',)),
        ("_sip._tcp.good.example", "SRV", ("1 2 5061 sip.good.example.",)),
        ("sub.good.example", "NS", ("ns1.other.example.", "ns2.other.example.")),
        ("*.good.example", "A", ("93.184.215.14",)),
    ],
)
async def test_a_set_is_changed_and_put_back(name: str, type: str, values: tuple[str, ...]) -> None:
    with api(digitalocean()) as there:
        place = opened("digitalocean", there.base)
        before = await shown(place)
        step = await fixed(place, name, type, values)
        await place.write([step])
        after = await shown(place)
        assert after.get((name, type), ([], None))[0] == sorted(values)
        assert {key: value for key, value in after.items() if key != (name, type)} == {
            key: value for key, value in before.items() if key != (name, type)
        }
        await place.write([step.turned()])
        assert await shown(place) == before


@pytest.mark.parametrize(
    ("name", "type", "values"),
    [
        ("good.example", "TXT", ("back\\slash",)),
        ("good.example", "TXT", ('"quoted"',)),
        ("good.example", "TXT", ("caf\u00e9",)),
        ("good.example", "NS", ("ns1.other.example.",)),
        ("good.example", "HTTPS", ('1 . alpn="h2"',)),
        ("good.example", "A", ("not an address",)),
        ("elsewhere.example", "A", ("93.184.215.14",)),
    ],
)
async def test_what_would_come_out_otherwise_is_refused_before(name: str, type: str, values: tuple[str, ...]) -> None:
    with api(digitalocean()) as there:
        place = opened("digitalocean", there.base)
        with pytest.raises(FixProblem):
            await fixed(place, name, type, values)
        assert {one.method for one in there.asked} == {"GET"}


async def test_what_moved_since_is_not_written() -> None:
    with api(digitalocean()) as there:
        place = opened("digitalocean", there.base)
        stale = Step("records", ZONE, "TXT", State(("something else",), 3600), State(("new",), 3600))
        with pytest.raises(Moved, match="Nothing was changed"):
            await place.write([stale])
        assert {one.method for one in there.asked} == {"GET"}


async def test_a_token_that_is_refused_is_never_repeated(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with api(digitalocean()) as there:
        wrong = "wrong-token-0123456789abcdef"
        place = provider("digitalocean").open({"zone": ZONE, "api": there.base}, Secret(wrong))
        reach = await place.reach()
        with pytest.raises(FixProblem, match="unknown, expired or taken back") as caught:
            await place.read(ZONE, "A")
    assert reach.read is False
    everything = caplog.text + reach.say + str(caught.value) + repr(caught.value.__cause__) + repr(place)
    assert wrong not in everything


def redirecting(asked: Asked) -> Answer:
    return Answer(302, {}, {"Location": "http://127.0.0.2:1/elsewhere"})


async def test_a_redirect_is_not_followed() -> None:
    with api(redirecting) as there:
        with pytest.raises(FixProblem, match="Nothing was changed"):
            await opened("gandi", there.base).read(ZONE, "A")
        assert {one.path.split("/")[1] for one in there.asked} == {"v5"}


def elsewhere(there: list[Api]) -> Callable[[Asked], Answer]:
    def answers(asked: Asked) -> Answer:
        return Answer(200, [], {"Link": '<https://thief.example/api/v1/domains/?cursor=1>; rel="next"'})

    return answers


async def test_a_next_page_at_another_host_is_not_asked_for() -> None:
    with api(elsewhere([])) as there:
        with pytest.raises(FixProblem):
            await opened("desec", there.base).read(ZONE, "A")
        assert len(there.asked) == 1


async def test_no_proxy_and_no_netrc_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login thief password thief\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with api(digitalocean()) as there:
        assert (await opened("digitalocean", there.base).read(ZONE, "A")).values
        assert there.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


async def test_an_alias_of_the_host_is_left_to_its_panel() -> None:
    def aliased(asked: Asked) -> Answer:
        rows = [{"rrset_name": "@", "rrset_type": "ALIAS", "rrset_ttl": 3600, "rrset_values": ["app.host.example."]}]
        return Answer(200, rows, {"Total-Count": "1"})

    with api(aliased) as there:
        place = opened("gandi", there.base)
        with pytest.raises(FixProblem, match="alias of its own kind"):
            await fixed(place, ZONE, "A", ("93.184.215.14",))


async def test_a_ttl_that_the_host_does_not_take_becomes_one_that_it_does() -> None:
    with api(desec) as there:
        step = await fixed(opened("desec", there.base), "new.good.example", "A", ("93.184.215.14",), 300)
        assert step.after.ttl == 3600
