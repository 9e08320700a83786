"""Keeps a hostile page from an HTML parser whose work grows with the square of nesting and of attributes. Pure.

600,000 open <div>s keep lexbor busy for minutes. Browsers stop at 512; here a page ends where it goes beyond what
any real page does.
"""

from __future__ import annotations

import re
from collections import Counter

from launchready_tui import limits

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)|<!--|<[!?/]")
_ATTRIBUTE = re.compile(r"""[\s/]*+(?:[^\s/>=]|=)[^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
_END = re.compile(r"[\s/]*+>?")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_IMPLIED = frozenset({"p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot"})
_IMPLIED_OPEN = 20  # these close one another: many open ones are few for the parser
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


def bounded(html: str) -> str:
    """`html`, cut where a tag has more attributes or an element lies deeper than any real page has it."""
    html = html[: limits.HTML_CHARACTERS]
    lower = html.lower()
    if len(lower) != len(html):  # a few letters change length: then look for ends as they are written
        lower = html
    opened: Counter[str] = Counter()
    depth = at = 0
    while (tag := _TAG.search(html, at)) is not None:
        at = tag.end()
        if tag[2] is None:
            at = _after(html, "-->" if tag[0] == "<!--" else ">", at)
            continue
        name = tag[2].lower()
        attributes = 0
        while (attribute := _ATTRIBUTE.match(html, at)) is not None:
            at = attribute.end()
            attributes += 1
            if attributes > limits.HTML_ATTRIBUTES:
                return html[: tag.start()]
        ended = _END.match(html, at)
        at = ended.end() if ended is not None else at
        if tag[1]:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
        elif name in _RAW:
            at = _raw_end(lower, name, at)
        elif name not in _VOID and not (name in _IMPLIED and opened[name] >= _IMPLIED_OPEN):
            opened[name] += 1
            depth += 1
            if depth > limits.HTML_DEPTH:
                return html[: tag.start()]
    return html


def _after(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found == -1 else found + len(mark)


def _raw_end(lower: str, name: str, at: int) -> int:
    """Where the text of a <script> or its like ends: at its end tag, whatever stands in it."""
    found = lower.find(f"</{name}", at)
    return len(lower) if found == -1 else found
