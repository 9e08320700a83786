"""A launch in memory: fifty findings of every status, a place that can be changed, nothing on disk, no network."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from launchready_tui.actions import NextAction
from launchready_tui.addresses import Proposal
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import Check
from launchready_tui.deliverables import Deliverable, deliverable
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.engine import Event, Finished, Started
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Plan, Progress, Sight, State, Step
from launchready_tui.ledger import Accepted, Asked
from launchready_tui.model import (
    Stage,
    passed,
)
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Clock, Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.readiness import Readiness, judge
from launchready_tui.risks import Risk, risk_list, standing
from launchready_tui.session import Exported, Level, Outcome, Session, Standing
from launchready_tui.signals import Signal, signals
from tests.screens.launch import NAME, make_finding, make_launch


class FakeSession(Session):
    """What the screens meet in place of the engine. `pace` is the seconds between findings, `gate` holds them back."""

    def __init__(
        self,
        count: int = 50,
        *,
        looked: bool = True,
        read_only: bool = False,
        pace: float = 0.0,
        product: str = "Creator Hub",
    ) -> None:
        self.checks, self.found = make_launch(count)
        self.project = Project(NAME, product=product)
        moment = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
        self.outcomes = {id: Outcome(finding, moment, 0.4) for id, finding in self.found.items()} if looked else {}
        self.clock = Clock()
        self._parts = {}
        self.owners = Owners(
            {"registrar": Owner("registrar", "Namecheap", "ada-hub", owner="Ada", contact="ada@hub.example")}
        )
        self.notes = ()
        self.vault_say = "in your system's keyring"
        self.practice = False
        self.pace = pace
        self.gate: asyncio.Event | None = None
        self.closed = False
        self.looks: list[tuple[str, ...]] = []
        self.watch_done = asyncio.Event()
        self.moved = False
        self.shown: list[Stage] = []
        self.coded, self.told_by = True, ""
        self.hits: tuple[str, ...] = ()
        self.urls: Mapping[str, str] | None = None
        self._answers, self._asked, self._accepted = Answers(), dict[str, Asked](), dict[str, Accepted]()
        self._changes: list[Change] = []
        self._actions: dict[str, NextAction] = {}
        self._read_only = read_only

    @property
    def read_only(self) -> bool:
        return self._read_only

    @property
    def holder(self) -> str:
        return "The wizard in another window (process 4711)" if self._read_only else ""

    @property
    def answers(self) -> Answers:
        return self._answers

    @property
    def asked(self) -> dict[str, Asked]:
        return self._asked

    @property
    def accepted(self) -> dict[str, Accepted]:
        return self._accepted

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(self._changes)

    def _writes(self) -> None:
        if self._read_only:
            raise WorkspaceProblem("Another window has this launch open; close it there to change something here.")

    # ---- looking ----
    def stage_checks(self, stage: Stage) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.stage is stage)

    async def look(self, checks: Iterable[Check] | None = None) -> AsyncGenerator[Event, None]:
        chosen = self.checks if checks is None else tuple(checks)
        self.looks.append(tuple(check.id for check in chosen))
        for check in chosen:
            yield Started(check)
        for check in chosen:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(self.pace)
            finding = self.found[check.id]
            self.outcomes[check.id] = Outcome(finding, dt.datetime.now(dt.UTC), 0.2)
            yield Finished(check, finding, 0.2)

    def readiness(self) -> Readiness:
        findings = {id: outcome.finding for id, outcome in self.outcomes.items()}
        return judge(findings, self.checks, accepted=standing(self._accepted, dt.datetime.now(dt.UTC)))

    def risks(self) -> tuple[Risk, ...]:
        findings = {id: outcome.finding for id, outcome in self.outcomes.items()}
        return risk_list(findings, self.checks, accepted=self._accepted, asked=self._asked)

    def deliverable(self, stage: Stage) -> Deliverable:
        return deliverable(stage, {}, self._answers)

    def signals(self, stage: Stage) -> tuple[Signal, ...]:
        return signals(stage, {}, self._answers)

    def draw_map(self, width: int) -> list[str]:
        return ["Namecheap ──▶ Cloudflare DNS ──▶ Vercel ──▶ ? database", "owner: Ada    owner: ?          owner: ?"]

    # ---- what a person says ----
    def answer(
        self,
        question: str,
        choice: str,
        who: str,
        *,
        ticks: frozenset[str] = frozenset(),
        fields: Mapping[str, str] | None = None,
        note: str = "",
    ) -> tuple[Check, ...]:
        self._writes()
        days = QUESTIONS[question].days
        self._answers.add(Answer(question, choice, who, dt.datetime.now(dt.UTC), days, ticks, fields or {}, note))
        asking = tuple(check for check in self.checks if check.question == question)
        for check in asking:
            if choice == "yes":
                self.found[check.id] = passed(f"{who} signed in just now.")
        return asking

    def message(self, check: str, who: str) -> str:
        finding = self.outcomes[check].finding
        return f"Hello {who},\n\n{finding.saw}\n\n{finding.fix.say if finding.fix else ''}\n\nThank you."

    def ask_someone(self, check: str, who: str) -> Asked:
        self._writes()
        self._asked[check] = Asked(check, who, dt.datetime.now(dt.UTC), f"/tmp/messages/{check}.txt")
        return self._asked[check]

    def accept(self, check: str, who: str, reason: str, until: dt.date) -> Accepted:
        self._writes()
        self._accepted[check] = Accepted(check, who, reason, until, dt.datetime.now(dt.UTC))
        return self._accepted[check]

    def allow(self, what: str) -> tuple[Check, ...]:
        self.project = replace(self.project, allowed=self.project.allowed | {what})
        return tuple(check for check in self.checks if check.consent == what)

    async def propose_addresses(self) -> tuple[Proposal, ...]:
        return (
            Proposal("login", f"https://app.{NAME}/login", "your home page links to it"),
            Proposal("sub", "app", "the name exists"),
        )

    @property
    def place(self) -> Stage | None:
        return self.shown[-1] if self.shown else None

    def visit(self, stage: Stage) -> None:
        self.shown.append(stage)

    def save_addresses(
        self,
        urls: Mapping[str, str],
        subs: tuple[str, ...],
        repo: str | None = None,
        marker: str = "",
        *,
        code: bool = True,
        who: str = "",
    ) -> None:
        self._writes()
        self.coded, self.told_by = code, who
        for url in urls.values():
            if url and not url.startswith("http"):
                raise ValueError(f"{url} is not an address: it starts with https://")
        self.urls = urls
        self.project = replace(self.project, urls=dict(urls), subs=subs, repo=repo, marker=marker)

    async def save_owner(self, owner: Owner, who: str = "") -> tuple[Check, ...]:
        self._writes()
        self.owners = Owners({one.system: one for one in self.owners.all()} | {owner.system: owner})
        return self.stage_checks(Stage.HANDOVER)[:1]

    def next_actions(self) -> tuple[NextAction, ...]:
        return tuple(self._actions.values())

    def suggested_actions(self) -> tuple[NextAction, ...]:
        return (NextAction("restore-test", "Restore a backup of the database into an empty place, and look."),)

    def keep_action(self, action: NextAction) -> tuple[Check, ...]:
        self._writes()
        self._actions[action.id] = action
        return self.stage_checks(Stage.HANDOVER)[:1]

    # ---- changing ----
    def can_fix(self, check: str) -> bool:
        outcome = self.outcomes.get(check)
        return bool(outcome and outcome.finding.fix and outcome.finding.fix.records and not self._read_only)

    def stands(self, check: str) -> Standing:
        if self.can_fix(check):
            return Standing(Level.READY, "Ready: the change is shown before it is made.")
        return Standing(Level.SHOW, "No DNS host is connected.")

    async def dns_host(self) -> str:
        return "Cloudflare"

    async def undo_plan(self, number: int) -> Plan:
        change = self._changes[number - 1]
        back = tuple(step.turned() for step in change.steps)
        return Plan(change.check, f"Take back change {number}: {change.title}", change.place, back)

    async def plan(self, check: str, *, by_hand: bool = False) -> Plan:
        if self.moved:
            raise FixProblem("The name server did not answer, so we could not tell what is there now.")
        step = Step("records", f"www.{NAME}", "CNAME", State(), State(("cname.vercel-dns.example.",), 300))
        return Plan(check, "www leads to the site", "Cloudflare, zone creatorhub.example", (step,), untouched=14)

    async def apply(self, plan: Plan, who: str) -> AsyncGenerator[Progress, None]:
        self._writes()
        yield Progress("Written down what was there before")
        change = Change(
            len(self._changes) + 1,
            dt.datetime.now(dt.UTC),
            who,
            plan.check,
            plan.title,
            plan.place,
            plan.steps,
            ChangeState.APPLIED,
            frozenset(range(len(plan.steps))),
        )
        self._changes.append(change)
        yield Progress(f"Written at {plan.place} and read back", change=change)

    async def watch(self, change: Change) -> AsyncGenerator[Sight, None]:
        own = (("ns1.namecheap.example", "right"), ("ns2.namecheap.example", "right"))
        servers = (*own, ("1.1.1.1", "right"), ("8.8.8.8", "right"), ("9.9.9.9", "old answer"))
        yield Sight("wait", "Right at your name servers.", 168.0, servers, 300.0)
        await self.watch_done.wait()
        self.found[change.check] = passed(f"www.{NAME} leads to cname.vercel-dns.example.")
        yield Sight("done", "Seen at every server.", 0.0)

    async def undo(self, number: int, who: str) -> AsyncGenerator[Progress, None]:
        at = number - 1
        self._changes[at] = replace(self._changes[at], state=ChangeState.UNDONE)
        self.found[self._changes[at].check] = make_finding(self.checks[0], 1)
        yield Progress("Put back as it was, and read back", change=self._changes[at])

    def last_change(self, check: str) -> Change | None:
        made = [each for each in self._changes if each.check == check and each.state is ChangeState.APPLIED]
        return made[-1] if made else None

    def checks_of(self, change: Change) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.id == change.check)

    # ---- handing over ----
    async def export(self, folder: Path | None = None) -> Exported:
        if self.hits:
            return Exported(Path("/tmp/handover"), (), self.hits)
        folder = Path("/tmp/handover")
        return Exported(folder, (folder / "handover.toml", folder / "risks.md"))

    async def aclose(self) -> None:
        self.closed = True
