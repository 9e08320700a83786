"""The edge: certificates, https, a shield before the server."""

from __future__ import annotations

from launchready_tui.model import Stage
from screens._stage import StageScreen


class EdgeScreen(StageScreen):
    """Stage three."""

    STAGE = Stage.EDGE
    TITLE_LINE = "Edge"
    INTRO = "pages are safe to open, a shield stands before your server."
