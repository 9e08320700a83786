"""Does the last handover still say how things are? (Roadmap: "a handover that stays true".)"""

from __future__ import annotations

from launchready_tui.checks import check
from launchready_tui.driftlook import DriftLook, DriftView, Line
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.web import Web
from launchready_tui.text import day, plural, sentence

# What a launch hangs on: another name server, mail server or canonical address, a weaker policy (catalogue).
_GRAVE = (Severity.CRITICAL, Severity.HIGH)


@check(
    "handover.runbook.drift",
    severity=Severity.HIGH,
    title="The handover still says how things are",
    why="Whoever repairs something by a file that is no longer true makes it worse.",
    minutes=10,
)
async def drift(last: DriftLook, dns: Dns, web: Web, tls: Tls) -> Finding:
    return judge_drift(await last.view(dns, web, tls))


def judge_drift(view: DriftView) -> Finding:
    """Equal, changed as such things do, changed, or not to be told. Pure."""
    if view.exported is None:
        return info("Nothing was handed over yet, so there is nothing to compare.")
    of = f"the handover of {day(view.exported)}"
    if view.say:
        return unknown(f"We could not compare {of}: {view.say}", needs="another look")
    drifted = [line for line in view.lines if line.state == "drift"]
    unclear = [line for line in view.lines if line.state == "unknown"]
    benign = [line for line in view.lines if line.state == "benign"]
    evidence = [Evidence(f"{line.topic}: {line.subject}", _told(line)) for line in view.lines]
    if drifted:
        first = drifted[0]
        saw = f"{plural(len(drifted), 'thing is', 'things are')} not as {of} says. {sentence(first.say)}"
        fix = Fix(
            "steps",
            f"{first.todo} When all is as it should be, export the handover anew (x), and send it to whoever has the "
            "old one.",
            minutes=10,
            who="Whoever keeps the handover",
        )
        if any(line.severity in _GRAVE for line in drifted):
            return failed(saw, fix, evidence=evidence)
        return warned(saw, fix, evidence=evidence)
    if unclear:
        saw = f"{plural(len(unclear), 'fact', 'facts')} of {of} could not be told. {sentence(unclear[0].say)}"
        return unknown(saw, needs="another look", evidence=evidence)
    if benign:
        saw = f"{plural(len(benign), 'thing')} changed since {of} as such things do. {sentence(benign[0].say)}"
        say = "Nothing has to be done. Export the handover anew (x) when it is convenient, so that it is exact again."
        return warned(saw, Fix("steps", say, minutes=2, who="Whoever keeps the handover"), evidence=evidence)
    return passed(f"All {plural(view.compared, 'fact')} of {of} are as they were.", evidence=evidence)


def _told(line: Line) -> str:
    return f"{line.say} Before: {line.was}. Now: {line.now}." if line.was or line.now else line.say
