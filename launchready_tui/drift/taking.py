"""One look for a handover: what is written down at the export, and what is compared with it later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from launchready_tui.drift.baseline import baseline, questions_of
from launchready_tui.drift.compare import compare, questions
from launchready_tui.drift.facts import Facts
from launchready_tui.drift.look import Seen, Step, observe
from launchready_tui.driftlook import Line
from launchready_tui.handover.document import Baseline, Records
from launchready_tui.look import looking
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.web import Web


async def take(project: Project, clock: Clock, records: Iterable[Records], texts: Iterable[str] = ()) -> Baseline:
    """Ask the world, and write down what it answers. `texts` are names below the domain whose TXT matters (policies,
    keys), be they in the records or not."""
    wanted = questions_of(project, records, texts)
    async with looking(project, clock) as context:
        dns, web, tls = context.get(Dns), context.get(Web), context.get(Tls)
        assert isinstance(dns, Dns)
        assert isinstance(web, Web)
        assert isinstance(tls, Tls)
        seen = await observe(wanted, dns, web, tls)
    return baseline(project, seen, clock.now().astimezone(dt.UTC).replace(microsecond=0))


async def verify(facts: Facts, project: Project, clock: Clock, step: Step | None = None) -> tuple[Line, ...]:
    """Ask again for every fact, and compare. `project` says over which network; `step` is told of each answer."""
    async with looking(project, clock) as context:
        dns, web, tls = context.get(Dns), context.get(Web), context.get(Tls)
        assert isinstance(dns, Dns)
        assert isinstance(web, Web)
        assert isinstance(tls, Tls)
        seen: Seen = await observe(questions(facts), dns, web, tls, step)
    return compare(facts, seen, clock.now())
