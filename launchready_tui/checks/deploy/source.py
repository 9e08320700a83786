"""How releases go live: by a push, or from somebody's laptop (roadmap: "one person's laptop")."""

from __future__ import annotations

import re
from collections import Counter

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import no_code
from launchready_tui.checks.deploy._host import WHO, given, untold, who
from launchready_tui.hosts.model import HostAccount, NoHost, Release, Releases
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import Repo, Tracked
from launchready_tui.text import clean, day, listed, plural

QUESTION = "deploy.source"
_WORKFLOW = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci/config\.yml|bitbucket-pipelines\.yml"
)
_DEPLOYS = re.compile(r"\bvercel\b.{0,80}--prod|vercel-action|\bflyctl deploy|\bfly deploy|netlify deploy|"
                      r"actions-netlify|api\.render\.com/deploy|render deploys create", re.DOTALL)  # fmt: skip
_FILES = 20  # workflow files read; ours


@check(
    "deploy.source.ci",
    severity=Severity.LOW,
    title="Releases go live by a push",
    why="If releases come from one laptop and that laptop breaks, they stop.",
    minutes=30,
    question=QUESTION,
)
async def source_ci(
    project: Project, repo: Repo | None, owners: Owners | None, answers: Answers, host: HostAccount | None
) -> Finding:
    if (absent := no_code(project, owners, "so its builder puts it live.")) is not None:
        return absent
    told = await host.releases() if host is not None else None
    return judge(told, answers, await deploying(repo) if isinstance(told, Releases) else "")


async def deploying(repo: Repo | None) -> str:
    """The workflow file that deploys by the host's command line; "" where none is seen."""
    tracked = await repo.tracked() if repo is not None else None
    if repo is None or not isinstance(tracked, Tracked):
        return ""
    for path in [path for path in tracked.paths if _WORKFLOW.fullmatch(path)][:_FILES]:
        if _DEPLOYS.search(await repo.read(path, most=limits.ENV_FILE_BYTES) or ""):
            return path
    return ""


def judge(told: Releases | NoHost | None, answers: Answers, workflow: str = "") -> Finding:
    """Pure. A command that CI ran looks like one that a person ran: where a workflow may have done it, we ask."""
    last = told.all[: limits.RELEASES_LOOKED_AT] if isinstance(told, Releases) else ()
    evidence = [Evidence(_when(each), _how(each)) for each in last]
    hand = [each for each in last if each.by == "hand"]
    if last and all(each.by == "git" for each in last):
        return passed(f"The last {plural(len(last), 'release')} went live from git or CI.", evidence=evidence)
    answer = given(QUESTION, answers)
    if workflow and hand and answer is None:
        return unknown(
            f"{plural(len(hand), 'release')} of the last {len(last)} came from a command. {clean(workflow, limit=120)} "
            "runs such a command, and your host does not tell it from a person's.",
            needs="your word on who ran it",
            evidence=evidence,
            question=QUESTION,
        )
    if hand and not workflow:
        return _by_hand(hand, len(last), evidence)
    if answer is None:
        say = "How your releases go live, we cannot see."
        return untold(QUESTION, answers, say, told if isinstance(told, NoHost) else None, evidence)
    if answer.choice in ("ci", "first"):
        said = (
            "releases go live by themselves, from git or CI" if answer.choice == "ci" else "this is the first release"
        )
        return passed(f"{who(answer)}: {said}.", evidence=evidence)
    if answer.choice == "few":
        return warned(f"{who(answer)} that one or two of the last five releases were put live by hand.", _connect(),
                      evidence=evidence, question=QUESTION)  # fmt: skip
    return failed(f"{who(answer)} that most of the last five releases came from somebody's own computer.", _connect(),
                  evidence=evidence, question=QUESTION)  # fmt: skip


def _by_hand(hand: list[Release], of: int, evidence: list[Evidence]) -> Finding:
    people = Counter(each.who for each in hand)
    name, most = people.most_common(1)[0]
    names = listed(sorted({clean(each.who, limit=60) for each in hand if each.who}))
    saw = f"{len(hand)} of the last {plural(of, 'release')} {'was' if len(hand) == 1 else 'were'} put live by hand"
    saw += f", by {names}." if names else "."
    # Releases whose author the host does not name may be several people's.
    judged = failed if name and most >= limits.RELEASES_BY_HAND else warned
    return judged(saw, _connect(), evidence=evidence, subject=clean(name, limit=60), question=QUESTION)


def _connect() -> Fix:
    return Fix(
        "steps",
        "At your web host, connect the repository (Vercel: Settings, Git; Netlify: Project configuration, Build & "
        "deploy, Continuous deployment; Render: Settings, Build & Deploy, Auto-Deploy; Fly: a GitHub workflow with "
        "flyctl deploy and a deploy token). From then on a merge to the main branch goes live, whoever makes it.",
        minutes=30,
        who=WHO,
    )


def _when(each: Release) -> str:
    return f"{day(each.at)}, {each.at:%H:%M}" if each.at is not None else each.id


def _how(each: Release) -> str:
    how = {"git": "from git or CI", "hand": "by hand"}.get(each.by, "your host does not say how")
    return clean(f"{each.commit[:12]} {how}{f', {each.who}' if each.who else ''}".strip(), limit=160)
