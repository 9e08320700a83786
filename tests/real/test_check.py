"""`launchready check` in a process of its own against real servers: one world, one fault a domain."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from launchready_tui.practice import repository
from tests.command import Ran, launchready
from tests.real.whole import DRAWN, HOME, Site, World, whole
from tests.told import write_answers

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("whole"),
    pytest.mark.asyncio(loop_scope="module"),
]

SITES: dict[str, Site] = {
    "sound.example": Site(),
    "expired.example": Site(days=-3),
    "wronghost.example": Site(names=("other.example", "www.wronghost.example")),
    "incomplete.example": Site(incomplete=True),
    "loop.example": Site(secure="location / { return 302 https://$host/again; }"),
    "nowww.example": Site(records={"www": None}),
    "dangling.example": Site(records={"docs": "docs 60 IN CNAME gone.elsewhere.example."}, subs=("docs",)),
    "lame.example": Site(second_serves=False),
    "twospf.example": Site(records={"second": '@ 60 IN TXT "v=spf1 a -all"'}),
    "nodmarc.example": Site(records={"dmarc": None}),
    "openhttp.example": Site(plain=""),
    "mixed.example": Site(home=HOME + '<script src="http://mixed.example/app.js"></script>'),
    "drawn.example": Site(login=DRAWN),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    if os.geteuid() != 0:
        pytest.skip("postfix is started by root: its master process gives its rights away itself")
    async with whole(SITES) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def answers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a founder of any of these knows: every answer, every owner, the code folder."""
    folder = tmp_path_factory.mktemp("told")
    assert not await repository.make(folder / "code", pinned=True, env=False)
    return ["--answers", str(write_answers(folder / "answers.toml")), "--repo", str(folder / "code")]


async def check(world: World, domain: str, home: Path, *more: str) -> Ran:
    return await launchready("check", domain, *world.options(domain), *more, home=home)


async def test_dump(world: World, answers: list[str], tmp_path: Path) -> None:
    for domain in SITES:
        ran = await check(world, domain, tmp_path / domain, "--json", *answers)
        print(domain, ran.status, f"{ran.seconds:.2f}s", ran.kilobytes, ran.document["counts"], ran.document["line"], ran.err)
        for id, each in ran.findings.items():
            if each["status"] not in ("pass",):
                print("   ", each["status"], each["severity"], id, "|", each["saw"][:300])
