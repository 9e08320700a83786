"""The audit: what would go wrong at launch, before anything is touched."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from launchready_tui.model import Stage, Status
from screens._stage import StageScreen
from screens.widgets.keys import Hint

_KEYS = ("audit.secrets.worktree", "audit.secrets.history")


class AuditScreen(StageScreen):
    """Stage one."""

    STAGE = Stage.AUDIT
    TITLE_LINE = "Audit"
    INTRO = "what would go wrong at launch, before anything is touched."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("K", "app.keys_found", "Keys found", show=False)]

    def best(self) -> Hint | None:
        """For keys that were found: the list where a new one's day is told. A file that we can take out comes first."""
        best, check, finding = super().best(), self.check(), self.finding()
        if check is None or finding is None or check.id not in _KEYS or not finding.status.open:
            return best
        return best if best is not None and best.action == "fix" else Hint("enter", "Keys found", "app.keys_found")

    def hints(self) -> list[Hint]:
        check, finding = self.check(), self.finding()
        hints = super().hints()
        if check is None or finding is None or check.id not in _KEYS or finding.status is Status.UNKNOWN:
            return hints
        return [hints[0], Hint("K", "Keys found", "app.keys_found"), *hints[1:]]
