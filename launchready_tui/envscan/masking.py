"""Source text with its comments, and with its strings, blanked out: what is left is what a machine would run.

Each view has the length of the text, so a place in one is the place in all. Not a parser: one pass over the tokens that
matter (comments, strings, interpolations). A line longer than a person writes is taken for machine output and blanked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

LINE_MOST = 4_000  # characters; a longer line is minified or data, and would make the patterns slow
_NOT_NEWLINE = re.compile(r"[^\n]")
_LONG = re.compile(rf"^[^\n]{{{LINE_MOST},}}+$", re.MULTILINE)
_STRING = r'"(?:\\.|[^"\\\n])*+"|\'(?:\\.|[^\'\\\n])*+\''

_C_COMMENTS = r"//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z)"
_PATTERNS: dict[str, str] = {
    "python": r"(?P<c>\#[^\n]*+)|(?P<f>\b[rRbB]?[fF][rRbB]?(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)|"
    + _STRING
    + r"))|(?P<s>\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)|"
    + _STRING
    + r")",
    "ruby": r"(?P<c>(?m:^)=begin\b[\s\S]*?(?:\n=end\b[^\n]*+|\Z)|(?<![\w\"'$?])\#(?!\{)[^\n]*+)"
    r"|(?P<f>\"(?:\\.|\#\{[^{}\n]*+\}|[^\"\\])*+\")|(?P<s>'(?:\\.|[^'\\\n])*+')",
    "elixir": r"(?P<f>\"\"\"[\s\S]*?(?:\"\"\"|\Z)|\"(?:\\.|\#\{[^{}\n]*+\}|[^\"\\])*+\")|(?P<c>(?<!\?)\#(?!\{)[^\n]*+)",
    "php": r"(?P<c>\{\{--[\s\S]*?(?:--\}\}|\Z)|" + _C_COMMENTS + r"|\#(?!\[)[^\n]*+)"
    r"|(?P<s>\"(?:\\.|[^\"\\])*+\"|'(?:\\.|[^'\\])*+')",
    "go": rf"(?P<c>{_C_COMMENTS})|(?P<s>`[^`]*+`|\"(?:\\.|[^\"\\\n])*+\"|'(?:\\.|[^'\\\n])')",
    "rust": rf"(?P<c>{_C_COMMENTS})|(?P<s>\br(\#{{0,8}})\"[\s\S]*?(?:\"\3|\Z)|"
    r"\"(?:\\.|[^\"\\])*+\"|'(?:\\.|[^'\\\n])')",
    "jvm": rf"(?P<c>{_C_COMMENTS})|(?P<s>\"\"\"[\s\S]*?(?:\"\"\"|\Z)|\"(?:\\.|[^\"\\\n])*+\"|'(?:\\.|[^'\\\n])')",
    "hash": r"(?P<c>(?:(?m:^)|(?<=[\s;]))\#[^\n]*+)|(?P<s>\"(?:\\.|[^\"\\\n])*+\"|'(?:''|[^'\n])*+')",
    "shell": r"(?P<s>'[^']*+')|(?P<c>(?:(?m:^)|(?<=[\s;(]))\#[^\n]*+)|(?P<keep>\\.|\"(?:\\.|[^\"\\])*+\")",
    "slashes": rf"(?P<c>{_C_COMMENTS})|(?P<s>{_STRING})",
}
_LEXERS = {name: re.compile(pattern, re.DOTALL if name == "shell" else 0) for name, pattern in _PATTERNS.items()}
_INSIDE = {
    "python": re.compile(r"\{([^{}\n]*)\}"),
    "ruby": re.compile(r"#\{([^{}\n]*)\}"),
    "elixir": re.compile(r"#\{([^{}\n]*)\}"),
}

_JS = re.compile(r"//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z)|<!--[\s\S]*?(?:-->|\Z)|" + _STRING + r"|[`/]")
_JS_INSIDE = re.compile(_JS.pattern[:-2] + r"/{}]")  # within ${ }, braces count too
_JS_TEMPLATE = re.compile(r"\\[\s\S]|`|\$\{")
_JS_REGEX = re.compile(r"/(?![*/>])(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\[\n])++/[a-z]{0,8}")
_BEFORE_REGEX = re.compile(r"(?:[(,=:\[!&|?;+~^<>{]|\b(?:return|typeof|case|in|of))\s{0,40}$|^\s{0,40}$")
_URL_AHEAD = re.compile(r"[a-z]{2,8}:$")


@dataclass(frozen=True)
class Source:
    """`code` has no comments, `bare` has no content of strings either (but for what is interpolated into them)."""

    text: str
    code: str
    bare: str
    _starts: list[int] = field(default_factory=list, compare=False)

    def line(self, at: int) -> int:
        """The line of a place, from 1."""
        return bisect_right(self._lines, at)

    @cached_property
    def _lines(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def runs(self, at: int) -> bool:
        """True where the character at `at` is code: neither in a comment nor in a string."""
        return self.bare[at] == self.text[at] != " "


def blank(text: str) -> str:
    """Blanks of the same length, line ends kept."""
    return _NOT_NEWLINE.sub(" ", text) if "\n" in text else " " * len(text)


def views(text: str, language: str) -> Source:
    """Mask a text. `language` is "javascript", one of the names above, or "" for text without comments."""
    text = text.replace("\r", " ")
    text = _LONG.sub(lambda match: " " * len(match[0]), text)
    if language == "javascript":
        return _javascript(text)
    lexer = _LEXERS.get(language)
    if lexer is None:
        return Source(text, text, text)
    inside = _INSIDE.get(language)
    code: list[str] = []
    bare: list[str] = []
    last = 0
    for match in lexer.finditer(text):
        code.append(text[last : match.start()])
        bare.append(text[last : match.start()])
        last, token, kind = match.end(), match[0], match.lastgroup
        if kind == "c":
            code.append(blank(token))
            bare.append(blank(token))
        elif kind == "keep":
            code.append(token)
            bare.append(token)
        else:
            code.append(token)
            bare.append(_interpolated(token, inside if match.groupdict().get("f") else None))
    code.append(text[last:])
    bare.append(text[last:])
    return Source(text, "".join(code), "".join(bare))


def _interpolated(token: str, inside: re.Pattern[str] | None) -> str:
    """A string without its content, its quotes and what is interpolated kept."""
    hidden = token[0] + blank(token[1:-1]) + token[-1] if len(token) > 1 else token
    if inside is None:
        return hidden
    for match in inside.finditer(token):
        hidden = hidden[: match.start()] + match[0] + hidden[match.end() :]
    return hidden


def _javascript(text: str) -> Source:
    """JavaScript and what is written like it: templates hold code, and a slash may open a pattern."""
    code: list[str] = []
    bare: list[str] = []
    depths: list[int] = []  # of the templates that we are inside of: open braces since their ${
    at, end = 0, len(text)

    def keep(upto: int) -> None:
        nonlocal at
        code.append(text[at:upto])
        bare.append(text[at:upto])
        at = upto

    def hide(upto: int, comment: bool) -> None:
        nonlocal at
        token = text[at:upto]
        code.append(blank(token) if comment else token)
        bare.append(blank(token) if comment or len(token) < 2 else token[0] + blank(token[1:-1]) + token[-1])
        at = upto

    def template() -> None:
        """From after a backtick or a closing brace to the end of the template or its next code."""
        nonlocal at
        start = at
        while True:
            match = _JS_TEMPLATE.search(text, at)
            at = match.end() if match else end
            if match is None or match[0] in ("`", "${"):
                break
        code.append(text[start:at])
        tail = 0 if match is None else len(match[0])
        bare.append(blank(text[start : at - tail]) + text[at - tail : at])
        if match is not None and match[0] == "${":
            depths.append(0)

    while at < end:
        match = (_JS_INSIDE if depths else _JS).search(text, at)
        if match is None:
            keep(end)
            break
        token = match[0]
        if token.startswith("//") and _URL_AHEAD.search(text, max(0, match.start() - 9), match.start()):
            keep(match.start() + 2)  # an address in a text between tags
            continue
        keep(match.start())
        if token[0] in "\"'":
            hide(match.end(), False)
        elif token.startswith(("//", "/*", "<!--")):
            hide(match.end(), True)
        elif token == "`":
            keep(match.end())
            template()
        elif token == "/":
            literal = _JS_REGEX.match(text, at) if _BEFORE_REGEX.search(text, max(0, at - 48), at) else None
            if literal is not None:
                hide(literal.end(), False)
            else:
                keep(match.end())
        else:
            keep(match.end())
            if token == "{":
                depths[-1] += 1
            elif depths[-1]:
                depths[-1] -= 1
            else:
                depths.pop()
                template()
    return Source(text, "".join(code), "".join(bare))
