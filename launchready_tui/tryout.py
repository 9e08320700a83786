"""Mail that can be tried out from here: a product that sends when it is asked to, and inboxes that can be looked into.

Only the practice startup has both. For a launch of one's own the founder presses the buttons and saves the messages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

Kind = Literal["reset", "invite"]
Link = Literal["once", "again", "broken"]  # it worked once, twice, or not: as the flow questions have it


class TryOut(Protocol):
    """`inboxes` are names as the flow questions have them ("gmail", "outlook")."""

    inboxes: tuple[str, ...]

    def address(self, inbox: str) -> str:
        """The founder's address there."""

    def messages(self, inbox: str | None = None) -> tuple[Path, ...]:
        """The messages in one inbox, or in all, the newest first; what is in a folder "spam" included."""

    async def use_link(self, message: Path) -> Link:
        """Use the link in a message twice, as a member might; a link that leads elsewhere is not followed."""

    async def trigger(self, kind: Kind, inbox: str) -> None:
        """Ask the product for one, as a member would. Raises Problem with a sentence where it does not take it."""
