"""One page by which a second person puts the product live in ten minutes (catalogue, deploy.doc.tenminute)."""

from __future__ import annotations

from launchready_tui import deploydoc, limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import no_code, not_given, unread
from launchready_tui.checks.deploy._platform import found_of, names_of, way_back
from launchready_tui.checks.deploy.rollback import minutes_of
from launchready_tui.cleanbuild.source import asks_for_nothing
from launchready_tui.codefacts import CodeFacts
from launchready_tui.deploydoc import Document, Told
from launchready_tui.envscan.declared import is_example
from launchready_tui.envscan.survey import Survey
from launchready_tui.model import Evidence, FileChange, Finding, Fix, Severity, failed, passed, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import day, listed

_TRIED, _WRITTEN = "deploy.tried", "deploy.written"
_WHO = "Whoever deploys, and a second person to try it"
_READ = 200_000  # bytes read of one document; ours
_URLS = ("home", "login", "signup", "api")
_TRY = Fix(
    "steps",
    "Give the document to somebody who does not usually deploy, and start a clock. They put a small change live with "
    f"nothing but the document. {limits.DOCUMENT_MINUTES} minutes is the bar. What they had to ask goes into it.",
    minutes=limits.DOCUMENT_MINUTES + 5,
    who=_WHO,
)


@check(
    "deploy.doc.tenminute",
    severity=Severity.HIGH,
    title="A second person can put it live in 10 minutes",
    why="What one person knows by heart cannot be released while they are away.",
    minutes=25,
    question=_TRIED,
)
async def doc_tenminute(
    project: Project, answers: Answers, owners: Owners | None, repo: Repo | None, code: CodeFacts | None
) -> Finding:
    if (
        none := no_code(project, owners, "so nothing is built and deployed by hand: your builder does it.")
    ) is not None:
        return none
    elsewhere = answers.get(_WRITTEN)
    if repo is None:
        return judge(None, answers, elsewhere, None) if _is_told(elsewhere) else not_given()
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return judge(None, answers, elsewhere, None) if _is_told(elsewhere) else unread(tracked)
    document = await find(repo, tracked.paths)
    written = await _proposed(project, answers, owners, repo, code) if document is None else None
    in_git = document is None or document.path in tracked.paths
    return judge(document, answers, elsewhere, written, in_git=in_git)


async def find(repo: Repo, paths: tuple[str, ...]) -> Document | None:
    """The best document of a code folder: one that is whole first, the file of its own before a README."""
    found: list[Document] = []
    # A file that was written a moment ago is not tracked yet.
    for path in dict.fromkeys((deploydoc.PATH, *deploydoc.places(paths))):
        text = await repo.read(path, most=_READ)
        document = deploydoc.read(path, text) if text else None
        if document is not None:
            found.append(document)
    return max(found, key=lambda each: (each.whole, len(each.topics)), default=None)


async def _proposed(
    project: Project, answers: Answers, owners: Owners | None, repo: Repo, code: CodeFacts | None
) -> str:
    return deploydoc.compose(await told(project, answers, owners, repo, code))


async def told(project: Project, answers: Answers, owners: Owners | None, repo: Repo, code: CodeFacts | None) -> Told:
    """All that is known and goes into the document: names and addresses, never a value of a setting."""
    found = await found_of(code)
    survey = await code.survey() if code is not None else None
    tracked = await repo.tracked()
    paths = () if isinstance(tracked, NoRepo) else tracked.paths
    manifest = await repo.read(f"{found.commands.folder}/package.json".lstrip("/"), most=_READ)
    install = "" if manifest and asks_for_nothing(manifest) else found.commands.install
    names = names_of(found, owners, answers)
    way = way_back(found, owners, answers)
    owner = owners.get("hosting") if owners is not None else None
    label = way.label if way is not None else next(iter(names), "")
    return Told(
        project.product,
        project.domain,
        label,
        owner.page.strip() if owner is not None else "",
        found.commands.folder,
        install,
        found.commands.build,
        found.commands.start,
        tuple(path for path in paths if is_example(path)),
        tuple(dict.fromkeys(survey.declared_names)) if isinstance(survey, Survey) else (),
        {kind: url for kind in _URLS if (url := project.url(kind))},
        way.steps if way is not None else (),
        way.not_restored if way is not None else (),
        owner.owner.strip() if owner is not None else "",
        owner.backup.strip() if owner is not None else "",
    )


def _is_told(answer: Answer | None) -> bool:
    """Somebody said where the steps are: in a document of the team's that we cannot read."""
    return answer is not None and answer.choice == "yes" and bool(answer.fields.get("steps", "").strip())


def judge(
    document: Document | None,
    answers: Answers,
    elsewhere: Answer | None,
    written: str | None,
    *,
    in_git: bool = True,
) -> Finding:
    """Pure: what was found, what was tried. `written` is a first text, where there is no document."""
    evidence: list[Evidence] = []
    facts: list[tuple[str, str]] = []
    if document is not None:
        heads = listed([name for topic, (name, _) in deploydoc.TOPICS.items() if topic in document.topics])
        evidence.append(Evidence(document.where, f"{document.steps} steps; headings for {heads or 'none of the five'}"))
        facts.append(("deploy-document", document.where))
        where = document.where
    else:
        told_in = elsewhere.fields["steps"].strip() if elsewhere is not None and _is_told(elsewhere) else ""
        if told_in and elsewhere is not None:
            evidence.append(Evidence(f"{elsewhere.who}, {day(elsewhere.at)}", f"the steps are in {told_in}"))
        if not told_in or written is not None:
            return _unwritten(told_in, written, evidence)
        where = told_in
        facts.append(("deploy-document", where))
    if document is not None and not document.whole:
        lacks = []
        if document.missing:
            lacks.append(f"headings for {listed(list(document.missing))}")
        if document.steps < limits.DOCUMENT_STEPS:
            lacks.append(f"{limits.DOCUMENT_STEPS} steps or more (it has {document.steps})")
        fix = Fix(
            "steps",
            f"Open {document.path} and add {listed(lacks)}. A stranger should be able to follow it at night.",
            minutes=15,
            who=_WHO,
        )
        return warned(
            f"{where} says how the product goes live. It lacks {listed(lacks)}.", fix, evidence=evidence, facts=facts
        )
    note = "" if in_git else " It is not in git yet: commit it, so that the others have it."
    return _tried(answers, where, note, evidence, facts)


def _unwritten(told_in: str, written: str | None, evidence: list[Evidence]) -> Finding:
    """The code folder has none. One that is kept elsewhere is not beside the code that it is about."""
    files = (FileChange(deploydoc.PATH, written),) if written else ()
    say = (
        f"Write one page, {deploydoc.PATH}, into the repository: how it is built, which settings it needs, how it "
        "goes live, how you see that it works, how the last version comes back, and who does it. Enter shows a "
        "first text from what we know; change it until it is right."
    )
    fix = Fix("file" if files else "steps", say, minutes=25, who=_WHO, files=files)
    if told_in:
        return warned(
            f"How the product goes live is written in {told_in}, and not in your code folder, where whoever changes it "
            "would see it.",
            fix,
            evidence=evidence,
            facts=[("deploy-document", told_in)],
        )
    return failed("Nothing in your code folder says how the product goes live.", fix, evidence=evidence)


def _tried(answers: Answers, where: str, note: str, evidence: list[Evidence], facts: list[tuple[str, str]]) -> Finding:
    answer = answers.get(_TRIED)
    old = answers.newest(_TRIED)
    if answer is None or answer.choice != "tried":
        again = answer is None and old is not None and old.choice == "tried"
        said = f"It was last tried on {day(old.at)}, too long ago to count" if again and old else "Nobody has tried it"
        return warned(
            f"{where} says how the product goes live. {said}.{note}",
            _TRY,
            evidence=evidence,
            question=_TRIED,
            facts=facts,
        )
    who = answer.fields.get("person", "").strip() or answer.who
    evidence = [
        *evidence,
        Evidence(f"{answer.who}, {day(answer.at)}", f"{who}: {answer.fields.get('minutes', '?')} min"),
    ]
    took = minutes_of(answer.fields.get("minutes", ""))
    if took is None:
        return warned(
            f"{who} put the product live by {where} ({day(answer.at)}). How many minutes it took is not known.{note}",
            _TRY,
            evidence=evidence,
            question=_TRIED,
            facts=facts,
        )
    saw = f"{who} put the product live by {where} in {took:.3g} minutes ({day(answer.at)})."
    if took > limits.DOCUMENT_MINUTES:
        return warned(
            f"{saw} Aim for {limits.DOCUMENT_MINUTES}.{note}", _TRY, evidence=evidence, question=_TRIED, facts=facts
        )
    return passed(
        f"{saw}{note}", evidence=evidence, facts=[*facts, ("deploy-tried", f"{who}, {took:.3g} min, {day(answer.at)}")]
    )
