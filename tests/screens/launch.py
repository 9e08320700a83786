"""Checks and findings of every status, with words as long as real ones."""

from __future__ import annotations

from launchready_tui.checks import Check
from launchready_tui.model import (
    Evidence,
    Finding,
    Fix,
    RecordSet,
    Severity,
    Stage,
    failed,
    info,
    passed,
    unknown,
    warned,
)

NAME = "creatorhub.example"
_TITLES = (
    "The address answers",
    "One SPF record",
    "www leads to the site",
    "The certificate is valid",
    "Scripts and styles are kept by browsers",
    "You can sign in where the records are kept",
    "A long title that says more than a row of eighty columns has room for, as some do",
)


async def _never() -> Finding:
    raise AssertionError("the fake looks by itself")


def make_check(stage: Stage, at: int, *, title: str | None = None, question: str | None = None) -> Check:
    return Check(
        id=f"{stage.value}.topic.check{at:02d}",
        severity=list(Severity)[at % 4],
        title=title or _TITLES[at % len(_TITLES)],
        why="About half of visitors type www first. They see an error page and leave, and the launch post is spent.",
        minutes=5 + at,
        question=question,
        judge=_never,
        needs=(),
        seconds=5.0,
    )


def make_finding(check: Check, at: int) -> Finding:
    """One of every status, over and over, with their words as long as real ones."""
    name = f"www.{NAME}"
    evidence = [Evidence(f"A {name} at ns1.namecheap.example", "NXDOMAIN"), Evidence("SOA", "ns1. hostmaster. 7 3600")]
    records = RecordSet(name, "CNAME", ("cname.vercel-dns.example.",))
    fix = Fix(
        "records",
        "Add one record at Namecheap, Domain List, Manage, Advanced DNS: CNAME, host www, value "
        "cname.vercel-dns.example.",
        minutes=5 + at,
        who="Whoever can sign in at Namecheap",
        records=(records,),
        page="https://ap.www.namecheap.example/domains/list",
    )
    steps = Fix("steps", "Ask your host to renew it. They know what this is.", minutes=20, who="Your host")
    saw = f"{name} has no address: ns1.namecheap.example and ns2.namecheap.example both say that it does not exist."
    match at % 6:
        case 0:
            return passed(f"{NAME} answers on 93.184.215.14 from both name servers.", evidence=evidence, subject=NAME)
        case 1:
            return failed(saw, fix, evidence=evidence, subject=name)
        case 2:
            return warned("The record works, and costs visitors 120 ms more than it has to.", steps, subject=NAME)
        case 3:
            return info("Does not apply: the site is not behind Cloudflare.", subject=NAME)
        case 4:
            return unknown(
                "ns2 did not answer within 4 seconds, so we could not tell.", needs="another look", evidence=evidence
            )
        case _:
            return failed(
                f"Mail from hello@{NAME} is sent by 93.184.215.14, which nobody allowed.", steps, evidence=evidence
            )


def make_launch(count: int = 50) -> tuple[tuple[Check, ...], dict[str, Finding]]:
    """`count` checks over the seven stages, and what a look finds."""
    checks: list[Check] = []
    found: dict[str, Finding] = {}
    stages = list(Stage)
    for at in range(count):
        stage = stages[at * len(stages) // count] if count else Stage.AUDIT
        question = "access.dns" if at % 11 == 10 else None
        check = make_check(stage, at, question=question)
        checks.append(check)
        found[check.id] = make_finding(check, at)
        if question:
            found[check.id] = unknown("Nobody has said yet.", needs="your answer", question=question)
    return tuple(checks), found
