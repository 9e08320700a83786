"""Old addresses of the site that people still have: links in mails, in print, in search results."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens import _page
from screens._page import SaveDialog


class OldDialog(SaveDialog[tuple[str, ...] | None]):
    """Comes back with the addresses as typed, or None."""

    def __init__(self, domain: str, known: tuple[str, ...]) -> None:
        super().__init__("Old addresses")
        self._domain, self._known = domain, known

    def body(self) -> ComposeResult:
        yield Static(
            Content(
                f"Addresses of {self._domain} that people still have and that should lead somewhere. Every look then "
                "asks for each of them. Write a space between two."
            ),
            classes="lead",
        )
        yield from _page.field("old", "Old addresses", " ".join(self._known), "/pricing-2023 /blog/hello")

    def action_save(self) -> None:
        self.dismiss(tuple(self.value("old").split()))
