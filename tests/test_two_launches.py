"""Home, by keys: a domain typed where nothing answers, another launch beside it, back again, and the way out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from launchready_tui.desk import Desk
from launchready_tui.model import Stage, Status
from launchready_tui.options import LookOptions
from launchready_tui.practice import DOMAIN as PRACTICE
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from screens.dialogs.addresses import AddressesDialog
from screens.dialogs.new import NewDialog
from screens.home import HomeScreen
from screens.widgets.rows import Rows
from tests.founder import Founder
from tests.screens.pilot import rows_of, screen_text, stage_of

SECONDS = 10.0  # a resolver that refuses is known at once, whatever the number of questions
NOWHERE = LookOptions(resolvers=("127.0.0.1:9",), private_network=True, registries=False)


async def home_row(founder: Founder, row: str) -> None:
    """Home, and its row."""
    await founder.press("0")
    await founder.until(lambda: isinstance(founder.dialog, HomeScreen))
    rows = founder.pilot.app.screen.query_one("#projects", Rows)
    order = [each.id for each in rows.rows]
    await founder.press("home", *["down"] * order.index(row))
    assert rows.current == row


@pytest.mark.slow
async def test_a_typed_domain_then_another_launch_then_back(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path), options=NOWHERE)
    app = LaunchReady(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        founder = Founder(pilot)
        await pilot.pause()
        await founder.press("plus")
        await founder.until(lambda: isinstance(founder.dialog, NewDialog))
        await founder.type("https://Nowhere.example/login")
        await founder.until(lambda: "we took its host, nowhere.example" in screen_text(pilot))
        begun = time.monotonic()
        await founder.press("enter")
        await founder.until(lambda: isinstance(founder.dialog, AddressesDialog))
        await founder.until(lambda: "shows us none of these" in screen_text(pilot))
        await founder.press("ctrl+s")
        await founder.until(lambda: app.session is not None and len(app.session.outcomes) == len(app.session.checks))
        assert time.monotonic() - begun < SECONDS
        await founder.quiet()
        said = {id: finding.status for id, finding in founder.session.findings.items()}
        told = {id for id, status in said.items() if status in (Status.PASS, Status.FAIL)}
        # What lies on this machine can be told; nothing about the world is called bad or good.
        assert told <= {"handover.export.clean", "handover.vault.keyring"}
        assert founder.session.readiness().line.startswith("Could not tell yet")
        await founder.to_stage(Stage.EMAIL)

        await home_row(founder, "+practice")
        await founder.press("enter")
        await founder.until(lambda: app.session is not None and app.session.project.domain == PRACTICE)
        await founder.until(lambda: rows_of(pilot).rows)
        await founder.quiet()

        await home_row(founder, "nowhere.example")
        await founder.press("enter")
        await founder.until(lambda: app.session is not None and app.session.project.domain == "nowhere.example")
        await founder.until(lambda: stage_of(pilot).STAGE is Stage.EMAIL)  # where it was left
        assert {id: finding.status for id, finding in founder.session.findings.items()} == said
        await founder.press("ctrl+q")
    await desk.aclose()
    for domain in ("nowhere.example", PRACTICE):
        with Workspace(tmp_path).open(domain) as store:
            assert not store.read_only
            assert store.findings()
