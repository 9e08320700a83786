"""The part about mail as people read it: in the handover's views, and in the report of the email stage."""

from __future__ import annotations

from launchready_tui.handover.blocks import Block, Cell, Heading, Listing, Table, cell, fact_cells, harmless, row_cells
from launchready_tui.handover.document import Email
from launchready_tui.handover.mail_parts import DkimKeyLine, FlowLine, ProofLine, SenderLine
from launchready_tui.text import clean, listed

_KEYS = {
    "sound": "✓ sound",
    "weak": "! short",
    "testing": "! in test mode",
    "revoked": "✗ revoked",
    "broken": "✗ broken",
    "none": "✗ not there",
    "unclear": "? could not tell",
}
_OPEN = {"fail": "✗ wrong", "warn": "! could be better", "waiting": "… on its way", "unknown": "? could not tell"}
_KINDS = {"reset": "password reset", "invite": "invite", "other": "message"}
_PLACES = {"inbox": "✓ in the inbox", "promotions": "! in promotions", "spam": "! in spam", "missing": "✗ not at all"}
_LINKS = {"once": "✓ works once", "again": "! works again", "broken": "✗ does not work"}


def mail_blocks(email: Email) -> tuple[Block, ...]:
    """Records, senders, the SPF tree, keys, the plan for DMARC, proofs and trials; what is empty says so."""
    told = cell(email.senders_told_by).text
    blocks: list[Block] = [
        fact_cells(
            ("Mail addresses end in", email.domain),
            ("Mail comes in at", email.inbox),
            ("Mail is sent by", listed(email.senders, most=20)),
            ("Mail servers (MX)", cell("; ".join(email.mail_servers), code=True)),
            ("Who may send (SPF)", cell(email.spf, code=True)),
            ("Look-ups that SPF takes", "" if email.spf_lookups is None else f"{email.spf_lookups} of 10"),
            ("What becomes of fakes (DMARC)", cell(email.dmarc, code=True)),
            ("Keys that sign (DKIM)", "; ".join(email.dkim_selectors)),
            ("Encrypted mail (MTA-STS)", email.mta_sts),
            ("Reports about it (TLS-RPT)", email.tls_rpt),
            ("Logo beside mail (BIMI)", email.bimi),
        ),
        Heading(cell("Who sends"), f"Named by {told}." if told else ""),
        Table(
            ("Sender", "Approved", "Seen in", "Missing"),
            row_cells(_sender(each) for each in email.sender_list),
            "Nobody is listed.",
        ),
    ]
    plan: Block = Table((), (), "No plan yet.")
    if email.policy_plan:
        plan = Listing(tuple(cell(line) for line in email.policy_plan))
    if email.spf_tree:
        blocks += [
            Heading(cell("What the SPF record costs"), "Receivers stop at ten look-ups."),
            Listing(tuple(_branch(line) for line in email.spf_tree), code=True),
        ]
    blocks += [
        Heading(cell("Keys that sign, by selector")),
        Table(
            ("Selector", "State", "Key", "Kept at", "Whose", "Note"),
            row_cells(_key(each) for each in email.dkim_keys),
            "No selector is known: a real message would name one.",
        ),
        Heading(cell("The way to a DMARC policy that refuses forged mail")),
        plan,
        Heading(cell("Messages that proved it"), "Real messages on file; their text is not kept here."),
        Table(
            ("What", "Sent", "Proved by", "Took"),
            row_cells(_proof(each) for each in email.proofs),
            "No message on file proves that your mail is yours.",
        ),
        Heading(cell("Resets and invites, tried out")),
        Table(
            ("What", "At", "Arrived", "Seconds", "Its link", "Said by"),
            row_cells(_flow(each) for each in email.flow_tests),
            "Nobody has tried one.",
        ),
    ]
    return tuple(blocks)


def _branch(line: str) -> Cell:
    """A line of the tree: its indentation is what makes it one, so it stays, as spaces that nobody strips."""
    text = clean(line).strip()
    return Cell("\u00a0" * (len(line) - len(line.lstrip())) + harmless(text), code=True) if text else Cell("")


def open_block(email: Email) -> Block:
    """What is left to do or to answer, as the checks said it, the worst first."""
    order = ("fail", "warn", "waiting", "unknown")
    left = sorted((each for each in email.seen if each.state in order), key=lambda each: order.index(each.state))
    rows = [(_OPEN[each.state], each.what, each.seen) for each in left]
    return Table(("State", "What", "What we saw"), row_cells(rows), "Nothing is open.")


def _sender(each: SenderLine) -> tuple[object, ...]:
    return (each.name, "✓ yes" if each.approved else "? not named", "; ".join(each.seen), "; ".join(each.missing))


def _key(each: DkimKeyLine) -> tuple[object, ...]:
    return (
        cell(each.selector, code=True),
        _KEYS.get(each.state, each.state),
        each.key,
        each.alias or "the domain itself",
        each.sender,
        each.say,
    )


def _proof(each: ProofLine) -> tuple[object, ...]:
    by = f"the signature of {each.domain} ({each.selector})" if each.selector else f"SPF of {each.domain}"
    return (
        _KINDS.get(each.kind, each.kind),
        each.sent_at or "? unknown",
        by,
        "" if each.delay_seconds is None else f"{each.delay_seconds:,.0f} s",
    )


def _flow(each: FlowLine) -> tuple[object, ...]:
    return (
        _KINDS.get(each.kind, each.kind),
        each.inbox,
        _PLACES.get(each.arrived, "? nobody said"),
        "?" if each.seconds is None else f"{each.seconds:,.0f}",
        _LINKS.get(each.link, "? not tried"),
        each.told_by,
    )
