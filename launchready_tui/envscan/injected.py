"""Keys that are built into an image, or stand in a compose or workflow file, instead of coming from the host. Pure."""

from __future__ import annotations

import re

from launchready_tui.envscan.declared import is_compose, is_workflow
from launchready_tui.envscan.faults import Place, is_placeholder
from launchready_tui.envscan.model import Declared
from launchready_tui.envscan.survey import Survey
from launchready_tui.envscan.words import words
from launchready_tui.secretlist import names_a_secret

_LOCAL_FILE = re.compile(r"(?:^|[._-])(?:dev|development|local|test|testing|ci|override)(?:[._-]|$)", re.IGNORECASE)
# What throw-away databases on a developer's machine and in a test run are opened with.
_WEAK = words(
    "postgres postgresql mysql mariadb root admin administrator user pass dev develop development local ci minio "
    "minioadmin "
    "guest rabbitmq redis mongo app web api db database default secretkey letmein qwerty 1234 12345 123456 "
    "12345678 true "
    "false yes no on off"
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^:/@\s]*):([^@/\s]*)@", re.IGNORECASE)
_ANY_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def injected(found: Survey) -> tuple[Place, ...]:
    """Each key once: `why` is "ENV", "ARG", "compose" or "workflow"."""
    places: dict[tuple[str, str], Place] = {}
    for each in (*found.sets, *found.declared):
        why = _why(each)
        if why:
            places.setdefault((each.name, each.path), Place(each.name, each.path, each.line, why))
    return tuple(places.values())


def _why(each: Declared) -> str:
    if not names_a_secret(each.name):
        return ""
    if each.kind == "build":
        return "" if each.value is not None and not holds_a_key(each) else "ARG"
    if not holds_a_key(each):
        return ""
    if each.kind == "image":
        return "ENV"
    if is_compose(each.path) and not _LOCAL_FILE.search(each.path.rpartition("/")[2]):
        return "compose"
    return "workflow" if is_workflow(each.path) else ""


def holds_a_key(each: Declared) -> bool:
    """True where a literal stands there that could open something: not a reference, a placeholder or a test's own."""
    text = (each.value or "").strip()
    if not text or "$" in text or is_placeholder(text) or _weak(text, each.name):
        return False
    inside = _URL.match(text)
    if inside is not None:
        return bool(inside[1]) and not is_placeholder(inside[1]) and not _weak(inside[1], each.name)
    # A path to a file that holds the key is how it should be, and an address without a password opens nothing.
    return not _ANY_URL.match(text) and not text.startswith(("/", "./", "~/"))


def _weak(text: str, name: str) -> bool:
    lower = text.lower()
    return lower in _WEAK or len(text) < 4 or lower in name.lower().split("_")
