"""Whom the SPF record lets send, against the founder's own list of senders (question `email.senders`)."""

from __future__ import annotations

from launchready_tui import limits, senders
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.email._spf import WHO, changed_to, could_not, left_out, spf_values, the_set, tree
from launchready_tui.mail.spf import parse, with_all
from launchready_tui.mail.spf_edit import with_sender
from launchready_tui.mail.spf_lean import Lean, lean
from launchready_tui.mail.spf_named import (
    Allowed,
    Missing,
    addresses_of,
    allowed,
    closed_books,
    extra,
    is_among,
    missing,
    unread,
    written_out,
)
from launchready_tui.mail.spf_tree import Cost
from launchready_tui.mail.spf_walk import walk
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, is_fact
from launchready_tui.text import clean, listed
from launchready_tui.zone import mail_domain

_NOT_NAMED = "you did not name it as a sender"


@check(
    "email.spf.approved",
    severity=Severity.MEDIUM,
    title="SPF lets send whom you named, and nobody else",
    why="A tool you stopped using can still send as you; one that is missing from the list lands in spam.",
    minutes=10,
    question=senders.QUESTION,
)
async def spf_approved(project: Project, dns: Dns, answers: Answers) -> Finding:
    domain = await mail_domain(dns, project.domain)
    answer = await dns.ask(domain, "TXT")
    if not is_fact(answer):
        return could_not(domain, answer)
    found = spf_values(answer)
    if len(found) != 1 or parse(found[0]).errors:
        what = "no SPF record" if not found else "no SPF record that receivers can read"
        return info(f"{domain} has {what}, so there is no list to compare with your senders.", subject=domain)
    cost = await walk(dns, domain, found[0])
    declared = senders.declared(answers)
    if declared is None:
        who = listed(list(dict.fromkeys(one.name for one in allowed(cost)))) or "nobody"
        return unknown(
            f"The SPF record of {domain} lets send: {clean(who, limit=300)}. Nobody has told us yet who should.",
            needs="your list of who may send mail as you",
            evidence=tree(cost),
            subject=domain,
            question=senders.QUESTION,
        )
    lacks = missing(cost, declared)
    after: Cost | None = None
    if any(one.needed for one in lacks):
        after = await walk(dns, domain, with_sender(found[0], [one.word for one in lacks if one.needed]))
    return judge(cost, answer, declared, after)


def judge(cost: Cost, answer: Answer, declared: senders.Declared, after: Cost | None) -> Finding:
    """Pure. `after` is what the record costs with the senders that it lacks, None where it lacks none."""
    lists = {guide.name: addresses_of(after, guide) for guide in declared.guides} if after is not None else {}
    more = tuple(one for one in extra(cost, declared) if not any(is_among(one, each) for each in lists.values()))
    lacks = [
        one
        for one in missing(cost, declared)
        if one.needed and not (one.name in lists and written_out(cost, lists[one.name]))
    ]
    elsewhere = [one for one in missing(cost, declared) if not one.needed]
    own = {one.term for one in more if one.at == cost.domain}
    evidence = [
        Evidence("Who may send, in your words", _told(declared)),
        *(Evidence("In the record, not in your list", f"{one.term} ({one.name}), at {one.at}") for one in more),
        *tree(cost, lambda node: _NOT_NAMED if node.term in own else ""),
    ]
    dark = cost.unsure if lacks else unread(cost)
    if dark:
        first = dark[0]
        return unknown(
            f"We could not compare the SPF record of {cost.domain} with your list: {first.term} could not be told "
            f"({first.unsure}).",
            needs="another look",
            evidence=evidence,
            subject=cost.domain,
        )
    names = clean(listed([one.name for one in lacks]), limit=300)
    books = closed_books(cost) if lacks else ()
    if books:
        word = clean(books[0].term, limit=100)
        return unknown(
            f"The SPF record of {cost.domain} asks a list that nobody can read from outside ({word}: a name of its own "
            f"for each message). Whether it lets {names} send, only that list can tell.",
            needs="a look at whoever keeps that list for you: is every sender of yours on it?",
            evidence=evidence,
            subject=cost.domain,
            question=senders.QUESTION,
        )
    if lacks and after is not None:
        return failed(
            f"You named {names}, and the SPF record of {cost.domain} does not let {_them(lacks)} send.",
            _add(cost, answer, lacks, more, after),
            evidence=evidence,
            subject=cost.domain,
            question=senders.QUESTION,
        )
    if more:
        theirs = clean(listed([one.name for one in more]), limit=300)
        return warned(
            f"The SPF record of {cost.domain} lets {theirs} send as you, and you did not name {_them(more)}.",
            _drop(cost, answer, declared, more),
            evidence=evidence,
            subject=cost.domain,
            question=senders.QUESTION,
        )
    if elsewhere:
        names = clean(listed([one.name for one in elsewhere]), limit=300)
        return info(
            f"The SPF record of {cost.domain} lets send whom you named. It does not list {names}, and need not: "
            "bounces go elsewhere there, and DKIM proves that mail.",
            evidence=evidence,
            subject=cost.domain,
        )
    who = "nobody, as you said" if declared.nobody else "whom you named, and nobody else"
    return passed(f"The SPF record of {cost.domain} lets send {who}.", evidence=evidence, subject=cost.domain)


def _told(declared: senders.Declared) -> str:
    names = listed(declared.names, most=20) or ("nobody" if declared.nobody else "your own mail servers")
    odd = f"; not a host and not an address: {listed(declared.unread)}" if declared.unread else ""
    return f"{names}{odd}"


def _them(some: list[Missing] | tuple[Allowed, ...]) -> str:
    return "it" if len(some) == 1 else "them"


def _add(cost: Cost, answer: Answer, lacks: list[Missing], more: tuple[Allowed, ...], after: Cost) -> Fix:
    """Add what is missing; where that is too much for ten look-ups, drop in the same change what nobody named."""
    unnamed = {one.term for one in more if one.at == cost.domain}
    crowded = after.lookups > limits.SPF_LOOKUPS
    less = lean(after, lambda term: _NOT_NAMED if term in unnamed else "") if crowded else None
    record = less.record if less else after.root.record
    count = less.lookups if less else after.lookups
    adds = f"It adds {listed([one.word for one in lacks])}."
    drops = f" {left_out(less)}" if less else ""
    if count > limits.SPF_LOOKUPS:
        return Fix(
            "steps",
            f"With {listed([one.word for one in lacks])} the record would need {count} look-ups, and receivers stop at "
            f"{limits.SPF_LOOKUPS}. First take out a word that you can do without, then add it before the last word.",
            minutes=20,
            who=WHO,
        )
    return Fix(
        "records",
        f"{adds}{drops} It then needs {_after(after, count)}. {changed_to(cost.domain, record)}",
        minutes=10,
        who=WHO,
        records=(the_set(cost.domain, answer, record),),
        copy=record,
    )


def _after(after: Cost, count: int) -> str:
    return f"{'at least ' if after.at_least else ''}{count} of {limits.SPF_LOOKUPS} look-ups"


def _drop(cost: Cost, answer: Answer, declared: senders.Declared, more: tuple[Allowed, ...]) -> Fix:
    own = {one.term for one in more if one.at == cost.domain}
    less: Lean = lean(cost, lambda term: _NOT_NAMED if term in own else "")
    elsewhere = [one for one in more if one.at != cost.domain or one.term.lower().startswith("redirect=")]
    named = "If one of them does send for you, add it to your list of senders instead."
    if declared.nobody:
        record, lead = "v=spf1 -all", "You said that this domain sends no mail. "
    elif any(parse(f"v=spf1 {one.term}").all for one in more) and not elsewhere:
        record = with_all(less.record)
        lead = "A list that ends in “+all” lets everybody send. "
    elif elsewhere or not less.drops or not less.lets_somebody:
        words = listed([f"{one.term} in the record of {one.at}" for one in more])
        return Fix("steps", f"Where your DNS records are kept, take out {words}. {named}", minutes=15, who=WHO)
    else:
        record = less.record
        lead = f"{left_out(less)} It then needs {_after(cost, less.lookups)}. {named} "
    return Fix(
        "records",
        f"{lead}{changed_to(cost.domain, record)}",
        minutes=10,
        who=WHO,
        records=(the_set(cost.domain, answer, record),),
        copy=record,
    )
