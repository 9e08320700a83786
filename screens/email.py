"""Email trust: mail that arrives and proves that it is yours."""

from __future__ import annotations

from launchready_tui.model import Stage
from screens._mail import MailScreen


class EmailScreen(MailScreen):
    """Stage six."""

    STAGE = Stage.EMAIL
    TITLE_LINE = "Email"
    INTRO = "your mail arrives, and proves that it is yours."
