"""A whole `check` against a hostile launch: it ends in time, in bounded memory, in words, and with nothing that acts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from launchready_tui import limits
from tests.command import Ran, launchready
from tests.hostile_world import DOMAIN, HOSTS, TRICKS, hostile

ADDRESSES = ("--sub", "app", "--url", f"login=https://{DOMAIN}/login", "--url", f"signup=https://{DOMAIN}/signup",
             "--url", f"api=https://app.{DOMAIN}/health")
SLACK = 20.0


def acts(text: str) -> list[str]:
    return sorted({f"U+{ord(c):04X}" for c in text if (c < " " and c != "\n") or "\x7f" <= c < "\xa0" or c in "\u202e\u2066\u2028\u2029"})


@pytest.mark.parametrize("mode", ["text", "--json", "--stream"])
@pytest.mark.parametrize("trick", TRICKS)
async def test_it_ends(trick: str, mode: str, tmp_path: Path) -> None:
    async with hostile(trick, tmp_path) as place:
        words = [*place.options, *ADDRESSES, *([] if mode == "text" else [mode])]
        ran = await launchready("check", DOMAIN, *words, home=tmp_path / "home")
    print(trick, mode, ran.status, round(ran.seconds, 1), ran.kilobytes, len(ran.out))
    if mode == "--json":
        for id, f in ran.findings.items():
            print("   ", f["status"], id, f["saw"][:200])
            if "our side" in f["saw"]: print("!!!!", f["evidence"])
    assert acts(ran.out + ran.err) == []
    assert "Traceback" not in ran.err
