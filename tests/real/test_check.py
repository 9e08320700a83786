"""`launchready check` in a process of its own against real servers: one world, one fault a domain."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from launchready_tui.brought import read_answers
from launchready_tui.checks import all_checks
from launchready_tui.options import apply
from launchready_tui.practice import repository
from launchready_tui.project import Project
from launchready_tui.session import Session
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.vault import Vault
from tests.command import Ran, launchready, look_options
from tests.mail.letters import fresh
from tests.real.whole import DRAWN, HOME, SITE, Site, World, whole
from tests.told import write_answers

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("whole"),
    pytest.mark.asyncio(loop_scope="module"),
]

SEVERITIES = ("critical", "high", "medium", "low")
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
    assert not await repository.make(folder / "code", pinned=True, env=False, key=False)
    told = ["--answers", str(write_answers(folder / "answers.toml", at=SITE)), "--repo", str(folder / "code")]
    return [*told, "--allow", "build"]  # without a build nobody knows whether it is ready


async def check(world: World, domain: str, home: Path, *more: str) -> Ran:
    """With a message of the domain's own on file, which proves that its mail is its own."""
    home.mkdir(exist_ok=True)
    letter = home / "reset.eml"
    letter.write_bytes(fresh(domain)[0])
    return await launchready("check", domain, *world.options(domain), "--eml", str(letter), *more, home=home)


HIDDEN = {  # behind a home page that no browser shows
    "audit.secrets.bundle",
    "audit.url.single",
    "dns.redirect.canonical",
    "dns.redirect.hops",
    "edge.cdn.proxied",
    "edge.headers.security",
    "edge.https.hsts",
    "edge.https.mixed",
    "performance.cache.static",
    "performance.compress.text",
    "performance.images.size",
}
# What is never known there: no yes to a measurement, no keyring in the tests, nobody agreed to next actions.
OPEN = {"performance.p95.public", "handover.vault.keyring", "handover.actions.next", "dns.sub.declared"}
NOTHING_OPENS = {"deploy.smoke.home", "deploy.smoke.login", "dns.entry.reachable"}


@dataclass(frozen=True)
class Expected:
    """Which checks fail, warn and cannot tell beside OPEN, and the cause of the one fault on the risk list."""

    fail: frozenset[str] | set[str] = frozenset()
    warn: frozenset[str] | set[str] = frozenset()
    unknown: frozenset[str] | set[str] = frozenset()
    cause: str = ""
    known: frozenset[str] | set[str] = frozenset()

    @property
    def open(self) -> set[str]:
        return (OPEN - self.known) | self.unknown


EXPECTED: dict[str, Expected] = {
    "sound.example": Expected(),
    "expired.example": Expected(
        fail={"edge.tls.valid", "edge.tls.expiry"} | NOTHING_OPENS,
        unknown=HIDDEN,
        cause="certificate:expired.example",
    ),
    "wronghost.example": Expected(
        fail={"edge.tls.valid"} | NOTHING_OPENS, unknown=HIDDEN, cause="certificate:wronghost.example"
    ),
    "incomplete.example": Expected(
        fail={"edge.tls.valid"} | NOTHING_OPENS, unknown=HIDDEN, cause="certificate:incomplete.example"
    ),
    "loop.example": Expected(
        fail={"dns.redirect.canonical", "dns.redirect.hops", "deploy.smoke.home"},
        unknown=HIDDEN - {"audit.secrets.bundle", "dns.redirect.canonical", "dns.redirect.hops"}
        | {"dns.redirect.path"},
        cause="canonical:loop.example",
    ),
    "nowww.example": Expected(
        fail={"dns.www.resolves"},
        warn={"audit.dns.inventory", "audit.url.single"},
        cause="no-address:www.nowww.example",
    ),
    "dangling.example": Expected(
        fail={"dns.cname.dangling", "dns.sub.declared"},
        known={"dns.sub.declared"},
        cause="no-address:docs.dangling.example",
    ),
    "lame.example": Expected(fail={"dns.ns.healthy"}, cause="dns.ns.healthy"),
    "twospf.example": Expected(
        fail={"email.spf.single", "email.spf.policy"}, warn={"audit.email.ready"}, cause="spf:twospf.example"
    ),
    "nodmarc.example": Expected(
        fail={"email.dmarc.record", "email.dmarc.policy"}, warn={"audit.email.ready"}, cause="dmarc:nodmarc.example"
    ),
    "openhttp.example": Expected(
        fail={"edge.https.forced", "dns.redirect.canonical", "audit.url.single"}, cause="http:openhttp.example"
    ),
    "mixed.example": Expected(
        fail={"edge.https.mixed"}, unknown={"performance.cache.static"}, cause="edge.https.mixed"
    ),
    "drawn.example": Expected(),
}
assert EXPECTED.keys() == SITES.keys()


UNOWNED = "handover.risks.open"


def by_status(ran: Ran) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {"fail": set(), "warn": set(), "unknown": set(), "waiting": set()}
    for id, finding in ran.findings.items():
        found.setdefault(finding["status"], set()).add(id)
    return found


@pytest.mark.parametrize("domain", SITES)
async def test_one_fault_and_nothing_else(world: World, answers: list[str], tmp_path: Path, domain: str) -> None:
    ran = await check(world, domain, tmp_path, "--json", *answers)
    expected, found = EXPECTED[domain], by_status(ran)
    assert ran.err == ""
    blocks = any(ran.findings[id]["severity"] in ("critical", "high") for id in expected.fail)
    # Nobody has taken on what blocks: that is said of the list, in the handover stage.
    unowned = found["fail" if UNOWNED in found["fail"] else "warn"] & {UNOWNED}
    assert bool(unowned) is blocks
    assert found["fail"] - unowned == expected.fail, ran.document["line"]
    assert found["warn"] - unowned == expected.warn
    assert found["unknown"] == expected.open
    assert found["waiting"] == set()
    assert ran.status == (1 if expected.fail else 0)
    assert ran.document["ready"] is (not expected.fail)
    assert ran.document["domain"] == domain
    assert set(ran.findings) == {check.id for check in all_checks()}
    fails = [each for each in ran.findings.values() if each["status"] == "fail"]
    counts = {severity: sum(each["severity"] == severity for each in fails) for severity in SEVERITIES}
    assert ran.document["counts"] == {**counts, "unknown": len(found["unknown"])}
    for each in fails:
        assert each["fix"]["say"], each
        assert each["evidence"], each


@pytest.mark.parametrize("domain", SITES)
async def test_one_fault_is_one_line_on_the_risk_list(
    world: World, answers: list[str], tmp_path: Path, domain: str
) -> None:
    options = look_options([*world.options(domain), *answers])
    project = apply(Project(domain), options)
    session = Session(UnsavedStore(project), Vault(kind="session"), project=project)
    session.bring(*read_answers(Path(options.answers or "")))
    try:
        async with aclosing(session.look(session.checks)) as events:
            async for _ in events:
                pass
        # The tests have no keyring, which the list says too.
        risks = [risk for risk in session.risks() if "handover.vault.keyring" not in risk.check_ids]
    finally:
        await session.aclose()
    expected = EXPECTED[domain]
    if not expected.cause:
        assert risks == []
        return
    assert [risk.cause for risk in risks] == [expected.cause]
    assert set(risks[0].check_ids) == set(expected.fail | expected.warn)


async def test_without_answers_we_could_not_tell(world: World, tmp_path: Path) -> None:
    ran = await check(world, "sound.example", tmp_path, "--json")
    assert by_status(ran)["fail"] == set()
    assert (ran.status, ran.document["ready"]) == (3, False)


async def test_a_login_drawn_by_script_is_asked_about_and_never_fails(
    world: World, answers: list[str], tmp_path: Path
) -> None:
    folder = Path(answers[1]).parent
    unsaid = write_answers(folder / "unsaid.toml", leave_out=["login.seen"], at=SITE)
    ran = await check(world, "drawn.example", tmp_path, "--json", "--answers", str(unsaid), *answers[2:])
    found = by_status(ran)
    assert (ran.status, found["fail"], found["warn"]) == (3, set(), set())
    assert found["unknown"] == OPEN | {"deploy.smoke.login", "dns.entry.reachable", UNOWNED}  # it may be a risk
    assert "drawn by script" in ran.findings["deploy.smoke.login"]["saw"]
    assert ran.findings["deploy.smoke.login"]["needs"] == "your answer"


async def test_words_for_a_person(world: World, answers: list[str], tmp_path: Path) -> None:
    ran = await check(world, "expired.example", tmp_path, *answers)
    assert (ran.status, ran.err) == (1, "")
    assert "Not ready: 1 critical." in ran.out
    assert "The certificate of expired.example expired on" in " ".join(ran.out.split())
    assert "What to do:" in ran.out


async def test_chosen_checks_alone_decide(world: World, answers: list[str], tmp_path: Path) -> None:
    only = ["--only", "email.spf", "--json"]
    two = await check(world, "twospf.example", tmp_path / "two", *only)
    one = await check(world, "expired.example", tmp_path / "one", *only)
    assert (two.status, one.status) == (1, 0)
    assert set(two.findings) == {f"email.spf.{name}" for name in ("single", "policy", "limits", "approved")}


async def test_the_stream_ends_with_what_json_says(world: World, answers: list[str], tmp_path: Path) -> None:
    ran = await check(world, "lame.example", tmp_path, "--stream", *answers)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    finished = {line["id"]: line["status"] for line in lines if line["event"] == "finished"}
    assert {line["id"] for line in lines if line["event"] == "started"} == set(finished)
    assert finished["dns.ns.healthy"] == "fail"
    assert (lines[-1]["event"], lines[-1]["ready"], lines[-1]["counts"]["critical"]) == ("done", False, 1)
    assert ran.status == 1
