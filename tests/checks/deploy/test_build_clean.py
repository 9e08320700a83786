"""deploy.build.clean: what a kept build says at this commit, and what it says once the code moved on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from launchready_tui.cleanbuild.model import Built, Missing, Order, decode, encode
from launchready_tui.cleanbuild.source import BuildBook, CleanBuild
from launchready_tui.engine import judge
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Clock, Project
from launchready_tui.sources.repo import NoRepo
from tests.world import HEAD, NAME, NOW, CannedRepo, Row, World, by_id, hold

ID = "deploy.build.clean"
CODE = {
    "package.json": '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}',
    "package-lock.json": "{}",
    "config/site.json": "{}",
    ".env": "STRIPE_KEY=x",
    "big.csv": "x" * 300_000,
}
UNTRACKED = frozenset({"config/site.json", ".env", "big.csv"})
PASSED = Built("passed", NOW, HEAD, "build", "npm ci", "npm run build", 65.0, lines=20)


def world(built: Built | None = None, files: Mapping[str, str] = CODE, **more: Any) -> World:
    repo = CannedRepo(files, untracked=more.pop("untracked", UNTRACKED), broken=more.pop("broken", None))
    return World(repo=repo, more=(BuildBook(built), *more.pop("things", ())), **more)


def failed(*missing: Missing, **more: Any) -> World:
    return world(replace(PASSED, outcome="failed", code=1, missing=missing), **more)


class Canned(CleanBuild):
    """Comes to one result; counts how often it ran."""

    def __init__(self, built: Built) -> None:
        super().__init__(Clock(NOW))
        self.built, self.orders = built, list[Order]()

    async def run(self, order: Order) -> Built:
        self.orders.append(order)
        return self.built


TABLE: dict[str, list[Row]] = {
    ID: [
        Row("built at this commit", world(PASSED), Status.PASS, "“npm ci” and “npm run build”, in 65 seconds"),
        Row("built now, with a yes", world(things=(Canned(PASSED),)), Status.PASS, "at commit 3fa2c1d"),
        Row("many warnings", world(replace(PASSED, warnings=51)), Status.WARN, "51 warnings"),
        Row("fifty warnings", world(replace(PASSED, warnings=50)), Status.PASS),
        Row("slow", world(replace(PASSED, seconds=601.0)), Status.WARN, "10 min 01 s"),
        Row("leaves a daemon", world(replace(PASSED, left=("java",))), Status.WARN, "left java running: we ended it"),
        Row("fails", failed(), Status.FAIL, "“npm run build” fails in a fresh copy of your code (it ended with 1)"),
        Row(
            "needs an untracked file",
            failed(Missing("config/site.json")),
            Status.FAIL,
            "it asks for config/site.json, which is in your folder and not in git",
        ),
        Row("that is the .env", failed(Missing(".env")), Status.FAIL, ".env is not for git"),
        Row("that is large", failed(Missing("big.csv")), Status.FAIL, "big.csv is not for git"),
        Row(
            "that is ignored", failed(Missing("config/site.json", ignored=True)), Status.FAIL, "kept out by .gitignore"
        ),
        Row("that is built", failed(Missing("dist/a.js")), Status.FAIL, "made by a build"),
        Row(
            "that git tracks by now",
            failed(Missing("config/site.json"), untracked=frozenset({".env"})),
            Status.FAIL,
            "what is left is to commit it",
        ),
        Row("never tried", world(), Status.UNKNOWN, "your yes to a clean build"),
        Row("the code moved on", world(replace(PASSED, commit="a" * 40)), Status.UNKNOWN, "moved on to 3fa2c1d"),
        Row(
            "failed, then moved on", world(replace(PASSED, outcome="failed", commit="a" * 40)), Status.UNKNOWN, "moved"
        ),
        Row("hangs", world(replace(PASSED, outcome="hung")), Status.UNKNOWN, "after 15 minutes"),
        Row("floods", world(replace(PASSED, outcome="flooded")), Status.UNKNOWN, "had written 20 MB"),
        Row("forks", world(replace(PASSED, outcome="forked")), Status.UNKNOWN, "more than 400 programs"),
        Row(
            "no npm here", world(replace(PASSED, outcome="absent", said="npm")), Status.UNKNOWN, "npm is not installed"
        ),
        Row("no network", world(replace(PASSED, outcome="offline", said="ENOTFOUND")), Status.UNKNOWN, "ENOTFOUND"),
        Row("disk full", world(replace(PASSED, outcome="machine", said="the disk is full")), Status.UNKNOWN, "disk"),
        Row("no copy", world(replace(PASSED, outcome="uncopied", said="git is away")), Status.UNKNOWN, "git is away"),
        Row("not to be cut", world(replace(PASSED, outcome="uncut", said="no")), Status.UNKNOWN, "Nothing was run"),
        Row("an image alone", world(files={"Dockerfile": "FROM scratch\n"}), Status.UNKNOWN, "your build command"),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("unreadable", world(broken=NoRepo("it is no git repository")), Status.UNKNOWN, "no git repository"),
        Row("pages as they are", world(files={"index.html": "<p>"}), Status.INFO, "nothing to build"),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "escapes in a log and a name",
            failed(Missing("\x1b]0;x\x07\u202e.js"), untracked=UNTRACKED),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


async def test_a_file_that_harms_nobody_is_taken_in_by_one_key() -> None:
    found = await hold(ID, TABLE[ID][7])
    assert found.fix is not None
    assert [(each.path, each.track) for each in found.fix.files] == [("config/site.json", True)]


async def test_one_commit_is_built_once_in_a_sitting() -> None:
    canned = Canned(PASSED)
    kept: list[Built] = []
    book = BuildBook(keep=kept.append)
    this = replace(world(), more=(book, canned)).context()
    for _ in range(3):
        assert (await judge(by_id(ID), this)).status is Status.PASS
    assert len(canned.orders) == len(kept) == 1
    assert canned.orders[0] == Order("/code", "npm ci", "npm run build", "", (), True)


async def test_the_commands_that_were_given_last_are_taken() -> None:
    canned = Canned(replace(PASSED, build="make site"))
    book = BuildBook(replace(PASSED, build="make site", commit="a" * 40, given=True))
    await judge(by_id(ID), replace(world(), more=(book, canned)).context())
    assert canned.orders[0].build == "make site"


async def test_what_the_folder_says_now_comes_before_what_it_said_then() -> None:
    canned = Canned(PASSED)
    book = BuildBook(replace(PASSED, build="old build", commit="a" * 40))
    await judge(by_id(ID), replace(world(), more=(book, canned)).context())
    assert canned.orders[0].build == "npm run build"


def test_what_is_kept_reads_back() -> None:
    whole = replace(
        PASSED, missing=(Missing("a/b", True),), left=("x",), stuck=("y",), tail=("one", "two"), said="why", given=True
    )
    assert decode(encode(whole)) == whole
    with pytest.raises((KeyError, TypeError, ValueError)):
        decode({"outcome": "passed"})


def test_an_escape_in_the_journal_is_harmless() -> None:
    data = encode(PASSED) | {"tail": ["\x1b[31mred\u202e"], "said": "\x07"}
    assert "\x1b" not in decode(data).tail[0]
    assert "\u202e" not in decode(data).tail[0]
