"""Variables that Python reads: os.environ, django-environ, environs, decouple, pydantic settings, dynaconf."""

from __future__ import annotations

import re
from collections.abc import Iterator

from launchready_tui.envscan.calls import NAME, UPPER, Around, Call, find
from launchready_tui.envscan.masking import Source, views
from launchready_tui.envscan.model import Use

TRIGGER = re.compile(r"env|dj_database_url|decouple|BaseSettings|ynaconf|starlette\.config", re.IGNORECASE)
_Q = r"\s{0,40}[rb]?[\"']"
_CALLS = (
    Call(re.compile(rf"\benviron\[{_Q}(?P<n>{NAME})[\"']\s{{0,40}}\](?!\s*=[^=])(?!\s*:)"), strict=True),
    Call(re.compile(rf"\b(?:environ(?:ment)?\.(?:get|pop)|getenvb?)\({_Q}(?P<n>{NAME})[\"']")),
    Call(re.compile(rf"\benviron\.setdefault\({_Q}(?P<n>{NAME})[\"']"), optional=True),
    Call(re.compile(rf"[\"'](?P<n>{NAME})[\"']\s+(?:not\s+)?in\s+(?:os\.)?environ\b"), optional=True, raw=True),
)
_ENVIRON_FILE = re.compile(r"\b(?:import\s+environ\b|from\s+environs?\b|import\s+environs|FileAwareEnv)")
_ENVIRON = (
    Call(
        re.compile(
            rf"(?<![\w.])(?:env|ENV|_env)(?:\.(?!read_env|get_value\b)[a-z_]{{2,20}}|\.get_value)?\({_Q}(?P<n>{UPPER})[\"']"
        )
    ),
    Call(re.compile(rf"(?<![\w.])(?:env|ENV)\[{_Q}(?P<n>{UPPER})[\"']\s*\]"), strict=True),
)
# What django-environ reads where no name is given (its README).
_BARE = {
    "db": "DATABASE_URL",
    "cache": "CACHE_URL",
    "email": "EMAIL_URL",
    "search_url": "SEARCH_URL",
    "channels": "CHANNELS_URL",
}
_BARE_CALL = re.compile(r"(?<![\w.])env\.(db|cache|email|search_url|channels)(?:_url)?\(\s*\)")
_SCHEME = re.compile(r"\b(?:environ\.)?(?:Env|FileAwareEnv)\(([^#]{1,4000}?)\n?\)(?=\s*(?:\n|$))")
_SCHEME_NAME = re.compile(rf"(?<![\w.])({UPPER})\s*=\s*(\()?")
_DECOUPLE_FILE = re.compile(r"\bdecouple\b|starlette\.config|prettyconf")
_DECOUPLE = (Call(re.compile(rf"(?<![\w.])(?:config|auto_config|settings_env|_config)\({_Q}(?P<n>{NAME})[\"']")),)
_WRAPPED = (
    Call(
        re.compile(
            rf"(?<![\w.])(?:(?:get|read|load|require|required|must|need|fetch)_?(?:\w{{0,20}}_)?env(?:_\w{{1,20}})?|env|env_\w{{1,20}}|\w{{1,20}}_env)"
            rf"\({_Q}(?P<n>{UPPER})[\"']"
        )
    ),
)
_AROUND = Around(
    default=re.compile(
        r"\s*,\s*(?!(?:cast|var_type|type|subcast|validate)\s*=)[^\s)]|[^()\n]{0,80},\s*default\s*=|\s*\)\s*or\b"
    ),
    guard=re.compile(r"\s*(?:,\s*[^()]{0,40})?\)\s*(?:\.lower\(\)\s*)?(?:[=!]=|in\b|is\b|:\s*(?:\n|$))"),
    asked=re.compile(r"\b(?:if|elif|bool|not|and|or)(?:\s+\w+\s*:=)?[\s(]+(?:os\.)?$"),
    stops=re.compile(r":\s*\n?\s*(?:raise\b|sys\.exit|exit\()"),
)
_DYNAMIC = re.compile(
    r"\benviron(?:\.get)?[\[(]\s*[a-z_]\w*\s*[\])]|getenv\(\s*[a-z_]\w*\s*\)|[a-z]\w*\s+(?:not\s+)?in\s+os\.environ"
)
# A list that is kept or gone through; ("X") after a name is a call, and after "in" it is only compared.
_LIST = re.compile(
    rf"(?:(?<![=!<>])=|\bfor\s{{1,9}}\w{{1,40}}\s{{1,9}}in)\s{{0,9}}[\[(]\s*((?:[\"']{UPPER}[\"']\s*,?\s*){{1,80}})[\])]"
)
_QUOTED = re.compile(rf"[\"']({UPPER})[\"']")


def read(path: str, text: str) -> Iterator[Use]:
    """Everything that one file reads."""
    if not TRIGGER.search(text):
        return
    source = views(text, "python")
    calls: tuple[Call, ...] = _CALLS
    if _ENVIRON_FILE.search(source.code):
        calls += _ENVIRON
        yield from _scheme(source, path)
    elif not _DECOUPLE_FILE.search(source.code):
        calls += _WRAPPED
    if _DECOUPLE_FILE.search(source.code):
        calls += _DECOUPLE
    soft = {name for name, required in _schemed(source) if not required}
    for use in find(source, path, calls, _AROUND):
        yield Use(use.name, path, use.line, use.required and use.name not in soft, use.guard)
    if any(source.runs(match.start()) for match in _DYNAMIC.finditer(source.code)):
        for match in _LIST.finditer(source.code):
            if source.runs(match.start()):
                yield from (
                    Use(name, path, source.line(match.start())) for name in _QUOTED.findall(match[1]) if "_" in name
                )
    yield from _database(source, path)
    if "BaseSettings" in source.bare:
        yield from _pydantic(source, path)
    if "ynaconf" in source.bare:
        yield from _dynaconf(source, path)


_DATABASE = re.compile(r"\bdj_database_url\.config\(([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,300}){0,8})\)")


def _database(source: Source, path: str) -> Iterator[Use]:
    """dj_database_url.config(): DATABASE_URL where `env` names no other (its README)."""
    for match in _DATABASE.finditer(source.code):
        if source.runs(match.start()):
            named = re.search(rf"\benv\s*=\s*[\"']({NAME})[\"']", match[1])
            required = not re.search(r"\bdefault\s*=", match[1])
            yield Use(named[1] if named else "DATABASE_URL", path, source.line(match.start()), required)


def _schemed(source: Source) -> Iterator[tuple[str, bool]]:
    """environ.Env(DEBUG=(bool, False), PORT=int): what has a default in the scheme needs none elsewhere."""
    if not _ENVIRON_FILE.search(source.code):
        return
    for match in _SCHEME.finditer(source.code):
        if source.runs(match.start()):
            for each in _SCHEME_NAME.finditer(match[1]):
                yield each[1], each[2] is None


def _scheme(source: Source, path: str) -> Iterator[Use]:
    for match in _SCHEME.finditer(source.code):
        if source.runs(match.start()):
            for each in _SCHEME_NAME.finditer(match[1]):
                yield Use(each[1], path, source.line(match.start()), each[2] is None)
    for match in _BARE_CALL.finditer(source.code):
        if source.runs(match.start()):
            yield Use(_BARE[match[1]], path, source.line(match.start()))


_CLASS = re.compile(
    r"^class\s+(\w{1,80})\s*\(([^)]{0,300})\)\s*:[^\n]*\n((?:[ \t]+[^\n]*(?:\n|\Z)|[ \t]*\n){1,400})", re.MULTILINE
)
_PREFIX = re.compile(r"env_prefix\s*=\s*[\"']([A-Za-z0-9_]{0,60})[\"']")
_ATTRIBUTE = re.compile(
    r"^(?P<i>[ \t]+)(?P<n>[a-zA-Z]\w{0,80})\s*:\s*(?P<t>[^=\n]{1,200}?)\s*"
    r"(?:=\s*(?P<v>[^\n]*(?:\n(?P=i)[ \t)]+[^\n]*){0,12}))?$",
    re.MULTILINE,
)
_OTHER_NAME = re.compile(r"\b(?:alias|validation_alias|env)\s*=\s*(?:AliasChoices\(\s*)?[\[(]?\s*[\"'](\w{1,80})[\"']")
_FIELD_DEFAULT = re.compile(
    r"^Field\(\s*(?:default\s*=\s*)?(?!\.\.\.|alias|validation_alias|env\b|description|min_|max_|gt|ge|title|\))|\bdefault(?:_factory)?\s*=(?!\s*\.\.\.)"
)


def _pydantic(source: Source, path: str) -> Iterator[Use]:
    """Fields of BaseSettings and its heirs in this file; the environment's case does not matter, so upper is said."""
    heirs = {"BaseSettings"}
    for match in _CLASS.finditer(source.code):
        bases = {word.rpartition(".")[2].strip() for word in match[2].split(",")}
        if not bases & heirs or not source.runs(match.start()):
            continue
        heirs.add(match[1])
        prefix = _PREFIX.search(match[3])
        first: str | None = None
        for each in _ATTRIBUTE.finditer(match[3]):
            first = first or each["i"]
            if each["i"] != first or each["n"] == "model_config" or "ClassVar" in each["t"]:
                continue
            value = (each["v"] or "").strip()
            other = _OTHER_NAME.search(value) if value.startswith("Field(") else None
            name = other[1] if other else (prefix[1] if prefix else "") + each["n"]
            required = not value or (value.startswith("Field(") and not _FIELD_DEFAULT.search(value))
            yield Use(name.upper(), path, source.line(match.start(3) + each.start("n")), required)


_DYNACONF = re.compile(r"\bDynaconf\(([^()]{0,2000}(?:\([^()]{0,400}\)[^()]{0,400}){0,40})\)")
_VALIDATOR = re.compile(r"\bValidator\(([^()]{0,400})\)")
_DYNACONF_READ = re.compile(rf"(?<![\w.])settings(?:\.|\[[\"'])({UPPER})\b")


def _dynaconf(source: Source, path: str) -> Iterator[Use]:
    """Dynaconf reads PREFIX_NAME; DYNACONF where no prefix is given (its docs, "Environment variables")."""
    for match in _DYNACONF.finditer(source.code):
        if not source.runs(match.start()):
            continue
        given = re.search(r"envvar_prefix\s*=\s*(?:[\"']([A-Za-z0-9_]*)[\"']|(False))", match[1])
        prefix = "" if given and (given[2] or not given[1]) else f"{given[1] if given else 'DYNACONF'}_"
        for each in _VALIDATOR.finditer(source.code):
            soft = "default" in each[1] or "must_exist" not in each[1]
            for name in _QUOTED.findall(each[1]):
                yield Use(prefix + name, path, source.line(each.start()), not soft)
        for each in _DYNACONF_READ.finditer(source.code):
            yield Use(prefix + each[1], path, source.line(each.start()), False)
