"""The founder's list of approved senders: what was seen, what was said, and the change that adds or takes one away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui import kept, limits
from launchready_tui.checks import Check
from launchready_tui.engine import Context
from launchready_tui.fixes.model import FixProblem, Plan
from launchready_tui.look import looking
from launchready_tui.mail.spf import is_spf
from launchready_tui.mail.spf_edit import term_for
from launchready_tui.options import BadOption
from launchready_tui.senderplan import CannotTell, SenderChange, adding, name_of, removing
from launchready_tui.senders import (
    QUESTION,
    Declared,
    SenderGuide,
    by_dkim,
    by_return_path,
    by_spf,
    declared,
    guide,
    guides,
    read_answer,
)
from launchready_tui.sendersight import Seen, SenderState, included, look, states
from launchready_tui.session.changing import Changing
from launchready_tui.session.people import People
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.message import Messages
from launchready_tui.text import clean, listed
from launchready_tui.zone import mail_domain

APPROVED = "email.spf.approved"  # the check that a change of the list is made for

Act = Literal["add", "remove"]


@dataclass(frozen=True, slots=True)
class SenderList:
    """Everybody who was named or seen. `declared` is None where the founder has not said yet; `record` is the SPF
    record as it stands, `lookups` what it costs of limits.SPF_LOOKUPS, None where nobody can tell."""

    domain: str
    declared: Declared | None
    senders: tuple[SenderState, ...]
    record: str = ""
    lookups: int | None = None


@dataclass(frozen=True, slots=True)
class SenderPlan:
    """What a yes would do. `plan` is None where no record changes; `lookups` is what the SPF record would cost, None
    where it stays or nobody can tell. `unnamed` are senders that the records name and the founder's list does not."""

    change: SenderChange
    plan: Plan | None
    lookups: int | None = None
    unnamed: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences to show beside the plan: its own, and what the records come to."""
        over = self.lookups is not None and self.lookups > limits.SPF_LOOKUPS
        said = (
            ""
            if self.lookups is None
            else f"The SPF record then costs {self.lookups} of {limits.SPF_LOOKUPS} look-ups."
        )
        if over:
            said += " Receivers stop at the tenth and count none of it: take a sender away first."
        rest = f"Your records also name {listed(self.unnamed)}, and your list does not. Add who still sends for you."
        more = ((said,) if said else ()) + ((rest,) if self.unnamed else ())
        return (*(self.plan.notes if self.plan else ()), *self.change.notes, *more)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the records say of who sends, for a person to correct: ids to tick, hosts to type, and a sentence."""

    ticks: frozenset[str] = frozenset()
    other: str = ""
    say: str = ""


class Senders(People, Changing):
    """Who may send: proposed, said, listed, and changed through the one cycle."""

    # ---- what was seen and said ----
    def proposed_senders(self) -> Proposed:
        """From the last look's SPF record and MX, and from who signed the messages on file; nothing is asked."""
        from launchready_tui.handover.sections import facts_of  # reads no file, and takes its time to load

        found = [(by_spf(host), host) for record in self._seen_records() for host in included(record)]
        others = list(dict.fromkeys(host for one, host in found if one is None))
        listed_there = [one for one, _ in found if one is not None]
        inbox = guide(facts_of(self.findings).get("mail-host", ""))
        arriving = [inbox] if inbox is not None and inbox.kind == "inbox" else []
        signing = self._signing()
        places = (
            ("in your SPF record", [*(one.name for one in listed_there), *others]),
            ("in your MX records", [one.name for one in arriving]),
            ("in a message of yours", [one.name for one in signing]),
        )
        seen = [f"{listed(list(dict.fromkeys(names)))} {where}" for where, names in places if names]
        ticks = frozenset(one.id for one in (*listed_there, *arriving, *signing))
        return Proposed(ticks, ", ".join(others), clean(f"We saw {listed(seen)}." if seen else ""))

    def _signing(self) -> tuple[SenderGuide, ...]:
        """Whose signatures the messages on file carry. A service that sends with another's machines stands for both."""
        found = []
        for message in kept.listed(self.store):
            for signer, selector in message.signers:
                own = signer == self.project.domain or self.project.domain.endswith(f".{signer}")
                found.append(by_dkim(selector) if own else by_return_path(signer))
        named = dict.fromkeys(one for one in found if one is not None)
        through = {one.through for one in named}
        return tuple(one for one in named if one.id not in through)

    def _seen_records(self) -> tuple[str, ...]:
        """The SPF records that the last look saw."""
        for id in ("email.spf.single", "audit.email.ready"):
            outcome = self.outcomes.get(id)
            lines = outcome.finding.evidence if outcome is not None else ()
            records = tuple(line.text for line in lines if line.source.startswith("TXT ") and is_spf(line.text))
            if records:
                return records
        return ()

    def proposed_answer(self, question: str) -> dict[str, str]:
        """Besides the others: for the senders, the hosts that no guide is about."""
        if question == QUESTION:
            other = self.proposed_senders().other
            return {"other": other} if other else {}
        return super().proposed_answer(question)

    def proposed_ticks(self, question: str) -> frozenset[str]:
        """The boxes of a question that what we saw would tick; a person changes them."""
        return self.proposed_senders().ticks if question == QUESTION else frozenset()

    def proposed_say(self, question: str) -> str:
        """The sentence that says what a proposal comes from, "" where nothing is proposed."""
        return self.proposed_senders().say if question == QUESTION else ""

    def declare_sender(self, act: Act, sender: SenderGuide | str, who: str) -> tuple[Check, ...]:
        """Put one sender on the founder's list, or take it off; returns the checks to look at again. Where there is no
        list yet, taking one off says nothing of the others, so nothing is written."""
        newest = self.answers.newest(QUESTION)
        if act == "remove" and (newest is None or newest.choice != "listed"):
            return self.asking(QUESTION)
        said = read_answer(newest) if newest is not None and newest.choice == "listed" else Declared()
        ticks, typed = set(said.ids), [*said.hosts, *said.addresses, *said.unread]
        if isinstance(sender, SenderGuide):
            ticks = ticks | {sender.id} if act == "add" else ticks - {sender.id}
        else:
            typed = [word for word in typed if word != sender] + ([sender] if act == "add" else [])
        note = newest.note if newest is not None else ""
        fields = {"other": ", ".join(typed)}
        return self.answer(QUESTION, "listed", who, ticks=frozenset(ticks), fields=fields, note=note)

    def sender(self, typed: str) -> SenderGuide | str:
        """What a person typed as a sender: a guide, or a host or an address in its plain form. Raises BadOption."""
        known = guide(typed) or by_spf(typed)
        if known is not None:
            return known
        try:
            return term_for(typed).partition(":")[2]
        except ValueError:
            ids = ", ".join(one.id for one in guides())
            raise BadOption(
                f"“{clean(typed, limit=80)}” is neither a sender that we know ({ids}), nor the name that one asks you "
                "to include, nor an address."
            ) from None

    # ---- what is there ----
    async def sender_list(self) -> SenderList:
        """Everybody who was named or is in the records, with what each asks for and whether it is there."""
        said = declared(self.answers)
        async with looking(self.project, self.clock, *self.things()) as context:
            dns = context.get(Dns)
            assert isinstance(dns, Dns)
            domain = await mail_domain(dns, self.project.domain)
            selectors = self._selectors(context, domain)
            seen = await self._look(dns, domain, selectors)
            record = seen.spf[0] if len(seen.spf) == 1 else ""
            lookups = await _cost(dns, domain, record)
        return SenderList(domain, said, states(seen, said, selectors), record, lookups)

    async def _look(self, dns: Dns, domain: str, selectors: tuple[str, ...], *more: SenderGuide) -> Seen:
        """First who is in the SPF record and the MX, then what each of these, and each named one, asks for."""
        first = await look(dns, domain, (), selectors)
        said = declared(self.answers)
        met = [state.guide for state in states(first, said, selectors) if state.guide is not None]
        return await look(dns, domain, dict.fromkeys((*met, *more)), selectors)

    def _selectors(self, context: Context, domain: str) -> tuple[str, ...]:
        """The selectors that the founder named, and those that their own messages on file were signed with."""
        found = context.get(Messages)
        signed = found.selectors(domain) if isinstance(found, Messages) else ()
        return tuple(dict.fromkeys((*self.project.dkim_selectors, *signed)))

    # ---- changing ----
    async def plan_sender(
        self, act: Act, sender: SenderGuide | str, *, with_keys: bool = False, by_hand: bool = False
    ) -> SenderPlan:
        """What adding `sender` or taking it away would change, laid beside what is there; `apply` makes it. `with_keys`
        takes their keys and return paths away too; `by_hand` plans at the zone's own host, for a person to make.
        Raises FixProblem with a sentence."""
        async with looking(self.project, self.clock, *self.things()) as context:
            dns = context.get(Dns)
            assert isinstance(dns, Dns)
            domain = await mail_domain(dns, self.project.domain)
            more = (sender,) if isinstance(sender, SenderGuide) else ()
            seen = await self._look(dns, domain, self._selectors(context, domain), *more)
            try:
                change = adding(sender, seen) if act == "add" else removing(sender, seen, with_keys=with_keys)
            except (CannotTell, ValueError) as problem:
                raise FixProblem(getattr(problem, "sentence", "") or str(problem)) from None
            lookups = await _cost(dns, domain, change.record)
        said = declared(self.answers)
        this = sender.id if isinstance(sender, SenderGuide) else sender
        others = [one.name for one in states(seen, said) if one.seen and not one.declared and one.id != this]
        unnamed = tuple(others) if act == "add" and said is not None else ()
        if change.fix is None or not change.fix.records:
            return SenderPlan(change, None, lookups, unnamed)
        places = await self._hand() if by_hand else None
        plan = await self._cycle.plan(APPROVED, change.title, change.fix, places=places)
        return SenderPlan(change, plan, lookups, unnamed)

    def can_change_senders(self) -> bool:
        """True where a place is connected that takes changes of the domain's records."""
        return not self.read_only and self._places.find("records", self.project.domain) is not None


async def _cost(dns: Dns, domain: str, record: str) -> int | None:
    """The look-ups of a record, published or not; None for none, and where a part of it could not be read."""
    if not record:
        return None
    from launchready_tui.mail.spf_walk import walk

    cost = await walk(dns, domain, record)
    return None if cost.unsure else cost.lookups


__all__ = ["APPROVED", "Proposed", "SenderList", "SenderPlan", "Senders", "name_of"]
