"""The process that looks: requests on its input, a line of JSON for each on its output, no value in any of them."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from launchready_tui import limits
from launchready_tui.secretlist import names_a_secret
from launchready_tui.secretscan import matching, tree
from launchready_tui.secretscan.history import First, History
from launchready_tui.secretscan.matching import Hit
from launchready_tui.secretscan.packing import unpack
from launchready_tui.secretscan.report import Found, fingerprint, redacted
from launchready_tui.secretscan.tree import Blob, Counted, Unreadable
from launchready_tui.sources.git import environment

OWN = "own rules"
_BUILT = "built.min.js"  # what browsers get is built: names tell nothing there, only whole forms do
Start = Callable[[str, str], Callable[[], list[Hit]]]
_AHEAD = 8_000_000  # characters of texts that are begun before the first of them is waited for; ours


def _own(text: str, path: str) -> Callable[[], list[Hit]]:
    hits = matching.scan(text, path)
    return lambda: hits


def choose(engine: str, cache: str) -> tuple[str, Start]:
    """The engine by its name ("" for the best that is there) and what it begins a text with."""
    if engine != OWN:
        from launchready_tui.secretscan import kingfisher

        if kingfisher.installed():
            return kingfisher.NAME, kingfisher.Kingfisher(cache).start
    return OWN, _own


class Worker:
    """Looks for one session. Each request is a part and what it is about; `answer` gives the line that goes back."""

    def __init__(self, setup: dict[str, Any]) -> None:
        self._folder = str(setup["folder"])
        self._key = bytes.fromhex(setup["key"])
        self._engine, self._start = choose(str(setup.get("engine", "")), str(setup["cache"]))
        self._environment = environment(os.environ)
        self._known: dict[tuple[str, str], list[Hit]] = {}
        self._copies = 0

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What one part found, or why it cannot be read."""
        try:
            match asked["part"]:
                case "worktree":
                    found, counted = self._tree(str(asked["top"]))
                case "history":
                    found, counted = self._history(str(asked["top"]))
                case _ if "packed" in asked:
                    found, counted = self._texts({**one, "text": unpack(one["text"])} for one in asked["packed"])
                case _:
                    found, counted = self._texts(asked["texts"])
        except Unreadable as trouble:
            return {"engine": self._engine, "unreadable": str(trouble)}
        return {
            "engine": self._engine,
            "found": [one.data() for one in found[: limits.SECRETS_HITS]],
            "cut": len(found) > limits.SECRETS_HITS,
            "counted": asdict(counted),
        }

    def _texts(self, texts: Iterable[dict[str, str]]) -> tuple[list[Found], Counted]:
        found, read = list[Found](), 0
        for one in texts:
            found += [self._found(hit, one["path"], tracked=False) for hit in self._start(one["text"], _BUILT)()]
            read += 1
        return found, Counted(read=read)

    def _looked(self, blobs: Iterator[Blob]) -> Iterator[tuple[Blob, list[Hit]]]:
        """Each text with its hits, in order, some begun ahead. A content seen at this path before is not read again."""
        begun: deque[tuple[Blob, Callable[[], list[Hit]] | None]] = deque()
        size = 0
        for blob in blobs:
            known = (blob.id, blob.path) in self._known
            begun.append((blob, None if known else self._start(blob.text, blob.path)))
            size += len(blob.text)
            while size > _AHEAD:
                size -= len(begun[0][0].text)
                yield self._ended(*begun.popleft())
        while begun:
            yield self._ended(*begun.popleft())

    def _ended(self, blob: Blob, wait: Callable[[], list[Hit]] | None) -> tuple[Blob, list[Hit]]:
        key = (blob.id, blob.path)
        hits = wait() if wait is not None else self._known[key]
        self._known[key] = hits
        return blob, hits

    def _tree(self, top: str) -> tuple[list[Found], Counted]:
        counted = Counted()
        listed = tree.listed(top, self._environment)
        found = []
        for blob, hits in self._looked(_named(tree.blobs(listed, counted))):
            found += [self._found(hit, blob.path, tracked=blob.path in listed.tracked) for hit in hits]
        return found, counted

    def _history(self, top: str) -> tuple[list[Found], Counted]:
        counted = Counted()
        self._copies += 1
        history = History(top, os.path.join(self._folder, f"copy-{self._copies}"), self._environment)
        history.copy()
        counted.shallow = history.shallow
        objects = history.objects()
        hits: dict[str, tuple[str, list[Hit]]] = {}
        for blob, found in self._looked(history.blobs(objects, counted)):
            if found:
                hits[blob.id] = (blob.path, found)
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
            hit.rule.called(hit.value),
            hit.what,
            path,
            hit.line,
            fingerprint(self._key, hit.value),
            redacted(hit.value, words),
            first.commit if first else "",
            first.day if first else "",
            tracked,
            hit.label if names_a_secret(hit.label) else "",
        )


def _named(blobs: Iterator[Blob]) -> Iterator[Blob]:
    """Files of the work tree under the name that git would give their content, so that the history knows them again."""
    for blob in blobs:
        data = blob.text.encode("utf-8", "replace")
        id = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        yield replace(blob, id=id)


def main() -> None:
    warnings.simplefilter("ignore")  # what a library thinks of a pattern is nothing for a founder
    worker = Worker(json.loads(sys.stdin.buffer.readline()))
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(worker.answer(json.loads(line)), ensure_ascii=True) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
