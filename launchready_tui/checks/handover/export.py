"""The handover must not be the leak: what it would write is searched for secrets before it is written."""

from __future__ import annotations

from launchready_tui.checks import check
from launchready_tui.drafts import DraftExport
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed
from launchready_tui.text import listed, plural


@check(
    "handover.export.clean",
    severity=Severity.CRITICAL,
    title="The handover holds no secret",
    why="The handover is passed around; a password in it would be passed around too.",
    minutes=5,
)
async def export_clean(draft: DraftExport) -> Finding:
    hits = await draft.hits()
    if not hits:
        return passed("We searched every field that the handover would hold: no secret found.")
    fields = f"{plural(len(hits), 'field')} of the handover {'holds' if len(hits) == 1 else 'hold'} a secret"
    return failed(
        f"{fields}: {listed(hits, most=3)}. It is not exported until that is gone.",
        Fix(
            "steps",
            f"Take the value out where it was typed ({listed(hits, most=8)}), and write down where it is kept instead. "
            "Whoever has seen it may use it: make a new one at its provider, too.",
            minutes=5 * len(hits),
            who="The founder",
        ),
        evidence=[Evidence("self-scan", hit) for hit in hits],
    )
