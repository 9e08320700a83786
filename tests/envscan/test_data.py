"""platforms.toml and given.toml: no blank field, and examples that must and must not be recognised."""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib import resources
from typing import Any

import pytest

from launchready_tui import known, targets
from launchready_tui.envscan.given import read_elsewhere, set_by
from launchready_tui.platform_marks import Mark, managers, marks, recognised_by
from launchready_tui.platforms import recognise

MARK = {
    "kind",
    "name",
    "label",
    "files",
    "packages",
    "texts",
    "hides",
    "manager",
    "build",
    "start",
    "yes",
    "no",
    "source",
    "date",
}
MANAGER = {
    "language",
    "name",
    "locks",
    "marks",
    "manifests",
    "install",
    "loose",
    "run",
    "start",
    "build",
    "source",
    "date",
}
GIVEN = {"by", "names", "starts", "reads", "source", "date"}
ASKED_FOR = {
    "vercel",
    "netlify",
    "cloudflare-pages",
    "cloudflare-workers",
    "render",
    "railway",
    "fly",
    "heroku",
    "digitalocean",
    "docker",
    "lovable",
    "replit",
    "bolt",
    "supabase",
    "firebase",
    "nextjs",
    "nuxt",
    "sveltekit",
    "remix",
    "astro",
    "vite",
    "rails",
    "django",
    "flask",
    "fastapi",
    "laravel",
    "phoenix",
}


def _raw(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("launchready_tui").joinpath(name).read_text(encoding="utf-8"))


RAW = _raw("platforms.toml")
RAW_GIVEN = _raw("envscan/given.toml")["given"]


def blanks(entry: dict[str, Any], fields: set[str], may_be_empty: set[str]) -> list[str]:
    """What keeps an entry from counting."""
    found = [f"no {field}" for field in fields - set(entry)] + [f"what is {field}" for field in set(entry) - fields]
    found += [f"blank {field}" for field in fields - may_be_empty if field in entry and not _said(entry[field])]
    if "packages" in fields and not (entry.get("files") or entry.get("packages") or entry.get("texts")):
        found.append("nothing to recognise it by")
    return found


def _said(value: object) -> bool:
    return value is False or bool(str(value).strip() and value)


@pytest.mark.parametrize("entry", RAW["mark"], ids=lambda entry: str(entry["name"]))
def test_no_mark_has_a_blank(entry: dict[str, Any]) -> None:
    assert blanks(entry, MARK, {"files", "packages", "texts", "hides"}) == []
    assert entry["source"].startswith("https://")
    assert isinstance(entry["date"], dt.date)


@pytest.mark.parametrize("field", sorted(MARK))
def test_a_blank_is_refused(field: str) -> None:
    entry = dict(RAW["mark"][0])
    del entry[field]
    assert blanks(entry, MARK, {"files", "packages", "texts", "hides"})
    if field not in {"files", "packages", "texts", "hides"}:
        assert blanks(RAW["mark"][0] | {field: ""}, MARK, {"files", "packages", "texts", "hides"})


@pytest.mark.parametrize("entry", RAW["manager"], ids=lambda entry: str(entry["name"]))
def test_no_manager_has_a_blank(entry: dict[str, Any]) -> None:
    assert blanks(entry, MANAGER, {"marks"}) == []
    assert entry["source"].startswith("https://")


@pytest.mark.parametrize("entry", RAW_GIVEN, ids=lambda entry: str(entry["by"]))
def test_no_given_name_has_a_blank(entry: dict[str, Any]) -> None:
    assert blanks({name: value for name, value in entry.items() if name != "only_reads"}, GIVEN, set()) == []
    assert entry["source"].startswith("https://")


def test_those_that_founders_use_are_there() -> None:
    assert {one.name for one in marks()} >= ASKED_FOR
    assert len({one.name for one in marks()}) == len(marks())
    assert {one.language for one in managers()} >= {"node", "python", "ruby", "php", "elixir", "go", "rust", "jvm"}


@pytest.mark.parametrize("one", marks(), ids=lambda one: one.name)
def test_examples(one: Mark) -> None:
    assert one.yes
    assert one.no
    for text in one.yes:
        assert recognised_by(one, text), f"{one.name} does not know {text}"
    for text in one.no:
        assert not recognised_by(one, text), f"{one.name} takes {text}"


def test_a_host_is_called_as_elsewhere() -> None:
    """One name for one host: in targets.toml, where its records are, and in known.toml, how it shows outside."""
    named = {one.name for one in targets.targets()} | {one.name.removesuffix(".io") for one in known.marks("host")}
    for name in ("vercel", "netlify", "render", "railway", "fly", "heroku", "lovable", "replit"):
        assert next(one.label for one in marks() if one.name == name) in named, name


@pytest.mark.parametrize(
    "name", ["NODE_ENV", "PORT", "CI", "VERCEL_URL", "RAILWAY_PUBLIC_DOMAIN", "FLY_APP_NAME", "CF_PAGES_URL"]
)
def test_given(name: str) -> None:
    assert set_by(name)
    assert read_elsewhere(name)


@pytest.mark.parametrize(
    "name", ["VERCEL_TOKEN", "RAILWAY_API_KEY", "DATABASE_URL", "STRIPE_SECRET_KEY", "PORTAL", "HEROKU_API_KEY"]
)
def test_not_given(name: str) -> None:
    assert set_by(name) == ""


def test_commands_of_a_manager() -> None:
    def said(**files: str) -> tuple[str, str, str]:
        named = {name.replace("__", "."): text for name, text in files.items()}
        found = recognise(named, named.get).commands
        return found.install, found.build, found.start

    package = '{"scripts": {"build": "x", "start": "y"}}'
    assert said(package__json=package) == ("npm install", "npm run build", "npm start")
    assert said(package__json=package, **{"package-lock__json": "{}"})[0] == "npm ci"
    assert said(package__json=package, yarn__lock="# yarn lockfile v1\n")[0] == "yarn install --frozen-lockfile"
    assert said(package__json=package, yarn__lock="# x\n\n__metadata:\n  version: 8\n")[0] == "yarn install --immutable"
    named = package.replace("{", '{"packageManager": "pnpm@9.1.0", ', 1)
    assert said(package__json=named, **{"package-lock__json": "{}"})[1] == "pnpm run build"
    assert said(requirements__txt="flask==3\n", wsgi__py="x")[2] == "gunicorn wsgi:app"
    assert said(requirements__txt="django==5\n", **{"shop/wsgi__py": "x"})[2] == "gunicorn shop.wsgi:application"
    assert said(Dockerfile='FROM a\nCMD ["old"]\nFROM b\nCMD ["node", "x.js"]\n')[2] == "node x.js"
    assert said(package__json=package, vercel__json='{"buildCommand": "make"}')[1] == "make"
