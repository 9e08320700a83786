"""What the SPF record costs its receivers: RFC 7208 section 4.6.4 (ten look-ups, two that come back empty), 3.4 (size).

Walked with nothing matched, as mail from a stranger costs it. What we could not see fails nothing by itself; a limit
that is passed by what we did see does.
"""

from __future__ import annotations

from launchready_tui import limits, senders
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.email._spf import WHO, changed_to, could_not, left_out, spf_values, the_set, tree
from launchready_tui.mail.spf import joined, parse
from launchready_tui.mail.spf_lean import Lean, lean
from launchready_tui.mail.spf_named import extra
from launchready_tui.mail.spf_tree import Cost, Node
from launchready_tui.mail.spf_walk import walk
from launchready_tui.model import Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, is_fact
from launchready_tui.text import clean, listed, plural
from launchready_tui.zone import mail_domain

_BROKEN = "and then treat the whole list as broken"


@check(
    "email.spf.limits",
    severity=Severity.HIGH,
    title="SPF stays within its ten look-ups",
    why="Past ten look-ups, receivers treat the whole list as broken, and your mail as if you had none.",
    minutes=15,
)
async def spf_limits(project: Project, dns: Dns, answers: Answers) -> Finding:
    domain = await mail_domain(dns, project.domain)
    answer = await dns.ask(domain, "TXT")
    if not is_fact(answer):
        return could_not(domain, answer)
    found = spf_values(answer)
    if not found:
        return info(f"{domain} has no SPF record, so there is nothing to count.", subject=domain)
    if len(found) > 1:
        cost = await walk(dns, domain, joined(*found))
        return info(
            f"{domain} has {plural(len(found), 'SPF record')}, and receivers count none of them. Merged into one they "
            f"need {cost.said()}.",
            evidence=tree(cost),
            subject=domain,
        )
    errors = parse(found[0]).errors
    if errors and len(found[0]) <= limits.SPF_BYTES_READ:
        return info(
            f"The SPF record of {domain} has a mistake ({errors[0]}), so receivers look nothing up.", subject=domain
        )
    cost = await walk(dns, domain, found[0])
    return judge(cost, answer, senders.declared(answers), truncated=dns.needed_tcp(domain, "TXT"))


def judge(cost: Cost, answer: Answer, declared: senders.Declared | None, *, truncated: bool) -> Finding:
    """Pure. `truncated`: the answer did not fit one UDP packet."""
    more = extra(cost, declared) if declared else ()
    # An address costs no look-up, and whom a list that nobody can read lets send may be the founder's own.
    unnamed = {one.term for one in more if one.at == cost.domain and one.node is not None and one.node.target}
    evidence = tree(
        cost, lambda node: "you did not name it" if _is_own_word(node, cost) and node.term in unnamed else ""
    )
    less = lean(cost, lambda term: "you did not name it as a sender" if term in unnamed else "", spare=True)
    broken = _broken(cost, unnamed, truncated=truncated)
    if broken:
        return failed(
            f"The SPF record of {cost.domain} {broken}",
            _fix(cost, answer, less, declared),
            evidence=evidence,
            subject=cost.domain,
            question=None if declared else senders.QUESTION,
        )
    if cost.unsure:
        first = cost.unsure[0]
        return unknown(
            f"We could not count the SPF record of {cost.domain} to its end: {first.term} could not be told "
            f"({first.unsure}). What we saw needs {cost.lookups} of {limits.SPF_LOOKUPS} look-ups.",
            needs="another look",
            evidence=evidence,
            subject=cost.domain,
        )
    near = cost.lookups > limits.SPF_LOOKUPS_SOUND
    if near or cost.size > limits.SPF_BYTES_WARN:
        saw = (
            f"needs {cost.said()}, so there is hardly room for another sender. {_dearest(cost, unnamed)}"
            if near
            else f"is {cost.size} bytes long, and answers above {limits.SPF_BYTES_WARN} bytes get lost on some ways."
        )
        return warned(
            f"The SPF record of {cost.domain} {saw}",
            _fix(cost, answer, less, declared),
            evidence=evidence,
            subject=cost.domain,
            question=None if declared else senders.QUESTION,
        )
    empty = f", {plural(len(cost.voids), 'of them comes', 'of them come')} back empty" if cost.voids else ""
    return passed(
        f"The SPF record of {cost.domain} needs {cost.said()}{empty}.", evidence=evidence, subject=cost.domain
    )


def _is_own_word(node: Node, cost: Cost) -> bool:
    return any(node is child for child in cost.root.children)


def _broken(cost: Cost, unnamed: set[str], *, truncated: bool) -> str:
    """What makes receivers give up, "" where nothing does."""
    if cost.lookups > limits.SPF_LOOKUPS:
        least = "at least " if cost.at_least else ""
        return (
            f"needs {least}{cost.lookups} look-ups; receivers stop at {limits.SPF_LOOKUPS} {_BROKEN}. "
            f"{_dearest(cost, unnamed)}"
        )
    if cost.faults:
        return (
            f"cannot be followed to its end: {clean(cost.faults[0].fault, limit=200)}. Receivers stop there {_BROKEN}."
        )
    if len(cost.voids) > limits.SPF_VOIDS:
        names = listed([void.partition(" ")[2] for void in cost.voids], most=4)
        return (
            f"asks for {len(cost.voids)} names that have nothing to say ({names}); receivers stop after "
            f"{limits.SPF_VOIDS} {_BROKEN}."
        )
    if cost.size > limits.SPF_BYTES_FAIL and truncated:
        return (
            f"is {cost.size} bytes long, and its answer no longer fits one packet. Receivers that ask no second time "
            "have no list."
        )
    return ""


def _dearest(cost: Cost, unnamed: set[str]) -> str:
    """ "Mailchimp alone costs 4, and you did not name it as a sender."."""
    costly = sorted(cost.root.children, key=lambda node: (node.term not in unnamed, -node.total))
    top = next(
        (node for node in costly if node.term in unnamed), max(costly, key=lambda node: node.total, default=None)
    )
    if top is None:
        return ""
    name = top.sender or clean(top.term, limit=80)
    not_named = ", and you did not name it as a sender" if top.term in unnamed else ""
    return f"{name} alone costs {top.total}{not_named}."


def _fix(cost: Cost, answer: Answer, less: Lean, declared: senders.Declared | None) -> Fix:
    if less.drops and (less.lets_somebody or (declared is not None and declared.nobody)):
        after = f"It then needs {less.lookups} of {limits.SPF_LOOKUPS} look-ups."
        if less.lookups > limits.SPF_LOOKUPS:
            after = f"It then still needs {less.lookups}. {_by_hand(cost, less)}"
        return Fix(
            "records",
            f"{left_out(less)} {after} {changed_to(cost.domain, less.record)}",
            minutes=15,
            who=WHO,
            records=(the_set(cost.domain, answer, less.record),),
            copy=less.record,
        )
    where = f"Where your DNS records are kept, open the “v=spf1” TXT record of {cost.domain}."
    if less.drops:  # nobody would be left who may send
        words = listed([f"{clean(drop.term, limit=80)} ({drop.why})" for drop in less.drops])
        return Fix("steps", f"{where} Put in who sends your mail, and take out {words}.", minutes=20, who=WHO)
    return Fix("steps", f"{where} {_by_hand(cost, less)}", minutes=20, who=WHO)


def _by_hand(cost: Cost, less: Lean) -> str:
    """What a person can do where nothing may go by itself: the dearest words, by whom they stand for."""
    gone = {drop.term for drop in less.drops}
    left = sorted((node for node in cost.root.children if node.term not in gone), key=lambda node: -node.total)
    dear = [f"{clean(node.term, limit=80)} ({_who(node)}{node.total})" for node in left if node.total > 1]
    if cost.faults and any(fault.kind == "redirect" for fault in cost.faults):
        return "Take out the “redirect=”, and list your own senders in its place."
    if dear:
        return (
            f"Take out the word of each service that you no longer use; these cost most: {listed(dear)}. A service "
            "whose bounces go to a subdomain of yours needs no word here: look for “return path” in its settings."
        )
    return "Take out every word that stands for a server or a service which sends no mail for you."


def _who(node: Node) -> str:
    return f"{node.sender}: " if node.sender else ""
