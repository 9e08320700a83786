"""Writing: whole, private, or not at all."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.handover.export import build, write
from launchready_tui.handover.toml import from_toml
from launchready_tui.model import RecordSet
from launchready_tui.owners import Owner, Owners
from launchready_tui.secret import Secret
from tests.handover.worlds import OUTCOMES, OWNERS, facts
from tests.test_leaks import CANARIES, STRIPE

WHOLE = build(facts())


def test_it_writes_private_files(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "handover"
    done = write(WHOLE, folder, risks_md="# Risks\n", reports={"1-audit.md": "# Audit\n"})
    assert done.hits == ()
    views = {"handover.html", "handover.md", "expiries.ics"}
    beside = {"handover.toml", "handover.schema.json", "risks.md", "1-audit.md"}
    assert {path.name for path in done.paths} == views | beside
    assert from_toml((folder / "handover.toml").read_text(encoding="utf-8")) == WHOLE
    assert sorted(folder.iterdir()) == sorted(done.paths), "no temporary file is left"
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in done.paths} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_it_writes_over_an_older_export_and_leaves_the_folder_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "handover.toml").write_text("old")
    write(WHOLE, tmp_path)
    assert (tmp_path / "handover.toml").read_text(encoding="utf-8").startswith("#:schema")
    if sys.platform != "win32":
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755, "a folder that the founder named stays theirs"


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES.keys())
def test_a_secret_anywhere_stops_it_before_a_byte_is_written(tmp_path: Path, canary: str) -> None:
    leaky = Owners(OWNERS | {"dns": Owner("dns", account=canary)})
    folder = tmp_path / "out"
    done = write(build(facts(owners=leaky)), folder)
    assert not done.paths
    assert all(hit.startswith("systems[1].account: ") for hit in done.hits)
    assert done.hits
    assert all(canary not in hit for hit in done.hits)
    assert not folder.exists()


def test_a_vault_value_stops_it_too(tmp_path: Path) -> None:
    done = write(WHOLE, tmp_path, secrets=[Secret("vercel rollback")])
    assert done.hits[0] == "deploy.rollback: a value that is kept in the vault"
    assert {hit.partition(":")[0] for hit in done.hits[1:]} == {"ways_back[0].steps[1]", "ways_back[0].where"}
    assert list(tmp_path.iterdir()) == []


def test_the_reports_beside_it_are_searched(tmp_path: Path) -> None:
    assert write(WHOLE, tmp_path, risks_md=f"see {STRIPE}").hits == ("risks.md: Stripe key",)
    assert write(WHOLE, tmp_path, reports={"a.md": f"see {STRIPE}"}).hits == ("a.md: Stripe key",)


@pytest.mark.parametrize(
    "name",
    [
        "../x.md",
        "a/b.md",
        "handover.toml",
        "handover.schema.json",
        "handover.html",
        "expiries.ics",
        ".hidden",
        "/etc/x",
        "",
    ],
)
def test_a_report_cannot_be_put_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a report"):
        write(WHOLE, tmp_path, reports={name: "x"})


def test_a_file_in_the_way_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceProblem):
        write(WHOLE, tmp_path / "file" / "deeper")


def test_hostile_words_everywhere_still_make_a_valid_file(tmp_path: Path) -> None:
    hostile = "\x1b]52;c;eA==\x07[@click=app.quit]x[/]\u202e\x00\u009b2J\"\"\"'''\n[systems]\n"
    owner = Owner("dns", hostile, hostile, hostile, hostile, hostile)
    outcomes = {id: replace(finding, saw=hostile) for id, finding in OUTCOMES.items()}
    whole = build(facts(owners=Owners({"dns": owner}), outcomes=outcomes))
    done = write(whole, tmp_path)
    raw = done.paths[0].read_bytes()
    assert from_toml(raw.decode()) == whole
    for bad in (b"\x1b", b"\x07", b"\x00", "\u202e".encode(), "\u009b".encode()):
        assert bad not in raw


def test_records_that_were_collected_come_first() -> None:
    from launchready_tui.handover.records import from_sets

    sets = [RecordSet("good.example", "A", ("93.184.215.14",), 300), RecordSet("gone.good.example", "A", ())]
    whole = build(facts(records=from_sets(sets, "good.example")))
    (only,) = whole.records
    assert (only.name, only.values) == ("good.example", ["93.184.215.14"])
    assert only.purpose == "leads people who type the domain to the site"
