"""One look: the sources of a run over a project, opened together and closed together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from launchready_tui import known, limits
from launchready_tui.answers import Answers
from launchready_tui.cleanbuild.source import CleanBuild
from launchready_tui.codefacts import CodeFacts
from launchready_tui.dnshost import DnsHost
from launchready_tui.engine import Context, Finished
from launchready_tui.hosts.account import ConnectedHost, HostKey
from launchready_tui.kept import Mailbox
from launchready_tui.project import Clock, Project
from launchready_tui.proving import prover
from launchready_tui.secretscan.source import ScanKey, SecretScan
from launchready_tui.sources import trust
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate, Pace
from launchready_tui.sources.load import Load
from launchready_tui.sources.message import Messages
from launchready_tui.sources.registry import Registry
from launchready_tui.sources.repo import Repo
from launchready_tui.sources.smtp import Smtp
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.transparency import Transparency
from launchready_tui.sources.web import Web


@asynccontextmanager
async def looking(project: Project, clock: Clock, *things: object, pace: Pace | None = None) -> AsyncIterator[Context]:
    """The sources for one run, with more `things` (Answers, Owners, a vault, …) handed in as they are. Runs that share
    a `pace` are together as polite to one host as one alone.

    What the founder did not give (a code folder, a yes to a measurement, registries) is not there, and the checks that
    need it come out as unknown by themselves.
    """
    gate = Gate(project, pace)
    dns = Dns(project, gate)
    web = Web(project, dns, gate)
    key = next((thing for thing in things if isinstance(thing, ScanKey)), None)
    sources: list[
        Dns | Web | Tls | Smtp | Registry | Transparency | Repo | CodeFacts | Load | SecretScan | Messages
    ] = [
        dns,
        web,
        Tls(project, dns, gate, clock),
        Smtp(project, dns, gate, clock),
        SecretScan(key),
    ]
    if project.network.registries:
        sources += [Registry(project, web), Transparency(project, web)]
    if project.repo:
        repo = Repo(project)
        sources += [repo, CodeFacts(repo)]
    account = next((ConnectedHost(thing, web) for thing in things if isinstance(thing, HostKey)), None)
    if account is not None:
        things = (*(thing for thing in things if not isinstance(thing, HostKey)), account)
    if "build" in project.allowed:
        things = (*things, CleanBuild(clock))
    if "measure" in project.allowed:
        sources.append(Load(project, dns))
    mailbox = next((thing for thing in things if isinstance(thing, Mailbox)), None)
    if mailbox is not None and mailbox.stored:
        answers = next((thing for thing in things if isinstance(thing, Answers)), None)
        sources.append(Messages(mailbox.stored, prover(project, dns, clock, answers)))
    ahead = asyncio.create_task(_read_ahead(project))
    host = DnsHost(project, dns, web)
    try:
        yield Context(project, clock, *sources, host, *things)
    finally:
        ahead.cancel()
        await host.aclose()
        if account is not None:
            await account.aclose()
        for source in reversed(sources):
            await source.aclose()


async def _read_ahead(project: Project) -> None:
    """Read what is read once and takes 20 ms each, while the first questions are on their way and not when needed.

    OpenSSL reads the roots without holding Python up, so on a thread of its own it costs the look nothing.
    """
    await asyncio.sleep(limits.READ_AHEAD_SECONDS)
    ca = project.network.ca
    context = asyncio.create_task(asyncio.to_thread(trust.client_context, ca))  # ends by itself: it reads one file
    await asyncio.sleep(0)
    known.marks("dns")
    with suppress(trust.BadTrust):  # told by the checks that need it
        await context
        trust.project_roots(ca)  # not on a thread: it hushes warnings, which Python does for all threads at once


async def at_panel(event: Finished, context: Context) -> Finished:
    """What a check came to, with the records of its fix as the founder's own DNS panel takes them."""
    host = context.get(DnsHost)
    if event.finding.fix is None or not event.finding.fix.records or not isinstance(host, DnsHost):
        return event
    return replace(event, finding=await host.shown(event.finding))
