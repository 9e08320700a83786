"""Which platform the product runs on, as people and files say: for the ways back and the deploy document."""

from __future__ import annotations

from launchready_tui.answers import Answers
from launchready_tui.codefacts import CodeFacts
from launchready_tui.owners import Owners
from launchready_tui.platforms import Recognised
from launchready_tui.rollbacks import Way, way_of


async def found_of(code: CodeFacts | None) -> Recognised:
    """What the files say; nothing where there are none to read."""
    found = await code.recognised() if code is not None else None
    return found if isinstance(found, Recognised) else Recognised()


def names_of(found: Recognised, owners: Owners | None, answers: Answers | None) -> tuple[str, ...]:
    """Names of the host, the most certain first: what people wrote down, then what the files say."""
    told = [owners.get("hosting").provider] if owners is not None else []
    answer = answers.newest("host.target") if answers is not None else None
    told += [answer.fields.get("host", "")] if answer is not None else []
    builders = [name for name in found.platforms if name in ("lovable", "replit", "bolt")]
    return tuple(name for name in (*told, *found.hosts, *builders) if name.strip())


def way_back(found: Recognised, owners: Owners | None, answers: Answers | None) -> Way | None:
    return way_of(names_of(found, owners, answers))
