"""DNS and routing."""

from __future__ import annotations

from launchready_tui.model import Stage
from screens._stage import StageScreen


class DnsScreen(StageScreen):
    """Stage two."""

    STAGE = Stage.DNS
    TITLE_LINE = "DNS and routing"
    INTRO = "every address leads to one place."
