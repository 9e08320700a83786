"""What the dialogs that try a token share: what came of it, shown above the buttons, and a wait that can be stopped."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Input, Static

from screens import _terminal
from screens._page import Dialog
from screens._words import fold
from screens.dialogs.copy import CopyScreen
from screens.widgets.rows import Rows
from screens.widgets.token import TokenInput

_STYLES = {"✓": "$text-success", "!": "$text-warning", "✗": "$text-error", "?": "$text-accent", "…": "$text-primary"}
_AROUND = 6  # lines of the window that the dialog's body cannot have


class TryingDialog(Dialog[bool]):
    """Comes back with True where a connection was made or taken away. A token goes from the field into a Secret, and
    from there to the session alone."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", "To the fields", show=False),
        Binding("o", "open", "Open the page", show=False),
        Binding("ctrl+s", "try", "Try it", show=False),
    ]

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._changed = False
        self._waiting: Timer | None = None
        self._seconds = 0

    def page_of(self) -> str:
        """The page where the chosen token is made, "" where there is none."""
        raise NotImplementedError

    def can_forget(self) -> bool:
        raise NotImplementedError

    def action_try(self) -> None:
        raise NotImplementedError

    async def forget(self) -> None:
        raise NotImplementedError

    def show_buttons(self) -> None:
        trying = self._waiting is not None
        shown = {
            "try": not trying,
            "open": not trying and bool(self.page_of()),
            "forget": not trying and self.can_forget(),
            "stop": trying,
            "cancel": not trying,
        }
        for id, is_shown in shown.items():
            self.query_one(f"#{id}", Button).display = is_shown

    def tell(self, sign: str, sentence: str) -> None:
        """What came of it, between the fields and the buttons; both stay in sight."""
        text = f"{sign} {sentence}".strip()
        line = self.query_one("#problem", Static)
        line.update(Content.assemble((text, _STYLES.get(sign, "$text-error"))))
        line.display = bool(text)
        lines = len(fold(text, max(20, self.query_one("#box").size.width - 4))) if text else 0
        self.query_one("#body").styles.max_height = max(3, self.app.size.height - _AROUND - max(0, lines - 1))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "try":
                self.action_try()
            case "open":
                self.action_open()
            case "stop":
                self.stop()
            case "forget":
                self.run_worker(self.forget(), group="try", exclusive=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "token":
            event.prevent_default()  # not the next thing: enter tries it
            self.action_try()

    def again(self) -> None:
        """To the empty field once more."""
        field = self.query_one(TokenInput)
        field.focus()
        self.call_after_refresh(field.scroll_visible, animate=False)  # the body is lower by what was just said

    # ---- waiting ----
    @property
    def is_trying(self) -> bool:
        return self._waiting is not None

    def wait(self, what: str) -> None:
        """Say that it is under way, and for how long, once a second."""
        self._seconds = 0

        def tick() -> None:
            self.tell("…", f"{what}, {self._seconds} s. Escape stops.")
            self._seconds += 1

        self._waiting = self.set_interval(1.0, tick)
        tick()
        self.show_buttons()
        self.set_focus(None)  # a second enter must not press Stop

    def over(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self.show_buttons()

    def stop(self) -> None:
        self.workers.cancel_group(self, "try")
        self.over()
        self.tell("?", "Stopped. Paste the token again to try once more.")
        self.query_one(Rows).focus()

    def action_open(self) -> None:
        page = self.page_of()
        if not page:
            self.tell("?", "There is no page for this one: the token is made where the server is set up.")
            return
        started = _terminal.open_page(page)
        said = "Opened in your browser." if started else "Open this address in your browser."
        self.app.push_screen(CopyScreen(page, "the address", said))

    def action_cancel(self) -> None:
        if self.is_trying:
            self.stop()
        else:
            self.dismiss(self._changed)
