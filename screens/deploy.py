"""Deployment: one way from code to live, and a way back."""

from __future__ import annotations

from launchready_tui.model import Stage
from screens._stage import StageScreen


class DeployScreen(StageScreen):
    """Stage four."""

    STAGE = Stage.DEPLOY
    TITLE_LINE = "Deploy"
    INTRO = "one way from code to live, and a way back."
