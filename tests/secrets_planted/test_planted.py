"""The planted repository builds, comes out the same each time, and every plant is where it is said to be."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.secrets_planted.history import git
from tests.secrets_planted.keys import STORIES, Plant, Planted, plant
from tests.secrets_planted.making import checksum, make
from tests.secrets_planted.placing import table

OURS = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return plant(tmp_path_factory.mktemp("planted") / "tidebook")


def _everything(planted: Planted) -> list[Plant]:
    return [*planted.keys, *planted.lookalikes]


def _lines(text: str, one: Plant) -> str:
    return "\n".join(text.split("\n")[one.line - 1 : one.end_line])


def test_there_are_enough(planted: Planted) -> None:
    assert len(planted.keys) >= 64
    assert sum(key.blind for key in planted.keys) >= 64
    assert len(planted.lookalikes) >= 64
    assert sum(key.history_only for key in planted.keys) >= 20
    assert {key.story for key in planted.keys} == set(STORIES)
    assert planted.files >= 1000
    assert planted.commits == 500


def test_each_name_is_planted_once(planted: Planted) -> None:
    assert sorted(key.id for key in planted.keys) == sorted(table("plants.toml"))
    assert sorted(one.id for one in planted.lookalikes) == sorted(table("lookalikes.toml"))
    assert {key.half_of for key in planted.keys if key.half_of} <= {key.id for key in planted.keys}


def test_the_counts_are_those_of_git(planted: Planted) -> None:
    assert int(git(planted.folder, "rev-list", "--all", "--count")) == planted.commits
    assert git(planted.folder, "rev-parse", "HEAD").decode().strip() == planted.head
    assert git(planted.folder, "status", "--porcelain") == b""
    standing = [path for path in planted.folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert len(standing) == planted.files


def test_every_plant_is_where_it_is_said_to_be(planted: Planted) -> None:
    for one in _everything(planted):
        text = git(planted.folder, "show", f"{one.commit}:{one.path}").decode()
        assert one.standing in _lines(text, one), one.id
        parents = git(planted.folder, "rev-list", "--parents", "-n", "1", one.commit).decode().split()[1:]
        for parent in parents:
            assert one.path not in git(planted.folder, "ls-tree", "-r", "--name-only", parent).decode().split("\n"), (
                one.id
            )


def test_the_work_tree_holds_those_of_the_work_tree_and_no_other(planted: Planted) -> None:
    standing = [path for path in planted.folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    whole = b"\n".join(path.read_bytes() for path in standing)
    for one in _everything(planted):
        if one.path_now is None:
            assert one.standing.encode() not in whole, one.id
        else:
            assert one.standing in _lines((planted.folder / one.path_now).read_text(), one), one.id


def test_what_was_removed_is_gone_from_that_commit_on(planted: Planted) -> None:
    for one in _everything(planted):
        kept = one.story in {"tree", "moved", "branch", "tag"}
        assert (one.removed is None) == kept, one.id
        if one.removed:
            longest = max(one.standing.split("\n"), key=len)
            with pytest.raises(subprocess.CalledProcessError, match="exit status 1"):
                git(planted.folder, "grep", "-qaF", "-e", longest, one.removed)


def test_the_stories_are_told(planted: Planted) -> None:
    by_story = {key.story: key for key in planted.keys}
    first = git(planted.folder, "rev-list", "--max-parents=0", "main").decode().strip()
    assert by_story["initial"].commit == first
    merge = git(planted.folder, "rev-list", "--parents", "-n", "1", by_story["in-merge"].commit).split()
    assert len(merge) == 3
    on_first_line = git(planted.folder, "rev-list", "--first-parent", "main").decode().split()
    assert by_story["merge"].commit not in on_first_line
    assert by_story["merge"].commit in git(planted.folder, "rev-list", "main").decode().split()
    assert by_story["branch"].commit not in git(planted.folder, "rev-list", "main").decode().split()
    assert by_story["tag"].commit in git(planted.folder, "rev-list", "--tags").decode().split()
    assert b"\0" in (planted.folder / by_story["binary"].path).read_bytes()


def test_the_same_again(planted: Planted, tmp_path: Path) -> None:
    again = plant(tmp_path / "again")
    assert again.head == planted.head
    assert again.keys == planted.keys
    assert again.lookalikes == planted.lookalikes
    other = plant(tmp_path / "other", files=10, commits=80, seed="another")
    assert {key.value for key in other.keys}.isdisjoint({key.value for key in planted.keys})
    assert other.commits == 80


def test_no_plant_stands_whole_in_our_own_repository(planted: Planted) -> None:
    """Else a host that refuses keys at the door would refuse ours."""
    tracked = git(OURS, "ls-files", "-z").decode().split("\0")
    texts = [(OURS / name).read_bytes() for name in tracked if name and (OURS / name).is_file()]
    here = b"\n".join(path.read_bytes() for path in Path(__file__).parent.glob("*.*"))
    whole = b"\n".join([*texts, here])
    for key in planted.keys:
        assert key.value.encode() not in whole, key.id
        assert key.standing.encode() not in whole, key.id
    # A look-alike of a documented shape is split too.
    split = {name for name, row in table("lookalikes.toml").items() if len(row["value"]) > 1}
    for one in planted.lookalikes:
        if one.id in split and not one.id.startswith(("source-map", "minified")):
            assert one.value.encode() not in here, one.id


def test_the_checksums_are_the_documented_ones(planted: Planted) -> None:
    by_id = {key.id: key.value for key in planted.keys}
    for name in ("github-classic", "github-app", "github-oauth", "npm"):
        value = by_id[name]
        assert len(value) == 40
        assert checksum(value[4:34]) == value[34:]
    # The example token of the published description of the format, and the CRC's own check input, 0xCBF43926.
    assert checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"
    assert checksum("123456789") == "3jZRME"
    assert by_id["pypi"].startswith("pypi-AgEI" + "cHlwaS5vcmc")


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of part"):
        make(["<nothing:3>"], "seed")


def test_building_is_quick(tmp_path: Path) -> None:
    """It is built for a measure of speed: the building must not be the measure."""
    plant(tmp_path / "warm", files=10, commits=80)
    began = time.perf_counter()
    plant(tmp_path / "quick")
    assert time.perf_counter() - began < 20
