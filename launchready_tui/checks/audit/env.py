"""Files with passwords in git: the index and the ignore rules, read without running anything (gitleaks; roadmap)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from launchready_tui.checks import check
from launchready_tui.model import (
    Evidence,
    FileChange,
    Finding,
    Fix,
    Severity,
    failed,
    info,
    passed,
    unknown,
    warned,
)
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import clean, listed, plural

_ENV = re.compile(r"\.env(?:\..+)?", re.IGNORECASE)
_EXAMPLE = (".example", ".sample", ".template")
_WHO = "Whoever writes your app"
_MOST = 200_000  # bytes of a .gitignore that we read and write back
_WRITTEN = 100  # files in one fix; more are for a person

# A path that must be ignored -> the lines that see to it. The examples stay in git: they hold names, no values.
_KEEP = ("!.env.example", "!.env.sample", "!.env.template")
RULES: dict[str, tuple[str, ...]] = {
    ".env": (".env",),
    ".env.production": (".env.*", *_KEEP),
    "launchready-probe.pem": ("*.pem",),
    "launchready-probe.key": ("*.key",),
    "service-account-probe.json": ("service-account*.json",),
}


def is_env(path: str) -> bool:
    """True for .env and .env.* anywhere, but for examples that hold no values."""
    name = path.rpartition("/")[2]
    return _ENV.fullmatch(name) is not None and not name.lower().endswith(_EXAMPLE)


@dataclass(frozen=True, slots=True)
class Ignore:
    """The top .gitignore: its text ("" where there is none, None where we may not write it) and the lines it lacks."""

    text: str | None
    lacking: tuple[str, ...]

    @property
    def completed(self) -> str | None:
        """The whole new text, in the line endings that the file has."""
        if self.text is None:
            return None
        end = "\r\n" if "\r\n" in self.text else "\n"
        before = self.text if not self.text or self.text.endswith("\n") else self.text + end
        return before + "".join(line + end for line in self.lacking)


@check(
    "audit.env.tracked",
    severity=Severity.CRITICAL,
    title="No file with passwords is in git",
    why="Everyone who has the code has your passwords, and so has everyone who ever will.",
    minutes=30,
)
async def env_tracked(project: Project, repo: Repo | None, owners: Owners | None) -> Finding:
    if "repository" in project.absent or (owners is not None and owners.get("repository").absent):
        return info("You said that there is no code of your own, so nothing of it can be in git.")
    if repo is None:
        return unknown(f"We have not looked: this needs {Repo.needs}.", needs=Repo.needs)
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return unknown(f"We could not read your code folder: {tracked.say}.", needs=Repo.needs)
    ignored = await repo.ignored(tuple(RULES))
    if isinstance(ignored, NoRepo):
        return unknown(f"We could not read which files git ignores: {ignored.say}.", needs="another look")
    lacking = tuple(line for path, lines in RULES.items() if path not in ignored for line in lines)
    text = await repo.read(".gitignore", most=_MOST)
    if (text is None and ".gitignore" in tracked.paths) or (text is not None and len(text) >= _MOST):
        ignore = Ignore(None, lacking)  # a link, or far too long: a person writes it
    else:
        ignore = Ignore(text or "", lacking)
    return judge(tracked.paths, ignore)


def judge(paths: tuple[str, ...], ignore: Ignore) -> Finding:
    """`paths` is what git tracks."""
    leaked = sorted(path for path in paths if is_env(path))
    rules = ", ".join(ignore.lacking)
    evidence = [Evidence(".gitignore", f"lacks {rules}" if rules else "ignores what must stay out")]
    change = ignore.completed
    write = (FileChange(".gitignore", change),) if ignore.lacking and change is not None else ()
    add = f"add these lines to .gitignore: {rules}" if rules else ""
    if leaked:
        evidence.insert(0, Evidence("git ls-files", "\n".join(leaked[:20])))
        shown = [clean(path, limit=100) for path in leaked]
        names = " ".join(shlex.quote(name) for name in shown[:6]) + (" …" if len(shown) > 6 else "")
        stops = tuple(FileChange(path, None) for path in leaked[:_WRITTEN] if path.isprintable())
        then = f" Then {add}." if add else ""
        return failed(
            f"{listed(shown)} {'is' if len(leaked) == 1 else 'are'} in git, with all that stands in "
            f"{'it' if len(leaked) == 1 else 'them'}.",
            Fix(
                "file",
                f"In the code folder, run git rm --cached {names} and commit: the files stay on your disk.{then} What "
                "this does not do: older commits still hold the values. So make a new key for every value in there, at "
                "the service it is for, and only then is this over.",
                minutes=30,
                who=_WHO,
                files=(*stops, *write),
            ),
            evidence=evidence,
            subject=leaked[0],
            cause="env-tracked",
        )
    if add:
        return warned(
            f"No such file is in git, but .gitignore would let one in: it lacks {rules}.",
            Fix(
                "file",
                f"In the code folder, {add}. Commit it.",
                minutes=5,
                who=_WHO,
                files=write,
            ),
            evidence=evidence,
            subject=".gitignore",
        )
    return passed(
        f"None of the {plural(len(paths), 'file')} in git is a .env file, and .gitignore keeps them and keys out.",
        evidence=evidence,
    )
