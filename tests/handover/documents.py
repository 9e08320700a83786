"""Any document at all: every field of every type, with any text that a file can hold. Read off the types themselves, so
that a field added later is tried too."""

from __future__ import annotations

import datetime as dt
import types
import typing
from typing import Any

import msgspec
from hypothesis import strategies as st

from launchready_tui.handover.document import Handover

# Lone surrogates cannot stand in a file; hypothesis gives them unless told not to.
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
# What has harmed a reader before: markup of each format, formulas, terminal escapes, bidi, line ends, folding.
HOSTILE = st.sampled_from(
    [
        "</td><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        'https://good.example/" onmouseover="x',
        "https://ada:secret@evil.example/",
        "{{ 7 * 7 }}{% raw %}",
        '=HYPERLINK("https://evil.example","x")',
        "@SUM(1)",
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "+49 170 1234567",
        "\x1b]52;c;eA==\x07\x1b[2J\u009b2J",
        "\u202egnp.exe\u2066\u200b",
        "a\r\nBEGIN:VEVENT\r\nUID:x",
        "a\nb\n# c\n- d\n```\n~~~",
        '\ttab;semi,comma\\back:colon"quote',
        "[click](https://evil.example) ![x](https://evil.example/x.png) <b>b</b> &lt; &#x41;",
        "| a | b |",
        "1. one",
        "````",
        "$x$ ~~y~~ **z** __u__ ^1 [^1]: n",
        "\"\"\"\n'''\n[systems]\n",
        "ü" * 90,
        "𝔘" * 40,
        "\x00\x7f\ufeff\u2028\u2029",
        "www.evil.example and @ada",
    ]
)
TEXT = ANY_TEXT | HOSTILE


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that a document has."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:  # the only bound is "from 0 on", or from 1
        return any_of(inner[0]).map(lambda number: max(number, 1))
    if origin is list:
        return st.lists(any_of(inner[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(TEXT, any_of(inner[1]), max_size=2)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([any_of(each) for each in inner])
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return any_struct(hint)
    plain: dict[object, st.SearchStrategy[Any]] = {
        str: TEXT,
        bool: st.booleans(),
        int: st.integers(0, 2**53),
        type(None): st.none(),
        dt.date: st.dates(),
        dt.datetime: st.datetimes(timezones=st.just(dt.UTC)),
    }
    return plain[hint]


def any_struct(kind: type[msgspec.Struct], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: fixed[name] if name in fixed else any_of(hint) for name, hint in hints.items()})


HANDOVERS: st.SearchStrategy[Handover] = any_struct(Handover, schema_version=st.just(1))
