"""Each of the six, with its state: pure, from what was seen in the repository and what people said."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from launchready_tui.answers import Answers
from launchready_tui.automations import recognise
from launchready_tui.automations.model import FORGES, NAMES, Automation, Setup, State
from launchready_tui.automations.rollbacks import rollbacks
from launchready_tui.automations.seen import GITLAB, Seen
from launchready_tui.automations.words import BACK, COST, LOG_ALERTS, SCHEDULES, TITLES
from launchready_tui.automations.write import CannotWrite, changes, has_include, header, path_of, text_of
from launchready_tui.model import FileChange, Fix
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean, day

LOGS = "logs.alert"
# Who else may be doing it, by a person's word: automation -> (question, choices that say so).
_SAID = {
    "secrets": ("push.protection", ("on",)),
    "smoke": ("smoke.auto", ("auto",)),
    "uptime": ("alerts.people", ("alert", "one")),
    "logs": (LOGS, ("on",)),
}


def all_of(
    setup: Setup, seen: Seen | NoRepo | None, answers: Answers, *, absent: bool = False
) -> tuple[Automation, ...]:
    """The six in the roadmap's order. `seen` None: no code folder was given; `absent`: the product has none."""
    return tuple(automation(name, setup, seen, answers, absent=absent) for name in NAMES)


def automation(
    name: str, setup: Setup, seen: Seen | NoRepo | None, answers: Answers, *, absent: bool = False
) -> Automation:
    """One of the six, judged."""
    if name == "logs":
        return _logs(setup, answers)
    told = _told(name, answers)
    if absent:
        say = "There is no code of your own to keep it in. Your builder may offer it: look there."
        return told or _made(name, State.NOT_HERE, say)
    if seen is None:
        return told or _made(name, State.UNKNOWN, "This needs your code folder.")
    if isinstance(seen, NoRepo):
        return told or _made(name, State.UNKNOWN, f"We could not read your code folder: {seen.say}.")
    ours = _ours(name, setup, seen)
    if ours is not None:
        return ours
    other = _other(name, setup, seen)
    if other is not None:
        return _made(name, State.ELSEWHERE, f"{clean(other[0], limit=120)} does it ({clean(other[1], limit=80)}).")
    if told is not None:
        return told
    if seen.bad:
        path, why = seen.bad[0]
        say = f"{clean(path, limit=120)} could not be read ({why}), so we cannot tell what it does."
        return _made(name, State.UNKNOWN, say, fix=_fix(name, setup, seen))
    if setup.forge is None:
        return _made(name, State.NOT_HERE, setup.why)
    fix = _fix(name, setup, seen)
    path = path_of(name, setup.forge)
    assumed = " Your repository names no place where it is kept: this is for GitHub." if setup.assumed else ""
    if fix is None:
        return _made(name, State.OFF, _by_hand(name, setup, seen), path=path)
    return _made(name, State.OFF, f"Nothing in your repository does it.{assumed}", path=path, fix=fix, setup=setup)


def _made(
    name: str,
    state: State,
    say: str,
    *,
    path: str = "",
    fix: Fix | None = None,
    question: str = "",
    setup: Setup | None = None,
) -> Automation:
    question = question or (_SAID[name][0] if name in _SAID else "")
    steps = SCHEDULES.get(name, ()) if setup is not None and setup.forge == "gitlab" else ()
    if name == "smoke" and setup is not None:
        steps = (*steps, *_secrets(setup))
    return Automation(name, TITLES[name], state, say, COST[name], BACK[name], path, fix, steps, question)


def _secrets(setup: Setup) -> tuple[str, ...]:
    """What a person puts into the repository's settings, so that a failure rolls back by itself."""
    host = rollbacks()[setup.host]
    if not host.token:
        return (f"A failure links the way back at {host.label}: {host.by_hand}.",)
    where = "Settings, Secrets and variables, Actions" if setup.forge == "github" else "Settings, CI/CD, Variables"
    names = f"the secret {host.token}" + (f" and the variables {', '.join(host.ids)}" if host.ids else "")
    return (f"For a rollback by itself, set {names} ({where}). Without, a failure links the way back. {host.limit}",)


def _told(name: str, answers: Answers) -> Automation | None:
    question, choices = _SAID.get(name, ("", ()))
    answer = answers.get(question) if question else None
    if answer is None or answer.choice not in choices:
        return None
    return _made(name, State.ELSEWHERE, f"{answer.who or 'Somebody'} said on {day(answer.at)} that it is on.")


def _ours(name: str, setup: Setup, seen: Seen) -> Automation | None:
    """Our own file, where it is there."""
    for forge in FORGES:
        path = path_of(name, forge)
        text = seen.texts.get(path)
        if text is None or not text.startswith(header(name)):
            continue
        if any(bad == path for bad, _ in seen.bad):
            return _made(name, State.UNKNOWN, f"{path} is there, but it is no workflow any more.", path=path)
        main = seen.gitlab
        if forge == "gitlab" and not (
            main is not None and main.root is not None and has_include(main.root.get("include"))
        ):
            say = f"{path} is there, but {GITLAB} does not take it in, so it never runs."
            return _made(name, State.OFF, say, path=path, fix=_fix(name, setup, seen), setup=setup)
        new = (
            f" {path} is written, and not in git yet: it runs once you commit and push it."
            if path in seen.untracked
            else ""
        )
        if setup.forge == forge and text != text_of(name, setup):
            say = f"{path} is there, and differs from what we would write now: edited, or older.{new}"
            return _made(name, State.CHANGED, say, path=path, fix=_fix(name, setup, seen), setup=setup)
        return _made(name, State.ON, new.strip() or f"{path} does it.", path=path, setup=setup)
    return None


def _other(name: str, setup: Setup, seen: Seen) -> tuple[str, str] | None:
    """Another workflow that does it, as (path, name of the job)."""
    theirs = [each for each in seen.workflows if "/launchready" not in each.path]
    if name == "smoke":
        tested = recognise.tests_deploys(theirs, setup.domain)
        return (tested.job.path, tested.job.name) if tested is not None and tested.back else None
    ways: dict[str, Callable[[], tuple[str, str] | None]] = {
        "secrets": lambda: recognise.scans(theirs),
        "uptime": lambda: recognise.watches(theirs, setup.domain),
        "daily": lambda: recognise.looks_daily(theirs),
        "cache": lambda: recognise.tests_cache(theirs),
    }
    return ways[name]()


def _fix(name: str, setup: Setup, seen: Seen) -> Fix | None:
    return switch_on([name], setup, seen)


def switch_on(names: Iterable[str], setup: Setup, seen: Seen) -> Fix | None:
    """The files that switch some automations on, in one change; None where none can be written."""
    files: dict[str, FileChange] = {}
    names = [name for name in names if name != "logs"]
    for name in names:
        try:
            files |= {file.path: file for file in changes(name, setup, seen.texts)}
        except CannotWrite:
            return None
    if not files or setup.forge is None:
        return None
    listed = ", ".join(files)
    what = "; ".join(TITLES[name].lower() for name in names)
    return Fix(
        "file",
        f"Let {FORGES[setup.forge]} do it ({what}): add {listed} to your repository, commit and push. "
        f"`launchready automate {names[0] if len(names) == 1 else 'all'}` shows the whole text.",
        minutes=10,
        who="Whoever writes your app",
        files=tuple(files.values()),
    )


def _by_hand(name: str, setup: Setup, seen: Seen) -> str:
    try:
        changes(name, setup, seen.texts)
    except CannotWrite as problem:
        return str(problem)
    return "Nothing in your repository does it."


def _logs(setup: Setup, answers: Answers) -> Automation:
    """Alerts on the log are the host's own; a person switches them on."""
    told = _told("logs", answers)
    steps = LOG_ALERTS.get(setup.host, LOG_ALERTS["other"])
    state, say = (told.state, told.say) if told else (State.OFF, "Nobody said that your host alerts you.")
    return Automation("logs", TITLES["logs"], state, say, COST["logs"], BACK["logs"], steps=steps, question=LOGS)
