"""plant(): a real git repository with made-up keys and look-alikes, and the list of where each of them is."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.secrets_planted.history import History, git
from tests.secrets_planted.ordinary import ordinary
from tests.secrets_planted.placing import Place, PlantedFile, planted_files, table, values

SEED = "tidebook"
MAIN = "refs/heads/main"

# How a planted file comes and goes.
STORIES = {
    "tree": "added to main and still there",
    "moved": "added to main, renamed later, still there under its new name",
    "initial": "in the first commit, deleted later",
    "deleted": "added to main, deleted later",
    "overwritten": "added to main, its lines replaced later while the file stays",
    "renamed": "added to main, renamed later, deleted after that",
    "merge": "added and deleted on a side branch before that was merged",
    "in-merge": "added by a merge commit itself, in neither of its parents, deleted later",
    "binary": "added to main as text, the file replaced by binary content later",
    "branch": "only on a branch that was never merged",
    "tag": "only in a commit that a tag keeps",
}
IN_TREE = frozenset({"tree", "moved"})
_BINARY = bytes(range(256)) * 8


@dataclass(frozen=True)
class Plant:
    """What a key and a look-alike share. Lines are counted from 1; `standing` is the value as written in the file.

    `path` is the path in `commit`, which first held it; `path_now` the one in the work tree, None in history only.
    `removed` is the commit that took it away, None where none did.
    """

    id: str
    value: str
    standing: str
    path: str
    line: int
    end_line: int
    commit: str
    removed: str | None
    story: str
    path_now: str | None

    @property
    def history_only(self) -> bool:
        return self.path_now is None


@dataclass(frozen=True)
class Key(Plant):
    """A made-up key. `blind`: written before any rule for it was seen. `half_of`: the secret it is useless without.

    `doc` is the provider's page that describes it, `read` a page on its shape that was read while it was written.
    """

    provider: str
    doc: str
    read: str | None
    blind: bool
    half_of: str | None


@dataclass(frozen=True)
class LookAlike(Plant):
    """A string that is no secret, and why; `debatable` where a careful reader may still want to be told."""

    why: str
    debatable: bool


@dataclass(frozen=True)
class Planted:
    """A built repository: its newest commit on main, all commits and files of it, and what was planted."""

    folder: Path
    head: str
    files: int
    commits: int
    keys: tuple[Key, ...]
    lookalikes: tuple[LookAlike, ...]


@dataclass
class _Step:
    """One commit of main: what it changes, and what happens beside it."""

    changes: list[tuple[str, bytes | None]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    forks: list[PlantedFile] = field(default_factory=list)
    merges: list[PlantedFile] = field(default_factory=list)


@dataclass
class _Told:
    """The marks of a planted file: the commit that brought it and the one that took it away."""

    came: int | None = None
    went: int | None = None
    came_step: int | None = None
    went_step: int | None = None


def plant(folder: Path, *, files: int = 1000, commits: int = 500, seed: str = SEED) -> Planted:
    """Build the repository in `folder`, which must be empty or absent.

    files: ordinary files beside the planted ones. commits: all commits, side branches included, at least 60.
    The same arguments give the same commits. Raises ValueError for too few commits,
    CalledProcessError where git refuses.
    """
    planted = planted_files(seed)
    extra = sum({"merge": 3, "in-merge": 2, "branch": 1, "tag": 1}.get(one.story, 0) for one in planted)
    if commits < 60:
        raise ValueError("a history of stories needs at least 60 commits")
    steps = [_Step() for _ in range(commits - extra)]
    told = {one.path: _Told() for one in planted}
    rng = random.Random(f"{seed}:order")
    _spread_ordinary(steps, files, seed, rng)
    for one in planted:
        _schedule(one, steps, told[one.path], rng)
    written, dropped = _write(steps, told)
    marks = written.store(folder, forget=dropped)
    head = git(folder, "rev-parse", MAIN).decode().strip()
    count = git(folder, "ls-tree", "-r", "--name-only", head).count(b"\n")
    keys: list[Key] = []
    lookalikes: list[LookAlike] = []
    for one in planted:
        for place in one.places:
            found = _listed(one, place, told[one.path], marks, seed)
            if isinstance(found, Key):
                keys.append(found)
            else:
                lookalikes.append(found)
    return Planted(folder, head, count, len(marks), tuple(keys), tuple(lookalikes))


def _listed(one: PlantedFile, place: Place, told: _Told, marks: dict[int, str], seed: str) -> Key | LookAlike:
    """What is said of one planted value."""
    assert told.came is not None
    shared = Plant(
        id=place.id,
        value=values(seed)[place.id],
        standing=place.standing,
        path=one.path,
        line=place.line,
        end_line=place.end_line,
        commit=marks[told.came],
        removed=marks[told.went] if told.went is not None else None,
        story=one.story,
        path_now=(one.to or one.path) if one.story in IN_TREE else None,
    )
    common = vars(shared)
    row = table("plants.toml").get(place.id)
    if row is None:
        other = table("lookalikes.toml")[place.id]
        return LookAlike(**common, why=other["why"], debatable=other.get("debatable", False))
    return Key(
        **common,
        provider=row["provider"],
        doc=row["doc"],
        read=row.get("read"),
        blind=row.get("blind", True),
        half_of=row.get("half_of"),
    )


def _spread_ordinary(steps: list[_Step], files: int, seed: str, rng: random.Random) -> None:
    """A quarter of the files comes first, the others along the way, and each commit changes one of the first."""
    for number in range(files):
        first = number < files // 4
        path, text = ordinary(number, seed)
        steps[0 if first else rng.randrange(1, len(steps))].changes.append((path, text.encode()))
    for at in range(1, len(steps)):
        if files >= 4:
            path, text = ordinary(rng.randrange(files // 4), seed, version=at)
            steps[at].changes.append((path, text.encode()))


def _schedule(one: PlantedFile, steps: list[_Step], told: _Told, rng: random.Random) -> None:
    """Give a planted file its commits."""
    last = len(steps) - 1
    came = 0 if one.story == "initial" else rng.randrange(1, last // 2)
    went = rng.randrange(came + 2, last)
    text = one.text.encode()
    told.came_step = came
    if one.story in {"merge", "in-merge", "branch", "tag"}:
        steps[came].forks.append(one)
        if one.story in {"merge", "in-merge"}:
            steps[came + 1].merges.append(one)
        if one.story == "in-merge":
            steps[went].changes.append((one.path, None))
            told.went_step = went
        told.came_step = None
        return
    steps[came].changes.append((one.path, text))
    if one.story in {"moved", "renamed"} and one.to:
        steps[rng.randrange(came + 1, went)].moves.append((one.path, one.to))
    if one.story in IN_TREE:
        return
    told.went_step = went
    gone: dict[str, bytes | None] = {"overwritten": (one.after or "").encode(), "binary": _BINARY}
    steps[went].changes.append((one.to or one.path, gone.get(one.story)))


def _feature(one: PlantedFile) -> tuple[str, bytes]:
    """The harmless file that a side branch brings, so that its merge changes something."""
    return f"apps/web/src/features/{Path(one.path).stem}.ts", b"export const enabled = true;\n"


def _write(steps: list[_Step], told: dict[str, _Told]) -> tuple[History, list[str]]:
    history, main = History(), 0
    sides: dict[str, int] = {}
    dropped: list[str] = []
    marks: dict[int, int] = {}
    for at, step in enumerate(steps):
        for one in step.merges:
            changes: list[tuple[str, bytes | None]] = [_feature(one)]
            if one.story == "in-merge":
                changes.append((one.path, one.text.encode()))
            main = history.commit(MAIN, "Merge a branch", changes, parents=(main, sides[one.path]))
            if one.story == "in-merge":
                told[one.path].came = main
        parents = (main,) if main else ()
        main = history.commit(MAIN, f"Step {at}", step.changes, parents=parents, moves=step.moves)
        marks[at] = main
        for one in step.forks:
            ref = _beside(history, one, main, told[one.path], sides)
            if one.story in {"merge", "in-merge"}:
                dropped.append(ref)
    for row in told.values():
        row.came = marks[row.came_step] if row.came_step is not None else row.came
        row.went = marks[row.went_step] if row.went_step is not None else row.went
    return history, dropped


def _beside(history: History, one: PlantedFile, main: int, told: _Told, sides: dict[str, int]) -> str:
    """The commits of a planted file beside main; returns the ref that holds them."""
    name = Path(one.path).stem
    ref = f"refs/tags/old-{name}" if one.story == "tag" else f"refs/heads/try-{name}"
    if one.story == "in-merge":
        sides[one.path] = history.commit(ref, "Try", [_feature(one)], parents=(main,))
        return ref
    told.came = history.commit(ref, "Try", [(one.path, one.text.encode()), _feature(one)], parents=(main,))
    if one.story == "merge":
        told.went = sides[one.path] = history.commit(ref, "Tidy up", [(one.path, None)], parents=(told.came,))
    return ref
