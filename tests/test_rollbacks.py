"""The ways back of each platform: none is blank, each says what it does not bring back, with its source and date."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from launchready_tui import known, platforms, rollbacks
from launchready_tui.checks.deploy._platform import names_of, way_back
from launchready_tui.owners import Owner, Owners
from launchready_tui.platforms import Recognised
from launchready_tui.rollbacks import Way, way_of, ways
from launchready_tui.targets import targets

DATA = tomllib.loads(Path(rollbacks.__file__).with_name("rollbacks.toml").read_text("utf-8"))["way"]
WANTED = [
    *("vercel", "netlify", "cloudflare-pages", "cloudflare-workers", "render", "railway", "fly", "heroku"),
    *("digitalocean", "docker", "kubernetes", "server", "lovable", "replit", "bolt"),
]


def test_every_platform_that_is_wanted_is_there_once() -> None:
    assert sorted(way.name for way in ways()) == sorted(WANTED)


@pytest.mark.parametrize("entry", DATA, ids=lambda entry: entry["name"])
def test_nothing_is_blank(entry: dict[str, object]) -> None:
    assert set(entry) == {"name", "label", "aliases", "where", "command", "steps", "not_restored", "source", "date"}
    for name, value in entry.items():
        if name != "aliases":
            assert value, name
    for name in ("steps", "not_restored"):
        texts = entry[name]
        assert isinstance(texts, list)
        assert len(texts) >= 3
        assert all(isinstance(text, str) and text.strip() == text and text for text in texts)
    assert isinstance(entry["date"], dt.date)
    assert str(entry["source"]).startswith("https://")


@pytest.mark.parametrize("way", ways(), ids=lambda way: way.name)
def test_it_is_found_by_each_of_its_names(way: Way) -> None:
    for name in (way.name, way.label, *way.aliases, way.label.upper()):
        assert way_of(["", "nobody", name]) is way
    text = " ".join(way.not_restored).lower()
    assert any(word in text for word in ("database", "data", "volume")), "what becomes of the data is always said"


def test_names_of_the_other_tables_are_known() -> None:
    hosts = {mark.name for mark in known.marks("host")} | {target.name for target in targets()}
    for name in ("Vercel", "Netlify", "Cloudflare Pages", "Render", "Fly.io", "Fly", "Railway", "Heroku", "Replit"):
        assert name in hosts
        assert way_of([name]) is not None, name
    for mark in platforms.marks():
        if mark.kind in ("host", "builder") and mark.name not in ("github-pages", "google-app-engine"):
            assert way_of([mark.name]) is not None, mark.name


def test_nobody_is_nobody() -> None:
    assert way_of([]) is None
    assert way_of(["", "  ", "a host that nobody knows"]) is None


def test_what_people_wrote_down_comes_before_what_files_say() -> None:
    found = Recognised(platforms=("vercel", "lovable"))
    assert names_of(found, None, None) == ("vercel", "lovable")
    owners = Owners({"hosting": Owner("hosting", provider="Render")})
    way = way_back(found, owners, None)
    assert way is not None
    assert way.name == "render"
    builder = way_back(Recognised(platforms=("replit",)), None, None)
    assert builder is not None
    assert builder.place == "Replit: Checkpoints, the last one that worked, “Rollback”"
