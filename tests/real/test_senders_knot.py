"""Every sender is added at a real Knot and taken away again, by an undo and by removing it: the zone is as it was."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from launchready_tui.senderplan import adding, removing
from launchready_tui.senders import SenderGuide, guides
from launchready_tui.sendersight import Seen, look
from launchready_tui.sources.dns import Answer, NoData
from tests.real.changes import ZONE, Ground, fixed_and_undone, same
from tests.real.test_changes_knot import READER, knot, place
from tests.test_sendersight import KEY
from tests.world import CannedDns, found

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("knot"),
    pytest.mark.skipif(sys.platform == "win32", reason="Debian's servers are needed"),
]


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with knot(tmp_path) as port:
        yield Ground(place(port), port, keyring=READER)


async def _seen(ground: Ground, one: SenderGuide) -> Seen:
    """The zone as the world answers it: behind an alias of theirs stands a key that counts."""
    answers: dict[tuple[str, str], Answer] = {(ZONE, "MX"): NoData(ZONE, "MX")}
    zone = await ground.zone()
    for name, rdataset in zone.iterate_rdatasets():
        host, type = name.to_text(omit_final_dot=True).lower(), rdataset.rdtype.name
        values = [rdata.to_text() for rdata in rdataset]
        if type == "CNAME":
            answers[host, "TXT"] = found(host, "TXT", KEY, aliases=tuple(values))
        if type == "TXT":
            values = [b"".join(rdata.strings).decode() for rdata in rdataset]
        answers[host, type] = found(host, type, *values)
    return await look(CannedDns(answers, {}, None), ZONE, [one])


async def test_each_is_added_and_the_undo_leaves_the_zone_as_it_was(ground: Ground) -> None:
    done = []
    for one in guides():
        change = adding(one, await _seen(ground, one))
        assert change.fix is not None
        if change.fix.records:
            await fixed_and_undone(ground, *change.fix.records)
            done.append(one.id)
    assert {"google-workspace", "mailchimp", "brevo", "resend", "postmark", "fastmail", "icloud-mail"} <= set(done)


async def test_each_is_added_and_removed_and_the_zone_is_as_it_was(ground: Ground) -> None:
    for one in guides():
        before = await ground.held()
        change = adding(one, await _seen(ground, one))
        assert change.fix is not None
        if not change.fix.records:
            continue
        await ground.apply(await ground.plan(*change.fix.records))
        back = removing(one, await _seen(ground, one), with_keys=True)
        assert back.fix is not None, f"{one.name} left nothing to take away"
        await ground.apply(await ground.plan(*back.fix.records))
        now = await ground.held()
        same(
            {key: (0, values) for key, (_, values) in now.items()},
            {key: (0, held) for key, (_, held) in before.items()},
        )


async def test_all_at_once_stay_one_record(ground: Ground) -> None:
    """One after the other into the same record: each is there, in the order in which they came, before the end."""
    for one in guides():
        change = adding(one, await _seen(ground, one))
        assert change.fix is not None
        if change.fix.records:
            await ground.apply(await ground.plan(*change.fix.records))
    (record,) = (await _seen(ground, guides()[0])).spf
    includes = [f"include:{one.include}" for one in guides() if one.include]
    assert record == " ".join(["v=spf1", *includes, "-all"])
