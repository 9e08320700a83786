"""Settings of a web host that reads them from a JSON file: {"https.redirect": "301", …}."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from launchready_tui.disk import WorkspaceProblem, read_capped
from launchready_tui.fixes.model import FixProblem, Kind, Moved, State, Step
from launchready_tui.fixes.providers.files import put_in_place


class SettingsFile:
    """The whole file is replaced at once, so a server that reads it sees all steps or none; what no step names stays
    as it is, its own types included."""

    kind: Kind = "setting"
    zone = ""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        return f"the web host's settings ({self._path.name})"

    def _load(self) -> dict[str, object]:
        try:
            data = json.loads(read_capped(self._path).decode("utf-8"))
        except FileNotFoundError:
            return {}
        except WorkspaceProblem as problem:
            raise FixProblem(problem.sentence) from problem
        except (ValueError, RecursionError) as error:
            raise FixProblem(f"We could not read {self._path.name}: it is not valid JSON.") from error
        if not isinstance(data, dict):
            raise FixProblem(f"{self._path.name} does not hold settings.")
        return data

    def _state(self, data: dict[str, object], name: str) -> State:
        if name not in data:
            return State()
        value = data[name]
        if not isinstance(value, str):
            raise FixProblem(f"{name} in {self._path.name} is not a text, so change this one by hand.")
        return State((value,))

    async def read(self, name: str, type: str) -> State:
        return self._state(self._load(), name)

    async def count(self) -> int | None:
        return len(self._load())

    @property
    def atomic(self) -> bool:
        return True

    async def complete(self, step: Step) -> Step:
        return step

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        return ()

    async def write(self, steps: Sequence[Step]) -> None:
        data = self._load()
        for step in steps:
            live = self._state(data, step.name)
            if not live.same(step.before):
                now = live.values[0] if live.values else "not set"
                raise Moved(f"{step.name} is now {now}, not what the plan showed. Nothing was changed.")
            if step.after.values:
                data[step.name] = step.after.values[0]
            else:
                data.pop(step.name, None)
        try:
            put_in_place(self._path, json.dumps(data, indent=1, sort_keys=True).encode())
        except OSError as error:
            raise FixProblem(f"We could not write {self._path.name}: {error.strerror}. Nothing was changed.") from error
