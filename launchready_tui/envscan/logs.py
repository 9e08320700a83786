"""Log calls whose arguments name what does not belong in a log (OWASP Logging Cheat Sheet, "Data to exclude").

A static look: whether the value really arrives there, only a person can say.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.envscan.masking import Source, views
from launchready_tui.envscan.walk import is_test, own
from launchready_tui.envscan.words import words

_LANGUAGES = (
    (re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|astro)$"), "javascript"),
    (re.compile(r"\.py$"), "python"),
    (re.compile(r"\.(?:rb|rake|erb)$"), "ruby"),
    (re.compile(r"\.php$"), "php"),
    (re.compile(r"\.go$"), "go"),
    (re.compile(r"\.rs$"), "rust"),
    (re.compile(r"\.exs?$"), "elixir"),
    (re.compile(r"\.(?:java|kt|scala|cs)$"), "jvm"),
)
_LEVELS = r"(?:trace|debug|info|notice|log|warn|warning|error|exception|fatal|critical|panic)"
_LOGGERS = r"(?<!\w)\w{0,20}(?:logger|log|logging|slog|zap|sugar|winston|pino|LOG|LOGGER|Logger|Log|logrus)"
_CALLS: dict[str, re.Pattern[str]] = {
    "javascript": re.compile(
        rf"\bconsole\.(?:log|debug|info|warn|error|trace|dir|table)\(|{_LOGGERS}\.{_LEVELS}\(", re.IGNORECASE
    ),
    "python": re.compile(rf"(?<![\w.])p?print\(|{_LOGGERS}\.{_LEVELS}\("),
    "ruby": re.compile(
        rf"(?m:^|;|\bthen\b|\{{)[ \t]*(?:puts|pp|p)[ (](?!=)|\b(?:Rails\.)?(?:logger|Logger)\.{_LEVELS}[ (]"
    ),
    "php": re.compile(
        rf"\b(?:error_log|var_dump|print_r|dd|dump|syslog|logger)\(|\bLog::{_LEVELS}\(|->(?:logger|log)(?:\(\))?->{_LEVELS}\("
    ),
    "go": re.compile(
        r"\b(?:log|slog|logger|logrus|sugar|zap\.\w+\(\))\.(?:Print|Fatal|Panic|Debug|Info|Warn|Error|Trace)(?:f|ln|w|Context)?\(|\bfmt\.Print(?:f|ln)?\("
    ),
    "rust": re.compile(r"\b(?:println|eprintln|print|dbg|log|trace|debug|info|warn|error)!\s*\("),
    "elixir": re.compile(rf"\bLogger\.{_LEVELS}\(|\bIO\.(?:puts|inspect)\("),
    "jvm": re.compile(
        rf"\bSystem\.(?:out|err)\.print(?:ln|f)?\(|(?<![\w.])println\(|\b(?:log|logger|LOG|LOGGER|Log)\.{_LEVELS}\(|\bConsole\.Write(?:Line)?\(|\b_?logger\.Log\w*\("
    ),
}
_ARGUMENTS = 600  # characters of one call's arguments; longer ones are cut
# Names that say what they hold, part by part. "tokens" of a model, a "cookieBanner" and an "emailSent" hold none.
_WORD = re.compile(r"(?<!\w)(?:[A-Za-z_]\w{0,60}(?:\.|->|\?\.|::)){0,4}(?P<n>[A-Za-z_]\w{0,60})")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TELLING = words(
    "password passwd passphrase pwd secret token authorization apikey cookie cookies email emails credential "
    "credentials"
)
_TELLING_PAIRS = words("api-key private-key access-key secret-key email-address")
_HARMLESS = words(
    "count length len size limit usage used id ids type types name names sent status valid verified exists "
    "enabled expiry "
    "expires expired expiration banner consent template service error err provider queue subject max min budget "
    "total present "
    "missing required ok at ttl hash hashed digest reset field label path url uri endpoint page form input validator"
)
_COUNTED = words("total max min prompt completion input output num n has is no missing invalid needs use without")
_AFTER = re.compile(
    r"\s*(?:\.(?:length|size|count|len)\b|\?\.length\b|\(|\s+is\s+(?:not\s+)?None|\s*[=!]==?\s*(?:null|nil|undefined|None))"
)
_PARTS = re.compile(
    r"\b(?:req|request|ctx\.request|ctx\.req|c\.req|r|event)\.(?:headers?|Header|body|Body|rawHeaders|META|cookies|POST)\b|\brequest\.(?:headers|body|cookies|params)\b|\bparams\.inspect\b|\$request->(?:all|headers|cookie)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<![\w.$])(?:\$?req|\$?request|conn|ctx\.req|ctx\.request)(?![\w.\[(:]|\s*=|->|\?\.)")
_WHOLE_PART = re.compile(r"\b(?:req|request)\.(?:headers|body)(?![\w.\[(?]|\s*[=!]=)|\$request->all\(\)")
_MASKED = re.compile(
    r"\b\w*(?:redact|mask|scrub|sanitize|sanitise|filtered|obfuscate|hash|anonymi[sz]e)\w*\(", re.IGNORECASE
)
_REDACTOR = re.compile(
    r"\bredact\s*:|pino-?noir|filter_parameters|FilterParameterLogging|fast-redact|beforeSend|before_send\s*=|scrub_fields|"
    r"RedactingFilter|class\s+\w*(?:Redact|Mask|Scrub|Sensitive)\w*(?:Filter|Formatter|Processor)|filter_params|filter_parameters|"
    r"MaskingPatternLayout|sensitive_post_parameters|ReplaceAttr|winston\.format\(\s*\(?\w*(?:redact|mask)|@redact|SecretStr"
)


@dataclass(frozen=True, slots=True)
class LogCall:
    """One call: where, which name stands in it, and whether it writes the whole request."""

    path: str
    line: int
    name: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """What was found in how many files; `redactor` is the file in which one is set up, "" where none was seen."""

    calls: tuple[LogCall, ...]
    files: int
    redactor: str = ""
    cut: bool = False


def scan_logs(
    paths: Iterable[str], read: Callable[[str], str | None], *, stop: Callable[[], bool] = lambda: False
) -> Logged:
    """Look through a code folder's own source. Blocks: give it a thread."""
    kept, cut = own(paths)
    calls: list[LogCall] = []
    redactor, files, until = "", 0, time.monotonic() + limits.ENV_SECONDS
    for path in kept:
        language = next((name for pattern, name in _LANGUAGES if pattern.search(path)), "")
        if not language or is_test(path):
            continue
        if stop() or time.monotonic() > until:
            return Logged(tuple(calls), files, redactor, True)
        text = read(path)
        time.sleep(0)  # the loop's thread may take its turn
        files += 1
        if text:
            calls += in_text(path, text, language)
            redactor = redactor or (path if _REDACTOR.search(text) else "")
    return Logged(tuple(calls), files, redactor, cut)


def in_text(path: str, text: str, language: str) -> Iterator[LogCall]:
    """The calls of one file, each once."""
    if not _CALLS[language].search(text):
        return
    source = views(text, language)
    for match in _CALLS[language].finditer(source.bare):
        if not source.runs(match.start() + len(match[0]) - len(match[0].lstrip())):
            continue
        arguments = _arguments(source, match)
        name, whole = _named(arguments)
        if name:
            yield LogCall(path, source.line(match.start()), name, whole)


def _arguments(source: Source, match: re.Match[str]) -> str:
    """What stands between the parentheses, without the content of strings; to the line's end where there are none."""
    text = source.bare[match.end() : match.end() + _ARGUMENTS]
    if not match[0].endswith("("):
        return text.split("\n", 1)[0]
    depth = 1
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if not depth:
            return text[:at]
    return text


def _named(arguments: str) -> tuple[str, bool]:
    """The telling name in a call's arguments, and whether the whole request is written; ("", False) for none."""
    if _MASKED.search(arguments):
        return "", False
    whole = _WHOLE.search(arguments) or _WHOLE_PART.search(arguments)
    if whole is not None:
        return whole[0], True
    part = _PARTS.search(arguments)
    if part is not None:
        return part[0], False
    for match in _WORD.finditer(arguments):
        if _tells([part.lower() for part in _PART.findall(match["n"])]) and not _AFTER.match(arguments, match.end()):
            return match[0], False
    return "", False


def _tells(parts: list[str]) -> bool:
    """Do the parts of a name ("user", "password") say that it holds something for nobody's eyes?"""
    for at, part in enumerate(parts):
        pair = "-".join(parts[at : at + 2]) in _TELLING_PAIRS
        if part in _TELLING or pair:
            rest = parts[at + 1 + pair :]
            return not (rest and rest[0] in _HARMLESS) and not (at and parts[at - 1] in _COUNTED)
    return False
