"""One project, open: what is known, what was said, what can be changed. The screens and the command line both use it.

State changes go through methods that write the journal first; reading is plain attributes. On a read-only session every
method that would write raises WorkspaceProblem with the holder's sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from launchready_tui.addresses import Proposal
from launchready_tui.handover.signing import Signed
from launchready_tui.ledger import Accepted, Asked
from launchready_tui.session.automating import Automating
from launchready_tui.session.building import Building
from launchready_tui.session.changing import Changing
from launchready_tui.session.connecting import Level, Standing
from launchready_tui.session.hosting import Hosting, HostReach
from launchready_tui.session.inventory import Inventory
from launchready_tui.session.keeping import Keeping, Token
from launchready_tui.session.known import Outcome
from launchready_tui.session.mailing import Mailing, WhoSends
from launchready_tui.session.people import People
from launchready_tui.session.recording import Recording, RecordList
from launchready_tui.session.senders import SenderList, SenderPlan, Senders
from launchready_tui.session.verifying import Verifying

__all__ = [
    "Accepted",
    "Asked",
    "Exported",
    "HostReach",
    "Level",
    "Outcome",
    "Proposal",
    "RecordList",
    "SenderList",
    "SenderPlan",
    "Session",
    "Standing",
    "Token",
    "WhoSends",
]


@dataclass(frozen=True, slots=True)
class Exported:
    """What export wrote, or why it refused (`hits` name the fields that hold a secret, never the value).
    `unsigned` says why there is no signature where there is none."""

    folder: Path
    paths: tuple[Path, ...] = ()
    hits: tuple[str, ...] = ()
    signed: Signed | None = None
    unsigned: str = ""


class Session(
    Mailing, Senders, People, Automating, Changing, Recording, Inventory, Hosting, Building, Keeping, Verifying
):
    """`notes` are sentences to show at opening; `vault_say` says plainly where owners are kept."""

    # ---- handing over ----
    async def export(self, folder: Path | None = None) -> Exported:
        """handover.toml, risks.md and the stage reports; refused when the self-scan finds a secret."""
        from launchready_tui.exporting import export

        return await export(self, folder)
