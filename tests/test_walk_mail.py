"""Email from red to green in the practice startup, by keys only, with messages that its site really sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.model import Severity, Stage, Status
from tests.founder import Founder
from tests.screens.pilot import hints_of, screen_text
from tests.test_walk import at_home, open_practice, settle

KEYSTROKES = 140  # of the whole way; a change that makes it longer should be seen
ROUNDS = 40
MESSAGES = ("email.eml.", "email.flow.")  # checks that a message or a try decides


def red(founder: Founder) -> list[str]:
    """The email checks that are neither sound nor only worth knowing, the worst first."""
    session = founder.session
    order = list(Severity)
    found = [check for check in session.stage_checks(Stage.EMAIL) if check.id in session.findings]
    open_ = [each for each in found if session.findings[each.id].status not in (Status.PASS, Status.INFO)]
    return [each.id for each in sorted(open_, key=lambda each: order.index(each.severity))]


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_email_goes_from_red_to_green_with_a_real_message(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_home(tmp_path, size) as founder:
        await open_practice(founder)
        session = founder.session
        await founder.to_stage(Stage.EMAIL)
        before = set(red(founder))
        assert len(before) >= 10
        assert session.messages() == ()
        started = founder.keys
        for _ in range(ROUNDS):
            left = red(founder)
            if not left:
                break
            await settle(founder, min(left, key=lambda id: turn(founder, id)))
        assert red(founder) == []
        proofs = await session.proofs()
        assert {proof.kind for proof in proofs} >= {"reset", "invite"}
        newest = {kind: next(proof for proof in proofs if proof.kind == kind) for kind in ("reset", "invite")}
        for proof in newest.values():
            assert proof.proves, proof.sentence
            assert [one.selector for one in proof.dkim if one.result == "pass" and one.aligned] == ["maple"]
            assert proof.spf.result == "pass"
            assert not [link for link in proof.links if link.fault]
        answer = session.answers.newest("flow.reset")
        assert answer is not None
        assert answer.fields["gmail"] == answer.fields["outlook"] == "inbox"
        assert answer.fields["link"] == "once"
        assert hints_of(founder.pilot)["M"] == "Messages"
        assert "Email" in screen_text(founder.pilot)
        used = founder.keys - started
        print(f"\n{used} keys at {size[0]}x{size[1]}; {len(before)} checks from red to green; {founder.fixed}")
        assert used < KEYSTROKES


def turn(founder: Founder, id: str) -> tuple[bool, bool]:
    """What one key mends goes first; a new message is sent when that is done."""
    return not fixable(founder, id), id.startswith(MESSAGES)


def fixable(founder: Founder, id: str) -> bool:
    """Can one key mend it, and was that not done yet?"""
    session = founder.session
    return session.findings[id].status.open and session.can_fix(id) and session.last_change(id) is None
