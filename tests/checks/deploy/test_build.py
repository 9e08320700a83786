"""deploy.build.pinned: lock files, version files and what is out of step."""

from __future__ import annotations

import json

import pytest

from launchready_tui.checks.deploy import pins
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold

PACKAGE = json.dumps({"name": "app", "dependencies": {"next": "^15.0.0"}})
LOCK = json.dumps({"lockfileVersion": 3, "packages": {"": {"dependencies": {"next": "^15.0.0"}}}})
STALE = json.dumps({"lockfileVersion": 3, "packages": {"": {"dependencies": {"next": "^14.0.0"}}}})
ENGINES = json.dumps({"dependencies": {"next": "^15.0.0"}, "engines": {"node": ">=22"}})
PYPROJECT = '[project]\nname = "my_app"\ndependencies = ["Django>=5", "psycopg[binary]"]\n'
UV = (
    'version = 1\n[[package]]\nname = "my-app"\nsource = { virtual = "." }\n[package.metadata]\n'
    'requires-dist = [{ name = "django", specifier = ">=5" }, { name = "psycopg" }]\n'
)
UV_OLD = UV.replace(', { name = "psycopg" }', "")


def code(*untracked: str, **files: str) -> World:
    """A repository; "__" in a name is a dot, "0" a dash. `untracked` are files that git does not know."""
    named = {name.replace("__", ".").replace("0", "-"): text for name, text in files.items()}
    return World(repo=CannedRepo(named, frozenset(untracked)))


NODE = {"package__json": PACKAGE, "package0lock__json": LOCK}
TABLE: dict[str, list[Row]] = {
    "deploy.build.pinned": [
        Row("npm and .nvmrc", code(**NODE, __nvmrc="24\n"), Status.PASS, "package-lock.json and .nvmrc"),
        Row("npm and engines", code(package__json=ENGINES, package0lock__json=LOCK), Status.PASS, "package.json"),
        Row("npm and an image", code(**NODE, Dockerfile="FROM node:24.2-slim AS base\nFROM base\n"), Status.PASS),
        Row("uv", code(pyproject__toml=PYPROJECT, uv__lock=UV, __python0version="3.13"), Status.PASS),
        Row(
            "exact requirements", code(requirements__txt="a==1\nb==2 # x\n", runtime__txt="python-3.13.1"), Status.PASS
        ),
        Row("go", code(go__mod="module x\ngo 1.24\nrequire y v1.0.0\n", go__sum="y v1.0.0 h1:a=\n"), Status.PASS),
        Row("no packages", code(package__json="{}", __nvmrc="24"), Status.PASS),
        Row("runtime not pinned", code(**NODE), Status.WARN, ".nvmrc"),
        Row("latest is no version", code(**NODE, Dockerfile="FROM node:latest"), Status.WARN),
        Row("a moving version file", code(**NODE, __nvmrc="node\n"), Status.WARN),
        Row("no lock file", code(package__json=PACKAGE, __nvmrc="24"), Status.FAIL, "npm install --package-lock-only"),
        Row(
            "loose requirements", code(requirements__txt="django\n", __python0version="3.13"), Status.FAIL, "pip freeze"
        ),
        Row(
            "a lock file that git ignores",
            code("package-lock.json", **NODE, __nvmrc="24"),
            Status.FAIL,
            "git does not track it",
        ),
        Row("npm out of step", code(package__json=PACKAGE, package0lock__json=STALE), Status.FAIL, "no longer fits"),
        Row("uv out of step", code(pyproject__toml=PYPROJECT, uv__lock=UV_OLD), Status.FAIL, "psycopg"),
        Row("two languages, one loose", code(**NODE, __nvmrc="24", Gemfile="gem 'x'"), Status.FAIL, "Gemfile"),
        Row("no manifest", code(index__html="<p>"), Status.INFO),
        Row("no folder given", World(), Status.UNKNOWN, "your code folder"),
        Row(
            "unreadable", World(repo=CannedRepo({}, broken=NoRepo("it is no git repository"))), Status.UNKNOWN, "no git"
        ),
        Row("said to have none", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("owner says there is none", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "nonsense in every file",
            code(
                package__json='{"dependencies": {"\x1b[31m\u202e": 7}}', package0lock__json="[" * 50_000, uv__lock="=="
            ),
            Status.WARN,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    "manifest", ["pyproject.toml", "package.json", "Gemfile", "go.mod", "Pipfile", "Cargo.toml", "requirements.txt"]
)
@pytest.mark.parametrize("line", ["\n", " ", "=", "a.", "[", "ruby ", "FROM --x "])
def test_a_manifest_made_to_be_slow_is_read_in_time(manifest: str, line: str) -> None:
    text = line * (1_000_000 // len(line)) + "*"
    pins.needs_lock(manifest, text)
    pins.all_exact(text)
    pins.manifest_pins(manifest, text)
    pins.image_pinned(text)
    pins.drift("uv.lock", text[:500_000], text[:500_000])
    pins.drift("package-lock.json", text, text)
    pins.names_version(pins.LANGUAGES[1], ".tool-versions", text)


async def test_the_file_that_pins_is_proposed() -> None:
    finding = await hold("deploy.build.pinned", Row("loose", code(**NODE), Status.WARN))
    assert finding.fix is not None
    assert finding.fix.kind == "file"
    (file,) = finding.fix.files
    assert (file.path, (file.text or "").strip().isdigit()) == (".nvmrc", True)


@pytest.mark.parametrize(
    ("dockerfile", "pinned"),
    [
        ("FROM python:3.13-slim", True),
        ("FROM --platform=linux/amd64 node:24 AS a\nFROM a\nFROM scratch", True),
        ("FROM x@sha256:" + "a" * 64, True),
        ("FROM localhost:5000/app:1.2", True),
        ("FROM localhost:5000/app", False),
        ("FROM node", False),
        ("FROM node:24\nFROM nginx:latest", False),
        ("FROM node:$VERSION", False),
        ("RUN x", False),
    ],
)
def test_images(dockerfile: str, pinned: bool) -> None:
    assert pins.image_pinned(dockerfile) is pinned


@pytest.mark.parametrize(
    ("file", "text", "pins_it"),
    [
        (".nvmrc", "v24.1.0", True),
        (".nvmrc", "lts/krypton", True),
        (".nvmrc", "lts/*", False),
        (".nvmrc", "", False),
        (".tool-versions", "python 3.13\nnodejs 24.1\n", True),
        (".tool-versions", "python 3.13\n", False),
        ("mise.toml", '[tools]\nnode = "24"\n', True),
    ],
)
def test_version_files(file: str, text: str, pins_it: bool) -> None:
    assert pins.names_version(pins.LANGUAGES[0], file, text) is pins_it
