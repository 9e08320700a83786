"""Python that others wrote, thousands of files of it: what we read is what Python's own parser sees in them."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchready_tui.envscan.survey import survey
from launchready_tui.envscan.walk import is_test, own

FILES = 4_000


def installed() -> dict[str, str]:
    """The packages of this very environment, as if they were the product's own."""
    top = Path(sysconfig.get_paths()["purelib"])
    paths = sorted(top.rglob("*.py"))[: FILES * 2]
    return {
        f"src/{path.relative_to(top)}": path.read_text("utf-8", "replace")
        for path in paths
        if path.stat().st_size < 400_000
    }


def _is_environ(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "environ") or (
        isinstance(node, ast.Name) and node.id == "environ"
    )


def by_the_parser(tree: ast.AST) -> Iterator[str]:
    """Names in os.environ["X"], .get("X"), .pop("X"), .setdefault("X"), getenv("X") and "X" in os.environ."""
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Subscript) and _is_environ(node.value) and isinstance(node.ctx, ast.Load):
            found = node.slice
        elif isinstance(node, ast.Call) and node.args:
            asked = node.func
            if (
                (
                    isinstance(asked, ast.Attribute)
                    and asked.attr in ("get", "pop", "setdefault")
                    and _is_environ(asked.value)
                )
                or (isinstance(asked, ast.Attribute) and asked.attr == "getenv")
                or (isinstance(asked, ast.Name) and asked.id == "getenv")
            ):
                found = node.args[0]
        elif isinstance(node, ast.Compare) and any(map(_is_environ, node.comparators)):
            found = node.left
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


@pytest.mark.slow
def test_what_the_parser_sees_is_what_we_read() -> None:
    files = installed()
    wanted: set[str] = set()
    for path in own(files)[0]:
        if not is_test(path) and ("environ" in files[path] or "getenv" in files[path]):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    tree = ast.parse(files[path])
                except (SyntaxError, ValueError):
                    continue
            wanted |= {name for name in by_the_parser(tree) if name.isidentifier()}
    found = set(survey(files, files.get).used_names)
    right = len(found & wanted)
    print(
        f"{len(files):,} files: recall {right / len(wanted):.1%} of {len(wanted)}, precision {right / len(found):.1%}"
    )
    assert len(wanted) >= 10
    assert right / len(wanted) >= 0.95, wanted - found
    assert right / len(found) >= 0.9, found - wanted  # settings classes and wrappers are ours to read, not the parser's
