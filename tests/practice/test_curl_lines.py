"""The line beside each redirect shows what the look saw: each is run by a shell and a real curl."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import aclosing
from pathlib import Path

import pytest

from launchready_tui.desk import Desk
from launchready_tui.model import Stage
from launchready_tui.workspace import Workspace


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_each_line_proves_its_row(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path))
    try:
        session = await desk.practice()
        session.set_old_paths(["/old?a=1&b='2'"])
        async with aclosing(
            session.look([*session.stage_checks(Stage.DNS), session.check("edge.https.forced")])
        ) as events:
            async for _ in events:
                pass
        legs = [leg for leg in session.redirect_matrix() if leg.status]
        assert len(legs) >= 5
        for leg in legs:
            ran = await asyncio.create_subprocess_shell(leg.curl, stdout=asyncio.subprocess.PIPE)
            out, _ = await asyncio.wait_for(ran.communicate(), 20)
            head = out.decode().splitlines()
            assert head[0].split()[1] == str(leg.status), leg.curl
            where = next((line.partition(":")[2].strip() for line in head if line.lower().startswith("location:")), "")
            assert where == leg.location, leg.curl
    finally:
        await desk.aclose()
