"""What a look came to, for a script (JSON, fixed by schema_version) and for a person at a command line (text)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from launchready_tui.checks import Check
from launchready_tui.deliverables import Deliverable
from launchready_tui.engine import Finished
from launchready_tui.model import AtPanel, Finding, Fix, Stage, Status
from launchready_tui.panel_text import heading, lines
from launchready_tui.readiness import Readiness
from launchready_tui.render import wrap
from launchready_tui.risks import escape_markdown
from launchready_tui.signals import Signal
from launchready_tui.text import listed, minutes

SCHEMA_VERSION = 1
STAGE_TITLES = {
    Stage.AUDIT: "Audit",
    Stage.DNS: "DNS and routing",
    Stage.EDGE: "Edge",
    Stage.DEPLOY: "Deploy",
    Stage.PERFORMANCE: "Performance",
    Stage.EMAIL: "Email and observability",
    Stage.HANDOVER: "Handover",
}
_GLYPHS = {
    Status.PASS: "✓",
    Status.WARN: "!",
    Status.FAIL: "✗",
    Status.INFO: "i",
    Status.WAITING: "…",
    Status.UNKNOWN: "?",
}


def fix_document(fix: Fix | None) -> dict[str, object] | None:
    if fix is None:
        return None
    records = [{"name": r.name, "type": r.type, "ttl": r.ttl, "values": list(r.values)} for r in fix.records]
    out: dict[str, object] = {"kind": fix.kind, "say": fix.say, "minutes": fix.minutes, "records": records}
    if fix.who:
        out["who"] = fix.who
    if fix.page:
        out["page"] = fix.page
    if fix.panel:
        out["panel"] = _panel_document(fix.panel)
    if fix.settings:
        out["settings"] = [{"name": s.name, "value": s.value} for s in fix.settings]
    if fix.files:
        out["files"] = [{"path": f.path, "text": f.text, **({"track": True} if f.track else {})} for f in fix.files]
    return out


def _panel_document(at: AtPanel) -> dict[str, object]:
    """What to type into the founder's own DNS panel; a `name` of "" means that its box stays empty."""
    rows: list[dict[str, str]] = []
    for row in at.rows:
        told = {"act": row.act, "type": row.type, "name": row.name, "value": row.value}
        more = {"priority": row.priority, "ttl": row.ttl, "now": row.was}
        rows.append(told | {key: value for key, value in more.items() if value})
    return {"at": at.where, "path": list(at.path), "boxes": list(at.boxes), "rows": rows, "notes": list(at.notes)}


def finding_document(check: Check, finding: Finding, seconds: float) -> dict[str, object]:
    """One finding, as `check --json` and `--stream` say it."""
    return {
        "id": check.id,
        "stage": check.stage.value,
        "status": finding.status.value,
        "severity": (finding.severity or check.severity).value,
        "subject": finding.subject,
        "title": check.title,
        "saw": finding.saw,
        "why": check.why,
        "fix": fix_document(finding.fix),
        "evidence": [{"source": e.source, "text": e.text} for e in finding.evidence],
        "needs": finding.needs,
        "question": finding.question or check.question,
        "seconds": round(seconds, 3),
    }


def document(
    domain: str, started: dt.datetime, seconds: float, readiness: Readiness, finished: Iterable[Finished]
) -> dict[str, object]:
    """The one JSON document of `check --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "domain": domain,
        "started": started.isoformat().replace("+00:00", "Z"),
        "seconds": round(seconds, 3),
        "ready": readiness.ready,
        "counts": {**readiness.counts, "unknown": readiness.unknown},
        "line": readiness.line,
        "findings": [finding_document(done.check, done.finding, done.seconds) for done in finished],
    }


def text(domain: str, readiness: Readiness, finished: Mapping[str, Finished], width: int) -> Iterator[str]:
    """Lines for a person: what is open with what to do, stage by stage, then what is sound in a word."""
    yield domain
    yield from wrap(readiness.line, width)
    for stage in Stage:
        mine = [done for done in finished.values() if done.check.stage is stage]
        if not mine:
            continue
        yield ""
        yield f"{stage.number} {STAGE_TITLES[stage]}"
        for done in mine:
            if done.finding.status not in (Status.PASS, Status.INFO):
                yield from _open_lines(done, width)
        sound = [done.check.title for done in mine if done.finding.status is Status.PASS]
        aside = [done for done in mine if done.finding.status is Status.INFO]
        if sound:
            yield from wrap(f"  ✓ Sound: {listed(sound, most=30)}", width, "    ")
        for done in aside:
            yield from wrap(f"  i {done.check.title}: {done.finding.saw}", width, "    ")


def _open_lines(done: Finished, width: int) -> Iterator[str]:
    finding, check = done.finding, done.check
    word = finding.status.value if finding.status is not Status.FAIL else (finding.severity or check.severity).value
    yield from wrap(f"  {_GLYPHS[finding.status]} {word.upper()}  {check.title}  ({check.id})", width, "    ")
    yield from _block("", finding.saw, width)
    if finding.status is Status.UNKNOWN:
        yield from _block("To tell: ", finding.needs or "", width)
        return
    yield from _block("Why it matters: ", check.why, width)
    if finding.fix is not None:
        yield from _block("What to do: ", finding.fix.say, width)
        if finding.fix.panel is not None:
            yield from (f"      {line}" for line in wrap(f"{heading(finding.fix.panel)}:", width - 6))
            yield from (f"        {line}".rstrip() for line in lines(finding.fix.panel, width - 8))
        who = f"{finding.fix.who}, " if finding.fix.who else ""
        yield from _block("Who, how long: ", f"{who}{minutes(finding.fix.minutes)}.", width)


def _block(label: str, said: str, width: int) -> Iterator[str]:
    for i, line in enumerate((label + said).split("\n")):
        if line.strip():
            for part in wrap(line if i == 0 else line.rstrip(), width - 6):
                yield "      " + part


def stage_markdown(
    title: str,
    domain: str,
    deliverable: Deliverable,
    signals: Iterable[Signal],
    findings: Iterable[tuple[Check, Finding]],
    drawing: Iterable[str] = (),
) -> str:
    """One stage as a report for a team: its deliverable, its failure signs, every check with what we saw."""
    safe = escape_markdown
    out = [f"# {title}: {safe(domain)}", "", f"{safe(deliverable.text)} {safe(deliverable.line)}", ""]
    lines = list(drawing)
    if lines:
        out += ["```", *(line.replace("`", "'") for line in lines), "```", ""]
    out += ["## Signs of failure", ""]
    out += [f"- {safe(signal.text)} **{signal.state.value}** {safe(signal.said)}" for signal in signals]
    out += ["", "## What we saw", ""]
    for check, finding in findings:
        word = finding.status.value
        if finding.status is Status.FAIL:
            word = f"fail, {(finding.severity or check.severity).value}"
        out.append(f"- {_GLYPHS[finding.status]} **{safe(check.title)}** ({word}, `{check.id}`): {safe(finding.saw)}")
        if finding.fix is not None:
            out += [f"  {safe(line)}" for line in finding.fix.say.splitlines() if line.strip()]
        elif finding.needs:
            out.append(f"  To tell: {safe(finding.needs)}.")
    return "\n".join(out) + "\n"
