"""The founder's own messages: kept on disk, judged when they are asked for; and mail that can be tried out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from launchready_tui import kept
from launchready_tui.checks import Check
from launchready_tui.look import looking
from launchready_tui.mail.message import BadMessage
from launchready_tui.mail.spf_tree import Cost
from launchready_tui.mail.spf_walk import walk
from launchready_tui.proofs import Kind, Proof, StoredMessage
from launchready_tui.proving import prover
from launchready_tui.saying import Problem
from launchready_tui.sendersight import SenderState
from launchready_tui.session.senders import Senders
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.message import Messages
from launchready_tui.text import plural
from launchready_tui.tryout import TryOut


@dataclass(frozen=True, slots=True)
class WhoSends:
    """Everybody who was named or seen (`states`), and what the SPF record costs. `say` is a sentence about the list,
    `no_cost` one about why there is no cost."""

    states: tuple[SenderState, ...]
    cost: Cost | None
    say: str
    no_cost: str = ""


class Mailing(Senders):
    """`tryout` asks a product for its mails; only the practice startup has one."""

    tryout: TryOut | None = None

    # ---- messages ----
    def messages(self) -> tuple[StoredMessage, ...]:
        """The messages on file, the one that was added last first."""
        return kept.listed(self.store)

    async def proofs(self) -> tuple[Proof, ...]:
        """What each of them proves today: keys and records are asked for anew."""
        return await self._judge(self.messages())

    async def add_message(self, what: Path | bytes, kind: Kind | None = None) -> Proof:
        """Keep a message and say what it proves. `kind` None goes by its subject. Raises Problem with a sentence."""
        self.may_write()
        try:
            data = await asyncio.to_thread(kept.contents, what) if isinstance(what, Path) else what
            stored = kept.keep(self.store, data, kind)
        except BadMessage as error:
            raise Problem(error.sentence) from error
        (proof,) = await self._judge((stored,))
        return proof

    def remove_message(self, name: str) -> None:
        """Delete our copy of a message. Raises WorkspaceProblem."""
        self.may_write()
        kept.remove(self.store, name)

    async def _judge(self, stored: tuple[StoredMessage, ...]) -> tuple[Proof, ...]:
        async with looking(self.project, self.clock) as context:
            dns = context.get(Dns)
            assert isinstance(dns, Dns)
            prove = prover(self.project, dns, self.clock, self.answers)
            return tuple(await asyncio.gather(*(prove(message) for message in stored)))

    def found_messages(self) -> tuple[Path, ...]:
        """Messages in the practice inboxes that are not on file yet, the newest first. Nothing else is searched."""
        if self.tryout is None:
            return ()
        on_file = {message.name.partition("-")[2] for message in self.messages()}
        return tuple(path for path in self.tryout.messages() if kept.content_name(path.read_bytes()) not in on_file)

    def message_checks(self) -> tuple[Check, ...]:
        """The checks that a message bears on."""
        return tuple(check for check in self.checks if any(need.type is Messages for need in check.needs))

    # ---- who sends ----
    async def who_sends(self) -> WhoSends:
        """The senders, and the tree of the SPF record."""
        listed = await self.sender_list()
        cost = None
        if listed.record:
            async with looking(self.project, self.clock) as context:
                dns = context.get(Dns)
                assert isinstance(dns, Dns)
                cost = await walk(dns, listed.domain, listed.record)
        unnamed = sum(not state.declared for state in listed.senders)
        said = "Nobody has said yet who should send: a names them." if listed.declared is None else ""
        if not said:
            said = (
                f"{plural(unnamed, 'sender')} that you did not name {'has' if unnamed == 1 else 'have'} a record."
                if unnamed
                else "Whom you named, and nobody else."
            )
        why = "" if cost is not None else f"{listed.domain} has no single SPF record, so there is no tree to show."
        return WhoSends(listed.senders, cost, said, why)
