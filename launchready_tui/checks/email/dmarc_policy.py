"""What receivers shall do with forged mail (RFC 9989 sections 4.7, 5.1.7): strict enough, never too strict too early.

What nobody knows the age of (_dmarc_age.py) passes as the start that it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.changed import Changed
from launchready_tui.checks import check
from launchready_tui.checks.email._dmarc import (
    CHANGE,
    QUESTION,
    WHO,
    broken,
    fix_at,
    mailbox,
    missing,
    seen_of,
    sends_none,
    takes_mail,
    unclear,
    unsure_of,
)
from launchready_tui.checks.email._dmarc_age import age
from launchready_tui.earlier import Earlier
from launchready_tui.mail import dmarc
from launchready_tui.mail.dmarc import Discovery, DmarcRecord
from launchready_tui.mail.dmarc_plan import (
    DOWN,
    DOWN_AT,
    PLAN,
    SEEN,
    DmarcPlan,
    OwnMail,
    lines,
    own_mail,
    plan,
)
from launchready_tui.mail.dmarc_text import rewritten
from launchready_tui.model import Evidence, Facts, Finding, Fix, Severity, Status, failed, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.message import Messages
from launchready_tui.text import day

CHECK = "email.dmarc.policy"


@check(
    CHECK,
    severity=Severity.MEDIUM,
    title="A DMARC policy that fits",
    why="“none” for ever protects nobody. Too strict too early blocks your own mail.",
    minutes=10,
    question=QUESTION,
)
async def dmarc_policy(
    project: Project,
    dns: Dns,
    clock: Clock,
    owners: Owners,
    answers: Answers,
    changed: Changed | None,
    earlier: Earlier | None,
    messages: Messages | None,
) -> Finding:
    domain = project.domain
    nobody = sends_none(project, owners, answers)
    found = await dmarc.find(dns, domain)
    record = found.record
    before = earlier.fact(CHECK, SEEN) if earlier is not None else ""
    if record is None:
        doubt = unsure_of(found)
        if doubt is not None:  # what an earlier look saw is not forgotten for a name server that is silent today
            told = unclear(domain, found, doubt)
            return replace(told, facts=((SEEN, before),)) if before else told
        return await missing(project, dns, found, nobody=nobody)
    if not record.valid or not record.applies:
        return await broken(dns, domain, found, record, nobody=nobody)
    proofs = await messages.proofs() if messages is not None else None
    own = own_mail(found.location, proofs, nobody=nobody)
    now = clock.now()
    begun, seen = age(found, record, answers, changed, before, now.date())
    made = plan(found.location, record, begun, own, now)
    takes = await takes_mail(dns, found.location)
    said = answers.get(QUESTION)
    sound = said is not None and "sound" in said.ticks
    return judge_policy(World(domain, found, record, made, seen, takes, sound))


@dataclass(frozen=True, slots=True)
class World:
    """What there is to judge. `seen` is the fact to remember, `takes` whether the domain takes mail, `sound` that
    the founder said of the reports that they show nothing of their own which fails."""

    domain: str
    found: Discovery
    record: DmarcRecord
    made: DmarcPlan
    seen: str
    takes: bool
    sound: bool = False

    @property
    def policy(self) -> str:
        """What applies to this very name: sp= where the record is inherited (4.10.1)."""
        return self.record.tags["p"] if self.found.own else self.record.tags["sp"]

    @property
    def whose(self) -> str:
        """Begins a sentence: whose record it is that decides."""
        inherits = "" if self.found.own else f", which {self.domain} inherits,"
        return f"The DMARC record of {self.found.location}{inherits}"

    @property
    def acts(self) -> str:
        """What receivers do today: one step milder in test mode (4.7)."""
        if self.record.tags["t"] != "y":
            return self.policy
        return {"reject": "quarantine", "quarantine": "none"}.get(self.policy, self.policy)

    @property
    def evidence(self) -> list[Evidence]:
        return [*seen_of(self.found), *(Evidence(PLAN, line) for line in lines(self.made))]

    @property
    def facts(self) -> Facts:
        step = self.made.next
        facts = [("dmarc policy", self.policy), (SEEN, self.seen)]
        if (down := self.made.down) is not None:
            facts += [(DOWN, down.record), (DOWN_AT, f"_dmarc.{self.found.location}")]
        if step is not None:
            facts.append(("dmarc next step", step.policy))
            if step.due is not None:
                facts.append(("dmarc next step due", step.due.isoformat()))
        return facts

    def passed(self, saw: str) -> Finding:
        """Sound; a next step whose day has come is there to be taken all the same."""
        step = self.made.due
        fix = (
            self.step(step.record, f"The next step, when you want it: {step.name.lower()}. {CHANGE}") if step else None
        )
        return Finding(
            Status.PASS, saw, fix, tuple(self.evidence), self.domain, question=QUESTION, facts=tuple(self.facts)
        )

    def warned(self, saw: str, fix: Fix) -> Finding:
        return warned(saw, fix, evidence=self.evidence, subject=self.domain, question=QUESTION, facts=self.facts)

    def step(self, record: str, say: str, *, after: str = "") -> Fix:
        return fix_at(self.found, self.found.location, record, say, after=after)

    def held(self, then: str) -> Fix:
        """A step that waits for the founder's own mail: what lifts it, and what comes then."""
        own: OwnMail = self.made.own
        return Fix("steps", f"{own.say} {own.lifts} {then}".strip(), minutes=15, who="You")


def judge_policy(world: World) -> Finding:
    """The rule. Pure."""
    record, made, domain = world.record, world.made, world.domain
    tags, policy = record.tags, world.policy
    own = made.own
    if own.state == "not-aligned" and policy != "none":
        return _blocking(world)
    if tags["t"] == "y" and policy != "none":
        return _test_mode(world)
    order = dmarc.POLICIES
    if order.index(tags["sp"]) < order.index(tags["p"]) and world.found.own:
        better = rewritten(record, world.found.location, {"sp": ""}, reports=world.takes)
        say = "Names below yours then follow p."
        return world.warned(
            f"The DMARC record of {domain} says {tags['p']}, but only {tags['sp']} for names below it (sp). Forgers "
            "then use such a name.",
            world.step(better, CHANGE, after=say) if own.safe else world.held(f"Then take sp={tags['sp']} out."),
        )
    if policy == "none":
        return _watching(world)
    if "np" not in record.stated:
        better = rewritten(record, world.found.location, {"np": "reject"}, reports=world.takes)
        return world.warned(
            f"{world.whose} says {policy}, but nothing about names that do not exist (np). Forgers make such names up.",
            world.step(better, CHANGE),
        )
    if own.safe or own.state == "unclear":
        return world.passed(f"{world.whose} says {policy}. {own.say}")
    return world.passed(
        f"{world.whose} says {policy}. Send yourself a real message to prove that your own mail passes."
    )


def _blocking(world: World) -> Finding:
    own = world.made.own
    back = world.step(
        world.made.watching,
        f"Go back to watching until it passes. {CHANGE}",
        after=f"{own.lifts} Then raise the policy again, step by step.",
    )
    if world.acts == "none":
        return world.warned(
            f"{world.whose} says {world.policy} in test mode (t=y). {own.say} When the test mode "
            "ends, you block yourself.",
            back,
        )
    does = {"quarantine": "puts it into spam", "reject": "refuses it"}[world.acts]
    return failed(
        f"{own.say} {world.whose} says {world.policy}: whoever follows it {does}.",
        back,
        evidence=world.evidence,
        subject=world.domain,
        severity=Severity.CRITICAL,
        facts=world.facts,
    )


def _test_mode(world: World) -> Finding:
    made = world.made
    days = made.begun.days(made.today)
    known = made.begun.how in ("change", "told") and not made.begun.older
    if known and days is not None and days <= limits.DMARC_TRY_DAYS and made.next is not None and made.next.due:
        return world.passed(
            f"{world.whose} tries {world.policy} in test mode (t=y) {made.begun.say}: receivers act as "
            f"if it said {world.acts}. The test may end on {day(made.next.due)}."
        )
    say = "When your reports look right, take t=y out."
    better = rewritten(world.record, world.found.location, {"t": "n"}, reports=world.takes)
    return world.warned(
        f"{world.whose} says {world.policy}, but it is still in test mode (t=y): receivers act as if it "
        f"said {world.acts}.",
        world.step(better, f"{say} {CHANGE}") if made.own.safe else world.held("Then take t=y out of the record."),
    )


def _look_first(world: World) -> str:
    if world.sound:
        return "Your reports show that your own mail passes, by your word: raise it a step."
    return "Look into the reports: does all your own mail pass? If so, raise it a step."


def _watching(world: World) -> Finding:
    record, made = world.record, world.made
    none = "p=none" if world.found.own or "sp" not in record.stated else "sp=none, for names below it"
    if not record.rua and made.own.state != "silent":
        better = rewritten(record, world.found.location)
        fix = (
            world.step(better, CHANGE, after=mailbox(world.found.location, better))
            if world.takes
            else Fix("steps", f"Add “; rua=mailto:ADDRESS” with an address that exists. {CHANGE}", 15, WHO)
        )
        return world.warned(f"{world.whose} says “do nothing” and sends no reports, so it has no effect at all.", fix)
    days = made.begun.days(made.today)
    step = made.next
    more = "" if made.begun.how in ("change", "told") and not made.begun.older else " or more"
    if days is not None and days > limits.MONITOR_DAYS and step is not None:
        return world.warned(
            f"{world.whose} has watched ({none}) {made.begun.say}: {days} days{more}. That is long "
            "enough; “none” for ever protects nobody.",
            world.step(step.record, f"{_look_first(world)} {CHANGE}")
            if made.own.safe
            else world.held(f"The step after that is {step.policy}."),
        )
    since = f" {made.begun.say}" if made.begun.on is not None else ""
    unsaid = "" if made.begun.how in ("change", "told") else " How long it has stood, we cannot see."
    reports = " and sends reports" if record.rua else ""
    return world.passed(
        f"{world.whose} watches ({none}){since}{reports}. That is the right start: move to quarantine "
        f"after about {limits.MONITOR_DAYS} days of good reports.{unsaid}"
    )
