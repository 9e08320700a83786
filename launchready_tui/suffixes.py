"""The Public Suffix List that comes with us: which part of a name was registered.

It is read for one top-level domain at a time, since reading all 10,000 rules would hold the screen for 60 ms.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import publicsuffixlist

_PRIVATE = "===BEGIN PRIVATE DOMAINS==="  # the marker between the registries' own rules and those of hosts


def private_suffix(name: str, *, only_icann: bool = False) -> str | None:
    """The registered part of `name` ("good.co.uk" of "app.good.co.uk"), in lower case; None for a suffix itself.

    `only_icann` knows the registries' own rules alone, not those of hosts that lend names (github.io). An ending that
    is not listed counts as one suffix (the list's rule "*"). A trailing dot does not matter.
    """
    name = name.lower().removesuffix(".")
    found = _rules_for(name.rpartition(".")[2], only_icann=only_icann).privatesuffix(name)
    return str(found) if found else None


@functools.lru_cache(maxsize=64)
def _rules_for(ending: str, *, only_icann: bool) -> publicsuffixlist.PublicSuffixList:
    endings = {ending}
    if ending.startswith("xn--"):
        try:
            endings.add(ending.encode("ascii").decode("idna"))  # as the list writes it
        except UnicodeError:
            pass  # no name: no rule is for it
    text = _list(only_icann=only_icann)
    rules = [rule for each in endings if each for rule in _ending_in(each, text)]
    # Names are asked for in both forms, so both stand in the list.
    rules += [_encoded(rule) for rule in rules if not rule.isascii()]
    return publicsuffixlist.PublicSuffixList(rules, accept_encoded_idn=False)


def _ending_in(ending: str, text: str) -> Iterator[str]:
    """Every rule for `ending` and for names under it: a line each. Only these lines are looked at."""
    tail, after = f"{ending}\n", 0
    while (at := text.find(tail, after)) > 0:
        after = at + len(tail)
        line = text[text.rfind("\n", 0, at) + 1 : after - 1]
        if text[at - 1] in ".\n" and not line.startswith("//"):
            yield line


def _encoded(rule: str) -> str:
    """A rule in A-labels; its sign of an exception stays before it."""
    return rule[: rule.startswith("!")] + rule.lstrip("!").encode("idna").decode("ascii")


@functools.cache
def _list(*, only_icann: bool) -> str:
    text = Path(publicsuffixlist.PSLFILE).read_text("utf-8")
    return text.partition(_PRIVATE)[0] if only_icann else text
