"""Does a lock file still fit its manifest? By the text of both alone; what they cannot show is taken as fitting.

npm, pnpm, Yarn and bun repeat the ranges of the manifest, so these are compared as a strict install does. The others'
lock files are held against the names of the packages (uv, Poetry, PDM, Pipenv, Bundler, Composer, Cargo, Mix) or
against name and version (Go): a package that the lock file does not know at all stops every strict install.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from launchready_tui.envscan.documents import items, read_toml, table
from launchready_tui.manifests import plain, requirement, requires

MOST = 5_000_000  # bytes of a lock file that we read; a longer one is taken as it is
_KINDS = ("dependencies", "devDependencies", "optionalDependencies")
Ranges = dict[str, str]


def drift(lock: str, manifest: str, wanted: str, locked: str, folder: str = "") -> str:
    """What of the manifest the lock file does not have, as a plain clause; "" where they fit or we cannot tell.

    `wanted` and `locked` are the two texts. `folder` is where the manifest stands below the lock file ("" beside it).
    """
    if len(locked) >= MOST or not locked:
        return ""
    name, last = lock.rpartition("/")[2], manifest.rpartition("/")[2]
    if name in _RANGES:
        return _compare(_package(wanted), _RANGES[name](locked, folder), exact=name in _EXACT)
    if folder or name not in _NAMES:
        return ""
    known = _NAMES[name](locked)
    if known is None:
        return ""
    for each in _asked(last, wanted):
        if each not in known:
            return f"{each} is not in the lock file"
    return ""


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _package(text: str) -> Ranges:
    document = _json(text)
    return {name: value for kind in _KINDS for name, value in table(document, kind).items() if isinstance(value, str)}


def _compare(wanted: Ranges, locked: Ranges | None, *, exact: bool) -> str:
    """A strict install stops at a range that the lock file was not made for; an `exact` one at a left-over too."""
    if locked is None or not wanted:
        return ""
    for name in sorted(wanted.keys() | (locked.keys() if exact else set())):
        one, other = wanted.get(name, "absent"), locked.get(name, "absent")
        if one != other and other != "?" and not one.startswith(("workspace:", "link:", "file:", "portal:", "patch:")):
            return f"{name} is {one} in one and {other} in the other"
    return ""


# ---- lock files that repeat the ranges ----


def _npm(text: str, folder: str) -> Ranges | None:
    """`packages` holds the ranges of each package of the workspace; version 1 of the format has none."""
    found = table(_json(text), "packages").get(folder)
    return _ranges(found) if isinstance(found, dict) else None


def _ranges(found: Mapping[str, Any]) -> Ranges:
    return {
        name: value for kind in _KINDS for name, value in table(dict(found), kind).items() if isinstance(value, str)
    }


_IMPORTERS = re.compile(r"^importers:[ \t]*\n((?:(?:[ \t]+[^\n]*)?\n)+)", re.MULTILINE)
_PNPM_ENTRY = re.compile(
    r"^[ ]{6}(?:'([^'\n]+)'|([^\s':]+)):[ \t]*\n[ ]{8}specifier:[ \t]*(?:'([^'\n]*)'|([^\n]*))$", re.MULTILINE
)


def _pnpm(text: str, folder: str) -> Ranges | None:
    """importers -> folder -> dependencies -> name -> specifier (lock files since pnpm 8)."""
    importers = _IMPORTERS.search(text.replace("\r\n", "\n"))
    if importers is None:
        return None
    place = re.escape(folder or ".")
    block = re.search(rf"^[ ]{{2}}'?{place}'?:[ \t]*\n((?:(?:[ ]{{4,}}[^\n]*)?\n)+)", importers[1] + "\n", re.MULTILINE)
    if block is None:
        return None
    return {
        (m[1] or m[2]): (m[3] if m[3] is not None else m[4].strip()) for m in _PNPM_ENTRY.finditer(block[1])
    } or None


def _yarn(text: str, folder: str) -> Ranges | None:
    return _berry(text, folder) if "\n__metadata:" in text[:600] else _yarn1(text)


_YARN1 = re.compile(r"^(?! |#)([^\n]+):[ \t]*$", re.MULTILINE)


def _yarn1(text: str) -> Ranges | None:
    """Yarn 1 has an entry for each name@range; of a name with several ranges none is compared."""
    found: dict[str, set[str]] = {}
    for match in _YARN1.finditer(text):
        for each in match[1].split(","):
            name, at, range_ = each.strip().strip('"').rpartition("@")
            if at and name:
                found.setdefault(name, set()).add(range_)
    if not found:
        return None
    return {name: next(iter(ranges)) if len(ranges) == 1 else "?" for name, ranges in found.items()}


def _berry(text: str, folder: str) -> Ranges | None:
    """The entry of the workspace itself lists what it asks for, each with "npm:" before its range."""
    start = re.search(rf'^"[^"\n]*@workspace:{re.escape(folder or ".")}"?(?:,[^\n]*)?:?[ \t]*$', text, re.MULTILINE)
    if start is None:
        return None
    block = re.match(r"\n((?:[ ]{2}[^\n]*(?:\n|\Z))+)", text[start.end() :])
    inner = re.search(
        r"^[ ]{2}dependencies:[ \t]*\n((?:[ ]{4}[^\n]*(?:\n|\Z))+)", block[1] if block else "", re.MULTILINE
    )
    if inner is None:
        return None
    lines = re.findall(r"^[ ]{4}\"?([^\s\":]+)\"?:[ \t]*\"?([^\"\n]*?)\"?[ \t]*$", inner[1], re.MULTILINE)
    return {name: value.removeprefix("npm:") if value.startswith("npm:") else "?" for name, value in lines}


_JSONC = re.compile(r'("(?:\\.|[^"\\\n])*+")|,(?=\s*+[}\]])')


def _bun(text: str, folder: str) -> Ranges | None:
    """bun.lock is JSON with trailing commas; `workspaces` repeats the ranges."""
    found = table(_json(_JSONC.sub(lambda match: match[1] or "", text)), "workspaces").get(folder)
    ranges = _ranges(found) if isinstance(found, dict) else {}
    return ranges or None


_RANGES: dict[str, Callable[[str, str], Ranges | None]] = {
    "package-lock.json": _npm,
    "npm-shrinkwrap.json": _npm,
    "pnpm-lock.yaml": _pnpm,
    "yarn.lock": _yarn,
    "bun.lock": _bun,
}
_EXACT = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "bun.lock"})

# ---- lock files that are held against names ----


def _asked(manifest: str, text: str) -> Iterator[str]:
    """The packages that a manifest surely wants installed, by the names that its lock file uses."""
    if manifest == "pyproject.toml":
        document = read_toml(text)
        yield from (
            requirement(each) for each in items(table(document, "project"), "dependencies") if isinstance(each, str)
        )
        for name, wish in table(document, "tool", "poetry", "dependencies").items():
            local = isinstance(wish, dict) and ("path" in wish or wish.get("optional"))
            if name.lower() != "python" and not local:
                yield plain(name)
    elif manifest == "Pipfile":
        yield from (plain(each) for each in table(read_toml(text), "packages"))
    elif manifest == "Cargo.toml":
        for name, wish in table(read_toml(text), "dependencies").items():
            yield str(wish["package"]) if isinstance(wish, dict) and isinstance(wish.get("package"), str) else name
    elif manifest == "composer.json":
        yield from (
            name.lower() for name in table(_json(text), "require") if "/" in name and "-implementation" not in name
        )
    elif manifest == "go.mod":
        yield from _go_asked(text)
    elif manifest == "mix.exs":
        code = re.sub(r"(?m)#[^\n]*", "", text)
        for match in re.finditer(r"\{:(\w{1,80})\s*,([^{}]{0,300})\}", code):
            if not re.search(r"\b(?:path|in_umbrella):", match[2]):
                yield match[1]
    elif manifest == "Gemfile":
        code = re.sub(r"(?m)^[ \t]*#[^\n]*|[^\n]*\b(?:if|unless)\b[^\n]*", "", text)
        yield from (each.removeprefix("gem:") for each in requires("Gemfile", code))


_REQUIRE = re.compile(
    r"^[ \t]*(?:require[ \t]+)?([\w.-]+\.[a-z]{2,}/[\w./~-]{1,200})[ \t]+(v[\w.+-]{1,80})", re.MULTILINE
)
_REPLACE = re.compile(r"^[ \t]*(?:replace[ \t]+)?([\w.-]+\.[a-z]{2,}/[\w./~-]{1,200})[^\n=]{0,100}=>", re.MULTILINE)


def _go_asked(text: str) -> Iterator[str]:
    replaced = set(_REPLACE.findall(text))
    code = re.sub(r"(?m)^[ \t]*(?:exclude|retract)\b(?:[ \t]*\((?:[^)]*)\)|[^\n]*)", "", text)
    for name, version in _REQUIRE.findall(code):
        if name not in replaced:
            yield f"{name} {version}"


def _toml_names(text: str) -> frozenset[str] | None:
    """Names of a TOML lock file's packages, without parsing it: they are long, and each name stands on its own line."""
    found = frozenset(plain(each) for each in re.findall(r'^name = "([^"\n]+)"', text, re.MULTILINE))
    return found or None


def _cargo(text: str) -> frozenset[str] | None:
    return frozenset(re.findall(r'^name = "([^"\n]+)"', text, re.MULTILINE)) or None


def _uv(text: str) -> frozenset[str] | None:
    """What the project itself asks for stands in its own entry; without one we cannot tell."""
    own = re.findall(r"^\[package\.metadata\]\nrequires-dist = \[([^\]]*)\]", text, re.MULTILINE)
    return frozenset(plain(each) for each in re.findall(r'name = "([^"\n]+)"', "\n".join(own))) if own else None


def _pipenv(text: str) -> frozenset[str] | None:
    document = _json(text)
    return frozenset(plain(each) for each in table(document, "default")) if "default" in document else None


def _composer(text: str) -> frozenset[str] | None:
    document = _json(text)
    if "packages" not in document:
        return None
    found: set[str] = set()
    for each in (*items(document, "packages"), *items(document, "packages-dev")):
        if isinstance(each, dict):
            found |= {str(each.get("name", "")).lower(), *table(each, "replace"), *table(each, "provide")}
    return frozenset(found)


def _gems(text: str) -> frozenset[str] | None:
    section = re.search(r"^DEPENDENCIES\n((?:[ ]{2}[^\n]*(?:\n|\Z))+)", text.replace("\r\n", "\n"), re.MULTILINE)
    return frozenset(re.findall(r"^[ ]{2}([\w.-]+)", section[1], re.MULTILINE)) if section else None


def _go(text: str) -> frozenset[str] | None:
    return (
        frozenset(
            f"{name} {version}"
            for name, version in re.findall(r"^(\S+) (v[\w.+-]+)(?:/go\.mod)? h1:", text, re.MULTILINE)
        )
        or None
    )


def _mix(text: str) -> frozenset[str] | None:
    return frozenset(re.findall(r"^[ \t]*\"(\w+)\":", text, re.MULTILINE)) or None


_NAMES: dict[str, Callable[[str], frozenset[str] | None]] = {
    "uv.lock": _uv,
    "poetry.lock": _toml_names,
    "pdm.lock": _toml_names,
    "pylock.toml": _toml_names,
    "Pipfile.lock": _pipenv,
    "Cargo.lock": _cargo,
    "composer.lock": _composer,
    "Gemfile.lock": _gems,
    "go.sum": _go,
    "mix.lock": _mix,
}
