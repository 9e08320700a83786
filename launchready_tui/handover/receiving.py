"""From somebody else's handover to a project of one's own: what would be taken over, said before anything is.

Nothing in the file is trusted. What it says of people stays theirs, by name and with its day; risks that they took on
are shown and not taken on again; changes cannot be taken back on another machine, so they are only read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from launchready_tui import disk, runbooks
from launchready_tui.actions import NextAction
from launchready_tui.answers import Answer
from launchready_tui.domain import is_name
from launchready_tui.handover.document import Handover, System
from launchready_tui.handover.knownkeys import read_keys
from launchready_tui.handover.reading import read_handover_file
from launchready_tui.handover.signing import SIGNATURE_SUFFIX, Verdict, check_signature, digest
from launchready_tui.leaks import redact
from launchready_tui.ledger import fold
from launchready_tui.options import BadOption, parse_url
from launchready_tui.owners import LABELS, Owner
from launchready_tui.project import URL_KINDS, Clock, Project
from launchready_tui.purposes import Purpose, enough
from launchready_tui.questions import QUESTIONS
from launchready_tui.stored import encode_answer
from launchready_tui.subdomains import WHENS
from launchready_tui.text import clean, day, listed, plural

if TYPE_CHECKING:
    from launchready_tui.store import ProjectStore

_NOT_PEOPLE = ("", "the record itself", "nobody yet", "a person")  # who says what a record is for, where no one did
_RECORD = re.compile(r"(?=.{1,254}$)(?:[A-Za-z0-9_*-]{1,63}\.)+[A-Za-z0-9-]{1,63}\.?")
_LABELS = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,3}")
_MOST = 500  # of a kind that is taken over; a launch has a tenth of that


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned for a subdomain, as the journal keeps it."""

    host: str
    when: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class Received:
    """A handover that was read, and what making a project from it would store."""

    handover: Handover
    project: Project
    owners: tuple[Owner, ...]
    actions: tuple[NextAction, ...]
    answers: tuple[Answer, ...]
    purposes: tuple[Purpose, ...]
    subdomains: tuple[Planned, ...]
    verdict: Verdict
    sha256: str
    name: str  # of the file
    left: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """Whose handover it is, from whom, and from when."""
        product = self.handover.product
        name = clean(product.name, limit=200)
        about = f"{name} ({product.domain})" if name and name != product.domain else product.domain
        by = clean(product.handed_over_by, limit=120)
        written = f"written on {day(product.written_at)}" if product.written_at else "without a day"
        return f"This is the handover of {about}, {f'from {by}, ' if by else ''}{written}."

    @property
    def stored(self) -> str:
        """What the project folder would hold, in a sentence."""
        addresses = sum(1 for url in self.project.urls.values() if url)
        counted = (
            (addresses, "address", "addresses"),
            (len(self.project.subs or ()), "subdomain", "subdomains"),
            (len(self.purposes), "purpose of a record", "purposes of records"),
            (len(self.answers), "way back", "ways back"),
            (len(self.actions), "next action", "next actions"),
        )
        parts = [plural(count, one, many) for count, one, many in counted if count]
        return f"On this computer: the launch {self.project.domain}{f' with {listed(parts)}' if parts else ''}."

    @property
    def kept(self) -> str:
        """What the keyring would hold, in a sentence; "" where the file names nobody."""
        there = [LABELS[owner.system] for owner in self.owners if not owner.absent]
        if not there:
            return ""
        held = f"{plural(len(there), 'account')} ({listed(there, most=20)})"
        return f"In your keyring, where you say so: who holds {held}."

    @property
    def asked(self) -> str:
        """The hosts that a look would ask because of this file, in a sentence."""
        urls = (urlsplit(url).hostname or "" for url in self.project.urls.values() if url)
        hosts = dict.fromkeys([*self.project.hosts, *urls])
        return f"A look then asks {listed([clean(host, limit=120) for host in hosts if host], most=12)}."


def receive(path: Path, known: Path, now: dt.datetime) -> Received:
    """Read a handover file and its signature, and plan. `known` is the workspace's folder. Raises BadHandover,
    WorkspaceProblem; stores nothing."""
    handover, data = read_handover_file(path)
    try:
        signature: bytes | None = disk.read_capped(path.with_name(path.name + SIGNATURE_SUFFIX))
    except FileNotFoundError:
        signature = None
    return plan(handover, check_signature(data, signature, read_keys(known)), now, digest(data), path.name)


def plan(handover: Handover, verdict: Verdict, now: dt.datetime, sha256: str = "", name: str = "") -> Received:
    """What a project from this handover would hold. Pure; what does not fit is left out and said."""
    left: list[str] = []
    project = _project(handover, left)
    known = [each for each in handover.systems if each.system in LABELS]
    unknown = [clean(each.label or each.system, limit=60) for each in handover.systems if each.system not in LABELS]
    if unknown:
        left.append(f"accounts of a kind that we do not know ({listed(unknown)})")
    if handover.accepted_risks:
        left.append(f"{plural(len(handover.accepted_risks), 'risk')} that somebody else took on")
    if handover.changes:
        left.append(f"{plural(len(handover.changes), 'change')} that only the other machine can take back")
    owners = (_owner(each, now.date()) for each in known)
    return Received(
        handover,
        project,
        tuple({each.system: each for each in owners if each.told}.values()),
        tuple(_actions(handover)),
        tuple(_answers(handover, now)),
        tuple(_purposes(handover, now)),
        tuple(_planned(handover)),
        verdict,
        sha256,
        clean(name, limit=120),
        tuple(left),
    )


def _said(text: str, limit: int) -> str:
    """Text of the file as it is kept: cleaned, and without a secret that somebody put in it."""
    return redact(clean(text, limit=limit)).strip()


def _project(handover: Handover, left: list[str]) -> Project:
    domain = handover.product.domain
    urls: dict[str, str] = {}
    bad = 0
    for route in handover.routes[:_MOST]:
        if route.kind not in URL_KINDS or route.kind in urls:
            continue
        try:
            urls[route.kind] = parse_url(route.url) if route.url else ""
        except BadOption:
            bad += 1
    if bad:
        left.append(f"{plural(bad, 'address', 'addresses')} that no browser would open")
    declared = (urlsplit(route.url).hostname or "" for route in handover.routes[:_MOST] if route.kind == "subdomain")
    labels = [host.removesuffix(f".{domain}") for host in declared if host.endswith(f".{domain}") and is_name(host)]
    return Project(
        domain,
        product=_said(handover.product.name, 200),
        urls=urls,
        subs=tuple(dict.fromkeys(labels)),
        absent={_said(part, 60): _said(said, 200) for part, said in handover.product.absent.items()},
        dkim_selectors=tuple(name for name in handover.email.dkim_selectors[:_MOST] if _LABELS.fullmatch(name)),
    )


def _owner(each: System, today: dt.date) -> Owner:
    """A system's owner, as the other side wrote it down. A proof from the future is none."""
    return Owner(
        each.system,
        provider=_said(each.provider, 200),
        account=_said(each.account, 300),
        page=_said(each.sign_in, 2_000) if each.sign_in.startswith(("https://", "http://")) else "",
        owner=_said(each.owner, 200),
        contact=_said(each.contact, 300),
        backup=_said(each.backup, 200),
        backup_contact=_said(each.backup_contact, 300),
        backup_confirmed=each.backup_confirmed,
        second_factor=each.second_factor,
        recovery=_said(each.recovery, 600),
        proved=each.last_proved if each.last_proved is not None and each.last_proved <= today else None,
        proved_by=_said(each.proved_by, 200),
        renews=each.renews,
        absent=each.absent,
        login_mail=_said(each.login_mail, 300),
        recovery_mail=_said(each.recovery_mail, 300),
        contractor=each.held_outside,
    )


def _actions(handover: Handover) -> Iterable[NextAction]:
    for each in handover.next_actions[:_MOST]:
        if each.id.strip() and each.what.strip():
            yield NextAction(_said(each.id, 120), _said(each.what, 600), _said(each.who, 120), each.due, each.done)


def _answers(handover: Handover, now: dt.datetime) -> Iterable[Answer]:
    """The ways back that somebody agreed to, as of the day on which they did."""
    for each in handover.ways_back[:_MOST]:
        if each.kind not in runbooks.KINDS or not each.told_by.strip():
            continue
        question = runbooks.KINDS[each.kind][0]
        told = each.told_on or (handover.product.written_at.date() if handover.product.written_at else now.date())
        at = min(dt.datetime.combine(told, dt.time(12), tzinfo=dt.UTC), now)
        book = runbooks.WayBack(
            each.kind,
            _said(each.trigger, 2_000),
            tuple(_said(step, 1_000) for step in each.steps[:50]),
            _said(each.where, 2_000),
            _said(each.who, 300),
            _said(each.minutes, 120),
        )
        yield Answer(
            question, runbooks.AGREED, _said(each.told_by, 120), at, QUESTIONS[question].days, fields=book.fields()
        )


def _purposes(handover: Handover, now: dt.datetime) -> Iterable[Purpose]:
    """What people said that records are for; what a record says by itself is told again by the next look."""
    for each in handover.records[:_MOST]:
        text, who = _said(each.purpose, 300), _said(each.purpose_by, 120)
        if who in _NOT_PEOPLE or not enough(text) or not _RECORD.fullmatch(each.name):
            continue
        yield Purpose(each.name.rstrip(".").lower(), _said(each.type, 20), text, who, now)


def _planned(handover: Handover) -> Iterable[Planned]:
    domain = handover.product.domain
    for each in handover.subdomains[:_MOST]:
        host = each.host.rstrip(".").lower()
        if each.when in WHENS and each.who.strip() and host.endswith(f".{domain}") and is_name(host):
            yield Planned(host, each.when, _said(each.why, 300), _said(each.who, 120))


def merged(known: Project, received: Project) -> Project:
    """A project that is there, with what the handover says in its place; how it is reached and changed stays."""
    return replace(
        known,
        product=received.product or known.product,
        urls={**known.urls, **received.urls},
        subs=received.subs if received.subs else known.subs,
        absent={**known.absent, **received.absent},
        dkim_selectors=received.dkim_selectors or known.dkim_selectors,
    )


def store(received: Received, kept: ProjectStore, *, known: bool) -> None:
    """Write what was received into an open project: all but the owners, which are the keyring's. Raises
    WorkspaceProblem. In a project that is `known`, what people said there counts on."""
    there = fold(kept.journal.entries, Clock())
    kept.save_project(merged(kept.project, received.project) if known else received.project)
    product = received.handover.product
    written = product.written_at.isoformat() if product.written_at else ""
    note = {"file": received.name, "sha256": received.sha256, "from": _said(product.handed_over_by, 120)}
    kept.journal.append("received", {**note, "written": written, "signature": received.verdict.outcome})
    for answer in received.answers:
        kept.journal.append("answer", encode_answer(answer))
    for said in (each for each in received.purposes if each.key not in there.purposes):
        kept.journal.append("purpose", {"name": said.name, "type": said.type, "text": said.text, "who": said.who})
    for each in (each for each in received.subdomains if each.host not in there.subdomains):
        kept.journal.append("subdomain", {"host": each.host, "when": each.when, "why": each.why, "who": each.who})
    for action in (each for each in received.actions if each.id not in there.actions):
        due = action.due.isoformat() if action.due else None
        kept.journal.append(
            "action", {"id": action.id, "what": action.what, "who": action.who, "due": due, "done": action.done}
        )
