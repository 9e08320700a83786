"""Variables that JavaScript and TypeScript read: process.env and its kin, schemas, and what frameworks map to names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from launchready_tui.envscan.calls import NAME, UPPER, Around, Call, find
from launchready_tui.envscan.masking import Source, views
from launchready_tui.envscan.model import Use

TRIGGER = re.compile(r"\benv\b|[eE]nv\w*\(|runtimeConfig|onfig(?:Service)?\.get|\$env/|envField|createEnv|cleanEnv")
_ENV = r"(?<!delete )\b(?:process\??\.env|import\.meta\.env|Bun\.env|globalThis\.process\??\.env)"
_CALLS = (
    Call(re.compile(rf"{_ENV}\s{{0,9}}(?:\?|!)?\.\s{{0,9}}(?P<n>{NAME})\b(?!\s{{0,3}}(?:\(|=[^=>]))")),
    Call(re.compile(rf"{_ENV}(?:\?\.|!)?\[\s{{0,9}}[\"'`](?P<n>{NAME})[\"'`]\s{{0,9}}\]")),
    Call(re.compile(rf"\b(?:Deno|Netlify)\.env\.get\(\s{{0,9}}[\"'`](?P<n>{NAME})[\"'`]\s{{0,9}}\)")),
    Call(
        re.compile(rf"\b[cC]onfig(?:Service)?\.get(?:OrThrow)?(?:<[\w\s|]+>)?\(\s{{0,9}}[\"'`](?P<n>{UPPER})[\"'`]"),
        second=True,
    ),
    Call(
        re.compile(
            rf"(?:[eE]nv\w{{0,40}}|\benv\.\w{{1,20}}|\brequired|\bmustGet)\(\s{{0,9}}[\"'`](?P<n>{UPPER})[\"'`]"
        ),
        second=True,
    ),
)
_AROUND = Around(
    default=re.compile(r"!?[\s)]{0,4}(?:\?\?|\|\|)|\s*(?:as\s+\w+\s*)?\)?\s*(?:\?\?|\|\|)|\s*\)\s*\.default\("),
    guard=re.compile(r"\s*\)?\s*(?:[=!]==?|\?(?![.?])|&&|\.(?:length|toLowerCase|includes)\b|\?\.|\)\s*\{)"),
    asked=re.compile(r"(?:!|\bif\s*\(|&&|Boolean\(|\bin\b|\bdefine\w*\()\s*$"),
    stops=re.compile(
        r"(?:\?\?|\|\||\)\s*\{?|\{)\s*(?:throw\b|process\.exit|console\.error|(?:raise|fail|die|panic)\w*\()"
    ),
)
# const { A, B: b, C = "c" } = process.env
_TAKEN = re.compile(
    r"\{([^{}]{1,4000})\}\s*(?::\s*[\w.<>\[\], ]{1,80})?=\s*(?:process\.env|import\.meta\.env|Bun\.env)\b(?!\s*[.\[?])"
)
_ONE_TAKEN = re.compile(rf"(?P<n>{NAME})\s*(?::\s*{NAME}\s*)?(?P<d>=[^=])?")
# import { A, B as b } from "$env/static/private"
_IMPORTED = re.compile(r"\bimport\s*\{([^{}]{1,4000})\}\s*from\s*[\"'](?:\$env/static/\w+|astro:env/\w+)[\"']")
_ALIAS = re.compile(
    r"\b(?:const|let|var)\s+(\w{1,40})\s*(?::\s*[\w.<>]{1,60}\s*)?=\s*(?:process\.env|import\.meta\.env|Bun\.env)"
    r"(?:\s+as\s+[\w.<>, ]{1,60})?\s*(?:;|\n)"
    r"|\bimport\s*\{\s*env(?:\s+as\s+(\w{1,40}))?\s*\}\s*from\s*[\"'](?:\$env/dynamic/\w+|process|node:process|cloudflare:workers)[\"']"
)
_WORKER = re.compile(r"\bc\.env\b|\bfetch\s*\([^)]{0,200}\benv\b|\bEnv\b")
# A schema: NAME: z.string(), str(), v.string(), Joi.string(), envField.string() …
_SCHEMA_FILE = re.compile(
    r"createEnv|cleanEnv|\bmakeValidator|envField|process\.env|import\.meta\.env|loadEnv|validateEnv|\.env\b"
)
_FIELD = re.compile(
    rf"(?m:^|[{{,])[ \t]*[\"']?(?P<n>{UPPER})[\"']?\s*:\s*"
    r"(?:(?:process\.env|import\.meta\.env)[^?\n]{0,60}\?\s*)?"
    r"(?:z|v|s|t|Joi|yup|envField|type|Type|Schema|S|Config)\s*\.|"
    rf"(?m:^|[{{,])[ \t]*[\"']?(?P<m>{UPPER})[\"']?\s*:\s*(?:str|bool|num|port|url|email|host|json|"
    rf"makeValidator|testOnly)\("
)
_FIELD_NODE_ENV = re.compile(rf"(?m:^)[ \t]*[\"']?(?P<n>{UPPER})[\"']?\s*:\s*\n?\s*(?:process\.env\.NODE_ENV|isProd)\b")
_SOFT = re.compile(
    r"\.(?:optional|default|nullish|nullable|catch|prefault)\(|\b(?:default|devDefault)\s*:|optional\s*:\s*true|v\.optional\("
)
_DEV_ONLY = re.compile(r"\bdevDefault\s*:")
_NEXT_FIELD = re.compile(rf"\n[ \t]*[\"']?{NAME}[\"']?[ \t]*:|\n[ \t]*\}}|,[ \t]*[\"']?{UPPER}[\"']?[ \t]*:")
# process.env[name], with the names in a list
_DYNAMIC = re.compile(r"(?:process\.env|import\.meta\.env)\[\s*[a-z]\w*\s*\]|\b\w*[eE]nv\w*\(\s*[a-z]\w*\s*\)")
_LIST = re.compile(rf"(?<![\w$)\]])\[\s*((?:[\"']{UPPER}[\"']\s*,?\s*){{1,80}})\](?!\s*\.includes)")
_QUOTED = re.compile(rf"[\"']({UPPER})[\"']")
_RUNTIME = re.compile(r"\bruntimeConfig\s*:\s*\{")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def read(path: str, text: str) -> Iterator[Use]:
    """Everything that one file reads."""
    if not TRIGGER.search(text):
        return
    source = views(text, "javascript")
    schema = dict(_schema(source))
    calls = (*_CALLS, *(_alias(name) for name in _aliases(source)))
    for use in find(source, path, calls, _AROUND):
        soft = use.name in schema and not schema[use.name][1]
        yield Use(use.name, path, use.line, use.required and not soft, use.guard)
    for name, (at, required) in schema.items():
        yield Use(name, path, source.line(at), required)
    yield from _taken(source, path)
    yield from _listed(source, path)
    yield from _nuxt(source, path)


def _aliases(source: Source) -> set[str]:
    found = {match[1] or match[2] or "env" for match in _ALIAS.finditer(source.code) if source.runs(match.start())}
    if _WORKER.search(source.code) and re.search(r"\benv\.[A-Z]", source.code):
        found.add("env" if "createEnv" not in source.code else "process.env")
    return found - {"process.env"}


def _alias(name: str) -> Call:
    return Call(
        re.compile(rf"(?<![\w$])(?:c\.)?(?<!import\.meta\.)(?<!process\.){re.escape(name)}\??\.(?P<n>{UPPER})\b")
    )


def _schema(source: Source) -> Iterator[tuple[str, tuple[int, bool]]]:
    """name -> (place, required) of a schema's fields."""
    if not _SCHEMA_FILE.search(source.code):
        return
    for pattern in (_FIELD, _FIELD_NODE_ENV):
        for match in pattern.finditer(source.code):
            name = match["n"] or match.groupdict().get("m")
            at = match.start("n") if match["n"] else match.start("m")
            if not name or (not source.runs(at) and source.code[at - 1] not in "\"'"):
                continue
            ends = _NEXT_FIELD.search(source.code, match.end())
            body = source.code[match.end() : min(ends.start() if ends else match.end() + 300, match.end() + 400)]
            soft = _SOFT.search(body) is not None and not _DEV_ONLY.search(body)
            yield name, (at, not soft)


def _taken(source: Source, path: str) -> Iterator[Use]:
    for match in _TAKEN.finditer(source.code):
        if not source.runs(match.start()):
            continue
        for part in match[1].split(","):
            one = _ONE_TAKEN.match(part.strip())
            if one is not None and not part.strip().startswith("..."):
                yield Use(one["n"], path, source.line(match.start()), required=one["d"] is None)
    for match in _IMPORTED.finditer(source.code):
        for part in match[1].split(","):
            word = part.strip().removeprefix("type ").split(" as ")[0].strip()
            if re.fullmatch(NAME, word) and word != "getSecret":
                yield Use(word, path, source.line(match.start()))


def _listed(source: Source, path: str) -> Iterator[Use]:
    if not any(source.runs(match.start()) for match in _DYNAMIC.finditer(source.code)):
        return
    for match in _LIST.finditer(source.code):
        for name in _QUOTED.findall(match[1]):
            if source.runs(match.start()) and "_" in name:
                yield Use(name, path, source.line(match.start()))


def _nuxt(source: Source, path: str) -> Iterator[Use]:
    """runtimeConfig: each key can be set as NUXT_KEY, a public one as NUXT_PUBLIC_KEY (Nuxt docs, "Runtime Config")."""
    if not path.rpartition("/")[2].startswith("nuxt.config"):
        return
    for match in _RUNTIME.finditer(source.code):
        yield from _keys(source, path, match.end(), "NUXT")


def _keys(source: Source, path: str, at: int, prefix: str, depth: int = 0) -> Iterator[Use]:
    """The keys of the table that opens before `at`, and of those in it."""
    pattern = re.compile(r"[\"']?(\w{1,60})[\"']?\s*:\s*(\{|[^\n,{}]{0,200})|\}")
    while depth < 6:
        match = pattern.search(source.code, at)
        if match is None or match[0] == "}":
            return
        name = f"{prefix}_{_CAMEL.sub('_', match[1]).upper()}"
        if match[2] == "{":
            yield from _keys(source, path, match.end(), name, depth + 1)
            at = _close(source.bare, match.end())
            continue
        value = match[2].strip()
        if ".env" not in value:
            yield Use(name, path, source.line(match.start()), required=value in ("''", '""', "``", "undefined"))
        at = match.end()


def _close(text: str, at: int) -> int:
    """Right after the brace that closes the one open before `at`."""
    depth = 1
    for match in re.finditer(r"[{}]", text[at : at + 20_000]):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return at + match.end()
    return len(text)
