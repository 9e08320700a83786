"""Variables that scripts, Dockerfiles and compose files take from outside, and a few files that name them by a form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from launchready_tui.envscan.calls import NAME, UPPER
from launchready_tui.envscan.documents import read_json, table
from launchready_tui.envscan.masking import Source, views
from launchready_tui.envscan.model import Use
from launchready_tui.envscan.words import words

# What a shell has by itself (POSIX shell variables, bash manual "Bash Variables").
_OWN = words(
    "HOME PATH USER LOGNAME SHELL PWD OLDPWD TERM LANG LC_ALL IFS PS1 PS2 PS4 HOSTNAME HOSTTYPE OSTYPE MACHTYPE "
    "UID EUID PPID RANDOM SECONDS LINENO OPTARG OPTIND OPTERR REPLY SHLVL TMPDIR EDITOR VISUAL PAGER DISPLAY "
    "COLUMNS LINES FUNCNAME PIPESTATUS BASHPID GROUPS DIRSTACK EPOCHSECONDS COMP_WORDS COMP_CWORD COMPREPLY "
    "XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR SUDO_USER ZSH_VERSION MAKE MAKEFLAGS CURDIR "
    "SHELLOPTS BASH BASH_SOURCE BASH_VERSION BASH_VERSINFO BASH_REMATCH BASH_LINENO BASH_COMMAND BASH_SUBSHELL NF "
    "NR FS OFS RS FNR FILENAME ENVIRON"
)
_READ = re.compile(rf"(?<!\\)\$(?:\{{[!#]?(?P<n>{NAME})(?P<op>:?[-+?=][^}}]*+|[^}}]{{0,200}})\}}|(?P<m>{NAME}))")
_SET = (
    re.compile(
        rf"(?m:^|[;&|({{]|\b(?:export|local|declare|typeset|readonly|then|do|else)(?:\s+-\w+)*)[ \t]*({NAME})\+?="
    ),
    re.compile(rf"\bfor\s+({NAME})\s+in\b"),
    re.compile(
        rf"\b(?:read|mapfile|readarray|getopts\s+\S+)\s+(?:-\w+(?:\s+[\"'][^\"']*[\"'])?\s+)*((?:{NAME}\s*){{1,12}})"
    ),
    re.compile(rf"\b(?:local|declare|typeset)\s+(?:-\w+\s+)*((?:{NAME}\s+){{0,12}}{NAME})\s*(?:;|\n|$)"),
    re.compile(rf"\bprintf\s+-v\s+({NAME})"),
)
_NAMES = re.compile(NAME)


def read_shell(path: str, text: str) -> Iterator[Use]:
    """What a script uses and does not set: upper-case names, since lower case is a script's own by custom."""
    source = views(text, "shell")
    own = {name for pattern in _SET for match in pattern.finditer(source.code) for name in _NAMES.findall(match[1])}
    yield from _references(source, path, own)


def _references(source: Source, path: str, own: set[str]) -> Iterator[Use]:
    for match in _READ.finditer(source.bare):
        name = match["n"] or match["m"]
        if name in _OWN or not re.fullmatch(UPPER, name) or len(name) < 2 or name.startswith("BASH_"):
            continue
        op = (match["op"] or "").removeprefix(":")[:1]
        if name not in own or (match["op"] and op in ("?", "-", "=") and _defaults_itself(source.code, name)):
            yield Use(name, path, source.line(match.start()), op not in ("-", "+", "="))


def _defaults_itself(text: str, name: str) -> bool:
    """X="${X:-d}": set from itself, so it may come from outside."""
    return re.search(rf"\b{name}=[\"']?\$\{{{name}:?[-?=]", text) is not None


# ---- Dockerfile ----
_INSTRUCTION = re.compile(r"^[ \t]*(ARG|ENV)[ \t]+((?:\\\n|[^\n])*)", re.MULTILINE | re.IGNORECASE)
_PAIR = re.compile(rf"({NAME})(=(?:\"(?:\\.|[^\"\\])*+\"|'[^']*+'|(?:\\[^\n]|[^\s\\])*+))?")
# Given by BuildKit (docs.docker.com, "Automatic platform ARGs in the global scope").
_BUILDKIT = words(
    "TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT "
    "SOURCE_DATE_EPOCH HTTP_PROXY HTTPS_PROXY NO_PROXY"
)


def dockerfile_sets(text: str) -> Iterator[tuple[str, str, str | None, int]]:
    """(ARG or ENV, name, value or None, line) of each, as they stand."""
    source = views(text, "")
    code = re.sub(r"(?m)^[ \t]*#[^\n]*", lambda match: " " * len(match[0]), source.code)
    for match in _INSTRUCTION.finditer(code):
        word, rest = match[1].upper(), match[2].replace("\\\n", "  ")
        old = re.match(rf"({NAME})[ \t]+(?!\S*=)(.+)", rest)
        if word == "ENV" and old is not None and "=" not in rest.split()[0]:
            yield word, old[1], old[2].strip(), source.line(match.start())
            continue
        for pair in _PAIR.finditer(rest):
            if pair.start() and not rest[pair.start() - 1].isspace():
                continue
            value = pair[2][1:].strip("\"'") if pair[2] is not None else None
            yield word, pair[1], value, source.line(match.start() + pair.start())


def read_dockerfile(path: str, text: str) -> Iterator[Use]:
    """ARG without a value has to come from whoever builds (empty where it does not: so it is not called required), and
    so has a name that is used and set nowhere."""
    sets = list(dockerfile_sets(text))
    own = {name for _, name, _, _ in sets} | _BUILDKIT
    given = {name for word, name, value, _ in sets if word == "ARG" and value is not None}
    for word, name, value, line in sets:
        if word == "ARG" and value is None and name not in given | _BUILDKIT and re.fullmatch(UPPER, name):
            yield Use(name, path, line, required=False)
    source = views(text, "shell")
    own |= {name for pattern in _SET for match in pattern.finditer(source.code) for name in _NAMES.findall(match[1])}
    for use in _references(source, path, own):
        if use.name not in own:
            yield Use(use.name, path, use.line, required=False)


# ---- compose ----
_COMPOSE = re.compile(rf"(?<!\$)\$(?:\{{(?P<n>{NAME})(?P<op>:?[-+?][^}}]*+)?\}}|(?P<m>{NAME}))")
_PASSED = re.compile(rf"^[ \t]+-[ \t]+[\"']?({UPPER})[\"']?[ \t]*$", re.MULTILINE)
_PASSED_MAP = re.compile(rf"^([ \t]+)({UPPER})[ \t]*:[ \t]*(?:null|~)?[ \t]*$", re.MULTILINE)


def read_compose(path: str, text: str) -> Iterator[Use]:
    """${X} and its forms (compose docs, "Interpolation"), and names that are passed on from whoever starts it."""
    source = views(text, "hash")
    for match in _COMPOSE.finditer(source.code):
        op = (match["op"] or "").removeprefix(":")[:1]
        yield Use(match["n"] or match["m"], path, source.line(match.start()), op not in ("-", "+"))
    for section in re.finditer(
        r"^([ \t]+)(?:environment|args):[ \t]*\n((?:\1[ \t]+[^\n]*\n?|[ \t]*\n)+)", source.code + "\n", re.MULTILINE
    ):
        for pattern, group in ((_PASSED, 1), (_PASSED_MAP, 2)):
            for match in pattern.finditer(section[2]):
                yield Use(match[group], path, source.line(section.start(2) + match.start(group)))


# ---- files that name a variable by a form of their own ----
_PRISMA = re.compile(rf"\benv\(\s*\"({NAME})\"\s*\)")


def read_prisma(path: str, text: str) -> Iterator[Use]:
    """env("X") in a Prisma schema, env(X) in Supabase's config.toml."""
    source = views(text, "slashes" if path.endswith(".prisma") else "hash")
    pattern = _PRISMA if path.endswith(".prisma") else re.compile(rf"\benv\(({UPPER})\)")
    for match in pattern.finditer(source.code):
        yield Use(match[1], path, source.line(match.start()), path.endswith(".prisma"))


def read_scripts(path: str, text: str) -> Iterator[Use]:
    """$X in the scripts of a package.json, which a shell runs."""
    if "$" not in text:
        return
    for command in table(read_json(text), "scripts").values():
        if isinstance(command, str) and "$" in command:
            at = max(0, text.find(json.dumps(command, ensure_ascii=False)))
            for use in read_shell(path, command):
                yield Use(use.name, path, text.count("\n", 0, at) + 1, use.required)
