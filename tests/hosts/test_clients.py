"""Four hosts asked over real sockets: what they have, and every way in which an answer can fail to come."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from launchready_tui import limits
from launchready_tui.hosts.account import kinds
from launchready_tui.hosts.asking import Trouble
from launchready_tui.hosts.digests import Digests, database
from launchready_tui.hosts.model import DEVELOPMENT, PREVIEW, PRODUCTION, NoHost, Releases, Settings
from launchready_tui.secret import Secret
from tests.fakes.fly import Fly
from tests.fakes.host_server import TOKEN, Fault
from tests.fakes.netlify import Netlify
from tests.fakes.render import Render
from tests.fakes.vercel import Vercel
from tests.hosts.asked import CANARIES, DATABASE, DAYS, FAKES, STRIPE, asking

COMMIT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"


async def settings_of(kind: str) -> Settings:
    async with asking(kind) as world:
        found = await (await world.account()).settings()
        assert isinstance(found, Settings), found
        assert world.fake.writes == []
        return found


async def releases_of(kind: str) -> Releases:
    async with asking(kind) as world:
        found = await (await world.account()).releases()
        assert isinstance(found, Releases), found
        return found


def test_every_host_has_a_fake() -> None:
    assert set(kinds()) == set(FAKES)


@pytest.mark.parametrize("kind", FAKES)
async def test_what_production_has_and_no_value_of_it(kind: str) -> None:
    found = await settings_of(kind)
    assert found.names == {"DATABASE_URL", "STRIPE_SECRET_KEY", "LOG_LEVEL"}
    assert found.cut == ""
    kept = repr(found)
    assert not [canary for canary in (*CANARIES, DATABASE, STRIPE, "neon") if canary in kept]
    assert hashlib.sha256(DATABASE.encode()).hexdigest() not in kept  # a digest that anybody could look up


@pytest.mark.parametrize("kind", ["vercel", "netlify"])
async def test_production_and_preview_differ_by_their_digests(kind: str) -> None:
    found = await settings_of(kind)
    at = {target: {each.name: each for each in found.at(target)} for target in (PRODUCTION, PREVIEW, DEVELOPMENT)}
    mine, theirs, local = (at[target]["DATABASE_URL"] for target in (PRODUCTION, PREVIEW, DEVELOPMENT))
    assert mine.read
    assert mine.digest
    assert mine.digest != theirs.digest == local.digest
    assert mine.place != theirs.place
    assert not at[PRODUCTION]["STRIPE_SECRET_KEY"].read  # the host keeps this one to itself


@pytest.mark.parametrize("kind", FAKES)
async def test_what_was_released_and_what_can_come_back(kind: str) -> None:
    found = await releases_of(kind)
    assert [each.at for each in found.all] == DAYS
    assert (found.whole, found.live) == (True, found.all[0])
    assert [each.live for each in found.all] == [True, False, False]
    assert found.targets[0] == found.all[1]
    if kind != "fly":
        assert {each.commit for each in found.all} == {COMMIT}
        assert {each.by for each in found.all} == {"git"}
    else:
        assert {(each.who, each.by) for each in found.all} == {("ada@good.example", "")}


@pytest.mark.parametrize("kind", FAKES)
async def test_a_project_is_found_by_its_domain_or_by_its_name(kind: str) -> None:
    async with asking(kind) as world:
        (by_domain,) = await world.find()
        assert by_domain.name.startswith("maple")
        assert await world.find(by_domain.name) == (by_domain,)
        several = await world.find(domain="other.example")
        assert by_domain.ids in [
            each.ids for each in several if not each.fits
        ]  # none serves that domain: all of them are offered
        if kind == "fly":
            with pytest.raises(Trouble):
                await world.find("no-such-project")
        else:
            assert await world.find("no-such-project") == ()
        assert world.fake.writes == []


FAULTS = [
    (Fault("status", status=401), "refused our token"),
    (Fault("status", status=403), "may not see this"),
    (Fault("status", status=404), "no such project"),
    (Fault("status", status=429, headers={"Retry-After": "30"}), "a pause of 30 seconds"),
    (Fault("status", status=429, headers={"Retry-After": "\x1b[31m"}), "wants a pause."),
    (Fault("status", status=500), "in trouble (HTTP 500)"),
    (Fault("status", status=503), "in trouble (HTTP 503)"),
    (Fault("status", status=302, headers={"Location": "https://evil.example/"}), "HTTP 302"),
    (Fault("html"), "answered with a web page"),
    (Fault("garbage"), "answered with no JSON"),
    (Fault("cut"), "interface "),
    (Fault("huge"), "longer than 3 MB"),
    (Fault("empty"), "another form"),
    (Fault("changed"), "another form"),
    (Fault("hang"), "interface took our connection and then said nothing"),
]


@pytest.mark.parametrize("kind", FAKES)
@pytest.mark.parametrize(
    ("fault", "says"), FAULTS, ids=lambda v: f"{v.kind} {v.status}" if isinstance(v, Fault) else ""
)
async def test_what_goes_wrong_is_told_and_never_raised(
    kind: str, fault: Fault, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault.kind == "hang":
        monkeypatch.setattr(limits, "WEB_SECONDS", 0.3)
    async with asking(kind) as world:
        account = await world.account()
        world.fake.faults = [Fault(fault.kind, "/", fault.status, fault.headers)]
        for found in (await account.settings(), await account.releases()):
            assert isinstance(found, NoHost), found
            assert says in found.say
            assert found.needs
            assert TOKEN not in f"{found}"
            assert "\x1b" not in found.say


@pytest.mark.parametrize("kind", FAKES)
async def test_a_wrong_token_is_refused_and_stays_untold(kind: str) -> None:
    async with asking(kind, "another-token-0123456789") as world:
        found = await (await world.account()).settings()
    assert isinstance(found, NoHost)
    assert "refused our token" in found.say
    assert "another-token" not in str(found)


async def test_vercel_tells_how_each_release_came_and_which_can_come_back() -> None:
    async with asking("vercel") as world:
        fake = world.fake
        assert isinstance(fake, Vercel)
        fake.deployments = []
        fake.deploy("dpl_5", DAYS[0].timestamp(), "cli", who="grace", meta={"gitDirty": "1"})
        fake.deploy("dpl_4", DAYS[1].timestamp(), readyState="ERROR", state="ERROR")
        fake.deploy("dpl_3", DAYS[1].timestamp(), "redeploy", isRollbackCandidate=True)
        fake.deploy("dpl_2", DAYS[2].timestamp(), isRollbackCandidate=False)
        fake.live = "dpl_5"
        found = await (await world.account()).releases()
    assert isinstance(found, Releases)
    assert [(each.by, each.who, each.dirty) for each in found.all][:1] == [("hand", "grace", True)]
    assert [each.by for each in found.all[1:]] == ["git"] * 3
    assert [each.id for each in found.targets] == ["dpl_3"]


async def test_vercel_without_a_word_on_eligibility_lets_the_previous_one_count_alone() -> None:
    found = await releases_of("vercel")
    assert [each.id for each in found.targets] == ["dpl_2"]  # what a Hobby plan allows


async def test_vercel_is_found_by_a_token_that_may_not_list_teams() -> None:
    async with asking("vercel") as world:
        fake = world.fake
        assert isinstance(fake, Vercel)
        fake.lists_teams, fake.team = False, ""
        fake.answer = _any_team(fake)  # type: ignore[method-assign]
        assert [each.name for each in await world.find()] == ["maple-club"]


def _any_team(fake: Vercel):  # type: ignore[no-untyped-def]
    plain = fake.answer
    return lambda path, query, body: plain(path, {**query, "teamId": ""}, body)


async def test_netlify_with_a_hidden_team_list_says_that_it_did_not_see_all() -> None:
    async with asking("netlify") as world:
        fake = world.fake
        assert isinstance(fake, Netlify)
        fake.shows_shared = False
        fake.deploy("hand", DAYS[2].isoformat(), build=None)
        account = await world.account()
        found, releases = await account.settings(), await account.releases()
    assert isinstance(found, Settings)
    assert found.names == {"DATABASE_URL", "STRIPE_SECRET_KEY"}
    assert "team shares" in found.cut
    assert isinstance(releases, Releases)
    assert releases.all[-1].by == "hand"


async def test_render_reads_every_page_and_what_a_group_gives() -> None:
    async with asking("render") as world:
        fake = world.fake
        assert isinstance(fake, Render)
        fake.envs |= {f"SETTING_{number}": "x" for number in range(250)}
        found = await (await world.account()).settings()
        fake.shows_groups = False
        without = await (await world.account()).settings()
    assert isinstance(found, Settings)
    assert len(found.names) == 253
    assert isinstance(without, Settings)
    assert (len(without.names), "groups" in without.cut) == (252, True)


@pytest.mark.parametrize("code", ["UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "OTHER"])
async def test_flys_refusals_come_as_an_answer(code: str) -> None:
    async with asking("fly") as world:
        account = await world.account()
        assert isinstance(world.fake, Fly)
        world.fake.error = {"message": f"no \x1b[31m {TOKEN}", "extensions": {"code": code}}
        found = await account.settings()
    assert isinstance(found, NoHost)
    assert TOKEN not in found.say
    assert "\x1b" not in found.say


@pytest.mark.parametrize("kind", FAKES)
async def test_stopping_leaves_nothing_behind(kind: str) -> None:
    async with asking(kind) as world:
        account = await world.account()
        world.fake.faults = [Fault("hang")]
        world.fake.asked.clear()
        task = asyncio.create_task(account.settings())
        await asyncio.to_thread(world.fake.asked.wait, 10)
        task.cancel()
        await account.aclose()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("postgres://u:p@DB.example:5432/maple?sslmode=require", "u@db.example/maple"),
        ("postgresql://u:other@ep-cool-1-pooler.eu.aws.neon.tech/maple", "u@ep-cool-1.eu.aws.neon.tech/maple"),
        ("jdbc:mysql://db.example/maple", "@db.example/maple"),
        ("https://api.example/x", ""),
        ("not a url", ""),
        ("postgres://[bad", ""),
        ("postgres://", ""),
        ("x" * 9_000, ""),
    ],
)
def test_a_database_is_known_by_where_it_is(value: str, place: str) -> None:
    assert database(value) == place


def test_a_digest_is_keyed_and_says_nothing_of_its_value() -> None:
    one, other = Digests(b"a" * 32), Digests(b"b" * 32)
    mine, same = (one.setting("A", PRODUCTION, Secret("s3cret")) for _ in range(2))
    assert mine == same
    assert mine.digest != other.setting("A", PRODUCTION, Secret("s3cret")).digest
    assert "s3cret" not in repr(mine)
    assert one.setting("A", PRODUCTION, Secret("  ")).empty
    assert one.setting("STRIPE", PRODUCTION, Secret("sk_" + "test_1")).not_live == "a test key"
    assert one.setting("STRIPE", PREVIEW, Secret("sk_" + "test_1")).not_live == ""
