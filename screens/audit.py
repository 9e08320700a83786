"""The audit: what would go wrong at launch, before anything is touched."""

from __future__ import annotations

from launchready_tui.model import Stage
from screens._stage import StageScreen


class AuditScreen(StageScreen):
    """Stage one."""

    STAGE = Stage.AUDIT
    TITLE_LINE = "Audit"
    INTRO = "what would go wrong at launch, before anything is touched."
