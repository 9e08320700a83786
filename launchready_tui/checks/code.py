"""What the checks of a code folder share: when there is no code, when it was not given, when it cannot be read."""

from __future__ import annotations

from launchready_tui.model import Finding, info, unknown
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo

WHO = "Whoever writes your app"


def no_code(project: Project, owners: Owners | None, so: str) -> Finding | None:
    """Info where somebody said that the product has no code of its own; `so` ends the sentence."""
    if "repository" in project.absent or (owners is not None and owners.get("repository").absent):
        return info(f"You said that there is no code of your own, {so}")
    return None


def not_given() -> Finding:
    return unknown(f"We have not looked: this needs {Repo.needs}.", needs=Repo.needs)


def unread(found: NoRepo) -> Finding:
    return unknown(f"We could not read your code folder: {found.say}.", needs=Repo.needs)


def but(cut: str) -> str:
    """The sentence that says what was left out; "" where all was read."""
    return f" We did not see all of it: {cut}." if cut else ""
