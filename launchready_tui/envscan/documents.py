"""TOML, YAML, JSON and JSON with comments out of a code folder: capped, and {} where they cannot be read."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

_MOST = 400_000  # characters; a manifest or a host's file is far smaller
_YAML_MOST = 100_000  # read by a parser in Python: this much takes it half a second
_DOTS = 200  # in one line of TOML: a dotted key of thousands of parts takes the parser seconds
_NODES = 50_000  # walked of one document: aliases in YAML can make millions of few
_JSONC = re.compile(r'"(?:\\.|[^"\\\n])*+"|//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z)')
_TRAILING = re.compile(r'("(?:\\.|[^"\\\n])*+")|,(?=\s*+[}\]])')


def read_json(text: str) -> dict[str, Any]:
    """JSON, with comments and trailing commas allowed."""
    text = text.removeprefix("\ufeff")
    if len(text) > _MOST:
        return {}
    for clear in (False, True):
        try:
            found = json.loads(_plain_json(text) if clear else text)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else {}
    return {}


def _plain_json(text: str) -> str:
    text = _JSONC.sub(lambda match: match[0] if match[0][0] == '"' else " ", text)
    return _TRAILING.sub(lambda match: match[1] or "", text)


def read_toml(text: str) -> dict[str, Any]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > _MOST or any(line.count(".") > _DOTS for line in text.splitlines()):
        return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def read_yaml(text: str) -> dict[str, Any]:
    """The first document of a YAML text. Tags that we do not know are read as nothing."""
    if len(text) > _YAML_MOST:
        return {}
    import yaml

    class Loader(yaml.SafeLoader):
        """Safe, and deaf to the tags of other tools."""

    Loader.add_multi_constructor("", lambda loader, suffix, node: None)
    try:
        found = next(iter(yaml.load_all(text, Loader)), None)  # a SafeLoader: it makes plain data only
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, OverflowError):
        return {}
    return found if isinstance(found, dict) else {}


def walk(thing: object) -> Iterator[tuple[str, Any]]:
    """Every (key, value) of every table in a document, capped."""
    left, stack = _NODES, [thing]
    while stack and left:
        each = stack.pop()
        left -= 1
        if isinstance(each, dict):
            for key, value in each.items():
                yield str(key), value
            stack += each.values()
        elif isinstance(each, list):
            stack += each


def table(thing: object, *names: str) -> dict[str, Any]:
    """The table below `names`, {} where there is none."""
    for name in names:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing if isinstance(thing, dict) else {}


def items(thing: object, name: str) -> list[Any]:
    """The list below `name`, [] where there is none."""
    found = thing.get(name) if isinstance(thing, dict) else None
    return found if isinstance(found, list) else []


def scalar(value: object) -> str | None:
    """A plain value as an environment holds it; None for a table, a list or nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
