"""The face of launchready: one mode a stage, one for home; what it does stands in _doors.py and the screens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.filter import LineFilter
from textual.theme import Theme

from launchready_tui.model import Stage
from screens._doors import Doors
from screens._filter import Safe
from screens._page import roomy
from screens.home import HomeScreen

if TYPE_CHECKING:
    from launchready_tui.desk import Desk
    from launchready_tui.session import Session

DARK = Theme(
    name="launchready-dark",
    primary="#5fa8d3",
    secondary="#8fb8de",
    accent="#e0b354",
    warning="#e0a458",
    error="#ef6f6c",
    success="#73c48f",
    background="#10151b",
    surface="#151c24",
    panel="#1e2833",
    foreground="#e6e9ec",
    dark=True,
)
LIGHT = Theme(
    name="launchready-light",
    primary="#1f6f9f",
    secondary="#33658a",
    accent="#7a5600",
    warning="#8a5200",
    error="#b3261e",
    success="#1d6b3a",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e4e0d7",
    foreground="#1b1e21",
    dark=False,
)
_NEEDS_LAUNCH = frozenset(
    {
        "stage",
        "step",
        "risks",
        "map",
        "addresses",
        "export",
        "signals",
        "owners",
        "records",
        "back_to_stage",
        "secrets",
        "tokens",
        "vault",
    }
)


def _everything() -> type[Provider]:
    """The palette's entries, imported when it is opened."""
    from screens.commands import Everything

    return Everything


class LaunchReady(Doors):
    """The wizard. `session` opens at once; without it, home. `presenter` starts with names and addresses masked.

    `crash` is, after the end, the kind and the place of a fault of our own ("TypeError at rows.py:40"), never a value.
    """

    TITLE = "launchready"
    DEFAULT_MODE = "home"
    CSS_PATH = "launchready.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_everything}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "leave", "Leave", show=False, priority=True),
        Binding("question_mark,f1", "help", "Help", show=False),
        Binding("f2", "mask", "Mask", show=False),
        Binding("ctrl+t", "dark", "Dark or light", show=False),
        Binding("0", "home", "Home", show=False),
        Binding("n", "step(1)", "Next stage", show=False),
        Binding("p", "step(-1)", "The stage before", show=False),
        Binding("l", "risks", "Risks", show=False),
        Binding("m", "map", "Map", show=False),
        Binding("d", "addresses", "Addresses", show=False),
        Binding("x", "export", "Export", show=False),
        Binding("y", "verify", "Verify the handover", show=False),
        Binding("b", "worklog", "Work log", show=False),
        *(Binding(f"{stage.number}", f"stage('{stage.value}')", stage.value, show=False) for stage in Stage),
    ]

    def __init__(self, desk: Desk, *, session: Session | None = None, presenter: bool = False) -> None:
        super().__init__(session)
        self.desk = desk
        self.crash: str | None = None
        self._safe = Safe(masked=presenter)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        # Not through the watcher: it would read every style sheet a second time before the first paint.
        self.set_reactive(LaunchReady.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())  # nothing is read yet: home has our colours too

    def get_default_screen(self) -> HomeScreen:
        """Home. As a mode's own screen it would have every style sheet read a second time before the first paint."""
        return HomeScreen(self.desk)

    def on_mount(self) -> None:
        self.add_mode("home", self.get_default_screen)
        self.catch_signals()
        if self._first is not None:
            self.open_session(self._first)
        if self.received is not None:
            self.receive(self.received)

    def on_unmount(self) -> None:
        self.drop_signals()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action != "leave" and not roomy(self.screen):
            return False  # no key acts on what cannot be seen
        return self.session is not None or action not in _NEEDS_LAUNCH

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._safe]

    def _fatal_error(self) -> None:
        """A fault of our own: keep its kind and its place, and no local variable, which may hold a secret."""
        error = self._exception or sys.exc_info()[1]
        place = error.__traceback__ if error is not None else None
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place is not None else ""
        self.crash = f"{type(error).__name__}{where}"
        self._close_messages_no_wait()
