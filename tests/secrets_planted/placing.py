"""Reads the planted files and writes values where their markers stand."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.secrets_planted.making import make

HERE = Path(__file__).parent
_MARKER = re.compile(r"@@([a-z0-9]+(?:-[a-z0-9]+)*)(?:\|([a-z0-9]+))?@@")

# How a value is written in a file: as it is, inside a JSON string, with \n for line ends, indented, or encoded.
FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "json": lambda value: json.dumps(value)[1:-1],
    "escaped": lambda value: value.replace("\n", "\\n"),
    "indent2": lambda value: value.replace("\n", "\n  "),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
}


@dataclass(frozen=True)
class Place:
    """Where a value stands in a text: `standing` is the value as written there; lines are counted from 1."""

    id: str
    standing: str
    line: int
    end_line: int


@dataclass(frozen=True)
class PlantedFile:
    """A file of the data: its story, its text with values in place, and what it becomes."""

    path: str
    story: str
    text: str
    places: tuple[Place, ...]
    to: str | None
    after: str | None


@cache
def table(name: str) -> Mapping[str, Any]:
    """A data file of this folder."""
    return tomllib.loads((HERE / name).read_text())


@cache
def values(seed: str) -> Mapping[str, str]:
    """The made-up value of each plant and look-alike."""
    named = {**table("plants.toml"), **table("lookalikes.toml")}
    return {name: make(row["value"], f"{seed}:{name}") for name, row in named.items()}


def fill(text: str, made: Mapping[str, str]) -> tuple[str, tuple[Place, ...]]:
    """The text with its markers filled, and where each value came to stand. Raises KeyError on an unknown marker."""
    done, places, reached = "", [], 0
    for found in _MARKER.finditer(text):
        done += text[reached : found.start()]
        standing = FORMS[found[2] or "plain"](made[found[1]])
        line = done.count("\n") + 1
        places.append(Place(found[1], standing, line, line + standing.count("\n")))
        done += standing
        reached = found.end()
    return done + text[reached:], tuple(places)


def planted_files(seed: str) -> list[PlantedFile]:
    """All planted files, those of the work tree first."""
    found = []
    for row in [*table("files_tree.toml")["file"], *table("files_history.toml")["file"]]:
        text, places = fill(row["text"], values(seed))
        found.append(PlantedFile(row["path"], row.get("story", "tree"), text, places, row.get("to"), row.get("after")))
    return found
