"""`launchready owners`: the table of systems and what is written down of one, from the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from launchready_tui.changing import opened
from launchready_tui.headless import told
from launchready_tui.mask import mask, names_of
from launchready_tui.options import BadOption
from launchready_tui.ownerform import TICKS, BadOwner, filled, read_pair, read_tick, renewal, shown
from launchready_tui.owners import CRITICAL, LABELS, SYSTEMS, Owner
from launchready_tui.render import cells, wrap
from launchready_tui.saying import say_problem
from launchready_tui.session import Session
from launchready_tui.system import user_name
from launchready_tui.text import clean, day, listed, plural
from launchready_tui.vault import VaultProblem

_HEADS = ("System", "Owner", "Backup", "Last proved", "Second factor")
_TICKS = frozenset(name for name, _ in TICKS)


@dataclass(frozen=True, slots=True)
class Ask:
    """What the command was told. `pairs` are FIELD=VALUE; without them it only lists."""

    system: str = ""
    pairs: tuple[str, ...] = ()
    who: str = ""
    as_json: bool = False
    presenter: bool = False


def run_owners(project: str | None, workspace: str | None, ask: Ask) -> int:
    """List the systems, or one, after writing down what was said of it. Exit status 1 where it could not be kept."""

    async def owners() -> int:
        async with opened(project, workspace) as session:
            if ask.system and ask.system not in LABELS:
                raise BadOption(f"There is no system {clean(ask.system, limit=60)!r}. Known: {', '.join(LABELS)}.")
            if ask.pairs:
                await _write(session, ask)
            hidden = names_of(session.owners) | _typed(ask.pairs)

            def safe(text: str) -> str:
                return mask(text, hidden) if ask.presenter else text

            wanted = [ask.system] if ask.system else list(LABELS)
            if ask.as_json:
                plain = _each(document(session, wanted), safe)
                print(json.dumps(plain, ensure_ascii=True, indent=1))
                return 0
            width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
            for line in one(session, ask.system, width) if ask.system else table(session, width):
                print(safe(line))
            return 0

    with told():
        try:
            return asyncio.run(owners())
        except VaultProblem as problem:
            say_problem(problem.sentence)
            return 1


def _typed(pairs: Iterable[str]) -> frozenset[str]:
    """Names that were typed just now, and are hidden like those that were known."""
    return frozenset(value for pair in pairs for name, _, value in [pair.partition("=")] if name == "account" and value)


async def _write(session: Session, ask: Ask) -> None:
    """Raises BadOption for what does not fit, VaultProblem where nothing would keep it."""
    if not ask.system:
        raise BadOption("Which system? Write its name: `launchready owners registrar --set owner=Ada`.")
    try:
        pairs = dict(read_pair(pair) for pair in ask.pairs)
        ticks = {name: read_tick(name, value) for name, value in pairs.items() if name in _TICKS}
        texts = {name: value for name, value in pairs.items() if name not in _TICKS}
        today = session.clock.now().astimezone().date()
        owner = filled(session.owners.get(ask.system), texts, ticks, today)
    except BadOwner as bad:
        raise BadOption(bad.sentence) from bad
    if session.vault.kind == "session":  # gone when this command ends
        raise VaultProblem("none", f"Nothing was kept, for want of a place that lasts. {session.vault_say}")
    await session.save_owner(owner, ask.who or user_name())
    say_problem(f"Kept: {LABELS[ask.system]} ({listed(sorted(pairs))}).")


def _each(value: object, safe: Callable[[str], str]) -> object:
    """The same with every text made safe; the names of fields stay."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: _each(each, safe) for key, each in value.items()}
    return [_each(each, safe) for each in value] if isinstance(value, list) else value


def document(session: Session, systems: Iterable[str]) -> dict[str, object]:
    """All of it for a script. `lacks` are the things that keep the handover from being complete."""
    missing = session.owners_lack()
    return {
        "schema_version": 1,
        "domain": session.project.domain,
        "kept": session.vault_say,
        "systems": [_plain(session, system, [words for one, words in missing if one == system]) for system in systems],
        "lacks": len(missing),
    }


def _plain(session: Session, system: str, missing: list[str]) -> dict[str, object]:
    owner = session.owner(system)
    return {
        "system": system,
        "label": LABELS[system],
        "critical": system in CRITICAL,
        "absent": owner.absent,
        **shown(owner),
        "second_factor": owner.second_factor,
        "contractor": owner.contractor,
        "counts": owner.counts(_today(session)),
        "lacks": missing,
        "proposed": [{"field": one.field, "text": one.text, "by": one.by} for one in session.proposals(system)],
    }


def _today(session: Session) -> dt.date:
    return session.clock.now().astimezone().date()


def table(session: Session, width: int) -> Iterator[str]:
    """The table as the handover screen has it, a question mark before what is missing."""
    rows = [_HEADS, *(_row(session.owner(system), _today(session)) for system, _, _ in SYSTEMS)]
    sizes = [max(cells(row[at]) for row in rows) for at in range(len(_HEADS))]
    for row in rows:
        padded = [f"{text}{' ' * (size - cells(text))}" for text, size in zip(row, sizes, strict=True)]
        yield "  ".join(padded).rstrip()
    missing = len(session.owners_lack())
    yield ""
    yield (
        f"{plural(missing, 'thing')} {'keeps' if missing == 1 else 'keep'} this handover from being complete."
        if missing
        else "Every account has its owner, and somebody signed in at each."
    )
    yield from wrap(f"Kept: {clean(session.vault_say)}", width)


def _row(owner: Owner, today: dt.date) -> tuple[str, ...]:
    label = LABELS[owner.system]
    if owner.absent:
        return (label, "none", "", "", "")
    backup = owner.backup or ("? nobody" if owner.system in CRITICAL else "-")
    proved = "? never" if owner.proved is None else f"{'' if owner.counts(today) else '? '}{day(owner.proved)}"
    row = (label, owner.owner or "? nobody", backup, proved, "on" if owner.second_factor else "?")
    return tuple(clean(text, limit=40) for text in row)


def one(session: Session, system: str, width: int) -> Iterator[str]:
    """All that is written down of one system, and what is proposed."""
    owner = session.owner(system)
    yield LABELS[system]
    if owner.absent:
        yield f"  we have none: {session.project.absent.get(system, 'somebody said so')}"
        return
    texts = {**shown(owner), "renewal": renewal(owner), "second_factor": "yes" if owner.second_factor else ""}
    texts["contractor"] = "yes" if owner.contractor else ""
    for name, text in texts.items():
        if text:
            yield from wrap(clean(f"  {name} = {text}"), width, "    ")
    for proposed in session.proposals(system):
        yield from wrap(clean(f"  ? {proposed.field} = {proposed.text} (proposed: {proposed.by})"), width, "    ")
    for lacking, words in session.owners_lack():
        if lacking == system:
            yield f"  ? lacks {words}"
