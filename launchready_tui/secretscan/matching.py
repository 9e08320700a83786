"""Our own engine: a quick look for keywords, then the patterns of the rules whose keyword is there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from launchready_tui import leaks, limits
from launchready_tui.secretrules import Rule, load
from launchready_tui.secretscan import telling
from launchready_tui.secretscan.values import OPEN_ROLES, Around, claims, what_it_is

# What people write on a line to say that it is meant to be there, as the scanners document it.
_ALLOWED = re.compile(
    r"gitleaks:allow|betterleaks:allow|kingfisher:ignore|trufflehog:ignore|pragma: ?(?:allowlist|whitelist) secret"
)
# The name of a setting before its value; one that is in an address or longer than a name is none.
_LABEL = re.compile(
    r"(?<![A-Za-z0-9_])([A-Z][A-Z0-9_]{2,60})[\"'\]]{0,2}\s{0,3}(?:=>|:=|[:=,])\s{0,3}[\"'`]?[^\s\"'`]{0,80}$"
)
_LABEL_MOST = 160
_RUN = re.compile(r"[A-Za-z0-9_\-.:/+=~]{15,}")
_AROUND = 600  # characters before and after a value that a check reads; ours
_ENCODED_MOST = 300_000  # characters of a text in which we look for base64; ours
_PIECE = 1_000_000  # characters that a pattern sees at a time, so that a long line stays bounded; ours
_OVERLAP = 30_000


_Place = tuple[Rule, int, int, str]  # what it is, "" where it is no key


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit in a text, its value included: it never leaves the worker. `what` as the rules say it."""

    rule: Rule
    start: int
    end: int
    line: int
    value: str
    what: str
    label: str = ""


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    return {rule_id: at for at, rule_id in enumerate(load().by_id)}


@lru_cache(maxsize=1)
def _keywords() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """(keyword, rule) of the rules that are known by their own form, and of the others."""
    alone: list[tuple[str, str]] = []
    beside: list[tuple[str, str]] = []
    for rule in load().by_id.values():
        for word in rule.keywords:
            (alone if rule.alone and not rule.kind else beside).append((word, rule.id))
    return tuple(alone), tuple(beside)


def candidates(text: str) -> list[Rule]:
    """The rules whose keyword stands in the text, in the order of the file."""
    alone, beside = _keywords()
    runs = "\n".join(_RUN.findall(text))  # a key is one long run: what is shorter need not be looked through
    low = text.lower()
    wanted = {id for word, id in alone if word in runs} | {id for word, id in beside if word in low}
    by_id = load().by_id
    return [by_id[id] for id in sorted(wanted, key=_order().__getitem__)]


def scan(text: str, path: str) -> list[Hit]:
    """Every hit in a text, once for each place; the rule that says most wins where several meet."""
    return looked(text, path)[0]


def looked(text: str, path: str) -> tuple[list[Hit], list[tuple[int, int]]]:
    """The hits, and the places (start, end) that have a provider's form and are no key."""
    raw: list[_Place] = []
    for offset, piece in _pieces(text):
        raw += [(rule, start + offset, end + offset, what) for rule, start, end, what in _raw(piece, path)]
    if len(text) <= _ENCODED_MOST and not telling.quiet(path):
        raw += _encoded(text, path)
    best, refused = _distinct(raw)
    return _hits(best, text), [(start, end) for _, start, end, _ in refused]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    if len(text) <= _PIECE:
        yield 0, text
        return
    at = 0
    while at < len(text):
        yield at, text[at : at + _PIECE + _OVERLAP]
        at += _PIECE


def _raw(text: str, path: str) -> Iterator[_Place]:
    for rule in candidates(text):
        if rule.kind == "role":  # told from another's hit
            continue
        if rule.kind == "telling":
            yield from ((rule, start, end, what) for start, end, what in telling.found(rule, text, path))
            continue
        if rule.near and telling.quiet(path):
            continue
        for match in rule.regex.finditer(text):
            group = match.lastindex or 0
            start, end = match.span(group)
            around = Around(text[max(0, start - _AROUND) : start], text[end : end + _AROUND], path)
            yield rule, start, end, what_it_is(rule, match[group], around)


def _encoded(text: str, path: str) -> Iterator[_Place]:
    """Keys in a provider's form that stand in base64, as Kubernetes' secrets do."""
    for inner, start, end in leaks.unwrapped_base64(text):
        for rule, _, _, what in _raw(inner, path):
            if what and (rule.alone or rule.kind == "address") and rule.kind != "header":
                yield rule, start, end, what
                break


def _distinct(raw: Iterable[_Place]) -> tuple[list[_Place], list[_Place]]:
    """(hits, refused forms), none of which meets another: what says most comes first."""
    order = _order()
    best: list[_Place] = []
    refused: list[_Place] = []
    taken: list[tuple[int, int]] = []  # places that meet nowhere, in order
    for one in sorted(raw, key=lambda each: (_weight(each[0]), each[2] == each[1], order[each[0].id], each[1])):
        rule, start, end, what = one
        if not what and rule.kind:
            continue  # only a form that is no key is none by its name either
        at = bisect_left(taken, (start, end))
        if (at and taken[at - 1][1] > start) or (at < len(taken) and taken[at][0] < end):
            continue
        taken.insert(at, (start, end))
        (best if what else refused).append(one)
    return best, refused


def _hits(best: Iterable[_Place], text: str) -> list[Hit]:
    hits: list[Hit] = []
    line, counted = 1, 0
    for rule, start, end, what in sorted(best, key=lambda each: each[1])[: limits.SECRETS_HITS]:
        line, counted = line + text.count("\n", counted, start), start
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        if _ALLOWED.search(text, line_start, line_end if line_end >= 0 else len(text)):
            continue
        if rule.id == "jwt" and str((claims(text[start:end]) or {}).get("role")) in OPEN_ROLES:
            rule = load().by_id["supabase-service-role"]
        label = _LABEL.search(text, max(line_start, start - _LABEL_MOST), start)
        hits.append(Hit(rule, start, end, line, text[start:end], what, label[1] if label else ""))
    return hits


def _weight(rule: Rule) -> int:
    if rule.id == "clerk-key":
        return 0  # the same form as another provider's: the name beside it tells
    if rule.kind == "telling":
        return 4
    return 3 if rule.kind else 2 if rule.near or not rule.alone else 1
