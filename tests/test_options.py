"""The options of the command line: what is wrong with one is said in a sentence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.options import BadOption, LookOptions, apply, parse_at, parse_resolver, parse_url, selected
from launchready_tui.project import Network, Project

PROJECT = Project("good.example", subs=("app",))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("1.1.1.1", ("1.1.1.1", 53)),
        ("127.0.0.1:5300", ("127.0.0.1", 5300)),
        ("::1", ("::1", 53)),
        ("[::1]:5300", ("::1", 5300)),
        ("[::1]", ("::1", 53)),
    ],
)
def test_resolvers(text: str, pair: tuple[str, int]) -> None:
    assert parse_resolver(text) == pair


@pytest.mark.parametrize("text", ["", "dns.google", "1.1.1.1:0", "1.1.1.1:99999", "1.1.1.1:x", "[::1", "1.1.1", "\x1b"])
def test_bad_resolvers(text: str) -> None:
    with pytest.raises(BadOption, match="resolver"):
        parse_resolver(text)


@pytest.mark.parametrize("text", ["good.example", "ftp://good.example", "https://", "https://a b/", "https://x:99999/"])
def test_bad_urls(text: str) -> None:
    with pytest.raises(BadOption, match="browser"):
        parse_url(text)


def test_times_without_a_zone_are_utc() -> None:
    assert parse_at("2026-12-01") == dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    assert parse_at("2026-12-01T09:00:00Z").hour == 9
    with pytest.raises(BadOption, match="not a time"):
        parse_at("tomorrow")


def test_what_is_given_stands_on_top_of_the_project(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("x")
    options = LookOptions(
        resolvers=("127.0.0.1:5300",),
        private_network=True,
        ca=str(ca),
        connect_to=("good.example:443:127.0.0.1:8443",),
        urls=("login=https://good.example/login", "signup=none"),
        subs=("API.good.example",),
        repo=str(tmp_path),
        allow=("measure",),
        registries=False,
    )
    project = apply(PROJECT, options)
    assert project.network == Network(
        resolvers=(("127.0.0.1", 5300),),
        private=True,
        ca=str(ca),
        connect_to={("good.example", 443): ("127.0.0.1", 8443)},
        registries=False,
    )
    assert project.urls == {"login": "https://good.example/login", "signup": ""}
    assert project.subs == ("api",)
    assert project.allowed == {"measure"}
    assert apply(PROJECT, LookOptions()) == PROJECT
    assert apply(PROJECT, LookOptions(subs=("none",))).subs == ()


@pytest.mark.parametrize(
    "options",
    [
        LookOptions(urls=("login",)),
        LookOptions(urls=("nonsense=https://x.example",)),
        LookOptions(subs=("not a name",)),
        LookOptions(subs=("",)),
        LookOptions(repo="/no/such/folder"),
        LookOptions(ca="/no/such/file"),
        LookOptions(eml=("/no/such/file",)),
        LookOptions(session="no name!"),
        LookOptions(allow=("everything",)),
        LookOptions(connect_to=("good.example:443:127.0.0.1:8443",)),
        LookOptions(connect_to=("nonsense",), private_network=True),
        LookOptions(rdap="nonsense"),
        LookOptions(ct="nonsense"),
    ],
)
def test_what_cannot_be_used_is_said(options: LookOptions) -> None:
    with pytest.raises(BadOption) as caught:
        apply(PROJECT, options)
    assert str(caught.value).endswith((".", "…"))


def test_checks_are_chosen_by_id_start_and_stage() -> None:
    known = ("dns.www.resolves", "dns.apex.resolves", "email.spf.single")
    assert selected((), (), known) == known
    assert selected((), ("dns",), known) == known[:2]
    assert selected((), ("dns", "email"), known) == known
    assert selected(("dns.www",), (), known) == ("dns.www.resolves",)
    assert selected(("email",), ("dns",), known) == ()
    with pytest.raises(BadOption, match="no check"):
        selected(("dns.nope",), (), known)


def test_a_project_is_never_changed_in_place() -> None:
    assert apply(PROJECT, LookOptions(subs=("x",))) != PROJECT
    assert replace(PROJECT) == PROJECT
