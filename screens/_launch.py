"""All that an open launch needs of the screens, in one import that home does without."""

from __future__ import annotations

from launchready_tui.mask import accounts_of, names_of
from launchready_tui.model import Stage
from launchready_tui.questions import QUESTIONS
from screens._hub import Hub
from screens._stage import StageScreen
from screens.audit import AuditScreen
from screens.deploy import DeployScreen
from screens.dialogs.addresses import AddressesDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.exported import ExportedDialog
from screens.dialogs.help import HelpDialog
from screens.dialogs.map import MapDialog
from screens.dialogs.records import RecordsDialog
from screens.dialogs.risks import RisksDialog
from screens.dialogs.signals import SignalsDialog
from screens.dialogs.verify import VerifyDialog
from screens.dns import DnsScreen
from screens.edge import EdgeScreen
from screens.email import EmailScreen
from screens.handover import HandoverScreen
from screens.performance import PerformanceScreen

STAGES: dict[Stage, type[StageScreen]] = {
    screen.STAGE: screen
    for screen in (
        AuditScreen,
        DnsScreen,
        EdgeScreen,
        DeployScreen,
        PerformanceScreen,
        EmailScreen,
        HandoverScreen,
    )
}

__all__ = [
    "QUESTIONS",
    "STAGES",
    "AddressesDialog",
    "ConfirmDialog",
    "ExportedDialog",
    "HelpDialog",
    "Hub",
    "MapDialog",
    "RecordsDialog",
    "RisksDialog",
    "SignalsDialog",
    "StageScreen",
    "VerifyDialog",
    "accounts_of",
    "names_of",
]
