"""Settings that the code reads and nothing names (roadmap 1 and 4): names only, no value is shown or kept."""

from __future__ import annotations

from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, but, no_code, not_given, unread
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.faults import Lack, Place, missing, placeholders, unused
from launchready_tui.envscan.survey import Survey
from launchready_tui.hosts.model import HostAccount, Settings
from launchready_tui.model import Evidence, FileChange, Finding, Fix, Severity, failed, passed, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean, listed, plural

_SHOWN = 12  # names in the evidence
_HEAD = "# Settings that the code reads. Copy this file to .env and fill it in there; no value belongs in here.\n"


@check(
    "audit.env.missing",
    severity=Severity.HIGH,
    title="Every setting that the code reads is written down",
    why="The app starts on your laptop, where the setting is, and crashes for customers, where nobody knew of it.",
    minutes=20,
)
async def env_missing(
    project: Project, code: CodeFacts | None, owners: Owners | None, host: HostAccount | None
) -> Finding:
    if (absent := no_code(project, owners, "so there are no settings that it could lack.")) is not None:
        return absent
    if code is None:
        return not_given()
    found = await code.survey()
    if isinstance(found, NoRepo):
        return unread(found)
    told = await host.settings() if host is not None else None  # what it does not say, the code folder must
    return judge(found, told.names if isinstance(told, Settings) else frozenset())


def judge(found: Survey, host: frozenset[str] = frozenset()) -> Finding:
    """Pure. `host` are the names that the web host says it has."""
    lacking = missing(found, host)
    needed = [each for each in lacking if each.required]
    evidence = _evidence(found, lacking)
    if needed:
        return _lacking(found, needed, evidence)
    fake = placeholders(found)
    if fake:
        return warned(
            f"{_where(fake[0])} holds a placeholder for {clean(fake[0].name)}"
            f"{_more(len(fake))}, and that file is read as it stands.{but(found.cut)}",
            Fix(
                "steps",
                "Put the real value where it is used (your host's page for environment variables), and take the "
                f"placeholder out: {listed([clean(each.name) for each in fake])}.",
                minutes=10,
                who=WHO,
            ),
            evidence=(*(Evidence(_where(each), f"{each.name}: {each.why}") for each in fake[:_SHOWN]), *evidence),
            subject=fake[0].name,
        )
    names = [each.name for each in lacking]
    if names:
        return warned(
            f"Your code reads {plural(len(names), 'setting')} that no list names: {listed(names)}. It does without "
            f"{'it' if len(names) == 1 else 'them'}.{but(found.cut)}",
            _write(found, names, "So nothing breaks today. Whoever comes next should still know of it."),
            evidence=evidence,
            subject=names[0],
        )
    read = len(found.used_names)
    if found.cut:
        return warned(
            f"We found no setting that is missing, but we did not see all of your code: {found.cut}.",
            Fix("steps", "Give a smaller folder: the app's own, without what is built or installed.", who=WHO),
            evidence=evidence,
        )
    if not read:
        return passed(f"None of the {plural(found.files, 'file')} reads a setting from outside.", evidence=evidence)
    all_of = "The one setting that your code reads is" if read == 1 else f"All {read} settings that your code reads are"
    by = ", in your code or at your host" if host else ""
    return passed(f"{all_of} written down{by}, or set by the platform itself.", evidence=evidence)


def _lacking(found: Survey, needed: list[Lack], evidence: list[Evidence]) -> Finding:
    names = [each.name for each in needed]
    places = {each.name: each.places for each in needed}
    first = ", ".join(clean(place, limit=120) for place in places[names[0]][:1])
    examples = any(each.kind == "example" for each in found.declared)
    nowhere = "no example file or host file names" if examples else "nothing in the folder names"
    return failed(
        f"Your code needs {listed(names)}, which {nowhere} (first read in {first}).{but(found.cut)}",
        _write(
            found,
            names,
            "Then set each at your web host, on its page for environment variables, for production. The next "
            "person who deploys would not have known of them.",
        ),
        evidence=evidence,
        subject=names[0],
        cause="env-missing",
    )


def _write(found: Survey, names: list[str], then: str) -> Fix:
    """A new .env.example where there is none. One that is there may hold values, so a person adds the lines."""
    lines = "".join(f"{name}=\n" for name in names)
    path = next((each.path for each in found.declared if each.kind == "example"), "")
    if path:
        say = f"Add to {clean(path, limit=120)} a line for each: {listed([f'{name}=' for name in names])}. {then}"
        return Fix("steps", say, minutes=10, who=WHO, copy=lines)
    say = f"Write a file .env.example that names them, without values, and commit it. {then}"
    if any(each.path == ".env.example" for each in found.declared):
        return Fix("steps", say, minutes=10, who=WHO, copy=lines)
    return Fix("file", say, minutes=10, who=WHO, copy=lines, files=(FileChange(".env.example", _HEAD + lines),))


def _evidence(found: Survey, lacking: tuple[Lack, ...]) -> list[Evidence]:
    evidence = [
        Evidence(each.name, f"read in {', '.join(each.places)}{'' if each.required else ' (it has a default there)'}")
        for each in lacking[:_SHOWN]
    ]
    files = list(dict.fromkeys(each.path for each in found.declared))
    named = f"{len(found.declared_names)} named in {listed(files)}" if files else "no file names any"
    evidence.append(Evidence("code folder", f"{len(found.used_names)} read, {named}"))
    idle = [each.name for each in unused(found)]
    if idle:
        evidence.append(Evidence("not read anywhere", listed(idle, most=_SHOWN)))
    return evidence


def _where(place: Place) -> str:
    return clean(f"{place.path}:{place.line}", limit=160)


def _more(count: int) -> str:
    return f" and {plural(count - 1, 'other')}" if count > 1 else ""
