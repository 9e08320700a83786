"""DNS and routing: the checks, and one key to what is written down of them."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from launchready_tui.model import Stage
from screens._stage import StageScreen
from screens.widgets.keys import Hint

_PURPOSE = "dns.records.purpose"


class DnsScreen(StageScreen):
    """Stage two."""

    STAGE = Stage.DNS
    TITLE_LINE = "DNS and routing"
    INTRO = "every address leads to one place."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("z", "app.records", "Records", show=False)]

    def best(self) -> Hint | None:
        """What records are for is written down in their list."""
        check, finding = self.check(), self.finding()
        if check is not None and check.id == _PURPOSE and finding is not None and finding.status.open:
            return Hint("enter", "Write it down", "app.records")
        return super().best()

    def hints(self) -> list[Hint]:
        first, *rest = super().hints()
        return [first, Hint("z", "Records", "app.records"), *rest]
