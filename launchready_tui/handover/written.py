"""What stages leave behind, as reports. Of DNS: records with purposes, the subdomain plan, the redirect matrix with its
curl lines, the changes that were made, and where the records are kept. Of email: who sends, the records, the keys, the
plan, the proofs and the trials. Text from outside stays text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from launchready_tui.handover.document import ChangeLine, Deploy, Email
from launchready_tui.handover.mail_view import mail_blocks, open_block
from launchready_tui.handover.markdown import drawn
from launchready_tui.handover.redirects import VERDICTS, Leg
from launchready_tui.panels import Panel
from launchready_tui.recordlist import Noted
from launchready_tui.risks import escape_markdown
from launchready_tui.subdomains import Planned
from launchready_tui.text import clean, day

WHEN = {"now": "needed now", "later": "later", "remove": "remove", "": "not decided yet"}
_BY = {"record": "the record says so", "ask": "nobody said yet"}


def dns_markdown(
    records: Sequence[Noted],
    say: str,
    planned: Sequence[Planned],
    legs: Sequence[Leg],
    changes: Sequence[ChangeLine],
    where: Panel,
    zone: str,
) -> str:
    """The parts of the stage's report that are written down. `say` is about the list, `where` is whose panel keeps the
    records of `zone`."""
    kept = f"The records are kept at {where.name}." if where.name else "We do not know where the records are kept."
    page = where.address(zone)
    signed = f" Sign in at {page}" + (f", then {' → '.join(where.path)}." if where.path else ".") if page else ""
    out = ["", "## Where the records are kept", "", escape_markdown(kept + signed)]
    out += ["", "## Records, and what each is for", "", escape_markdown(say), ""]
    out += _table(("Name", "Type", "Values", "TTL", "Purpose", "Who says so"), map(_record, records))
    out += ["", "## Subdomain plan", ""]
    out += _table(("Subdomain", "When", "Why", "Who decided"), map(_planned, planned), "There are no subdomains.")
    out += ["", "## Redirects, tried out", ""]
    out += _table(("Address", "Expected", "Seen", "Verdict"), map(_leg, legs))
    if legs:
        out += ["", "Each line shows the same to anybody, in the order of the table:", ""]
        out += [f"    {_code(leg.curl)}" for leg in legs]
    out += ["", "## Changes that were made", ""]
    out += _table(("Number", "Day", "Who", "What", "Before", "After"), map(_change, changes), "None.")
    return "\n".join(out) + "\n"


def mail_markdown(email: Email) -> str:
    """The parts of the email stage's report that are written down: the same as in the handover, and what is open."""
    out = ["", "## Deliverability", "", *drawn(mail_blocks(email)), "### What is open", "", *drawn([open_block(email)])]
    return "\n".join(out).rstrip("\n") + "\n"


def deploy_markdown(deploy: Deploy) -> str:
    """What the deploy stage leaves behind: where the page is, the last clean build, the way back and what it leaves."""
    safe = escape_markdown
    out = ["", "## How a version goes live", ""]
    out += [f"- The page that says so: {safe(deploy.document or deploy.steps) or 'nobody has written it yet'}"]
    out += [f"- Followed by a second person: {safe(deploy.document_tried) or 'nobody has tried it'}"]
    out += [f"- Built from a fresh copy: {safe(deploy.built) or 'nobody has tried it'}"]
    out += ["", "## How the last version comes back", ""]
    out += [f"{number}. {safe(step)}" for number, step in enumerate(deploy.rollback_steps, 1)]
    out += [""] if deploy.rollback_steps else []
    out += [f"- Command or page: {safe(deploy.rollback) or 'nobody has said yet'}"]
    when = f" on {day(deploy.rollback_rehearsed)}" if deploy.rollback_rehearsed else ""
    took = f"{safe(deploy.rollback_minutes)} minutes{when}" if deploy.rollback_minutes else "it was not rehearsed"
    out += [f"- It took: {took}"]
    out += [f"- It does not bring back: {safe('; '.join(deploy.not_restored))}"] if deploy.not_restored else []
    out += [f"- A backup was restored: {safe(deploy.backup) or 'nobody has said'}"]
    return "\n".join(out) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], none: str = "Nothing was seen yet.") -> list[str]:
    body = ["| " + " | ".join(escape_markdown(cell) or " " for cell in row) + " |" for row in rows]
    if not body:
        return [none]
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body]


def _record(each: Noted) -> tuple[str, ...]:
    ttl = "" if each.set.ttl is None else f"{each.set.ttl:,} s"
    values = "; ".join(each.set.values)
    return (each.set.name, each.set.type, values, ttl, each.text, each.who or _BY.get(each.by, "a person"))


def _planned(each: Planned) -> tuple[str, ...]:
    return (each.host, WHEN[each.when], each.why, each.who)


def _leg(leg: Leg) -> tuple[str, ...]:
    verdict = VERDICTS[leg.verdict]
    return (leg.url, leg.expected, leg.seen, f"{verdict}: {leg.why}" if leg.why else verdict)


def _change(change: ChangeLine) -> tuple[str, ...]:
    what = f"{change.what} (taken back)" if change.undone else change.what
    return (str(change.number), day(change.at.date()), change.who, what, change.before, change.after)


def _code(line: str) -> str:
    """A line of an indented code block: nothing in it is Markdown, and it stays one line."""
    return clean(line, limit=8_000)
