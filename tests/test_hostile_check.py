"""A whole `check` against a hostile launch: in time, in bounded memory, in words, with nothing that acts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.checks import all_checks
from tests.command import Ran, launchready
from tests.hostile_world import DOMAIN, TRICKS, hostile

ADDRESSES = (
    *("--sub", "app", "--url", f"api=https://app.{DOMAIN}/health"),
    *("--url", f"login=https://{DOMAIN}/login", "--url", f"signup=https://{DOMAIN}/signup"),
)
MEGABYTES = 200
START_SECONDS = 10.0  # the interpreter's and the report's, on a machine that runs other tests beside
# Measured on two cores: about a second each; "slow" takes 31, three tries of 10 seconds at a smoke test.
QUICK_SECONDS = 20.0
QUICK = [trick for trick in TRICKS if trick != "slow"]


async def check(trick: str, folder: Path, *more: str) -> Ran:
    async with hostile(trick, folder) as place:
        return await launchready("check", DOMAIN, *place.options, *ADDRESSES, *more, home=folder / "home")


def acts(text: str) -> list[str]:
    """What a terminal would act on, or what turns a line around, as code points."""
    return sorted(
        {
            f"U+{ord(char):04X}"
            for char in text
            if (char < " " and char != "\n") or "\x7f" <= char < "\xa0" or char in "\u202e\u2066\u2028\u2029"
        }
    )


def hold(ran: Ran, seconds: float) -> None:
    """The promises that every run keeps."""
    assert ran.status in (1, 3), ran.err
    assert "Traceback" not in ran.out + ran.err
    assert ran.err == ""
    assert acts(ran.out) == []
    assert ran.seconds < seconds
    if sys.platform == "linux":
        assert 0 < ran.kilobytes < MEGABYTES * 1024


def hold_document(ran: Ran) -> None:
    """Every check came to something, and none because we tripped."""
    assert set(ran.findings) == {each.id for each in all_checks()}
    for finding in ran.findings.values():
        assert "on our side" not in finding["saw"], finding
        assert finding["saw"]


@pytest.mark.parametrize("trick", QUICK)
async def test_in_words_for_a_person(trick: str, tmp_path: Path) -> None:
    ran = await check(trick, tmp_path)
    hold(ran, QUICK_SECONDS)
    assert ran.out.startswith(f"{DOMAIN}\n")


@pytest.mark.parametrize("trick", QUICK)
async def test_as_json(trick: str, tmp_path: Path) -> None:
    ran = await check(trick, tmp_path, "--json")
    hold(ran, QUICK_SECONDS)
    assert ran.out.isascii()
    hold_document(ran)


async def test_as_a_stream(tmp_path: Path) -> None:
    ran = await check("text", tmp_path, "--stream")
    hold(ran, QUICK_SECONDS)
    assert ran.out.isascii()
    assert [json.loads(line)["event"] for line in ran.out.splitlines()][-1] == "done"


@pytest.mark.slow
async def test_a_byte_a_second_ends_by_the_deadline_of_a_check(tmp_path: Path) -> None:
    ran = await check("slow", tmp_path, "--json")
    hold(ran, limits.CHECK_SECONDS + START_SECONDS)
    hold_document(ran)
    # Silence is no fact: what came too slowly is unknown, and is not called bad.
    for id in ("deploy.smoke.home", "deploy.smoke.login", "deploy.smoke.api", "edge.https.hsts", "email.mx.starttls"):
        assert ran.findings[id]["status"] == "unknown", ran.findings[id]


async def test_a_server_that_answers_nonsense_says_nothing(tmp_path: Path) -> None:
    """DNS, web, mail and registry all answer noise: nothing is a fact, so nothing fails but what nobody can tell."""
    ran = await check("garbage", tmp_path, "--json")
    statuses = {finding["status"] for finding in ran.findings.values()}
    assert (ran.status, "fail" in statuses) == (3, False), [f for f in ran.findings.values() if f["status"] == "fail"]


async def test_hostile_words_are_shown_as_stand_ins(tmp_path: Path) -> None:
    """What came is not hidden: it stands there, harmless."""
    ran = await check("text", tmp_path, "--json")
    shown = json.dumps(ran.document, ensure_ascii=False)
    assert "[@click=app.quit]x[/]" in shown
    assert "\N{SYMBOL FOR ESCAPE}" in shown
    assert ran.findings["edge.tls.valid"]["status"] == "pass"  # escapes in its subject make a certificate no worse
