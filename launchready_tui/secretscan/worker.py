"""The process that looks: one request on its input, lines of JSON on its output, no value in any of them."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from launchready_tui import limits
from launchready_tui.secretscan import matching, tree
from launchready_tui.secretscan.history import First, History
from launchready_tui.secretscan.matching import Hit
from launchready_tui.secretscan.report import Found, fingerprint, redacted
from launchready_tui.secretscan.tree import Blob, Counted, Unreadable
from launchready_tui.sources.git import environment

OWN = "own rules"
Scan = Callable[[str, str], list[Hit]]


def choose(engine: str, cache: str) -> tuple[str, Scan]:
    """The engine by its name ("" for the best that is there) and what it scans with."""
    if engine != OWN:
        from launchready_tui.secretscan import kingfisher

        if kingfisher.installed():
            return kingfisher.NAME, kingfisher.Kingfisher(cache).scan
    return OWN, matching.scan


class Worker:
    """One look at one repository. `say` takes each line."""

    def __init__(self, asked: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
        self._top = str(asked["top"])
        self._copy = str(asked["copy"])
        self._key = bytes.fromhex(asked["key"])
        self._say = say
        self._engine, self._scan = choose(str(asked.get("engine", "")), str(asked["cache"]))
        self._environment = environment(os.environ)
        self._known: dict[tuple[str, str], list[Hit]] = {}

    def run(self, parts: Iterable[str]) -> None:
        for part in parts:
            try:
                found, counted = self._tree() if part == "worktree" else self._history()
            except Unreadable as trouble:
                self._say({"part": part, "engine": self._engine, "unreadable": str(trouble)})
                continue
            cut = len(found) > limits.SECRETS_HITS
            data = [one.data() for one in found[: limits.SECRETS_HITS]]
            self._say(
                {"part": part, "engine": self._engine, "found": data, "cut": cut, "counted": asdict(counted)},
            )

    def _hits(self, blob: Blob, id: str) -> list[Hit]:
        known = self._known.get((id, blob.path))
        if known is None:
            known = self._known[id, blob.path] = self._scan(blob.text, blob.path)
        return known

    def _tree(self) -> tuple[list[Found], Counted]:
        counted = Counted()
        listed = tree.listed(self._top, self._environment)
        found = []
        for blob in tree.blobs(listed, counted):
            data = blob.text.encode("utf-8", "replace")
            id = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
            for hit in self._hits(blob, id):
                found.append(self._found(hit, blob.path, tracked=blob.path in listed.tracked))
            self._progress("worktree", counted.read, len(listed.paths))
        return found, counted

    def _history(self) -> tuple[list[Found], Counted]:
        counted = Counted()
        history = History(self._top, self._copy, self._environment)
        history.copy()
        objects = history.objects()
        hits: dict[str, tuple[str, list[Hit]]] = {}
        for blob in history.blobs(objects, counted):
            if found := self._hits(blob, blob.id):
                hits[blob.id] = (blob.path, found)
            self._progress("history", counted.read, len(objects))
        firsts = history.firsts(frozenset(hits)) if hits else {}
        order = {id: at for at, id in enumerate(firsts)}
        kept: dict[tuple[str, str], Found] = {}
        for id in sorted(hits, key=lambda each: order.get(each, len(order))):
            path, each = hits[id]
            first = firsts.get(id, First("", "", path))
            for hit in each:
                found_one = self._found(hit, first.path, first)
                kept.setdefault((found_one.print, found_one.path), found_one)
        return list(kept.values()), counted

    def _found(self, hit: Hit, path: str, first: First | None = None, *, tracked: bool = True) -> Found:
        words = hit.rule.keywords if hit.rule.alone else ()
        return Found(
            hit.rule.id,
            hit.rule.name,
            hit.what,
            path,
            hit.line,
            fingerprint(self._key, hit.value),
            redacted(hit.value, words),
            first.commit if first else "",
            first.day if first else "",
            tracked,
        )

    def _progress(self, part: str, done: int, of: int) -> None:
        if done % 500 == 0:
            self._say({"part": part, "done": done, "of": of})


def main() -> None:
    warnings.simplefilter("ignore")  # what a library thinks of a pattern is nothing for a founder
    asked = json.loads(sys.stdin.buffer.readline())

    def say(line: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
        sys.stdout.flush()

    Worker(asked, say).run(asked["parts"])


if __name__ == "__main__":
    main()
