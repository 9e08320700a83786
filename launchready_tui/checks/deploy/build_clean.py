"""It builds from what is committed, with nothing but the example's settings (catalogue, deploy.build.clean).

The build itself runs only after a yes to the exact commands. Its result is kept: a look reads it and runs nothing.
"""

from __future__ import annotations

import os
import re

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.cleanbuild.model import Built, Missing, Order
from launchready_tui.cleanbuild.source import BuildBook, CleanBuild, order_of
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.declared import is_env
from launchready_tui.leaks import rules_hit
from launchready_tui.model import Evidence, FileChange, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.system import build_limits
from launchready_tui.text import day, listed, plural

_HEADLESS = "launchready check DOMAIN --allow build --only deploy.build.clean"
_YES = "your yes to a clean build"
_MADE = re.compile(r"(?:^|/)(?:dist|build|out|target|\.next|\.output|coverage|tmp|log|logs)/")
_KEYS = re.compile(r"\.(?:pem|key|p12|pfx|jks|keystore)$|(?:^|/)(?:id_rsa|credentials|service-account)", re.IGNORECASE)


@check(
    "deploy.build.clean",
    severity=Severity.CRITICAL,
    title="It builds from a fresh copy of the code",
    why="What builds on one laptop only cannot be repaired when that laptop is away.",
    minutes=30,
    seconds=limits.BUILD_SECONDS + 120,
)
async def build_clean(
    project: Project,
    owners: Owners | None,
    repo: Repo | None,
    code: CodeFacts | None,
    book: BuildBook | None,
    builder: CleanBuild | None,
) -> Finding:
    if (none := no_code(project, owners, "so there is nothing to build.")) is not None:
        return none
    if repo is None or code is None:
        return not_given()
    tracked, found = await repo.tracked(), await code.recognised()
    if isinstance(tracked, NoRepo):
        return unread(tracked)
    if isinstance(found, NoRepo):
        return unread(found)
    head = await repo.head()
    if isinstance(head, NoRepo):
        return unread(head)
    book = book or BuildBook()
    manifest = await repo.read(f"{found.commands.folder}/package.json".lstrip("/"), most=limits.ENV_FILE_BYTES)
    order = order_of(tracked.top, tracked.paths, found, book.last, manifest or "")
    if order is None:
        if "docker" in found.platforms:
            return unknown(
                "Your code is built into an image, and nothing else in it says how it is built. Give the command.",
                needs="your build command, and a yes to it",
            )
        return info(
            "Nothing in your code folder says how it is built, so there is nothing to build: the files go live as "
            "they are. Where that is wrong, b asks for the command."
        )
    if builder is not None and not book.ran_here(head, order):
        book.keep(await builder.run(order))
    if book.last is None:
        return unknown(
            f"Nobody has tried whether it builds from a fresh copy. That would run {_commands(order)}.",
            needs=_YES,
            evidence=[Evidence("what would run", _lines(order)), Evidence("without the wizard", _HEADLESS)],
        )
    texts = {each.path: await repo.read(each.path, most=limits.BUILD_FIX_BYTES + 1) for each in book.last.missing}
    return judge(book.last, head, texts, frozenset(tracked.paths))


def _commands(order: Order | Built) -> str:
    return listed([f"“{each}”" for each in (order.install, order.build) if each])


def _lines(order: Order) -> str:
    where = f" in the folder {order.folder}" if order.folder else ""
    given = f", with the variables of {listed(list(order.examples))}" if order.examples else ""
    return f"{_commands(order)}{where}{given}"


def _took(seconds: float) -> str:
    whole = round(seconds)
    if whole < 100:
        return plural(max(whole, 1), "second")
    return f"{whole // 60} min {whole % 60:02d} s"


def _when(built: Built) -> str:
    return f"on {day(built.at)}, at commit {built.short}"


def _evidence(built: Built) -> list[Evidence]:
    out = [Evidence("what ran", f"{_commands(built)} {_when(built)}, {_took(built.seconds)}")]
    out.append(Evidence("network", "it could be reached" if built.network else "cut off for the build"))
    if built.warnings:
        out.append(Evidence("warnings", f"{built.warnings:,} of {plural(built.lines, 'line')}"))
    if built.tail:
        out.append(Evidence("the last lines", "\n".join(built.tail)))
    if limit := build_limits():
        out.append(Evidence("what we cannot end here", limit))
    return out


def judge(built: Built, head: str, texts: dict[str, str | None], tracked: frozenset[str] = frozenset()) -> Finding:
    """Pure: the last build against the commit that is there now. `texts` are the missing files as the folder has them,
    `tracked` what git tracks by now."""
    evidence = _evidence(built)
    ended = f"“{built.command}”"
    if built.outcome in ("passed", "failed") and built.commit != head:
        how = "It built from" if built.outcome == "passed" else f"{ended} failed in"
        return unknown(
            f"{how} a fresh copy {_when(built)}. Since then the code moved on to {head[:7]}, which nobody has built.",
            needs=_YES,
            evidence=evidence,
        )
    if built.outcome == "failed":
        return _failed(built, texts, evidence, tracked)
    if built.outcome != "passed":
        saw, needs = _UNSAID[built.outcome]
        stood = {"what": ended, "said": f" ({built.said})" if built.said else "", "name": built.said}
        return unknown(f"{saw.format(**stood)} That was {_when(built)}.", needs=needs, evidence=evidence)
    saw = f"It builds from a fresh copy with {_commands(built)}, in {_took(built.seconds)} ({_when(built)})."
    facts = [("clean-build", f"{built.short}, {day(built.at)}, {_took(built.seconds)}")]
    if built.left or built.stuck:
        names = listed(list(built.stuck or built.left))
        said = "would not end" if built.stuck else "we ended it" if len(built.left) == 1 else "we ended them"
        fix = Fix(
            "steps",
            f"See why the build leaves {names} running. On a host that waits for it, the deploy never ends. A build "
            "tool mostly has an option for it (Gradle: --no-daemon).",
            minutes=20,
            who=WHO,
        )
        return warned(f"{saw} It left {names} running: {said}.", fix, evidence=evidence, facts=facts)
    if built.seconds > limits.BUILD_SECONDS_WARN:
        fix = Fix(
            "steps",
            "Look at which step of the build takes longest, and keep its result between builds (a cache at your host), "
            "or leave it out of the release. A repair waits for every build.",
            minutes=60,
            who=WHO,
        )
        bar = f"more than {limits.BUILD_SECONDS_WARN / 60:.0f} minutes"
        return warned(f"{saw} That is {bar}.", fix, evidence=evidence, facts=facts)
    if built.warnings > limits.BUILD_WARNINGS:
        fix = Fix(
            "steps",
            "Go through the warnings of the build from the top: update what is out of date, and silence what you know. "
            "Among so many nobody sees the one that matters.",
            minutes=60,
            who=WHO,
        )
        return warned(f"{saw} It gives {built.warnings:,} warnings.", fix, evidence=evidence, facts=facts)
    return passed(saw, evidence=evidence, facts=facts)


# What we ended ourselves, or what never ran, says nothing about the code.
_UNSAID = {
    "hung": (
        f"We ended {{what}} after {limits.BUILD_SECONDS / 60:.0f} minutes{{said}}: it may hang, or wait for somebody "
        "to type.",
        "a build that ends",
    ),
    "flooded": (
        f"We ended {{what}} when it had written {limits.BUILD_BYTES // 1_000_000} MB: it writes the same again and "
        "again, or far too much.",
        "a build that says less",
    ),
    "forked": (
        f"We ended {{what}} when it ran more than {limits.BUILD_PROCESSES} programs at once.",
        "a build that starts fewer programs",
    ),
    "absent": ("We could not run {what}: {name} is not installed on this machine.", "a machine that has it installed"),
    "offline": ("{what} could not fetch what it needs{said}.", "a network, and another build"),
    "machine": ("This machine ended {what}{said}.", "another build, or a larger machine"),
    "uncopied": ("We could not make a fresh copy of your code{said}.", "another build"),
    "uncut": (
        "You wanted {what} without network, and this machine cannot cut it{said}. Nothing was run.",
        "a build with network, or another machine",
    ),
}


def _failed(built: Built, texts: dict[str, str | None], evidence: list[Evidence], tracked: frozenset[str]) -> Finding:
    cause = ""
    fix = Fix(
        "steps",
        f"Run {_commands(built)} in a fresh clone of your code, with the example's settings only, and read the first "
        "error from the top. Most often a file or a setting is on one laptop only: put the file into git, add the "
        "setting to the example.",
        minutes=30,
        who=WHO,
    )
    if built.missing:
        names = listed([each.path for each in built.missing])
        cause = (
            f": it asks for {names}, which {'is' if len(built.missing) == 1 else 'are'} in your folder and not in git"
        )
        fix = _take_in(built.missing, texts)
    since = ""
    if built.missing and all(each.path in tracked for each in built.missing):
        since = " Git tracks it by now: what is left is to commit it."
        fix = Fix(
            "steps",
            f"Commit {listed([each.path for each in built.missing])} and push, then build again.",
            minutes=2,
            who=WHO,
            copy="git commit",
        )
    return failed(
        f"“{built.command}” fails in a fresh copy of your code{cause or f' (it ended with {built.code})'}. That was "
        f"{_when(built)}.{since}",
        fix,
        evidence=evidence,
    )


def _take_in(missing: tuple[Missing, ...], texts: dict[str, str | None]) -> Fix:
    """What to do about files that are on one machine only: into git where that harms nobody."""
    held = [each for each in missing if _private(each, texts.get(each.path))]
    free = [each for each in missing if each not in held]
    if free and not held:
        names = listed([each.path for each in free])
        add = " ".join(f"'{each.path}'" for each in free)
        return Fix(
            "file",
            f"Take {names} into git: git add {add}. Then commit and push, and build again.",
            minutes=5,
            who=WHO,
            files=tuple(FileChange(each.path, None, track=True) for each in free),
            copy=f"git add {add}",
        )
    names = listed([each.path for each in held])
    return Fix(
        "steps",
        f"{names} {'is' if len(held) == 1 else 'are'} not for git: made by a build, kept out by .gitignore, or with a "
        "key in it. Let the build make it, or let the code read the value from a variable that the example file names "
        "and the host sets. Then commit and build again.",
        minutes=30,
        who=WHO,
    )


def _private(each: Missing, text: str | None) -> bool:
    """Not to be put into git by a key: kept out on purpose, made by a build, with a secret in it, or no small text."""
    if each.ignored or is_env(each.path) or _MADE.search(each.path) or _KEYS.search(os.path.basename(each.path)):
        return True
    return text is None or len(text) > limits.BUILD_FIX_BYTES or "\0" in text or bool(rules_hit(text))
