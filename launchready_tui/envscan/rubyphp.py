"""Variables that Ruby and PHP read, their templates and configuration files among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from launchready_tui.envscan.calls import NAME, UPPER, Around, Call, find
from launchready_tui.envscan.masking import Source, blank, views
from launchready_tui.envscan.model import Use

_RUBY_TRIGGER = re.compile(r"\bENV\b|Figaro")
_Q = r"\s{0,9}[\"']"
_RUBY = (
    Call(re.compile(rf"\bENV\[{_Q}(?P<n>{NAME})[\"']\s*\](?!\s*=[^=~])")),
    Call(re.compile(rf"\bENV\.fetch\(?{_Q}(?P<n>{NAME})[\"']"), second=True),
    Call(re.compile(rf"\bENV\.(?:key\?|has_key\?|include\?|member\?)\(?{_Q}(?P<n>{NAME})[\"']"), optional=True),
    Call(re.compile(rf"\bFigaro\.env\.(?P<n>{NAME})!"), strict=True),
    Call(re.compile(rf"\bFigaro\.env\.(?P<n>{NAME})\b(?![!?])")),
)
_RUBY_MANY = re.compile(
    r"\b(?:ENV\.(?:values_at|fetch_values|slice)|Figaro\.require_keys|Dotenv\.require_keys)\(([^()]{1,2000})\)"
)
_RUBY_AROUND = Around(
    default=re.compile(r"\s*\)?\s*(?:\{|do\b|\|\||\.presence\s*\|\|)"),
    guard=re.compile(r"\s*(?:\.(?:present|blank|nil|empty)\?|[=!]=|=~|&\.|\?(?=\s)|&&|(?:then|do)\b)"),
    asked=re.compile(r"(?:\b(?:if|unless|elsif|and|or|not)\s+!?|&&\s*|!)$"),
    stops=re.compile(r"(?:\|\||\bor)\s*(?:raise|abort|fail)\b|\bunless\s[^\n]{0,20}$|\n\s*(?:raise|abort)\b"),
)
_ERB = re.compile(r"<%(?!%)[=-]{0,2}((?:[^%<]|%(?!>)|<(?!%)){0,2000}+)%>")
_QUOTED = re.compile(rf"[\"':]({UPPER})\b")

_PHP_TRIGGER = re.compile(r"env|ENV", re.IGNORECASE)
_PHP = (
    Call(re.compile(rf"(?<![\w>$:])\\?(?:getenv|env)\({_Q}(?P<n>{NAME})[\"']"), second=True),
    Call(re.compile(rf"\b(?:Env|Environment)::(?:get|getOrFail|required)\({_Q}(?P<n>{NAME})[\"']"), second=True),
    Call(re.compile(rf"\$_ENV\[{_Q}(?P<n>{NAME})[\"']\s*\](?!\s*=[^=>])")),
    Call(
        re.compile(
            rf"\$_SERVER\[{_Q}(?P<n>(?!HTTP_|REQUEST_|SERVER_|REMOTE_|SCRIPT_|PHP_|DOCUMENT_|QUERY_|CONTENT_|PATH_|HTTPS|GATEWAY_|argv|argc){UPPER})[\"']\s*\](?!\s*=[^=>])"
        )
    ),
    Call(re.compile(rf"(?<![\w>$])->(?:required|ifPresent)\({_Q}(?P<n>{UPPER})[\"']")),
    Call(re.compile(rf"#\[Autowire\(env:{_Q}(?:\w+:){{0,4}}(?P<n>{UPPER})[\"']")),
)
_PHP_AROUND = Around(
    default=re.compile(r"\s*\)?\s*(?:\?:|\?\?|\|\|)"),
    guard=re.compile(r"\s*\)?\s*(?:[=!]==?|&&|\?(?![:?])|\)\s*\{)"),
    asked=re.compile(r"(?:!|\bif\s*\(|&&|\bisset\(|\bempty\()\s*$"),
    stops=re.compile(r"(?:\?:|\?\?|\{)\s*(?:throw\b|die\b|exit\b|abort\()"),
)
_PERCENT = re.compile(rf"%env\((?:[a-z_]+:){{0,6}}({UPPER})\)%")
_DEFAULTED = re.compile(rf"^[ \t]*env\(({UPPER})\)\s*:", re.MULTILINE)


def read_ruby(path: str, text: str) -> Iterator[Use]:
    if not _RUBY_TRIGGER.search(text):
        return
    if path.endswith((".yml", ".yaml", ".erb")):
        text = _embedded(text, path)
    source = views(text, "ruby")
    for use in find(source, path, _RUBY, _RUBY_AROUND):
        yield Use(use.name.upper(), path, use.line, use.required, use.guard)
    for match in _RUBY_MANY.finditer(source.code):
        if source.runs(match.start()):
            hard = "slice" not in match[0] and "values_at" not in match[0]
            yield from (Use(name, path, source.line(match.start()), hard) for name in _QUOTED.findall(match[1]))


def _embedded(text: str, path: str) -> str:
    """The Ruby between <% and %>, all else blank; in YAML a line that is a comment is none."""
    if not path.endswith(".erb"):
        text = re.sub(r"(?m)^[ \t]*#[^\n]*", lambda match: " " * len(match[0]), text)
    out, last = [], 0
    for match in _ERB.finditer(text):
        out += [blank(text[last : match.start(1)]), match[1]]
        last = match.end(1)
    return "".join((*out, blank(text[last:])))


def read_php(path: str, text: str) -> Iterator[Use]:
    if not _PHP_TRIGGER.search(text):
        return
    source = views(text, "php")
    yield from find(source, path, _PHP, _PHP_AROUND)


def read_symfony(path: str, text: str) -> Iterator[Use]:
    """%env(NAME)% in YAML, XML or PHP; `env(NAME): value` beside it is its default (Symfony docs, "Environment")."""
    if "env(" not in text:
        return
    source: Source = views(text, "hash" if path.endswith((".yml", ".yaml")) else "")
    given = {match[1] for match in _DEFAULTED.finditer(source.code)}
    for match in _PERCENT.finditer(source.code):
        yield Use(match[1], path, source.line(match.start()), match[1] not in given and "default:" not in match[0])
