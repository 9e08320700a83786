"""The name that everybody forgot, among all other faults: found alone, kept or removed as a person says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.model import RecordSet, Status
from launchready_tui.practice import DOMAIN
from tests.practice.test_faults import People, heal, look, running

CHECK, OLD = "dns.sub.undeclared", f"old.{DOMAIN}"


@pytest.mark.parametrize("choice", ["remove", "keep"])
async def test_the_forgotten_name_and_no_other(tmp_path: Path, choice: str) -> None:
    people = People()
    async with running(tmp_path / "practice") as practice:
        before = (await look(practice, people, [CHECK]))[CHECK]
        assert before.status is Status.WARN
        assert dict(before.facts) == {"undeclared": OLD}  # and not the mail server behind an alias
        assert before.fix is not None
        assert (before.fix.kind, before.question) == ("steps", "subs.undeclared")

        people.say("subs.undeclared")
        people.answers["subs.undeclared"] = replace(people.answers["subs.undeclared"], choice=choice)
        said = (await look(practice, people, [CHECK]))[CHECK]
        if choice == "keep":
            assert said.status is Status.PASS
            assert f"Nobody listed {OLD}" in said.saw
            return
        assert said.fix is not None
        assert said.fix.records == (RecordSet(OLD, "A", ()),)
        await heal(practice, CHECK, said)
        after = (await look(practice, people, [CHECK]))[CHECK]
        assert after.status is Status.PASS
