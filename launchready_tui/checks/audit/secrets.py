"""Keys in the code folder and in its whole history (gitleaks; "how to rotate"). No value is kept or shown."""

from __future__ import annotations

from dataclasses import replace

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.audit import _keys_found as words
from launchready_tui.model import Finding, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.secretlist import SecretList
from launchready_tui.secretmarks import SecretMarks
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned, SecretScan
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import plural

_NO_CODE = "You said that there is no code of your own, so no key can be in it."


@check(
    "audit.secrets.worktree",
    severity=Severity.CRITICAL,
    title="No key stands in your code",
    why="Machines find keys in code within minutes, and spend your money.",
    minutes=60,
    seconds=limits.SECRETS_SECONDS,
)
async def secrets_worktree(
    project: Project, repo: Repo | None, scan: SecretScan, owners: Owners | None, marks: SecretMarks | None
) -> Finding:
    if _no_code(project, owners):
        return info(_NO_CODE)
    if repo is None:
        return unknown(f"We have not looked: this needs {Repo.needs}.", needs=Repo.needs)
    return judge_worktree(await scan.worktree(repo), marks or SecretMarks())


@check(
    "audit.secrets.history",
    severity=Severity.CRITICAL,
    title="No key that still works stands in your history",
    why="Deleting a key from today's code does not remove it from yesterday's.",
    minutes=60,
    seconds=limits.SECRETS_SECONDS,
)
async def secrets_history(
    project: Project,
    repo: Repo | None,
    scan: SecretScan,
    owners: Owners | None,
    marks: SecretMarks | None,
    kept: SecretList | None,
) -> Finding:
    if _no_code(project, owners):
        return info(_NO_CODE)
    if repo is None:
        return unknown(f"We have not looked: this needs {Repo.needs}.", needs=Repo.needs)
    return judge_history(await scan.history(repo), marks or SecretMarks(), kept or SecretList())


def _no_code(project: Project, owners: Owners | None) -> bool:
    return "repository" in project.absent or (owners is not None and owners.get("repository").absent)


def judge_worktree(scanned: Scanned | NoRepo, marks: SecretMarks) -> Finding:
    return _judge(scanned, marks, history=False)


def judge_history(scanned: Scanned | NoRepo, marks: SecretMarks, kept: SecretList | None = None) -> Finding:
    """A key that was taken out of the files counts until somebody says when a new one was made: here, or in the list of
    the product's secrets, by the name of the setting that it was the value of."""
    renewed = {each.name.upper(): each.rotated_on for each in (kept.kept if kept else ()) if each.rotated_on}

    def since(found: Found) -> bool:
        day = renewed.get(found.label)
        return (
            bool(found.day) and day is not None and day.isoformat() > found.day
        )  # on that day itself: which came first?

    if isinstance(scanned, Scanned):
        scanned = replace(scanned, found=tuple(one for one in scanned.found if not since(one)))
    return _judge(scanned, marks, history=True)


def _judge(scanned: Scanned | NoRepo, marks: SecretMarks, *, history: bool) -> Finding:
    where = "history" if history else "code folder"
    if isinstance(scanned, NoRepo):
        return unknown(f"We could not read your {where}: {scanned.say}.", needs=Repo.needs)
    found = words.worst_first(one for one in scanned.found if one.what == "secret")
    doubtful = words.worst_first(one for one in scanned.found if one.what == "debatable")
    still = [one for one in found if marks.open(one)]
    evidence = words.lines_of(still or found, scanned, marks)
    if still:
        return failed(
            words.sentence(still, history=history).strip(),
            words.rotate(still, history=history),
            evidence=evidence,
            subject=still[0].path,
            severity=None if any(_critical(one.rule) for one in still) else Severity.HIGH,
            cause=f"key:{still[0].print[:12]}" if len(still) == 1 else "keys-in-code",
        )
    if scanned.shallow:
        return unknown(
            "In the newest part of your history no key is open; this copy was made without the older commits.",
            needs="the whole history: run git fetch --unshallow",
            evidence=evidence,
        )
    if scanned.left or scanned.cut:
        return unknown(
            f"In what we read of your {where} no key is open; {plural(scanned.left, 'text')} lie past "
            f"{limits.SECRETS_BYTES // 1_000_000} MB or {limits.SECRETS_FILES:,} files, where we stop.",
            needs="a scan that goes further: gitleaks git, say",
            evidence=evidence,
        )
    unsure = [one for one in doubtful if marks.open(one)]
    if unsure:
        tell = words.in_history if history else words.in_tree
        return warned(
            f"{tell(unsure[0])[0].upper()}{tell(unsure[0])[1:]} may still open something."
            if len(unsure) == 1
            else f"{plural(len(unsure), 'value')} in your {where} may be keys that still open something.",
            words.look_at(unsure),
            evidence=words.lines_of(unsure, scanned, marks),
            subject=unsure[0].path,
            cause=f"key:{unsure[0].print[:12]}" if len(unsure) == 1 else "doubtful-keys",
        )
    public = len({one.print for one in scanned.found if one.what == "public"})
    known = f" {plural(public, 'key')} that {'is' if public == 1 else 'are'} meant to be seen " if public else ""
    known += f"{'is' if public == 1 else 'are'} in it." if public else ""
    if found:
        said = plural(len(found), "key", "keys")
        return passed(
            f"{said[0].upper()}{said[1:]} in your {where} {'was' if len(found) == 1 else 'were'} made new since, or "
            f"{'is' if len(found) == 1 else 'are'} none.{known}",
            evidence=words.lines_of(found, scanned, marks),
        )
    read = plural(scanned.read, "version of a file", "versions of files") if history else plural(scanned.read, "file")
    return passed(f"No key stands in the {read} of your {where}.{known}", evidence=evidence)


def _critical(rule: str) -> bool:
    from launchready_tui.secretrules import load

    known = load().by_id.get(rule)
    return known is None or known.severity == "critical"
