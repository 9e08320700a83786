"""The performance baseline."""

from __future__ import annotations

from launchready_tui.model import Stage
from screens._stage import StageScreen


class PerformanceScreen(StageScreen):
    """Stage five."""

    STAGE = Stage.PERFORMANCE
    TITLE_LINE = "Speed"
    INTRO = "pages open fast, and you know how fast."
