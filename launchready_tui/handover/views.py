"""The handover as people read it: its sections, in the order in which a stranger needs them.

`html.py` and `markdown.py` draw the same blocks (`blocks.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.handover.blocks import Block, Facts, Heading, Listing, Section, Table, cell, fact_cells, row_cells
from launchready_tui.handover.document import Handover, Stated, System, WayBack
from launchready_tui.handover.mail_view import mail_blocks
from launchready_tui.text import day, listed, minutes, plural

_STATES = {
    "pass": "✓ sound",
    "warn": "! could be better",
    "fail": "✗ wrong",
    "info": "i to know",
    "waiting": "… on its way",
    "unknown": "? could not tell",
}
_WHEN = {"now": "needed now", "later": "later", "remove": "to be removed", "": "not decided yet"}


def sections(whole: Handover) -> tuple[Section, ...]:
    """The whole document, in the order of need: is it well, how to bring it back, who to call, what to do, the rest."""
    return (
        _product(whole),
        _verify(whole),
        _ways_back(whole),
        _systems(whole),
        _next(whole),
        _open(whole),
        _accepted(whole),
        _signs(whole),
        _deploy(whole),
        _records(whole),
        _routes(whole),
        _stated("edge", "The edge", "Certificates, encryption and the shield before the product.", whole.edge),
        _stated(
            "performance",
            "How fast it was",
            "The baseline to compare with, from the day of this file.",
            whole.performance,
        ),
        _email(whole),
        _monitors(whole),
        _secrets(whole),
        _changes(whole),
    )


def texts(whole: Handover) -> tuple[str, ...]:
    """Every text that a reader would see, for the self-scan: what is joined here is a secret nowhere else."""
    out: list[str] = []
    for section in sections(whole):
        out.append(section.say)
        for block in section.blocks:
            if isinstance(block, Table):
                out += [each.text for row in block.rows for each in row]
            elif isinstance(block, Facts):
                out += [value.text for _, value in block.pairs]
            elif isinstance(block, Listing):
                out += [item.text for item in block.items]
            else:
                out += [block.text.text, block.say]
    return tuple(text for text in out if text)


def _product(whole: Handover) -> Section:
    product = whole.product
    absent = "; ".join(f"{part} ({said})" for part, said in product.absent.items())
    return Section(
        "product",
        "Where it stands",
        "",
        (
            fact_cells(
                ("Product", product.name),
                ("Domain", product.domain),
                ("Address", product.canonical_url),
                ("Standing", product.standing),
                ("Looked at", product.looked_at),
                ("Written", product.written_at),
                ("Handed over by", product.handed_over_by),
                ("It has none of", absent),
            ),
        ),
    )


def _verify(whole: Handover) -> Section:
    verify = whole.verify
    blocks: list[Block] = [Table(("Open", "See"), row_cells(verify.expect.items()), "No address is written down.")]
    if verify.by_hand:
        blocks.append(Listing(tuple(cell(each) for each in verify.by_hand)))
    if verify.commands:
        blocks.append(Listing(tuple(cell(each, code=True) for each in verify.commands), code=True))
    return Section("verify", "Is production healthy?", cell(verify.say).text, tuple(blocks))


def _ways_back(whole: Handover) -> Section:
    blocks: list[Block] = []
    for book in whole.ways_back:
        blocks += _way_back(book)
    say = "In an emergency, read: when to do it, each step, who does it."
    return Section("ways_back", "The ways back", say if blocks else "No way back is written down.", tuple(blocks))


def _way_back(book: WayBack) -> list[Block]:
    told = f"{book.told_by}, {day(book.told_on)}" if book.told_by and book.told_on else book.told_by
    agreed = cell(told).text
    return [
        Heading(cell(book.title), f"Agreed to by {agreed}." if agreed else "Proposed; nobody has agreed to it yet."),
        fact_cells(
            ("Do it when", book.trigger),
            ("Command or page", cell(book.where, code=True)),
            ("Who does it", cell(book.who, empty="nobody is named yet")),
            ("Minutes", book.minutes),
        ),
        Listing(tuple(cell(step) for step in book.steps), numbered=True),
    ]


def _person(name: str, contact: str) -> str:
    return " · ".join(part for part in (name.strip(), contact.strip()) if part)


def _system(each: System) -> tuple[object, ...]:
    proved = f"{day(each.last_proved)}{f', {each.proved_by}' if each.proved_by else ''}" if each.last_proved else ""
    confirmed = " (has signed in)" if each.backup and each.backup_confirmed else ""
    return (
        f"{each.label}{' (critical)' if each.critical else ''}",
        each.provider,
        cell(_person(each.owner, each.contact), empty="? nobody"),
        cell(f"{_person(each.backup, each.backup_contact)}{confirmed}", empty="? nobody" if each.critical else ""),
        cell(proved, empty="? never"),
        "on" if each.second_factor else "?",
    )


def _mails(each: System) -> str:
    """The addresses that let somebody in, and whether somebody outside reads one of them."""
    said = [f"signs in: {each.login_mail}"] if each.login_mail else []
    said += [f"gets the code: {each.recovery_mail}"] if each.recovery_mail else []
    return " · ".join(said + (["read by somebody outside"] if each.held_outside else []))


def _systems(whole: Handover) -> Section:
    there = [each for each in whole.systems if not each.absent]
    without = [cell(each.label).text for each in whole.systems if each.absent]
    say = "Who holds which account, and who stands in."
    if without:
        say += f" The product has no {listed(without, most=20)}."
    ways = [
        (
            each.label,
            each.sign_in,
            each.account,
            _mails(each),
            each.recovery,
            " · ".join(filter(None, (day(each.renews) if each.renews else "", each.renewal))),
        )
        for each in there
        if each.sign_in or each.account or _mails(each) or each.recovery or each.renews or each.renewal
    ]
    return Section(
        "systems",
        "Who holds what",
        say,
        (
            Table(
                ("System", "Service", "Owner", "Backup owner", "Last proved", "Second factor"),
                row_cells(_system(each) for each in there),
            ),
            Table(
                ("System", "Sign in at", "Account", "Mail", "Recovery codes are kept", "Paid until"),
                row_cells(ways),
                "No sign-in page is written down.",
            ),
        ),
    )


def _next(whole: Handover) -> Section:
    rows = [
        (
            "✓ done" if each.done else each.due if each.due else "? no day",
            each.what,
            cell(each.who, empty="? nobody"),
        )
        for each in whole.next_actions
    ]
    return Section(
        "next_actions", "What comes next", "", (Table(("By", "What", "Who"), row_cells(rows), "Nothing is agreed."),)
    )


def _open(whole: Handover) -> Section:
    found = [
        (
            each.severity,
            each.seen,
            each.consequence,
            each.todo,
            " · ".join(filter(None, (each.who, minutes(each.minutes) if each.minutes else ""))),
            each.note,
        )
        for each in whole.open_findings
    ]
    asked = [(each.severity, each.what, each.seen, each.needs) for each in whole.open_questions]
    return Section(
        "open_findings",
        "What still needs attention",
        f"{plural(len(found), 'finding')} open, {plural(len(asked), 'question')} without an answer; the worst first.",
        (
            Table(
                ("How bad", "What we saw", "What it costs", "What to do", "Who, how long", "Under way"),
                row_cells(found),
                "Nothing is open.",
            ),
            Table(
                ("How bad", "What could not be told", "What we saw", "What would let us tell"),
                row_cells(asked),
                "Everything could be told.",
            ),
        ),
    )


def _accepted(whole: Handover) -> Section:
    rows = [(each.what, each.severity, each.who, each.reason, each.until) for each in whole.accepted_risks]
    return Section(
        "accepted_risks",
        "Risks that somebody took on",
        "",
        (Table(("What", "How bad", "Who took it on", "Why", "Until"), row_cells(rows), "Nobody took a risk on."),),
    )


def _signs(whole: Handover) -> Section:
    rows = [(each.sign, each.state, "; ".join(each.look)) for each in whole.failure_signs]
    return Section(
        "failure_signs",
        "Signs of failure, and where to look",
        "",
        (Table(("Sign", "Does it show?", "Where to look"), row_cells(rows)),),
    )


def _deploy(whole: Handover) -> Section:
    deploy = whole.deploy
    return Section(
        "deploy",
        "How a version goes live",
        "",
        (
            fact_cells(
                (
                    "Where the steps are",
                    cell(deploy.document or deploy.steps, empty="nobody has written that down yet"),
                ),
                ("Followed by a second person", cell(deploy.document_tried, empty="nobody has tried it")),
                ("Built from a fresh copy", cell(deploy.built, empty="nobody has tried it")),
                ("The way back", cell(deploy.rollback, empty="nobody has said yet", code=bool(deploy.rollback))),
                ("It took, in minutes", deploy.rollback_minutes),
                ("Rehearsed on", cell(deploy.rollback_rehearsed, empty="it was not rehearsed")),
                ("Its steps", " ".join(f"{n}. {step}" for n, step in enumerate(deploy.rollback_steps, 1))),
                ("It does not bring back", "; ".join(deploy.not_restored)),
                ("A backup was restored", cell(deploy.backup, empty="nobody has said")),
                ("Told by", deploy.told_by),
            ),
        ),
    )


def _records(whole: Handover) -> Section:
    rows = [
        (
            cell(each.name, code=True),
            each.type,
            cell("; ".join(each.values), code=True),
            "" if each.ttl is None else f"{each.ttl:,} s",
            each.purpose,
            each.purpose_by,
        )
        for each in whole.records
    ]
    planned = [(each.host, _WHEN.get(each.when, each.when), each.why, each.who) for each in whole.subdomains]
    return Section(
        "records",
        "DNS records, and what each is for",
        "",
        (
            Table(("Name", "Type", "Values", "TTL", "Purpose", "Who says so"), row_cells(rows), "No record was seen."),
            Table(("Subdomain", "When", "Why", "Who decided"), row_cells(planned), "There are no subdomains."),
        ),
    )


def _routes(whole: Handover) -> Section:
    routes = [(each.kind, cell(each.url, empty="there is none"), each.purpose) for each in whole.routes]
    matrix = [
        (each.url, each.expected, each.seen, _STATES.get(each.state, each.state), each.why)
        for each in whole.redirect_matrix
    ]
    blocks: list[Block] = [
        Table(("Address", "Where", "What it is"), row_cells(routes)),
        Table(("Typed", "Expected", "Seen", "Verdict", "Why"), row_cells(matrix), "No redirect was tried."),
        _states(whole.redirects),
    ]
    proofs = tuple(cell(each.curl, code=True) for each in whole.redirect_matrix if each.curl)
    if proofs:
        blocks.append(Listing(proofs, code=True))
    return Section("routes", "Addresses and redirects", "", tuple(blocks))


def _states(stated: Iterable[Stated]) -> Table:
    rows = [(each.what, _STATES.get(each.state, each.state), each.seen) for each in stated]
    return Table(("What", "State", "What we saw"), row_cells(rows), "Not looked at yet.")


def _stated(id: str, title: str, say: str, stated: Iterable[Stated]) -> Section:
    return Section(id, title, say, (_states(stated),))


def _email(whole: Handover) -> Section:
    blocks = (*mail_blocks(whole.email), _states(whole.email.seen))
    return Section("email", "Mail", "How mail comes in and goes out.", blocks)


def _monitors(whole: Handover) -> Section:
    watching = [(each.name, each.watches, each.every, each.tells, each.page, each.told_by) for each in whole.monitors]
    proofs = [
        (each.at, each.what, each.reached, "" if each.seconds is None else f"{each.seconds:,} s")
        for each in whole.alert_proofs
    ]
    return Section(
        "monitors",
        "What watches the product",
        "",
        (
            Table(
                ("What", "Watches", "Every", "Tells", "Page", "Told by"),
                row_cells(watching),
                "Nothing is written down that watches it.",
            ),
            Table(("When", "Alert", "Reached", "After"), row_cells(proofs), "No alert was raised on purpose yet."),
        ),
    )


def _secrets(whole: Handover) -> Section:
    rows = [
        (
            each.name,
            each.system,
            each.location,
            cell(each.owner, empty="? nobody"),
            each.created,
            each.rotate_by,
            each.rotated_on,
            each.note,
        )
        for each in whole.secrets
    ]
    head = ("Name", "For", "Kept", "Owner", "Made", "New one by", "Last renewed", "Note")
    say = "By name and place only; no value is in this file."
    return Section("secrets", "Keys and passwords", say, (Table(head, row_cells(rows), "None is listed."),))


def _changes(whole: Handover) -> Section:
    rows = [
        (
            str(each.number),
            each.at,
            each.who,
            f"{each.what} (taken back)" if each.undone else each.what,
            cell(each.before, code=True),
            cell(each.after, code=True),
        )
        for each in whole.changes
    ]
    say = "“launchready undo NUMBER” takes one back, on the machine that made it."
    head = ("Number", "When", "Who", "What", "Before", "After")
    return Section("changes", "What was changed", say, (Table(head, row_cells(rows), "Nothing was changed."),))
