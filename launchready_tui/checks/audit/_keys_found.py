"""Words for keys that a scan found: what, where, and what to do at whose page. Never a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from launchready_tui.checks.audit.env import is_env
from launchready_tui.model import Evidence, FileChange, Fix
from launchready_tui.secretmarks import SecretMarks
from launchready_tui.secretrules import Provider, load
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned
from launchready_tui.text import clean, listed, plural

WHO = "Whoever writes your app"
_SHOWN = 4  # keys that a sentence names
_LINES = 14  # keys that the evidence lists
_PROVIDERS = 5  # whose pages a fix names
_UNTRACKED = 20  # files that a fix takes out of git
_VOWELS = tuple("AEIOUaeio")
_SPELLED = ("npm ", "SSH ", "xAI ", "NVIDIA ")  # said letter by letter: "an npm token"


def article(name: str) -> str:
    """ "a Stripe key", "an AWS access key"."""
    return f"{'an' if name.startswith((*_VOWELS, *_SPELLED)) else 'a'} {name}"


def in_tree(found: Found) -> str:
    return f"{article(found.name)} ({clean(found.path, limit=80)}, line {found.line})"


def in_history(found: Found) -> str:
    """ "a Stripe key (config.js, 3 March 2026, commit 3fa2c1b)"."""
    parts = [clean(found.path, limit=80)]
    if found.day:
        try:
            day = dt.date.fromisoformat(found.day)
            parts.append(f"{day.day} {day:%B %Y}")
        except ValueError:
            pass  # a commit may claim any day; then it is not said
    if found.commit:
        parts.append(f"commit {found.commit[:7]}")
    return f"{article(found.name)} ({', '.join(parts)})"


def worst_first(found: Iterable[Found]) -> list[Found]:
    """Critical rules first; one key for each fingerprint, where it was seen first."""
    order = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}
    rules = load().by_id
    seen: dict[str, Found] = {}
    for one in found:
        seen.setdefault(one.print, one)
    return sorted(seen.values(), key=lambda one: order[rules[one.rule].severity] if one.rule in rules else 1)


def provider_of(found: Found) -> Provider:
    rules = load().by_id
    return (rules.get(found.rule) or rules["secret-value"]).provider


def rotation(found: Iterable[Found]) -> tuple[str, str]:
    """(what to do at each provider, the page of the first one)."""
    providers = {each.name: each for each in (provider_of(one) for one in found)}
    steps = [f"{each.name}: {each.path} ({each.page})" for each in list(providers.values())[:_PROVIDERS]]
    more = f"; and so at {plural(len(providers) - _PROVIDERS, 'other service')}" if len(providers) > _PROVIDERS else ""
    return "; ".join(steps) + more, next(iter(providers.values())).page if providers else ""


def lines_of(found: Iterable[Found], scanned: Scanned, marks: SecretMarks) -> list[Evidence]:
    """The engine and what it read, then each key by place, form and fingerprint."""
    lines = [Evidence("scan", engine_said(scanned))]
    for one in list(found)[:_LINES]:
        where = f"{clean(one.path, limit=120)}:{one.line}" + (f" at {one.commit[:10]}" if one.commit else "")
        mark = marks.of(one)
        said = f"; {mark.said}" if mark else ""
        lines.append(Evidence(where, f"{one.name} {one.shown}, fingerprint {one.print[:8]}{said}"))
    return lines


def engine_said(scanned: Scanned) -> str:
    """Which engine ran and what it went over."""
    engine = "kingfisher with our own rules" if scanned.engine == "kingfisher" else "our own rules"
    text = f"{engine}; {plural(scanned.read, 'text')} read"
    if scanned.left:
        text += f"; {plural(scanned.left, 'text')} past our cap not read"
    if scanned.long:
        text += f"; {plural(scanned.long, 'very long one')} read at the start only"
    return text


def rotate(found: list[Found], *, history: bool) -> Fix:
    """Make new keys first; then take them out of the files."""
    steps, page = rotation(found)
    files = list(dict.fromkeys(one.path for one in found))
    env = [path for path in files if is_env(path)]
    shown = listed([clean(path, limit=80) for path in files], most=4)
    say = f"1. Make a new key for each, since everybody who has the code has these. {steps}. "
    say += "2. Put the new values where your web host keeps settings (environment variables), and deploy. "
    if history:
        say += "3. Delete the old keys there: deleting the file does not help, the old versions keep it. "
    else:
        say += f"3. Take the values out of {shown}, read them from the environment instead, and commit. "
    say += "4. Press K here, go to each key, and tell us the day. If one is no key, say so there with the reason."
    changes = [FileChange(path, None) for path in env[:_UNTRACKED] if path.isprintable()] if not history else []
    tracked = tuple(change for change in changes if any(one.tracked and one.path == change.path for one in found))
    minutes = min(240, 20 + 10 * len(found))
    return Fix("file" if tracked else "steps", say, minutes=minutes, who=WHO, files=tracked, page=page)


def look_at(found: list[Found]) -> Fix:
    """For what a careful reader wants to see: it may be a key, or be past its time."""
    return Fix(
        "steps",
        f"Look at {listed([in_history(one) if one.commit else in_tree(one) for one in found], most=_SHOWN)}. If it "
        "opens "
        "something, make a new one and tell us the day; if not, say so: press K here and go to it.",
        minutes=10,
        who=WHO,
    )


def sentence(found: list[Found], *, history: bool) -> str:
    """What we saw, in one or two sentences."""
    tell = in_history if history else in_tree
    where = "your history" if history else "your code"
    shown = [tell(one) for one in found]
    if len(found) == 1:
        said = f"{shown[0][0].upper()}{shown[0][1:].partition(' (')[0]} is in {where} ({shown[0].partition(' (')[2]}"
        if not history:
            return f"{said}."
        at = provider_of(found[0]).name
        return f"{said}. Deleting the file does not help: make a new key at {at}, then tell us the day."
    return f"{plural(len(found), 'key')} {'are'} in {where}: {listed(shown, most=_SHOWN)}." + (
        " Deleting the files does not help." if history else ""
    )
