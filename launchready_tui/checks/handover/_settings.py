"""The names of secrets that a code folder declares (.env files) or reads (its code). Names, never values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from launchready_tui import limits
from launchready_tui.envscan.survey import Survey, survey
from launchready_tui.secretlist import Suggested, names_a_secret
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import clean

_MOST = 200  # different names taken of one folder; ours


def suggested(found: Survey) -> Iterator[Suggested]:
    """The secrets that are named anywhere. In a .env file that is no example and stands in git, a value has leaked."""
    for each in found.declared:
        if each.kind in ("example", "env") and names_a_secret(each.name):
            yield Suggested(each.name, clean(each.path, limit=120), leaked=each.kind == "env" and bool(each.value))
    for use in found.uses:
        if names_a_secret(use.name):
            yield Suggested(use.name, f"read in {clean(use.path, limit=120)}")


def once(found: Iterable[Suggested]) -> tuple[Suggested, ...]:
    """Each name once, at its first place; leaked where any place says so."""
    known: dict[str, Suggested] = {}
    for each in found:
        before = known.setdefault(each.name, each)
        if each.leaked and not before.leaked:
            known[each.name] = each
    return tuple(known[name] for name in sorted(known))[:_MOST]


async def settings_of(repo: Repo) -> tuple[Suggested, ...] | NoRepo:
    """What a code folder names as secrets."""
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return tracked
    found = await repo.on_thread(lambda read: survey(tracked.paths, read), most=limits.ENV_FILE_BYTES)
    return found if isinstance(found, NoRepo) else once(suggested(found))
