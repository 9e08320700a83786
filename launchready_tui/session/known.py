"""What an open project knows, and how it comes to know it: opening, looking, judging, writing down."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Self

from launchready_tui import kept, limits
from launchready_tui.actions import NextAction, NextActions
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import REGISTRY, Check, all_checks
from launchready_tui.deliverables import Deliverable, deliverable
from launchready_tui.deployment import build_map, draw, see_parts
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.earlier import Earlier
from launchready_tui.engine import Context, Event, Finished, run
from launchready_tui.fixes.changed import changed_sets
from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, ChangeState
from launchready_tui.handover.selfscan import hide
from launchready_tui.kept import Mailbox
from launchready_tui.leaks import redact
from launchready_tui.ledger import Accepted, Asked, Ledger, fold
from launchready_tui.look import at_panel, looking
from launchready_tui.model import Finding, Stage, Status
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Clock, Project
from launchready_tui.proofs import StoredMessage
from launchready_tui.readiness import Readiness, judge
from launchready_tui.risks import Risk, risk_list, standing
from launchready_tui.secret import Secret
from launchready_tui.secretlist import KeptSecret, SecretList
from launchready_tui.session.due import dues_of
from launchready_tui.signals import Signal, signals
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Pace
from launchready_tui.sources.registry import Registry
from launchready_tui.sources.web import Web
from launchready_tui.store import ProjectStore
from launchready_tui.stored import StoredFinding
from launchready_tui.system import user_name
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.vault import Vault, VaultProblem, Vaults, VaultState
from launchready_tui.vault.owners import load_owners

_UNSIGNED = ("looked", "exported", "owner-stored", "owner-forgotten", "connected", "disconnected")
_TOKEN_NAMES = ("LAUNCHREADY_TOKEN_", "LAUNCHREADY_SESSION_")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last finding of a check, and when it was looked at. `seconds` is how long it took."""

    finding: Finding
    at: dt.datetime
    seconds: float = 0.0


class Known:
    """`notes` are sentences to show at opening; `vault_say` says plainly where owners are kept; `vault_trouble` is why
    the vault that was meant keeps nothing, None where it does; `given` are messages that this run alone judges."""

    given: tuple[StoredMessage, ...] = ()
    _preparing: asyncio.Task[None] | None = None
    vaults: Vaults | None = None
    vault_trouble: VaultState | None = None

    def __init__(
        self,
        store: ProjectStore | UnsavedStore,
        vault: Vault,
        *,
        clock: Clock | None = None,
        project: Project | None = None,
        secrets: Mapping[str, Secret] | None = None,
        practice: bool = False,
        pace: Pace | None = None,
        vaults: Vaults | None = None,
    ) -> None:
        """`project` stands in for the stored one (options of a command line); `secrets` for tokens in the vault; `pace`
        is shared by the sessions that look beside each other; `vaults` are those that this workspace could keep in."""
        self.store = store
        self.vault = vault
        self.vaults = vaults
        self.clock = clock or Clock()
        self.project = project or store.project
        self.checks = all_checks()
        self.practice = practice
        self._pace = pace
        self.notes: tuple[str, ...] = (*store.notes, *((store.holder,) if store.read_only else ()))
        self.vault_say = ""
        self.owners = Owners()
        self._looks = 0  # how many were begun: a finding of an earlier look never takes the place of a later one's
        self._runs: dict[int, set[str]] = {}
        self._newest: dict[str, int] = {}
        self._closed = False
        self._parts = store.summary().parts
        self._ledger: Ledger = fold(store.journal.entries, self.clock)
        self.outcomes = {
            id: Outcome(kept.finding, kept.at, kept.seconds)
            for id, kept in store.findings().items()
            if any(check.id == id for check in self.checks)
        }
        self._secrets = dict(secrets or {})
        self._places = Places(lambda: self.project, self._secrets)
        self._cycle = Cycle(self._places.find, self, self.clock.now, self._ledger.changes)

    # ---- the parts that others read ----
    @property
    def read_only(self) -> bool:
        return self.store.read_only

    @property
    def holder(self) -> str:
        return self.store.holder

    @property
    def answers(self) -> Answers:
        return self._ledger.answers

    @property
    def asked(self) -> dict[str, Asked]:
        return self._ledger.asked

    @property
    def accepted(self) -> dict[str, Accepted]:
        return self._ledger.accepted

    @property
    def changes(self) -> tuple[Change, ...]:
        return self._cycle.changes

    @property
    def findings(self) -> dict[str, Finding]:
        return {id: outcome.finding for id, outcome in self.outcomes.items()}

    @property
    def running(self) -> set[str]:
        """The ids of the checks that a look is at."""
        return set[str]().union(*self._runs.values())

    @property
    def secret_list(self) -> SecretList:
        """The product's own secrets that are written down, by name."""
        return SecretList(tuple(self._ledger.secrets.values()), self._ledger.no_secrets)

    def check(self, id: str) -> Check:
        """Raises KeyError for an id that is not a check."""
        return REGISTRY[id]

    def next_actions(self) -> tuple[NextAction, ...]:
        """What was agreed, by id; `suggested_actions` has what could be."""
        return tuple(self._ledger.actions.values())

    # ---- opening and closing ----
    def start(self) -> Self:
        """Begin what takes time (the keyring may ask for a password) beside everything else; a look waits a moment."""
        self._preparing = asyncio.create_task(self.prepare(), name="prepare")
        return self

    async def prepare(self) -> None:
        """Find out whether the keyring stores, load the owners from it, settle what a crash left half done."""
        await self._open_vault()
        await self.load_tokens()
        if not self.read_only:
            self.notes += await self._cycle.settle()

    async def prepared(self, seconds: float | None = limits.PREPARE_SECONDS) -> None:
        """Wait for what `start` began, at most so long; None is until it ends, which every part of it does."""
        if self._preparing is not None:
            await asyncio.wait([self._preparing], timeout=seconds)

    async def _open_vault(self) -> None:
        state = await self.vault.probe()
        self.vault_say = state.say
        self.vault_trouble = None if state.ok else state
        if not state.ok and self.vault.kind != "session":
            self.vault_say = f"{state.say} Nothing is stored: names and tokens are kept for this sitting only."
            self.notes += (self.vault_say,)
            self.vault = Vault(kind="session")
        if state.ok and self.vaults is not None:
            try:
                self.vaults.remember()
            except WorkspaceProblem as problem:
                self.notes += (problem.sentence,)
        await self.load_owners()

    async def load_tokens(self) -> None:
        """Fetch what connections name; a session that connects does it."""

    async def load_owners(self) -> None:
        """Read the owners that the index names; a keyring that gives none is said, never fatal."""
        if not self._ledger.owners:
            return
        try:
            stored = await load_owners(self.vault, self.project.domain, tuple(sorted(self._ledger.owners)))
        except VaultProblem as problem:
            self.notes += (problem.sentence,)
            return
        self._hold(*stored.values())

    def bring(self, answers: Iterable[Answer], owners: Iterable[Owner], secrets: Iterable[KeptSecret] = ()) -> None:
        """Count answers, owners and names of secrets from elsewhere in this sitting; nothing is stored."""
        self._ledger.secrets.update({each.name: each for each in secrets})
        for answer in answers:
            self.answers.add(answer)
        self._hold(*owners)

    def _hold(self, *owners: Owner) -> None:
        told = {one.system: one for one in self.owners.all() if one != Owner(one.system)}
        self.owners = Owners(told | {one.system: one for one in owners})

    async def aclose(self) -> None:
        """Save and let go of the project; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.gather(self._preparing, return_exceptions=True)
        try:
            if not self.read_only:
                self._save()
        finally:
            self.store.close()

    # ---- writing down ----
    def may_write(self) -> None:
        """Raises WorkspaceProblem with the holder's sentence on a session that is for reading."""
        if self.read_only:
            raise WorkspaceProblem(self.holder)

    def write(self, kind: str, data: Mapping[str, object]) -> None:
        """One line in the journal, on disk before this returns, and in what we know. What names no person is signed
        with the name of whoever runs this, for the work log."""
        if kind in _UNSIGNED:
            data = {**data, "by": user_name()}
        entry = self.store.journal.append(kind, data)
        self._ledger.add(kind, entry.at, data)

    def _save(self) -> None:
        kept = {id: StoredFinding(o.finding, o.seconds, o.at) for id, o in self.outcomes.items()}
        self.store.save_findings(kept)
        state = self.readiness()
        looked = max((o.at for o in self.outcomes.values()), default=None)
        self.store.save_summary(
            state.line,
            state.next,
            looked=looked,
            exported=self._ledger.exported,
            status=state.exit_status if self.outcomes else None,
            faults=state.faults,
            due=dues_of(self.findings, self.answers, self.accepted.values(), self.next_actions()),
        )

    @property
    def place(self) -> Stage | None:
        """The stage that was shown last, in this sitting or the one before; None where none was."""
        shown = self.store.summary().stage
        return Stage(shown) if shown in tuple(Stage) else None

    def visit(self, stage: Stage) -> None:
        """Remember which stage is shown: opened again, the launch goes on there."""
        if not self.read_only:
            self.store.save_stage(stage.value)

    # ---- looking ----
    def stage_checks(self, stage: Stage) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.stage is stage)

    def mailbox(self) -> Mailbox:
        """The messages that a look judges: those that this run was given, and of other kinds those on file."""
        kinds = {one.kind for one in self.given}
        return Mailbox((*self.given, *(one for one in kept.listed(self.store) if one.kind not in kinds)))

    def things(self) -> tuple[object, ...]:
        """What a look is handed beside the sources of the world."""
        from launchready_tui.handover.draft import SessionDraft
        from launchready_tui.vault.look import VaultSight

        return (
            self.answers,
            self.owners,
            NextActions(self.next_actions()),
            changed_sets(self.changes),
            Earlier({id: outcome.finding.facts for id, outcome in self.outcomes.items()}),
            self.mailbox(),
            VaultSight(self.vault),
            SessionDraft(self, self._tokens()),
        )

    def _tokens(self) -> tuple[Secret, ...]:
        """Every secret value that this process was given: what the session holds, and what its environment names."""
        named = (value.strip() for name, value in os.environ.items() if name.startswith(_TOKEN_NAMES))
        phrase = self.vaults.passphrase if self.vaults is not None else None
        typed = (phrase,) if phrase else ()
        return (*self._secrets.values(), *typed, *(Secret(value) for value in named if value))

    def told(self, text: str) -> str:
        """What a person typed, without a secret that they put in it: the journal and the handover keep references."""
        return hide(redact(text), self._tokens())

    async def look(self, checks: Iterable[Check] | None = None) -> AsyncGenerator[Event, None]:
        """Look at all checks, or at some. Findings are kept and saved as they come; close it to stop."""
        await self.prepared()
        chosen = tuple(self.checks if checks is None else checks)
        first = tuple(check for check in chosen if not check.derived)
        last = tuple(check for check in self.checks if check.derived and (check in chosen or check.id in self.outcomes))
        self._looks += 1
        this, began = self._looks, self.clock.now()
        self._runs[this] = {check.id for check in (*first, *last)}
        saved: dt.datetime | None = began
        try:
            async with looking(self.project, self.clock, *self.things(), pace=self._pace) as context:
                for some in (first, last):  # what reads the others' findings comes after them
                    async with aclosing(run(some, context)) as events:
                        async for event in events:
                            if isinstance(event, Finished):
                                event = self._keep(await at_panel(event, context), this, began)
                                if saved is not None and (self.clock.now() - saved).total_seconds() > 1:
                                    saved = self._saved_meanwhile()
                            yield event
                if checks is None or any(check.stage is Stage.AUDIT for check in chosen):
                    await self._survey(context)
        finally:
            del self._runs[this]
            if not self.read_only and not self._closed:
                self._save()
                state = self.readiness()
                took = max(0.0, (self.clock.now() - began).total_seconds())
                said = {"checks": len(chosen), "ready": state.ready, "counts": state.counts, "faults": state.faults}
                self.write("looked", {**said, "seconds": round(took, 1)})

    def _saved_meanwhile(self) -> dt.datetime | None:
        """Save in the middle of a look. A disk that refuses does not end the look: its end tries again, and says so."""
        try:
            if not self.read_only:
                self._save()
        except WorkspaceProblem:
            return None
        return self.clock.now()

    def _keep(self, event: Finished, look: int, began: dt.datetime) -> Finished:
        """Keep a finding, as of the moment when its look began. What a later look saw already stays."""
        id = event.check.id
        self._runs[look].discard(id)
        if self._newest.get(id, 0) > look:
            return Finished(event.check, self.outcomes[id].finding, event.seconds)
        self._newest[id] = look
        finding = self._waiting(event.check, event.finding)
        self.outcomes[id] = Outcome(finding, began, event.seconds)
        return Finished(event.check, finding, event.seconds)

    def _waiting(self, check: Check, finding: Finding) -> Finding:
        """A fault whose repair is written and still spreading is waiting, not failing."""
        change = self.last_change(check.id)
        if finding.status not in (Status.FAIL, Status.WARN) or change is None or change.arrived:
            return finding
        if change.state is not ChangeState.APPLIED or self.clock.now() - change.at > dt.timedelta(
            seconds=limits.WATCH_SECONDS
        ):
            return finding
        return replace(
            finding, status=Status.WAITING, saw=f"Change {change.number} is on its way. Before it: {finding.saw}"
        )

    async def _survey(self, context: Context) -> None:
        dns, web, registry = context.get(Dns), context.get(Web), context.get(Registry)
        if isinstance(dns, Dns) and isinstance(web, Web):
            known = registry if isinstance(registry, Registry) else None
            self._parts = await see_parts(self.project, dns, web, known)
            if not self.read_only and not self._closed:
                self.store.save_parts(self._parts)

    def readiness(self) -> Readiness:
        now = self.clock.now()
        waiting = [id for id, asked in self.asked.items() if asked.waiting(now)]
        return judge(self.findings, self.checks, accepted=standing(self.accepted, now), asked=waiting)

    def risks(self) -> tuple[Risk, ...]:
        return risk_list(
            self.findings, self.checks, accepted=standing(self.accepted, self.clock.now()), asked=self.asked
        )

    def deliverable(self, stage: Stage) -> Deliverable:
        return deliverable(stage, self.findings, self.answers)

    def signals(self, stage: Stage) -> tuple[Signal, ...]:
        return signals(stage, self.findings, self.answers)

    def draw_map(self, width: int) -> list[str]:
        """The deployment map as plain lines of at most `width` characters; [] before the first look."""
        return draw(build_map(self._parts, self.owners, self.project), width) if self._parts else []

    def last_change(self, check: str) -> Change | None:
        """The newest change made for a check that can still be taken back."""
        made = [c for c in self.changes if c.check == check and c.stands]
        return made[-1] if made else None
