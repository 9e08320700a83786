"""Small repositories of many stacks, each in one text with what it truly needs at its head, written by hand.

The form is Go's txtar: the head (TOML here), then "-- path --" before each file.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "fixtures_env"
_FILE = re.compile(r"^-- (\S+) --\n", re.MULTILINE)


@dataclass(frozen=True)
class Fixture:
    name: str
    truth: dict[str, Any]
    files: dict[str, str]

    @property
    def first(self) -> bool:
        """Written before the readers were."""
        return self.name.startswith("a")

    def write(self, folder: Path) -> Path:
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return folder


@cache
def fixtures() -> tuple[Fixture, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.txtar")):
        head, *parts = _FILE.split(path.read_text(encoding="utf-8"))
        files = dict(zip(parts[::2], parts[1::2], strict=True))
        found.append(Fixture(path.stem, tomllib.loads(head), files))
    return tuple(found)
