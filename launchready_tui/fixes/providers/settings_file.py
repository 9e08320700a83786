"""Settings of a web host that reads them from a JSON file: {"https.redirect": "301", …}."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from launchready_tui import limits
from launchready_tui.disk import WorkspaceProblem, write_private
from launchready_tui.fixes.model import FixProblem, Kind, Moved, State, Step


class SettingsFile:
    """The whole file is replaced at once, so a server that reads it sees all steps or none."""

    kind: Kind = "setting"

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        return f"the web host's settings ({self._path.name})"

    def _load(self) -> dict[str, str]:
        try:
            if self._path.stat().st_size > limits.DOCUMENT_BYTES:
                raise FixProblem(f"{self._path.name} is larger than we read.")
            data = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise FixProblem(f"We could not read {self._path.name}: {error}.") from error
        if not isinstance(data, dict):
            raise FixProblem(f"{self._path.name} does not hold settings.")
        return {str(key): str(value) for key, value in data.items()}

    async def read(self, name: str, type: str) -> State:
        value = self._load().get(name)
        return State(() if value is None else (value,))

    async def count(self) -> int | None:
        return len(self._load())

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        return ()

    async def write(self, steps: Sequence[Step]) -> None:
        data = self._load()
        for step in steps:
            value = data.get(step.name)
            if State(() if value is None else (value,)) != State(step.before.values):
                raise Moved(f"{step.name} is now {value or 'not set'}, not what the plan showed. Nothing was changed.")
            if step.after.values:
                data[step.name] = step.after.values[0]
            else:
                data.pop(step.name, None)
        try:
            write_private(self._path, json.dumps(data, indent=1, sort_keys=True).encode())
        except WorkspaceProblem as problem:
            raise FixProblem(f"{problem.sentence} Nothing was changed.") from problem
