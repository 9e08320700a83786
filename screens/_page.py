"""What every screen and every dialog shares: room for the too-small notice, who is speaking, plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from launchready_tui import limits
from screens.widgets.pick import Pick
from screens.widgets.small import TooSmall

if TYPE_CHECKING:
    from screens.app import LaunchReady

R = TypeVar("R")

# The wizard's window: the rail stands at the left from 100 columns; list and detail side by side from 116.
_WIDTHS: list[tuple[int, str]] | None = [
    (0, "-tiny"),
    (limits.SCREEN_COLUMNS, "-narrow"),
    (100, "-wide"),
    (116, "-very-wide"),
]
_HEIGHTS: list[tuple[int, str]] | None = [(0, "-low"), (limits.SCREEN_ROWS, "-high")]


def launch_ready(widget: Widget) -> LaunchReady:
    """The app, by its own type."""
    return cast("LaunchReady", widget.app)


def roomy(screen: Screen[R]) -> bool:
    """True where the window is large enough to act on what it shows."""
    size = screen.app.size
    return size.width >= limits.SCREEN_COLUMNS and size.height >= limits.SCREEN_ROWS


class Page(Screen[None]):
    """A screen of its own."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    ESCAPE_TO_MINIMIZE: ClassVar[bool | None] = False

    def on_mount(self) -> None:
        self.mount(TooSmall())

    def on_screen_resume(self) -> None:
        for widget in self.walk_children():
            widget.refresh()  # what is masked may have changed while another screen was shown

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return roomy(self)  # no key acts on what cannot be seen


class Dialog(ModalScreen[R]):
    """A box over a screen. `title` heads it; `body()` is what it holds, `buttons()` what closes it."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    AUTO_FOCUS: ClassVar[str | None] = "Input, RadioSet, Rows, Button"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Close", show=False),
        Binding("ctrl+c,ctrl+q", "app.leave", "Leave", show=False, priority=True),
        Binding("f2", "app.mask", "Mask", show=False),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._heading = title

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(f" {self._heading} ")
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            yield Static(id="problem")
            with Horizontal(id="buttons"):
                yield from self.buttons()

    def on_resize(self) -> None:
        """The buttons stay in sight: what is higher than the window scrolls."""
        self.query_one("#body").styles.max_height = max(3, self.app.size.height - 6)

    def body(self) -> ComposeResult:
        yield from ()

    def buttons(self) -> ComposeResult:
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self.mount(TooSmall())
        self.problem("")

    def mask_changed(self) -> None:
        """What is masked by its place, and not by how it looks, is drawn anew."""

    def problem(self, sentence: str) -> None:
        """Say what keeps the dialog from going on; "" takes the sentence away."""
        line = self.query_one("#problem", Static)
        line.update(Content(sentence))
        line.display = bool(sentence)

    def value(self, id: str) -> str:
        """What was typed into the input `id`."""
        return self.query_one(f"#{id}", Input).value.strip()

    def need(self, id: str, sentence: str) -> str | None:
        """What was typed, or None after saying that it is wanted."""
        typed = self.value(id)
        if not typed:
            self.problem(sentence)
            self.query_one(f"#{id}", Input).focus()
            return None
        return typed

    # textual runs the handler of every class in turn, a subclass's first: they call no super().
    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "cancel":
            event.stop()
            self.action_cancel()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.focus_next()

    def action_cancel(self) -> None:
        self.dismiss(None)


class SaveDialog(Dialog[R]):
    """A dialog that asks for something and keeps it: by its button, or by ctrl+s. `SAVES` is what the button says."""

    SAVES: ClassVar[str] = "Save"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]

    def buttons(self) -> ComposeResult:
        yield Button(Content(self.SAVES), id="save", variant="primary")
        yield Button("Not now", id="cancel")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()

    def action_save(self) -> None:
        raise NotImplementedError


def long_field(id: str, label: str, value: str = "") -> ComposeResult:
    """A label and a field of several lines in one row. Tab goes on, as everywhere."""
    from textual.widgets import TextArea  # home is painted without it

    with Horizontal(classes="field long"):
        yield Static(Content(label), classes="label")
        yield TextArea(value, id=id, tab_behavior="focus", compact=True, highlight_cursor_line=False)


def pick_field(
    id: str, label: str, options: Sequence[tuple[str, str]], value: str = "", unsaid: str = ""
) -> ComposeResult:
    """A label and one of a few words in one row."""
    with Horizontal(classes="field"):
        yield Static(Content(label), classes="label")
        yield Pick(options, value, id=id, unsaid=unsaid)


def field(id: str, label: str, value: str = "", hint: str = "") -> ComposeResult:
    """A label and an input in one row."""
    with Horizontal(classes="field"):
        yield Static(Content(label), classes="label")
        yield Input(value, id=id, placeholder=hint, compact=True)
