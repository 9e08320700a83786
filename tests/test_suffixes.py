"""The registered part of a name, read from the rules of its own ending alone: the same as by the whole list."""

from __future__ import annotations

from pathlib import Path

import publicsuffixlist
import pytest

from launchready_tui.suffixes import private_suffix

RULES = [
    line
    for line in Path(publicsuffixlist.PSLFILE).read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("//")
]


@pytest.mark.parametrize("only_icann", [False, True], ids=["all", "icann"])
def test_it_agrees_with_the_whole_list(only_icann: bool) -> None:
    whole = publicsuffixlist.PublicSuffixList(only_icann=only_icann)
    odd = [rule for rule in RULES if not rule.isascii() or rule[0] in "!*"]
    for rule in (*RULES[:: len(RULES) // 400], *odd):
        name = rule.removeprefix("!").replace("*", "any")
        for asked in (name, f"good.{name}", f"app.good.{name}", f"app.good.{name}".encode("idna").decode()):
            assert private_suffix(asked, only_icann=only_icann) == whole.privatesuffix(asked), asked


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("App.Good.CO.uk.", "good.co.uk"),
        ("co.uk", None),
        ("good.github.io", "good.github.io"),
        ("good.nosuchending", "good.nosuchending"),
        ("nosuchending", None),
        ("app.good.xn--p1ai", "good.xn--p1ai"),
        ("good.xn--no-a-label-\xff", "good.xn--no-a-label-\xff"),
        ("good.xn--\u2603", "good.xn--\u2603"),
        ("a..good.com", None),
        ("", None),
    ],
)
def test_names(name: str, registered: str | None) -> None:
    assert private_suffix(name) == registered


def test_the_registries_own_rules_alone() -> None:
    assert private_suffix("app.good.github.io", only_icann=True) == "github.io"
