"""What the export would write, seen by the check that looks for secrets in it before anybody writes it."""

from __future__ import annotations

from abc import ABC, abstractmethod


class DraftExport(ABC):
    """A draft of the handover. The checks know only this; `handover/draft.py` makes one."""

    needs = "a draft of the handover"

    @abstractmethod
    async def hits(self) -> tuple[str, ...]:
        """The fields that hold a secret, by path and rule ("systems[2].account: Stripe key"), never the value."""
