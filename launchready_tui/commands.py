"""How a code folder is installed, built and started: as its host's file says, else its manifest, else its framework."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from launchready_tui.envscan.documents import items, read_json, read_toml, read_yaml, table
from launchready_tui.platform_marks import Commands, Folder, Manager, Mark, managers

_Told = Callable[[str], dict[str, str]]


def commands(folder: Folder, frameworks: list[Mark], by: dict[str, str]) -> Commands:
    """The commands of the product's main part."""
    where = main_folder(folder, frameworks, by)
    manager = manager_of(folder, where, frameworks)
    told = _told_by_host(folder, where)
    found: dict[str, tuple[str, str]] = {}
    for key, command, path in told:
        found.setdefault(key, (command, path))
    here = [one for one in frameworks if by[one.name].rpartition("/")[0] == where]
    for key, command, path in (*_of_manager(folder, where, manager), *_of_frameworks(folder, where, here)):
        found.setdefault(key, (command, path))
    install, build, start = (found.get(key, ("", ""))[0] for key in ("install", "build", "start"))
    return Commands(install, build, start, where, {key: path for key, (_, path) in found.items() if path})


# A host's file says which folder is the product's.
_HOSTED = ("railway.json", "railway.toml", "render.yaml", "fly.toml", "Procfile", "netlify.toml", "vercel.json")


def main_folder(folder: Folder, frameworks: list[Mark], by: dict[str, str]) -> str:
    """The folder whose commands count: the top where it has a manifest, else that of a host's file, else that of the
    first framework."""
    with_manifest = {path.rpartition("/")[0] for path in folder.manifests}
    if "" in with_manifest or not with_manifest:
        return ""
    depth = sorted(folder.paths, key=lambda path: (path.count("/"), path))
    for name in _HOSTED:
        for path in depth:
            if path.rpartition("/")[2] == name and path.rpartition("/")[0] in with_manifest:
                return path.rpartition("/")[0]
    for one in frameworks:
        if by[one.name].rpartition("/")[0] in with_manifest:
            return by[one.name].rpartition("/")[0]
    return min(with_manifest, key=lambda each: (each.count("/"), each))


def manager_of(folder: Folder, where: str, frameworks: list[Mark]) -> Manager | None:
    """The package manager of a folder, of the framework's language where a framework says so."""
    wanted = [one.manager for one in frameworks if one.manager]
    usable = [one for one in managers() if any(folder.at(where, name) in folder.has for name in one.manifests)]
    order = sorted(usable, key=lambda one: wanted.index(one.language) if one.language in wanted else len(wanted))
    if not order:
        return None
    first = [one for one in order if one.language == order[0].language]
    for named in (True, False):  # what package.json itself names comes before a lock file that somebody left
        for one in first:
            if named and one.language == "node" and _marked(folder, where, one):
                return one
            if not named and any(folder.at(where, lock) in folder.has for lock in one.locks):
                return one
    return next((one for one in first if _marked(folder, where, one)), first[-1])


def _marked(folder: Folder, where: str, one: Manager) -> bool:
    return any(
        path.rpartition("/")[0] == where and named.fullmatch(path) and pattern.search(folder.text(path))
        for named, pattern in one.marks
        for path in folder.paths
        if path.rpartition("/")[2] in one.manifests
    )


Found = tuple[str, str, str]


def _of_manager(folder: Folder, where: str, manager: Manager | None) -> Iterator[Found]:
    if manager is None:
        return
    lock = next((name for name in manager.locks if folder.at(where, name) in folder.has), "")
    install = manager.install if lock else manager.loose
    if manager.name == "yarn" and lock and not _is_berry(folder, where):
        install = "yarn install --frozen-lockfile"  # Yarn 1 has no --immutable
    if install:
        yield "install", install, folder.at(where, lock) if lock else ""
    if manager.run:
        path = folder.at(where, "package.json" if manager.language == "node" else "deno.json")
        document = read_json(folder.text(path))
        scripts = table(document, "scripts") or table(document, "tasks")
        if "build" in scripts:
            yield "build", manager.run.format(script="build"), path
        if "start" in scripts:
            yield "start", manager.start, path


def _is_berry(folder: Folder, where: str) -> bool:
    named = re.search(r'"packageManager"\s*:\s*"yarn@(\d+)', folder.text(folder.at(where, "package.json")))
    if named is not None:
        return int(named[1]) > 1
    return "__metadata:" in folder.text(folder.at(where, "yarn.lock"))[:400]


def _of_frameworks(folder: Folder, where: str, frameworks: list[Mark]) -> Iterator[Found]:
    """What a framework's documentation names, and last what the language builds with."""
    inside = [path for path in folder.paths if path.startswith(f"{where}/" if where else "")]
    for one in frameworks:
        if one.build and not ("npm " in one.build and folder.at(where, "package.json") not in folder.has):
            yield "build", one.build, ""
        start = one.start
        if "{module}" in start:
            wsgi = next((path for path in inside if path.endswith("/wsgi.py")), "")
            module = ".".join(wsgi.removeprefix(f"{where}/" if where else "").split("/")[:-1])
            start = start.replace("{module}", module) if module else ""
        if "{app}" in start:
            names = [
                path.rpartition("/")[2].removesuffix(".py")
                for path in inside
                if path.count("/") == (where.count("/") + 1 if where else 0)
            ]
            start = start.replace(
                "{app}", next((name for name in ("wsgi", "app", "main", "run") if name in names), "app")
            )
        if start:
            yield "start", start, ""
    manager = manager_of(folder, where, frameworks)
    if manager is not None and manager.build:
        yield "build", manager.build, ""


def _told_by_host(folder: Folder, where: str) -> Iterator[Found]:
    """What the files of hosts say, in the folder itself and then at the top; an image's own command comes last."""
    for place in dict.fromkeys((where, "")):
        for name, reader in _HOST_FILES:
            path = folder.at(place, name)
            if path not in folder.has:
                continue
            for key, command in reader(folder.text(path)).items():
                if command:
                    yield key, command, path


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(each for each in value if isinstance(each, str))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _vercel(text: str) -> dict[str, str]:
    document = read_json(text)
    return {"install": _text(document.get("installCommand")), "build": _text(document.get("buildCommand"))}


def _netlify(text: str) -> dict[str, str]:
    return {"build": _text(table(read_toml(text), "build").get("command"))}


def _railway(text: str) -> dict[str, str]:
    document = read_json(text) or read_toml(text)
    return {
        "build": _text(table(document, "build").get("buildCommand")),
        "start": _text(table(document, "deploy").get("startCommand")),
    }


def _first_web(document: dict[str, Any], kind: str) -> dict[str, Any]:
    services = [each for each in items(document, "services") if isinstance(each, dict)]
    return next((each for each in services if each.get(kind, "web") == "web"), services[0] if services else {})


def _render(text: str) -> dict[str, str]:
    service = _first_web(read_yaml(text), "type")
    return {"build": _text(service.get("buildCommand")), "start": _text(service.get("startCommand"))}


def _digitalocean(text: str) -> dict[str, str]:
    document = read_yaml(text)
    service = _first_web(table(document, "spec") or document, "kind")
    return {"build": _text(service.get("build_command")), "start": _text(service.get("run_command"))}


def _procfile(text: str) -> dict[str, str]:
    found = re.search(r"^web:[ \t]*([^\n]{1,2000})", text, re.MULTILINE)
    return {"start": found[1].strip()} if found else {}


def _heroku(text: str) -> dict[str, str]:
    web = table(read_yaml(text), "run").get("web")
    return {"start": _text(table(web).get("command") if isinstance(web, dict) else web)}


def _replit(text: str) -> dict[str, str]:
    deployment = table(read_toml(text), "deployment")
    return {"build": _text(deployment.get("build")), "start": _text(deployment.get("run"))}


def _nixpacks(text: str) -> dict[str, str]:
    document = read_toml(text)
    build = items(table(document, "phases", "build"), "cmds")
    return {"build": " && ".join(_text(each) for each in build), "start": _text(table(document, "start").get("cmd"))}


def _wrangler(text: str) -> dict[str, str]:
    return {"build": _text(table(read_json(text) or read_toml(text), "build").get("command"))}


def _fly(text: str) -> dict[str, str]:
    processes = table(read_toml(text), "processes")
    return {"start": _text(processes.get("app") or processes.get("web"))}


_LAST = re.compile(r"^[ \t]*(CMD|ENTRYPOINT)[ \t]+((?:\\\n|[^\n])+)", re.MULTILINE | re.IGNORECASE)


def _dockerfile(text: str) -> dict[str, str]:
    """The CMD of the last stage, after its ENTRYPOINT where that is a program and not a wrapper script."""
    stages = re.split(r"(?mi)^[ \t]*FROM[ \t]", text)
    said: dict[str, str] = {}
    for match in _LAST.finditer(stages[-1]):
        rest = match[2].replace("\\\n", " ").strip()
        try:
            words = json.loads(rest)
        except (ValueError, RecursionError):
            words = rest
        said[match[1].upper()] = _text(words)
    return {"start": said.get("CMD") or said.get("ENTRYPOINT", "")}


_HOST_FILES: tuple[tuple[str, _Told], ...] = (
    ("vercel.json", _vercel),
    ("netlify.toml", _netlify),
    ("render.yaml", _render),
    ("railway.json", _railway),
    ("railway.toml", _railway),
    ("nixpacks.toml", _nixpacks),
    ("fly.toml", _fly),
    (".do/app.yaml", _digitalocean),
    (".do/app.yml", _digitalocean),
    ("heroku.yml", _heroku),
    ("Procfile", _procfile),
    (".replit", _replit),
    ("wrangler.toml", _wrangler),
    ("wrangler.jsonc", _wrangler),
    ("wrangler.json", _wrangler),
    ("Dockerfile", _dockerfile),
)
