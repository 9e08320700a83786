"""Our own engine: a quick look for keywords, then the patterns of the rules whose keyword is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from launchready_tui import leaks
from launchready_tui.secretrules import Rule, load
from launchready_tui.secretscan import telling
from launchready_tui.secretscan.values import Around, what_it_is

# What people write on a line to say that it is meant to be there, as the scanners document it.
_ALLOWED = re.compile(
    r"gitleaks:allow|betterleaks:allow|kingfisher:ignore|trufflehog:ignore|pragma: ?(?:allowlist|whitelist) secret"
)
_AROUND = 600  # characters before and after a value that a check reads; ours
_ENCODED_MOST = 300_000  # characters of a text in which we look for base64; ours
_PIECE = 1_000_000  # characters that a pattern sees at a time, so that a long line stays bounded; ours
_OVERLAP = 30_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit in a text, its value included: it never leaves the worker. `what` as the rules say it."""

    rule: Rule
    start: int
    end: int
    line: int
    value: str
    what: str


@lru_cache(maxsize=1)
def _by_keyword() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    found: dict[str, list[Rule]] = {}
    for rule in load().by_id.values():
        for word in rule.keywords:
            found.setdefault(word.lower(), []).append(rule)
    return tuple((word, tuple(rules)) for word, rules in found.items())


def candidates(text: str) -> list[Rule]:
    """The rules whose keyword stands in the text, in the order of the file."""
    low = text.lower()
    wanted = {rule.id for word, rules in _by_keyword() if word in low for rule in rules}
    return [rule for rule in load().by_id.values() if rule.id in wanted]


def scan(text: str, path: str) -> list[Hit]:
    """Every hit in a text, once for each place; the rule that says most wins where several meet."""
    raw: list[tuple[Rule, int, int, str]] = []
    for offset, piece in _pieces(text):
        raw += [(rule, start + offset, end + offset, what) for rule, start, end, what in _raw(piece, path)]
    if len(text) <= _ENCODED_MOST and not telling.quiet(path):
        raw += _encoded(text, path)
    return _distinct(raw, text)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    if len(text) <= _PIECE:
        yield 0, text
        return
    at = 0
    while at < len(text):
        yield at, text[at : at + _PIECE + _OVERLAP]
        at += _PIECE


def _raw(text: str, path: str) -> Iterator[tuple[Rule, int, int, str]]:
    for rule in candidates(text):
        if rule.kind == "telling":
            yield from ((rule, start, end, what) for start, end, what in telling.found(rule, text, path))
            continue
        if rule.near and telling.quiet(path):
            continue
        for match in rule.regex.finditer(text):
            group = match.lastindex or 0
            start, end = match.span(group)
            around = Around(text[max(0, start - _AROUND) : start], text[end : end + _AROUND], path)
            if what := what_it_is(rule, match[group], around):
                yield rule, start, end, what


def _encoded(text: str, path: str) -> Iterator[tuple[Rule, int, int, str]]:
    """Keys in a provider's form that stand in base64, as Kubernetes' secrets do."""
    for inner, start, end in leaks.unwrapped_base64(text):
        for rule, _, _, what in _raw(inner, path):
            if (rule.alone or rule.kind == "address") and rule.kind != "header":
                yield rule, start, end, what
                break


def _distinct(raw: Iterable[tuple[Rule, int, int, str]], text: str) -> list[Hit]:
    order = {rule_id: at for at, rule_id in enumerate(load().by_id)}
    best: list[tuple[Rule, int, int, str]] = []
    for one in sorted(raw, key=lambda each: (_weight(each[0]), each[2] == each[1], order[each[0].id], each[1])):
        if not any(one[1] < kept[2] and kept[1] < one[2] for kept in best):
            best.append(one)
    hits = []
    for rule, start, end, what in sorted(best, key=lambda each: each[1]):
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        if _ALLOWED.search(text, line_start, line_end if line_end >= 0 else len(text)):
            continue
        hits.append(Hit(rule, start, end, text.count("\n", 0, start) + 1, text[start:end], what))
    return hits


def _weight(rule: Rule) -> int:
    if rule.id == "clerk-key":
        return 0  # the same form as another provider's: the name beside it tells
    if rule.kind == "telling":
        return 4
    return 3 if rule.kind else 2 if rule.near or not rule.alone else 1
