"""python -m tests.screens.shots [stages] [by-hand] [mail] [code]: the screenshots in assets/, from the real app.

Needs rsvg-convert (Debian's librsvg2-bin) for the PNG, and makes it small with pngquant where that is there. What is
shown is what a founder sees, key by key.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from launchready_tui.checks import all_checks
from launchready_tui.desk import Desk
from launchready_tui.model import Stage
from launchready_tui.owners import SYSTEMS
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from screens.dialogs.accept import AcceptDialog
from screens.dialogs.ask import AskDialog
from screens.dialogs.automations import AutomationsDialog
from screens.dialogs.build import BuildDialog
from screens.dialogs.changes import ChangesDialog
from screens.dialogs.connect import ConnectDialog
from screens.dialogs.consent import ConsentDialog
from screens.dialogs.document import DocumentDialog
from screens.dialogs.flow import FlowDialog
from screens.dialogs.found import FoundDialog
from screens.dialogs.hand import HandDialog
from screens.dialogs.messages import MessagesDialog
from screens.dialogs.new import NewDialog
from screens.dialogs.owner import OwnerDialog
from screens.dialogs.plan import PlanDialog
from screens.dialogs.policy import PolicyDialog
from screens.dialogs.proof import ProofDialog
from screens.dialogs.records import RecordsDialog
from screens.dialogs.sender import SenderDialog
from screens.dialogs.senders import SendersDialog
from screens.dialogs.stopwatch import StopwatchDialog
from screens.dialogs.verify import VerifyDialog
from tests.founder import Founder
from tests.screens.pilot import screen_text
from tests.screens.zoned import ADDRESS, WWW, zoned
from tests.test_walk import NONE, at_home, open_practice, settle
from tests.test_walk_mail import ROUNDS, red, turn

ASSETS = Path(__file__).parents[2] / "assets"
SIZES = ((80, 24), (140, 40))
WIDTH = {80: 960, 140: 1400}  # pixels of the PNG
_SIZE = 20.264  # pixels: a letter of DejaVu Sans Mono, 1233/2048 of this wide, fills a cell of 12.2
_COLOURS = "128"


class Shots:
    def __init__(self, app: LaunchReady, size: tuple[int, int]) -> None:
        self._app, self._size = app, size

    def take(self, name: str, theme: str = "dark") -> None:
        svg = self._app.export_screenshot()
        # rsvg drops leading spaces that browsers keep, and knows no textLength: the letters are made as wide as a cell.
        svg = svg.replace("<text ", '<text xml:space="preserve" ').replace("font-size: 20px", f"font-size: {_SIZE}px")
        columns, rows = self._size
        target = ASSETS / f"{name}-{columns}x{rows}-{theme}.png"
        command = ["rsvg-convert", "--width", str(WIDTH[columns]), "--output", str(target)]
        subprocess.run(command, input=svg.encode(), check=True)
        if shutil.which("pngquant"):
            subprocess.run(["pngquant", "--force", "--ext", ".png", _COLOURS, str(target)], check=True)
        print(target.name, target.stat().st_size)


async def shoot(size: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory(prefix="launchready-") as folder:
        desk = Desk(Workspace(Path(folder)))
        app = LaunchReady(desk)
        async with app.run_test(size=size) as pilot:
            founder, shots = Founder(pilot), Shots(app, size)
            await pilot.pause()
            shots.take("home")
            await founder.press("plus")
            await founder.until(lambda: isinstance(founder.dialog, NewDialog))
            await founder.type("https://www.müller.example/login")
            await pilot.pause(0.1)
            shots.take("new")
            await founder.press("escape", "home", "enter")
            await founder.until(lambda: app.session is not None and len(app.session.outcomes) == len(all_checks()))
            await founder.quiet()
            for stage in Stage:
                await founder.to_stage(stage)
                await pilot.pause(0.1)
                shots.take(stage.value)
                if size == SIZES[1] and stage in (Stage.AUDIT, Stage.DNS, Stage.HANDOVER):
                    await founder.press("ctrl+t")
                    await pilot.pause(0.1)
                    shots.take(stage.value, "light")
                    await founder.press("ctrl+t")
            for key, name in (
                ("d", "addresses"),
                ("l", "risks"),
                ("m", "map"),
                ("i", "signals"),
                ("question_mark", "help"),
            ):
                await founder.press(key)
                await pilot.pause(0.3)
                shots.take(name)
                await founder.press("escape")
            await founder.to_stage(Stage.DNS)
            await founder.press("z")
            await founder.until(lambda: isinstance(founder.dialog, RecordsDialog) and founder.dialog._listed)
            for name in ("records", "subdomains", "redirects"):
                await pilot.pause(0.2)
                shots.take(name)
                await founder.press("right")
            await founder.press("escape")
            await founder.to_stage(Stage.HANDOVER)
            await founder.down_to("system:registrar")
            await founder.press("enter")
            await founder.until(lambda: isinstance(founder.dialog, OwnerDialog))
            await pilot.pause(0.1)
            shots.take("owner")
            await founder.press("escape")
            await founder.press("t")
            await founder.press("e")
            await founder.until(lambda: isinstance(founder.dialog, AskDialog))
            await founder.type("Grace")
            await pilot.pause(0.1)
            shots.take("ask")
            await founder.press("escape")
            await founder.press("k")
            await founder.until(lambda: isinstance(founder.dialog, AcceptDialog))
            await pilot.pause(0.1)
            shots.take("accept")
            await founder.press("escape")
            await founder.to_stage(Stage.PERFORMANCE)
            await founder.down_to("performance.p95.public")
            await founder.press("enter")
            await founder.until(lambda: isinstance(founder.dialog, ConsentDialog))
            await pilot.pause(0.1)
            shots.take("consent")
            await founder.press("escape")
            await founder.to_stage(Stage.DNS)
            await founder.down_to("dns.www.resolves")
            await founder.press("enter")
            await founder.until(lambda: isinstance(founder.dialog, PlanDialog))
            await pilot.pause(0.1)
            shots.take("plan")
            await founder.press("enter")
            await founder.quiet()
            await pilot.pause(0.2)
            shots.take("fixed")
            await founder.press("j")
            await founder.until(lambda: isinstance(founder.dialog, ChangesDialog))
            await pilot.pause(0.1)
            shots.take("changes")
            await founder.press("escape")
            await founder.press("h")
            await founder.until(lambda: isinstance(founder.dialog, ConnectDialog))
            await pilot.pause(0.5)
            shots.take("connected")
            await founder.press("escape")
            await founder.to_stage(Stage.AUDIT)
            await founder.down_to("audit.registrar.access")
            await founder.press("a")
            await pilot.pause(0.3)
            shots.take("answer")
            await founder.press("escape")
            while not app.session.readiness().ready if app.session else False:
                await founder.next_step()
            await founder.to_stage(Stage.HANDOVER)
            for system, _, critical in SYSTEMS:
                if system in NONE:
                    await founder.declare_absent(system)
                else:
                    await founder.name_owner(system, backup="Grace" if critical else "")
            for action in [action.id for action in founder.session.suggested_actions()]:
                await founder.agree(action)
            await founder.press("home")
            await pilot.pause(0.2)
            shots.take("ready")
            await founder.press("x")
            await pilot.pause(1.0)
            shots.take("export")
            await founder.press("escape")
            await founder.press("y")
            await founder.until(lambda: isinstance(founder.dialog, VerifyDialog))
            await pilot.pause(0.3)
            shots.take("verify")
            await founder.press("escape")
            for key, name in (("S", "secrets"), ("b", "work-log")):
                await founder.press(key)
                await pilot.pause(0.5)
                shots.take(name)
                await founder.press("escape")
        await desk.aclose()


async def shoot_by_hand(size: tuple[int, int]) -> None:
    """A launch whose DNS host is not connected: what to type, the way to connect it, and the wait with its bar."""
    with tempfile.TemporaryDirectory(prefix="launchready-") as folder:
        async with zoned(Path(folder)) as world:
            session = world.session()
            app = LaunchReady(Desk(Workspace(Path(folder))), session=session)
            async with app.run_test(size=size) as pilot:
                founder, shots = Founder(pilot), Shots(app, size)
                await pilot.pause(0.1)
                shots.take("stands")
                await founder.press("h")
                await founder.until(lambda: isinstance(founder.dialog, ConnectDialog))
                await pilot.pause(0.1)
                shots.take("connect")
                await founder.press("escape")
                await founder.press("f")
                await founder.until(lambda: isinstance(founder.dialog, HandDialog))
                await pilot.pause(0.1)
                shots.take("by-hand")
                await founder.press("tab", "enter")
                world.put(ADDRESS, at=(world.own,))
                hub = app.hub
                assert hub is not None
                await founder.until(lambda: hub.left(WWW) > 0)
                await pilot.pause(0.2)
                shots.take("watching")
            await session.aclose()


async def shoot_mail(size: tuple[int, int]) -> None:
    """The email stage of the practice startup: red, tried out, mended, and proven by a message."""
    with tempfile.TemporaryDirectory(prefix="launchready-") as folder:
        async with at_home(Path(folder), size) as founder:
            app, pilot = founder.pilot.app, founder.pilot
            assert isinstance(app, LaunchReady)
            shots = Shots(app, size)
            await open_practice(founder)
            app.clear_notifications()  # that it starts was said

            async def shown(key: str, dialog: type, name: str, ready: Callable[[], object] = lambda: True) -> None:
                await founder.press(key)
                await founder.until(lambda: isinstance(founder.dialog, dialog) and ready())
                await pilot.pause(0.3)
                shots.take(name)

            def senders_listed() -> bool:
                return isinstance(founder.dialog, SendersDialog) and founder.dialog.listed

            await founder.to_stage(Stage.EMAIL)
            await founder.press("home")
            await pilot.pause(0.2)
            shots.take("email")
            await founder.down_to("email.flow.reset")
            await founder.press("F")
            await founder.until(lambda: isinstance(founder.dialog, FlowDialog))
            dialog = founder.dialog
            assert isinstance(dialog, FlowDialog)
            await founder.press("a")
            await founder.until(lambda: dialog._tries["reset"]["gmail"].proof is not None)
            await pilot.pause(0.3)
            shots.take("try")
            await founder.press("escape")
            await shown("M", MessagesDialog, "messages", lambda: "no proof" in screen_text(pilot))
            await shown("enter", ProofDialog, "proof")
            await founder.press("escape", "escape")
            await founder.quiet()
            for check in ("email.spf.single", "email.dmarc.record"):
                await settle(founder, check)
            await shown("T", SendersDialog, "spf-tree", senders_listed)
            await shown("left", SendersDialog, "senders")
            await shown("plus", SenderDialog, "sender")
            await founder.press("escape", "escape")
            await shown("P", PolicyDialog, "dmarc-plan")
            await founder.press("escape")
            for _ in range(ROUNDS):
                if left := red(founder):
                    await settle(founder, min(left, key=lambda id: turn(founder, id)))
            assert red(founder) == []
            await founder.press("M")
            await founder.until(lambda: isinstance(founder.dialog, MessagesDialog) and founder.dialog.read)
            await shown("enter", ProofDialog, "proof-sound")


async def shoot_code(size: tuple[int, int]) -> None:
    """What the wizard does with the practice startup's code folder: keys, build, page, rehearsal, automations."""
    with tempfile.TemporaryDirectory(prefix="launchready-") as folder:
        async with at_home(Path(folder), size) as founder:
            app, pilot = founder.pilot.app, founder.pilot
            assert isinstance(app, LaunchReady)
            shots = Shots(app, size)
            await open_practice(founder)
            app.clear_notifications()  # that it starts was said
            await founder.to_stage(Stage.AUDIT)
            await founder.press("K")
            await founder.until(lambda: isinstance(founder.dialog, FoundDialog))
            await founder.until(lambda: "GitHub token" in screen_text(pilot))
            shots.take("keys")
            await founder.press("escape")
            await founder.to_stage(Stage.DEPLOY)
            for key, kind, name in (
                ("A", AutomationsDialog, "automations"),
                ("D", DocumentDialog, "document"),
                ("T", StopwatchDialog, "stopwatch"),
            ):
                await founder.press(key)
                await founder.until(lambda: isinstance(founder.dialog, kind))  # noqa: B023  waited for at once
                await pilot.pause(0.3)
                shots.take(name)
                await founder.press("escape")
            await founder.press("B")
            await founder.until(lambda: isinstance(founder.dialog, BuildDialog))
            dialog = founder.dialog
            assert isinstance(dialog, BuildDialog)
            await founder.until(lambda: dialog._order is not None)
            shots.take("build")
            await founder.press("enter")
            await founder.until(lambda: dialog.phase == "done")
            await pilot.pause(0.2)
            shots.take("built")
            await founder.press("escape")


if __name__ == "__main__":
    if shutil.which("rsvg-convert") is None:
        sys.exit("rsvg-convert is needed (Debian: librsvg2-bin).")
    ASSETS.mkdir(exist_ok=True)
    wanted = {"stages": shoot, "by-hand": shoot_by_hand, "mail": shoot_mail, "code": shoot_code}
    for size in SIZES:
        for name in sys.argv[1:] or wanted:
            asyncio.run(wanted[name](size))
