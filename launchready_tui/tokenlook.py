"""Whether a token for the DNS host works, seen by the check of who can sign in there. `session/` does the asking."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from launchready_tui.text import clean


@dataclass(frozen=True, slots=True)
class TokenView:
    """`place` is where the token works ("Cloudflare"), `read` and `write` what it may do there, None where nobody could
    tell; `say` is one sentence."""

    place: str
    read: bool | None = None
    write: bool | None = None
    say: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", clean(self.place, limit=120))
        object.__setattr__(self, "say", clean(self.say))


class TokenLook(ABC):
    """A look at the DNS host's token."""

    needs = "a token for your DNS host"

    @abstractmethod
    async def dns(self) -> TokenView | None:
        """What the token may do; None where no DNS host is connected. Never raises."""
