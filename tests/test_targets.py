"""Every host and builder carries records that it must take and must refuse; a field that is blank is no field."""

from __future__ import annotations

import datetime as dt
import ipaddress
import tomllib
from importlib import resources
from typing import Any

import pytest

from launchready_tui.targets import Target, target, targets

FIELDS = {
    "name", "apex", "apex_own", "alias", "www", "www_own", "names", "ranges", "all", "beside", "proof", "page", "path",
    "yes", "no", "source", "checked", "date",
}  # fmt: skip
ASKED_FOR = (
    "Vercel", "Netlify", "Render", "Fly", "Railway", "GitHub Pages", "Shopify", "Squarespace", "Webflow", "Framer",
    "Wix", "Bubble", "Lovable", "Replit",
)  # fmt: skip

RAW: list[dict[str, Any]] = tomllib.loads(
    resources.files("launchready_tui").joinpath("targets.toml").read_text(encoding="utf-8")
)["target"]


def _id(one: Target) -> str:
    return one.name


def blanks(entry: dict[str, Any]) -> list[str]:
    """What keeps an entry from counting."""
    found = [f"no {field}" for field in FIELDS - set(entry)] + [f"what is {field}" for field in set(entry) - FIELDS]
    # An apex or www is the same for all, or there is a sentence that says where a site finds its own: never both.
    for own in ("apex", "www"):
        if bool(entry.get(own)) == bool(str(entry.get(f"{own}_own", "")).strip()):
            found.append(f"{own} or {own}_own, one of the two")
    may_be_empty = {"apex", "apex_own", "www", "www_own", "all", "ranges"}
    found += [f"blank {f}" for f in FIELDS - may_be_empty if not (str(entry.get(f, "")).strip() and entry.get(f))]
    return found


@pytest.mark.parametrize("entry", RAW, ids=lambda entry: str(entry["name"]))
def test_no_entry_has_a_blank(entry: dict[str, Any]) -> None:
    assert blanks(entry) == []
    assert entry["source"].startswith("https://")
    assert entry["page"].startswith("https://")
    assert isinstance(entry["date"], dt.date)


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_blank_is_refused(field: str) -> None:
    entry = dict(RAW[0])
    del entry[field]
    assert blanks(entry)
    if field not in {"apex_own", "www_own", "all", "ranges"}:
        assert blanks(RAW[0] | {field: type(RAW[0][field])() if field != "date" else ""})


def test_those_that_founders_use_are_there() -> None:
    assert {one.name for one in targets()} >= set(ASKED_FOR)
    assert len({one.name for one in targets()}) == len(targets())


@pytest.mark.parametrize("one", targets(), ids=_id)
def test_examples(one: Target) -> None:
    for example in one.yes:
        assert one.accepts(*example.split()), f"{one.name} does not take {example}"
    for example in one.no:
        assert not one.accepts(*example.split()), f"{one.name} takes {example}"


@pytest.mark.parametrize("one", targets(), ids=_id)
def test_what_a_host_asks_for_is_what_it_accepts(one: Target) -> None:
    for kind, value in (*one.apex, *one.www):
        assert one.accepts(kind, value), f"{one.name} asks for {kind} {value} and refuses it"
        if kind in ("A", "AAAA"):
            assert str(ipaddress.ip_address(value)) == value
        else:
            assert value.endswith(".")
    if one.alias:
        assert one.accepts("ALIAS", one.alias)
        assert one.alias.endswith(".")


@pytest.mark.parametrize("one", targets(), ids=_id)
def test_no_host_takes_another_hosts_records(one: Target) -> None:
    for other in targets():
        if other is not one:
            taken = [record for record in (*other.apex, *other.www) if one.accepts(*record)]
            assert not taken, f"{one.name} takes {taken} of {other.name}"


def test_text_that_is_no_address_and_other_types_are_refused() -> None:
    vercel = target("vercel")
    assert vercel is not None
    assert not vercel.accepts("A", "cname.vercel-dns.com.")
    assert not vercel.accepts("A", "")
    assert not vercel.accepts("AAAA", "76.76.21.21")
    assert not vercel.accepts("TXT", "76.76.21.21")
    assert vercel.accepts("a", " 76.76.21.21 ")


def test_the_name_that_the_site_is_known_by_finds_it() -> None:
    fly, pages = target("Fly.io"), target("github pages")
    assert fly is not None
    assert fly.apex == ()
    assert "own A" in fly.apex_own
    assert pages is not None
    assert pages.all_addresses
    assert target("Hetzner") is None
    assert target("") is None
