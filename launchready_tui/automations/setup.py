"""What files are written for: the forge, the host, the addresses that the founder named."""

from __future__ import annotations

from collections.abc import Sequence

from launchready_tui.answers import Answers
from launchready_tui.automations.model import Forge, Setup
from launchready_tui.automations.rollbacks import rollbacks
from launchready_tui.automations.seen import Seen, forge_of
from launchready_tui.automations.workflows import Workflow
from launchready_tui.project import Project
from launchready_tui.sources.urls import host_of

_KINDS = ("login", "signup", "callback", "api", "checkout")
_WAY_BACK = "rollback.rehearsal"


def setup_of(
    project: Project, seen: Seen, platforms: Sequence[str], answers: Answers | None, forge: Forge | None = None
) -> Setup:
    """`platforms` are hosts as platforms.toml has them; `forge` is what a person chose where nothing says it."""
    found, why, assumed = (forge, "", False) if forge is not None else forge_of(seen)
    pages = tuple((kind, url) for kind in _KINDS if (url := project.url(kind)) and kind not in project.absent)
    home = project.url("home") or ""
    hosts = dict.fromkeys((*project.hosts, *([host_of(home)] if home else [])))
    known = answers.newest(_WAY_BACK) if answers is not None else None
    return Setup(
        found,
        why,
        assumed,
        project.domain,
        home,
        pages,
        tuple(hosts),
        project.marker,
        project.subs,
        next((name for name in platforms if name in rollbacks()), "other"),
        known.fields.get("steps", "") if known is not None else "",
        (seen.branch,) if seen.branch else ("main", "master"),
        _stages(seen.gitlab),
    )


def _stages(main: Workflow | None) -> tuple[str, str]:
    """The first and the last stage of a pipeline. Where files that we do not read may name them, those that always are;
    .pre and .post alone make no pipeline, so the default ones are used where nothing else is there."""
    if main is None:
        return "test", "deploy"
    if main.stages:
        return main.stages[0], main.stages[-1]
    foreign = [each for each in main.includes if each not in ("include", "local") and "launchready/" not in each]
    return (".pre", ".post") if foreign else ("test", "deploy")
