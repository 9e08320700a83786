"""The founder's own messages, as checks ask for them: judged once a run, the newest first."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from launchready_tui.proofs import Proof, StoredMessage
from launchready_tui.sources.once import Once

Prove = Callable[[StoredMessage], Awaitable[Proof]]
_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class Messages:
    """The messages on file. `prove` judges one of them; nobody judges one twice in a run."""

    needs = "a message of yours (.eml)"

    def __init__(self, stored: tuple[StoredMessage, ...], prove: Prove) -> None:
        self.stored = stored
        self._prove = prove
        self._proofs: Once[str, Proof] = Once()

    async def proofs(self) -> tuple[Proof, ...]:
        """What each message proves, the one that was sent last first; one without a date comes last."""
        made = await asyncio.gather(*(self._proof(message) for message in self.stored))
        return tuple(sorted(made, key=lambda proof: proof.at or proof.came or _EVER, reverse=True))

    def selectors(self, domain: str) -> tuple[str, ...]:
        """The DKIM selectors that `domain` signed these messages with, each once."""
        named = domain.lower().rstrip(".")
        pairs = (pair for message in self.stored for pair in message.signers)
        return tuple(dict.fromkeys(selector for signer, selector in pairs if signer == named))

    async def aclose(self) -> None:
        """Stop what still runs."""
        await self._proofs.aclose()

    async def _proof(self, message: StoredMessage) -> Proof:
        return await self._proofs.get(message.name, lambda: self._prove(message))
