"""`launchready mail`: does this message prove that it is yours? And the messages that a project keeps."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from launchready_tui import kept, limits
from launchready_tui.domain import parse_domain
from launchready_tui.headless import COULD_NOT_TELL, told
from launchready_tui.mail.message import BadMessage, read
from launchready_tui.mask import mask
from launchready_tui.options import BadOption, LookOptions, network, parse_at
from launchready_tui.practice import DOMAIN as PRACTICE_DOMAIN
from launchready_tui.project import Clock, Project
from launchready_tui.proofs import Hop, Kind, Link, Proof, Signature, StoredMessage
from launchready_tui.proving import prove_bytes
from launchready_tui.saying import Problem, say_problem
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.text import clean, day, plural
from launchready_tui.workspace import Workspace

if TYPE_CHECKING:  # a message alone needs no project, and no session either
    from launchready_tui.session import Session

SCHEMA_VERSION = 1
_STATUS = {"yours": 0, "not-yours": 1, "unknown": COULD_NOT_TELL}
_LINK = {
    "here": "leads to somebody's own machine",
    "preview": "leads to a preview of the site",
    "http": "is not encrypted (http)",
    "tracking": "goes to a counter of the sender first",
    "other": "leads to another host",
}
_SHOWN = 20  # links and hops printed; all of them stand in --json


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for. `file` "" for none, "-" for a pipe."""

    file: str = ""
    kind: Kind | None = None
    keep: bool = False
    list: bool = False
    remove: str = ""
    at: str | None = None
    as_json: bool = False
    presenter: bool = False


def run_mail(project: str | None, workspace: str | None, options: LookOptions, wanted: Wanted) -> int:
    """Exit status: 0 it proves it, 1 it does not, 2 wrong usage or no message, 3 could not tell."""
    with told():
        asked = [bool(wanted.file), wanted.list, bool(wanted.remove)]
        if sum(asked) != 1:
            raise BadOption("Which message? Write `launchready mail FILE.eml` (- for a pipe), --list or --remove NAME.")
        if wanted.file:
            return asyncio.run(_judge(project, workspace, options, wanted))
        return asyncio.run(_kept(project, workspace, wanted))


async def _judge(project: str | None, workspace: str | None, options: LookOptions, wanted: Wanted) -> int:
    data = _bytes(wanted.file)
    kind = wanted.kind or kept.kind_of(read(data).subject)
    clock = Clock(parse_at(wanted.at)) if wanted.at else Clock()
    async with contextlib.AsyncExitStack() as stack:
        session = await _session(stack, project, workspace, options)
        name = ""
        if wanted.keep:
            if session is None:
                raise BadOption("--keep puts the message into a project of yours: name it with --project DOMAIN.")
            name = kept.keep(session.store, data, kind).name
        about = session.project if session is not None else _stranger(project, options)
        dns = Dns(about, Gate(about))
        stack.push_async_callback(dns.aclose)
        answers = session.answers if session is not None else None
        proof = replace(await prove_bytes(data, kind, about, dns, clock, answers), name=name)
    if wanted.as_json:
        print(json.dumps(document(proof), ensure_ascii=True, indent=1))
        return _STATUS[proof.verdict]
    hidden = (proof.subject,) if proof.subject else ()
    for line in text(proof):
        print(mask(line, hidden) if wanted.presenter else line)
    if name:
        say_problem(f"Kept as {name}.")
    return _STATUS[proof.verdict]


async def _session(
    stack: contextlib.AsyncExitStack, project: str | None, workspace: str | None, options: LookOptions
) -> Session | None:
    """The project that was named, where the workspace has it."""
    if not project:
        return None
    named = parse_domain(project).domain
    if named != PRACTICE_DOMAIN and not Workspace(Path(workspace) if workspace else None).has(named):
        return None
    from launchready_tui.changing import opened

    return await stack.enter_async_context(opened(named, workspace, options))


def _stranger(project: str | None, options: LookOptions) -> Project:
    """A domain that is no project of ours; without one, the message's own From is what counts."""
    base = Project(parse_domain(project).domain if project else "")
    return replace(base, network=network(base.network, options))


def _bytes(file: str) -> bytes:
    if file != "-":
        return kept.contents(Path(file).expanduser().resolve())
    data = sys.stdin.buffer.read(limits.MESSAGE_BYTES + 1)
    if len(data) > limits.MESSAGE_BYTES:
        raise BadMessage(f"What came is larger than the {limits.MESSAGE_BYTES // 1_000_000} MB that we read.")
    return data


async def _kept(project: str | None, workspace: str | None, wanted: Wanted) -> int:
    """--list and --remove."""
    from launchready_tui.changing import opened

    async with opened(project, workspace) as session:
        if wanted.remove:
            kept.remove(session.store, wanted.remove)
            say_problem(f"{clean(wanted.remove, limit=80)} is deleted here. Yours, wherever you saved it, stays.")
            return 0
        rows = [_row(one) for one in kept.listed(session.store)]
        if wanted.as_json:
            print(json.dumps({"schema_version": SCHEMA_VERSION, "messages": rows}, ensure_ascii=True, indent=1))
            return 0
        if not rows:
            say_problem("No message is kept. `launchready mail FILE.eml --project DOMAIN --keep` adds one.")
        for row in rows:
            subject = "•" * 6 if wanted.presenter else row["subject"]
            print(f"{row['name']}  {row['date'] or 'no date':20}  {subject}")
    return 0


def _row(one: StoredMessage) -> dict[str, str]:
    try:
        message = read(kept.contents(one.path))
    except Problem as error:
        return {"name": one.name, "kind": one.kind, "subject": error.sentence, "date": ""}
    date = message.date.isoformat() if message.date is not None else ""
    return {"name": one.name, "kind": one.kind, "subject": clean(message.subject, limit=100), "date": date}


# ---- showing ----


def document(proof: Proof) -> dict[str, object]:
    """A proof as JSON: the fields of proofs.Proof by their names, times in ISO form."""
    return {"schema_version": SCHEMA_VERSION, **_plain(dataclasses.asdict(proof))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value


def text(proof: Proof) -> list[str]:
    """The sentence first, then what it rests on."""
    lines = [proof.sentence, ""]
    lines += [f"✗ {fault}" for fault in proof.faults]
    lines += [f"· {note}" for note in proof.notes]
    lines += [f"? What would help: {proof.needs}." if proof.needs else ""]
    at = proof.at or proof.came
    lines += ["", f"Message       “{proof.subject or 'without a subject'}”, {day(at) if at else 'no date'}"]
    lines += [f"From          {proof.from_address or 'nobody that can be read'}"]
    lines += [f"Signature     {_signature(one)}" for one in proof.dkim] or ["Signature     none (DKIM)"]
    spf = proof.spf
    unsaid = spf.reason or "nobody could say"
    by = {"us": "checked now", "receiver": f"recorded by {proof.receiver}", "": unsaid}[spf.by]
    lines += [f"SPF           {spf.result or 'could not tell'}{f' for {spf.ip}' if spf.ip else ''} ({by})"]
    lines += [f"Receiver      {proof.receiver}" if proof.receiver else ""]
    lines += [f"Way           {_hop(one)}" for one in proof.hops[:_SHOWN]]
    if proof.delay is not None:
        lines += [f"Delay         {proof.delay:.0f} s from its Date to the last server"]
    lines += [f"Link          {_link(one)}" for one in proof.links[:_SHOWN]]
    if len(proof.links) > _SHOWN:
        lines += [f"              and {plural(len(proof.links) - _SHOWN, 'link')} more (--json names them all)"]
    if proof.bulk:
        lines += [f"Unsubscribe   {'one click' if proof.one_click else 'not with one click (RFC 8058)'}"]
    return [line for before, line in zip(["-", *lines], lines, strict=False) if line or before]


def _signature(one: Signature) -> str:
    key = f", {one.algorithm}{f' with {one.bits} bits' if one.bits else ''}" if one.algorithm else ""
    return f"{one.result}: {one.domain or '?'}, key {one.selector or '?'}{key}. {one.reason}"


def _hop(one: Hop) -> str:
    wait = f", {one.seconds:+.0f} s" if one.seconds is not None else ""
    source = f" from {one.from_name or one.ip}" if one.from_name or one.ip else ""
    return f"{one.by or 'a server without a name'}{source}{wait}"


def _link(one: Link) -> str:
    return f"{one.url}{f' {_LINK[one.fault]}' if one.fault else ''}"
