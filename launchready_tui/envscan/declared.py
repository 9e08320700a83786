"""Where a code folder says which variables there are: files to copy, and files of hosts, builds and compose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from launchready_tui.envscan import dotenv
from launchready_tui.envscan.calls import NAME
from launchready_tui.envscan.documents import items, read_json, read_toml, read_yaml, scalar, table, walk
from launchready_tui.envscan.model import Declared
from launchready_tui.envscan.shellish import dockerfile_sets

Pairs = Iterator[tuple[str, str | None]]

_WORD = r"(?:example|sample|template|dist|tpl|tmpl|defaults?|schema|stub|skel(?:eton)?|required|blank|empty)"
_EXAMPLE = re.compile(
    rf"(?:\.?(?:dot)?env(?:rc|ironment|vars?)?|\.dev\.vars)(?:[._-][\w-]+)*?[._-]{_WORD}(?:[._-][\w-]+)*"
    rf"|{_WORD}(?:[._-][\w-]+)*[._-]env(?:rc)?|[\w-]+\.env[._-]{_WORD}|[\w-]+[._-]{_WORD}\.env",
    re.IGNORECASE,
)
_REAL = re.compile(r"(?:\.env(?:rc)?(?:\.[\w-]+)*|[\w-]+\.env|\.dev\.vars(?:\.\w+)?|\.flaskenv)", re.IGNORECASE)
_ENVRC_LINE = re.compile(rf"^[ \t]*(?:export[ \t]+)?({NAME})=", re.MULTILINE)
_PRODUCTION = re.compile(r"(?:^|[._-])(?:prod|production|live)(?:[._-]|$)", re.IGNORECASE)
_LOCAL = re.compile(r"(?:^|[._-])(?:dev|development|local|test|testing|ci|e2e|override)(?:[._-]|$)", re.IGNORECASE)


def is_example(path: str) -> bool:
    """True for a file to copy: .env.example and its many other names."""
    return _EXAMPLE.fullmatch(path.rpartition("/")[2]) is not None


def is_env(path: str) -> bool:
    """True for a file that is read as it is: .env, .env.production, prod.env."""
    return not is_example(path) and _REAL.fullmatch(path.rpartition("/")[2]) is not None


def declares(path: str) -> bool:
    """True where a file of this name can declare something."""
    name = path.rpartition("/")[2]
    return is_example(path) or is_env(path) or any(p.fullmatch(path) or p.fullmatch(name) for p, _, _ in _READERS)


def read(path: str, text: str) -> Iterator[Declared]:
    """Everything that one file declares."""
    name = path.rpartition("/")[2]
    if is_example(path) or is_env(path):
        yield from _dotenv(path, name, text)
        return
    for pattern, reader, production in _READERS:
        if pattern.fullmatch(path) or pattern.fullmatch(name):
            live = production and not _LOCAL.search(name)
            for variable, value in reader(text):
                if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", variable):
                    yield Declared(variable, path, _line(text, variable), "config", value, live)
            return


def _dotenv(path: str, name: str, text: str) -> Iterator[Declared]:
    kind = "example" if is_example(path) else "env"
    live = kind == "env" and _PRODUCTION.search(name) is not None
    if "envrc" in name.lower():  # a shell script that direnv runs: its assignments, not its commands
        text = "\n".join(line for line in text.splitlines() if _ENVRC_LINE.match(line))
    for variable, value, line in dotenv.bindings(text):
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", variable):
            yield Declared(variable, path, line, kind, value, live)


def _line(text: str, name: str) -> int:
    found = re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _pairs(thing: object) -> Pairs:
    """A table of names to values, or a list of {key|name|variable, value} or of NAME=value."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield str(key), scalar(value)
    elif isinstance(thing, list):
        for each in thing:
            if isinstance(each, dict):
                key = next((each[k] for k in ("key", "name", "variable") if isinstance(each.get(k), str)), None)
                if key:
                    yield key, scalar(each.get("value"))
            elif isinstance(each, str) and "=" in each:
                key, _, value = each.partition("=")
                yield key.strip(), value


def _turbo(text: str) -> Pairs:
    """globalEnv, globalPassThroughEnv, and env and passThroughEnv of each task (turborepo.com, "Configuration")."""
    document = read_json(text)
    lists = [document.get("globalEnv"), document.get("globalPassThroughEnv")]
    for task in (*table(document, "tasks").values(), *table(document, "pipeline").values()):
        lists += [task.get("env"), task.get("passThroughEnv")] if isinstance(task, dict) else []
    for each in lists:
        for name in each if isinstance(each, list) else []:
            if isinstance(name, str) and not name.startswith("!") and "*" not in name:
                yield name.removeprefix("$"), None


def _app_json(text: str) -> Pairs:
    """Heroku's app.json: env is a table of values or of {description, value, required, generator}."""
    document = read_json(text)
    for key, value in table(document, "env").items():
        yield key, scalar(value.get("value")) if isinstance(value, dict) else scalar(value)


def _keyed(*keys: str) -> Callable[[str], Pairs]:
    def read_keyed(text: str) -> Pairs:
        for key, value in walk(read_yaml(text)):
            if key in keys:
                yield from _pairs(value)

    return read_keyed


def _render(text: str) -> Pairs:
    yield from _keyed("envVars")(text)


def _fly(text: str) -> Pairs:
    yield from _pairs(read_toml(text).get("env"))


def _vercel(text: str) -> Pairs:
    document = read_json(text)
    yield from _pairs(document.get("env"))
    yield from _pairs(table(document, "build").get("env"))


def _netlify(text: str) -> Pairs:
    document = read_toml(text)
    yield from _pairs(table(document, "build").get("environment"))
    yield from _pairs(table(document, "template").get("environment"))
    for context in table(document, "context").values():
        yield from _pairs(table(context).get("environment"))


def _railway(text: str) -> Pairs:
    document = read_json(text) or read_toml(text)
    for key, value in walk(document):
        if key in ("variables", "env"):
            yield from _pairs(value)


def _nixpacks(text: str) -> Pairs:
    yield from _pairs(read_toml(text).get("variables"))


def _wrangler(text: str) -> Pairs:
    document: dict[str, Any] = read_json(text) or read_toml(text)
    yield from _pairs(document.get("vars"))
    for environment in table(document, "env").values():
        yield from _pairs(table(environment).get("vars"))


def bindings(path: str, text: str) -> Iterator[str]:
    """What a Worker is bound to that is no variable: stores, queues, other Workers."""
    if re.fullmatch(r"wrangler\.(?:toml|jsonc?)", path.rpartition("/")[2]):
        for key, value in walk(read_json(text) or read_toml(text)):
            if key == "binding" and isinstance(value, str):
                yield value


def _replit(text: str) -> Pairs:
    document = read_toml(text)
    yield from _pairs(document.get("env"))
    for each in table(document, "userenv").values():
        yield from _pairs(each)


def _compose(text: str) -> Pairs:
    """environment with a value: a name that is only passed on is declared by whoever sets it."""
    for service in table(read_yaml(text), "services").values():
        environment = service.get("environment") if isinstance(service, dict) else None
        for key, value in _pairs(environment):
            if value is not None:
                yield key, value


def _workflow(text: str) -> Pairs:
    for key, value in walk(read_yaml(text)):
        if key == "env":
            yield from _pairs(value)


def _gitlab(text: str) -> Pairs:
    for key, value in walk(read_yaml(text)):
        if key == "variables" and isinstance(value, dict):
            for name, given in value.items():
                yield name, scalar(given.get("value")) if isinstance(given, dict) else scalar(given)


def _heroku(text: str) -> Pairs:
    document = read_yaml(text)
    yield from _pairs(table(document, "setup").get("config"))
    yield from _pairs(table(document, "build").get("config"))


def _app_engine(text: str) -> Pairs:
    yield from _keyed("env_variables", "build_env_variables", "envs")(text)


def _firebase(text: str) -> Pairs:
    yield from _pairs(items(read_yaml(text), "env"))


_PROCFILE = re.compile(rf"^[\w-]+:[ \t]*(?:env[ \t]+)?((?:{NAME}=\S*[ \t]+)+)", re.MULTILINE)


def _procfile(text: str) -> Pairs:
    for match in _PROCFILE.finditer(text):
        for part in match[1].split():
            key, _, value = part.partition("=")
            yield key, value


_READERS: tuple[tuple[re.Pattern[str], Callable[[str], Pairs], bool], ...] = (
    (re.compile(r"turbo\.jsonc?"), _turbo, False),
    (re.compile(r"app\.json"), _app_json, True),
    (re.compile(r"render\.ya?ml"), _render, True),
    (re.compile(r"fly(?:\.[\w-]+)?\.toml"), _fly, True),
    (re.compile(r"vercel\.json|now\.json"), _vercel, True),
    (re.compile(r"netlify\.toml"), _netlify, True),
    (re.compile(r"railway\.(?:json|toml)"), _railway, True),
    (re.compile(r"nixpacks\.toml"), _nixpacks, True),
    (re.compile(r"wrangler\.(?:toml|jsonc?)"), _wrangler, True),
    (re.compile(r"\.replit"), _replit, True),
    (re.compile(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml"), _compose, False),
    (re.compile(r"(?:.*/)?\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml"), _workflow, False),
    (re.compile(r"\.gitlab-ci\.ya?ml"), _gitlab, False),
    (re.compile(r"heroku\.ya?ml"), _heroku, True),
    (re.compile(r"app\.ya?ml|(?:.*/)?\.do/[^/]+\.ya?ml"), _app_engine, True),
    (re.compile(r"apphosting(?:\.\w+)?\.ya?ml"), _firebase, True),
    (re.compile(r"Procfile"), _procfile, True),
)
_DOCKERFILE = re.compile(r"(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?", re.IGNORECASE)


def is_dockerfile(path: str) -> bool:
    return _DOCKERFILE.fullmatch(path.rpartition("/")[2]) is not None


def is_compose(path: str) -> bool:
    return _READERS[10][0].fullmatch(path.rpartition("/")[2]) is not None


def is_workflow(path: str) -> bool:
    return _READERS[11][0].fullmatch(path) is not None or path.rpartition("/")[2] in (
        ".gitlab-ci.yml",
        ".gitlab-ci.yaml",
    )


def set_by_image(path: str, text: str) -> Iterator[Declared]:
    """What a Dockerfile sets: it is there when the image runs, though no list for people names it.

    The kind is image for ENV, build for an ARG (which stays in the image's history)."""
    live = not _LOCAL.search(path.rpartition("/")[2])
    for word, name, value, line in dockerfile_sets(text):
        yield Declared(name, path, line, "image" if word == "ENV" else "build", value, live and word == "ENV")
