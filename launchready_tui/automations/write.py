"""The files that switch an automation on. Values of the founder's are quoted, and no expression is made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from launchready_tui import __version__
from launchready_tui.automations.model import Forge, Setup
from launchready_tui.automations.rollbacks import rollbacks
from launchready_tui.automations.safeyaml import BadYaml, load
from launchready_tui.automations.seen import GITHUB, GITLAB, GITLAB_FILES
from launchready_tui.model import FileChange
from launchready_tui.text import clean

# Pinned by commit and by digest, looked up on 2026-11-24. A newer one is a newer version of ours.
_CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"
_GITLEAKS = {
    "version": "8.30.0",
    "sha256": "79a3ab579b53f71efd634f3aaf7e04a0fa0cf206b7ed434638d1547a2470a66e",
}
_IMAGES = {
    "gitleaks": "ghcr.io/gitleaks/gitleaks:v8.30.0"
    "@sha256:691af3c7c5a48b16f187ce3446d5f194838f91238f27270ed36eef6359a574d9",
    "curl": "docker.io/curlimages/curl:8.17.0@sha256:935d9100e9ba842cdb060de42472c7ca90cfe9a7c96e4dacb55e79e560b3ff40",
    "python": "docker.io/library/python:3.13-slim"
    "@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b",
}
_INCLUDE = f"/{GITLAB_FILES}/*.yml"
_ASKED = ("home", "login", "signup", "callback", "api", "checkout")  # kinds of addresses, in the order of the test


class CannotWrite(ValueError):
    """No file can be written; the sentence says what a person does instead."""


def path_of(name: str, forge: Forge) -> str:
    return f"{GITHUB}/launchready-{name}.yml" if forge == "github" else f"{GITLAB_FILES}/{name}.yml"


def header(name: str) -> str:
    """The first line of a file of ours."""
    return f"# launchready: {name}"


def text_of(name: str, setup: Setup) -> str:
    """The file of one automation, whole."""
    assert setup.forge is not None
    host = rollbacks()[setup.host]
    env = _environment()

    def script(which: str, **more: object) -> str:
        return str(env.get_template(f"{which}.sh.j2").render(github=setup.forge == "github", **more)).strip()

    values: dict[str, object] = {
        "host": host,
        "branches": list(setup.branches),
        "pages": _pages(setup),
        "home": _url(setup.home),
        "by_hand": _words(setup.by_hand or host.by_hand),
        "checkout": _CHECKOUT,
        "gitleaks": _GITLEAKS,
        "images": _IMAGES,
        "package": f"launchready-tui=={__version__}",
        "domain": setup.domain,
        "options": _options(setup),
        "first": setup.stages[0],
        "stage": setup.stages[1],
        "smoke": script("smoke"),
        "cache": script("cache"),
        "daily": script("daily"),
        "install": script("install"),
        "fetch": script("fetch"),
        "scan": script("scan"),
        "rollback": script("rollback", lines=(host.lines or 'by_hand "Nothing was rolled back."').strip()),
    }
    return str(env.get_template(f"{setup.forge}/{name}.yml.j2").render(values)).rstrip() + "\n"


def changes(name: str, setup: Setup, texts: Mapping[str, str]) -> tuple[FileChange, ...]:
    """The files to write. `texts` are those that are there. Raises CannotWrite."""
    if setup.forge is None:
        raise CannotWrite(setup.why)
    files = [FileChange(path_of(name, setup.forge), text_of(name, setup))]
    if setup.forge == "gitlab":
        main = included(texts.get(GITLAB))
        if main is None:
            raise CannotWrite(f"Add to the list under “include:” in {GITLAB} by hand:  - local: {_INCLUDE}")
        if main != texts.get(GITLAB):
            files.append(FileChange(GITLAB, main))
    return tuple(file for file in files if texts.get(file.path) != file.text)


def included(text: str | None) -> str | None:
    """.gitlab-ci.yml that takes our files in; None where that cannot be written without changing more than that."""
    item = f"- local: {_INCLUDE}"
    if text is None or not text.strip():
        return f"include:\n  {item}\n"
    try:
        before = load(text)
    except BadYaml:
        return None
    if not isinstance(before, dict):
        return None
    old = before.get("include")
    if has_include(old):
        return text
    if "include" not in before:
        after = f"{text.rstrip()}\n\ninclude:\n  {item}\n"
        wanted: list[object] = [{"local": _INCLUDE}]
    else:
        lines = text.splitlines(keepends=True)
        at = next((n for n, line in enumerate(lines) if line.split("#")[0].rstrip() == "include:"), None)
        if at is None or not isinstance(old, list):
            return None
        under = next((line for line in lines[at + 1 :] if line.strip() and not line.lstrip().startswith("#")), "")
        pad = under[: len(under) - len(under.lstrip())]
        after = "".join([*lines[: at + 1], f"{pad}{item}\n", *lines[at + 1 :]])
        wanted = [{"local": _INCLUDE}, *old]
    try:
        return after if load(after) == {**before, "include": wanted} else None
    except (BadYaml, RecursionError):
        return None


def has_include(value: object) -> bool:
    """Does an include of .gitlab-ci.yml take our files in?"""
    parts = value if isinstance(value, list) else [value]
    named = [part.get("local") if isinstance(part, dict) else part for part in parts]
    return any(isinstance(each, str) and each.lstrip("/") == _INCLUDE.lstrip("/") for each in named)


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("launchready_tui.automations"),
        undefined=StrictUndefined,
        autoescape=False,  # no HTML: every value goes through json, below
        trim_blocks=True,
        keep_trailing_newline=True,
        block_start_string="@%",
        block_end_string="%@",
        variable_start_string="@{",
        variable_end_string="}@",
        comment_start_string="@#",
        comment_end_string="#@",
    )
    env.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)  # a JSON text is a YAML value
    env.filters["gitlab"] = lambda value: value.replace("$", "$$")  # GitLab fills in variables inside variables
    return env


def _pages(setup: Setup) -> list[tuple[str, str]]:
    known = dict(setup.pages) | {"home": setup.home}
    found = [(f"SMOKE_{kind.upper()}", _url(known[kind])) for kind in _ASKED if known.get(kind)]
    if setup.marker.strip():
        found.append(("SMOKE_MARKER", _words(setup.marker)))
    if known.get("callback"):
        found.append(("SMOKE_HOSTS", " ".join(setup.hosts)))
    return found


def _url(url: str) -> str:
    """As it is asked for; what could be taken for an expression of the forge is written in its other form."""
    return url.replace("$", "%24").replace("{", "%7B").replace("}", "%7D")


def _words(text: str) -> str:
    return " ".join(clean(text, limit=300).split()).replace("${{", "$ {{")


def _options(setup: Setup) -> str:
    """Options of `launchready check`, with no blank in any of them."""
    words = [f"--url {kind}={_url(url)}" for kind, url in setup.pages if url]
    if setup.subs is not None:
        words += [f"--sub {sub}" for sub in setup.subs] or ["--sub none"]
    return " ".join(words)
