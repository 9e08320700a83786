"""What a style sheet loads. Pure, linear in the length of the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits

_URL = re.compile(r"""url\(\s{0,8}(?:"([^"\n]{0,4000})"|'([^'\n]{0,4000})'|([^\s"')]{1,4000}))""", re.I)
_IMPORT = re.compile(r"""@import\s{1,8}(?:url\(\s{0,8})?["']?([^\s"');]{1,4000})""", re.I)


@dataclass(frozen=True, slots=True)
class CssUrl:
    """An address as written, and what it is for: a style sheet, a font, or a picture."""

    url: str
    kind: Literal["style", "font", "image"]


def css_urls(css: str) -> tuple[str, ...]:
    """Every address that a style sheet loads, as written, each once."""
    return tuple(dict.fromkeys(each.url for each in css_resources(css)))


def css_resources(css: str) -> tuple[CssUrl, ...]:
    """Every address that a style sheet loads, as written, in order. `data:` addresses are left out."""
    found: list[CssUrl] = []
    for prelude, text in _blocks(_without_comments(css[: limits.BODY_BYTES])):
        imports = [match[1] for match in _IMPORT.finditer(text)]
        found += [CssUrl(url, "style") for url in imports]
        kind: Literal["font", "image"] = "font" if prelude.lower().endswith("@font-face") else "image"
        for match in _URL.finditer(text):
            url = (match[1] or match[2] or match[3] or "").strip()
            if url and url not in imports:
                found.append(CssUrl(url, kind))
        if len(found) > limits.HTML_THINGS:
            break
    return tuple(each for each in found if not each.url.lower().startswith("data:"))[: limits.HTML_THINGS]


def _without_comments(css: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := css.find("/*", at)) != -1:
        kept.append(css[at:start])
        end = css.find("*/", start + 2)
        if end == -1:
            return "".join(kept)
        at = end + 2
    return "".join(kept) + css[at:]


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """(what stands before the brace, what stands in it); text outside of braces comes with an empty prelude."""
    prelude, at = "", 0
    for number, brace in enumerate(re.finditer(r"[{}]", css)):
        text = css[at : brace.start()]
        if text:
            yield prelude, text
        prelude = text[-200:].strip() if brace[0] == "{" else ""
        at = brace.end()
        if number > limits.CSS_BLOCKS:
            return
    if at < len(css):
        yield prelude, css[at:]
