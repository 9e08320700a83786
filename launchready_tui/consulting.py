"""Many projects from the command line: list them, start one from another, put one aside, say what was done."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from launchready_tui import listing, worklog_text
from launchready_tui.desk import Desk
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.domain import parse_domain
from launchready_tui.headless import told
from launchready_tui.mask import mask, names_of
from launchready_tui.options import BadOption, LookOptions, parse_at
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.text import plural
from launchready_tui.unlocking import unlock
from launchready_tui.worklog import Sitting, masked
from launchready_tui.workspace import Workspace

SCHEMA_VERSION = 1


def _desk(workspace: str | None) -> Desk:
    return Desk(Workspace(Path(workspace) if workspace else None))


def _width() -> int:
    return max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))


def run_new(typed: str, options: LookOptions, *, like: str | None, who: str, as_json: bool) -> int:
    """`launchready new`: make a project without looking at it."""
    with told():
        name = parse_domain(typed)
        for note in name.notes:
            say_problem(note)
        desk = _desk(options.workspace)
        source = parse_domain(like).domain if like else None
        template = desk.start(name.domain, options, like=source, who=who)
        if as_json:
            project = template.project
            document = {
                "schema_version": SCHEMA_VERSION,
                "domain": project.domain,
                "from_template": source is not None,
                "urls": dict(project.urls),
                "subs": None if project.subs is None else list(project.subs),
                "marker": project.marker,
                "senders": list(project.senders),
                "absent": dict(project.absent),
                "purposes": [{"name": one.name, "type": one.type, "text": one.text} for one in template.purposes],
                "actions": [
                    {"id": one.id, "what": one.what, "due": one.due.isoformat() if one.due else None}
                    for one in template.actions
                ],
            }
            print(json.dumps(document, ensure_ascii=True, indent=1))
            return 0
        print(f"{name.unicode} is one of your launches now. Nothing was looked at yet.")
        if source is not None:
            print("\n".join(wrap(template.say, _width())))
        print(f"Next: launchready check {name.domain}, or launchready open {name.domain}")
        return 0


def run_archive(typed: str, workspace: str | None, *, restore: bool) -> int:
    """`launchready archive`: put a project aside, or bring it back. Nothing is deleted."""
    with told():
        domain, desk = parse_domain(typed).domain, _desk(workspace)
        if not desk.workspace.has(domain):
            raise BadOption(f"There is no project {domain}. `launchready projects` lists them.")
        at = desk.workspace.archived(domain)
        if restore:
            desk.restore(domain)
            print(f"{domain} is back." if at else f"{domain} was not archived.")
        elif at:
            print(f"{domain} is archived already.")
        else:
            desk.archive(domain)
            print(
                f"{domain} is archived: it is not looked at and not shown. Nothing was deleted.\n"
                f"Back: launchready archive --restore {domain}"
            )
        return 0


def run_projects(workspace: str | None, *, archived: bool, as_json: bool) -> int:
    """`launchready projects`: every project, what is due first, then the worst."""
    with told():
        desk = _desk(workspace)
        today = dt.datetime.now().astimezone().date()
        shown = desk.projects(archived=archived)
        if as_json:
            projects = [listing.document(one, today) for one in shown]
            print(json.dumps({"schema_version": SCHEMA_VERSION, "projects": projects}, ensure_ascii=True, indent=1))
            return 0
        for one in shown:
            print("\n".join(line for said in listing.text(one, today) for line in wrap(said, _width(), "    ")))
        if not shown:
            print("Nothing is archived." if archived else "There is no project yet. Start one: launchready new DOMAIN")
        aside = 0 if archived else sum(1 for _ in desk.reading(archived=True))
        if aside:
            print(f"{plural(aside, 'project is', 'projects are')} archived: launchready projects --archived")
        return 0


def parse_since(text: str) -> dt.datetime | None:
    """ "today" is from midnight here, "all" from the beginning, else an ISO time (local, where it names no zone).
    Raises BadOption."""
    word = text.strip().lower()
    if word == "all":
        return None
    if word == "today":
        return dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        at = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return parse_at(text)  # which says what a time looks like
    return at.astimezone()


def run_log(
    project: str | None, workspace: str | None, since: str, *, as_json: bool, as_md: bool, presenter: bool
) -> int:
    """`launchready log`: what was done, on one project or on all, archived ones too."""
    with told():
        if as_json and as_md:
            raise BadOption("--json and --md are two forms of the same; take one.")
        desk, moment = _desk(workspace), parse_since(since)
        if project is not None:
            domain = parse_domain(project).domain
            if not desk.workspace.has(domain):
                raise BadOption(f"There is no project {domain}. `launchready projects` lists them.")
            domains = [domain]
        else:
            domains = [one.domain for one in desk.workspace.reading()]
        if presenter:
            unlock(desk.vaults)
        logs: list[tuple[str, Sequence[Sitting]]] = []
        for domain in domains:
            try:
                sittings: Sequence[Sitting] = desk.worklog(domain, moment)
            except WorkspaceProblem as problem:
                if project is not None:
                    raise
                say_problem(f"{domain}: {problem.sentence}")
                continue
            if presenter and sittings:
                names = asyncio.run(_names(desk, domain))
                sittings = [masked(one, partial(mask, names=names)) for one in sittings]
            if sittings or project is not None:
                logs.append((domain, sittings))
        _print_logs(logs, moment, as_json=as_json, as_md=as_md)
        return 0


def _print_logs(
    logs: Sequence[tuple[str, Sequence[Sitting]]], since: dt.datetime | None, *, as_json: bool, as_md: bool
) -> None:
    if as_json:
        document = {
            "schema_version": worklog_text.SCHEMA_VERSION,
            "since": since.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if since else None,
            "minutes": sum(worklog_text.total(sittings) for _, sittings in logs),
            "projects": [worklog_text.document(*log) for log in logs],
        }
        print(json.dumps(document, ensure_ascii=True, indent=1))
    elif as_md:
        print("\n".join(worklog_text.markdown(*log) for log in logs) or "Nothing was done.")
    else:
        print("\n\n".join("\n".join(worklog_text.text(*log, _width())) for log in logs) or "Nothing was done.")


async def _names(desk: Desk, domain: str) -> frozenset[str]:
    """The account names and contacts that a shared screen must not show. Opened for reading as far as may be."""
    from launchready_tui.journal import Journal
    from launchready_tui.ledger import fold
    from launchready_tui.owners import Owners
    from launchready_tui.project import Clock
    from launchready_tui.vault import VaultProblem
    from launchready_tui.vault.owners import load_owners

    with Journal(desk.workspace.journal(domain), writable=False) as journal:
        systems = tuple(sorted(fold(journal.entries, Clock()).owners))
    if not systems:
        return frozenset()
    try:
        return names_of(Owners(await load_owners(desk.vaults.open(), domain, systems)))
    except VaultProblem as problem:
        say_problem(f"{problem.sentence} Mail and IP addresses are hidden; account names that we cannot read are not.")
        return frozenset()


__all__ = ["parse_since", "run_archive", "run_log", "run_new", "run_projects"]
