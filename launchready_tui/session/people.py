"""What people say of an open project: answers, owners, risks taken on, addresses, next actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from launchready_tui import limits, runbooks
from launchready_tui.actions import NextAction, NextActions
from launchready_tui.addresses import Proposal, propose
from launchready_tui.answers import Answer
from launchready_tui.checks import Check
from launchready_tui.handover.selfscan import hide
from launchready_tui.ledger import Accepted, Asked
from launchready_tui.look import looking
from launchready_tui.messages import message
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.secret import Secret
from launchready_tui.session.owning import Owning
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.web import Web
from launchready_tui.stored import encode_answer
from launchready_tui.vault import VaultProblem


class People(Owning):
    """State changes write the journal first, and return the checks to look at again."""

    # ---- what a person says ----
    def asking(self, question: str) -> tuple[Check, ...]:
        """The checks that an answer to a question bears on."""
        return tuple(
            check
            for check in self.checks
            if check.question == question
            or (check.id in self.outcomes and self.outcomes[check.id].finding.question == question)
        )

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
        """Keep an answer; returns the checks to look at again."""
        told = {name: self.told(text) for name, text in (fields or {}).items()}
        days, note = QUESTIONS[question].days, self.told(note)
        given = Answer(question, choice, self.told(who), self.clock.now(), days, ticks, told, note)
        self.write("answer", encode_answer(given))
        return self.asking(question)

    def proposed_answer(self, question: str) -> dict[str, str]:
        """First texts for the fields of a question, from what is known; a person changes them."""
        kind = next((kind for kind, (asked, _) in runbooks.KINDS.items() if asked == question), None)
        if kind is None:
            return {}
        from launchready_tui.handover.ways_back import propose

        return propose(kind, self.project, self.findings, self.owners, self.answers).fields()

    def message(self, check: str, who: str) -> str:
        """The ready message that asks `who` about a check. Raises KeyError where nothing was looked at."""
        return hide(message(self.check(check), self.outcomes[check].finding, self.project, who), self._tokens())

    def ask_someone(self, check: str, who: str) -> Asked:
        """Save the message and remember who was asked."""
        from launchready_tui.disk import write_private

        self.may_write()
        who = self.told(who)
        path = self.store.folder("messages") / f"{check}.txt"
        write_private(path, self.message(check, who).encode())
        self.write("asked", {"check": check, "who": who, "path": str(path)})
        return self.asked[check]

    def accept(self, check: str, who: str, reason: str, until: dt.date) -> Accepted:
        """Take a risk on, by name. It stays listed, and is open again after its last day."""
        severity = self.outcomes[check].finding.severity or self.check(check).severity
        said = {"check": check, "who": self.told(who), "reason": self.told(reason), "until": until.isoformat()}
        said["severity"] = severity.value
        self.write("accepted", said)
        return self.accepted[check]

    def allow(self, what: str) -> tuple[Check, ...]:
        """Keep a yes to one of project.ALLOWED for this sitting; returns the checks it opens."""
        self.project = replace(self.project, allowed=self.project.allowed | {what})
        closed = {id for id, o in self.outcomes.items() if o.finding.status is Status.UNKNOWN and o.finding.needs}
        return tuple(check for check in self.checks if check.id in closed and check.consent == what)

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
        """Keep the addresses; "" as a URL means "we have none", `code` False that no code is the product's own. What
        does not exist is kept by name and day, for the handover. Raises BadOption with a sentence for a bad one."""
        from launchready_tui.options import LookOptions, apply

        given = LookOptions(urls=tuple(f"{kind}={url}" for kind, url in urls.items()), subs=subs, repo=repo or None)
        project = replace(apply(self.project, given), subs=subs)
        at = self.clock.now().astimezone()
        said = f"{who or 'the founder'}, {at.day} {at:%b %Y}"
        none = {kind for kind in urls if not project.url(kind)} | (set() if code else {"repository"})
        asked = {"login", "signup", "api", "repository"}
        absent = {part: by for part, by in self.project.absent.items() if part not in asked}
        absent |= {part: self.project.absent.get(part, said) for part in sorted(none)}
        self._set_project(replace(project, marker=marker, repo=project.repo if repo else None, absent=absent))
        self.write("addresses", {"kinds": sorted(urls), "subs": len(subs), "who": self.told(who)})

    def _set_project(self, project: Project) -> None:
        self.store.save_project(replace(project, allowed=frozenset()))
        self.project = project

    async def propose_addresses(self) -> tuple[Proposal, ...]:
        """Login, signup, API health and subdomains, from the home page's own links and usual paths."""
        async with looking(self.project, self.clock) as context:
            web, dns = context.get(Web), context.get(Dns)
            assert isinstance(web, Web)
            assert isinstance(dns, Dns)
            return await propose(self.project, web, dns)

    # ---- owners ----
    async def vault_values(self) -> tuple[Secret, ...]:
        """Every value that this session could use or that its vault keeps, owners' entries aside (these are handed
        over), for the exact match of the self-scan. What the vault does not give is left out: it is not in the file
        either, since nobody could have read it."""
        values, vaults = list(self._tokens()), self.vaults
        entries = vaults.index.read().entries if vaults is not None else {}
        for name, entry in entries.items():
            if entry.place != self.vault.kind or "/owner/" in name or name in self._secrets:
                continue
            try:
                kept = await self.vault.get(name)
            except VaultProblem:
                break
            if kept is not None:
                values.append(kept)
        return tuple(values)

    def suggested_actions(self) -> tuple[NextAction, ...]:
        """What comes next by the findings, and a name and a day for each risk that is left."""
        from launchready_tui.handover.actions import suggest
        from launchready_tui.session.lookers import proposed_actions

        return (*proposed_actions(self, limits.RISKS_PLANNED), *suggest(self.findings, self.clock.now()))

    def keep_action(self, action: NextAction) -> tuple[Check, ...]:
        """Agree to a next action, or change it; returns the checks to look at again."""
        due = action.due.isoformat() if action.due else None
        data = {
            "id": action.id,
            "what": self.told(action.what),
            "who": self.told(action.who),
            "due": due,
            "done": action.done,
        }
        self.write("action", data)
        return tuple(check for check in self.checks if any(need.type is NextActions for need in check.needs))
