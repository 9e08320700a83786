"""Test keys, localhost and debugging in what production runs with (roadmap 4; Django's deployment checklist)."""

from __future__ import annotations

from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.faults import production_values, test_values
from launchready_tui.envscan.given import set_by
from launchready_tui.envscan.survey import Survey
from launchready_tui.hosts.model import PRODUCTION, HostAccount, Settings
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean, day, listed, plural

QUESTION = "deploy.live"


@check(
    "deploy.env.live_values",
    severity=Severity.HIGH,
    title="Production runs with live values",
    why="Payments stay in test mode, and sign-in links lead to somebody's laptop, from the first customer on.",
    minutes=20,
    question=QUESTION,
)
async def live_values(
    project: Project, code: CodeFacts | None, owners: Owners | None, answers: Answers, host: HostAccount | None
) -> Finding:
    if (absent := no_code(project, owners, "so its builder sets its values.")) is not None:
        return absent
    told = await host.settings() if host is not None else None
    settings = told if isinstance(told, Settings) else None
    wrong = at_host(settings, host.name) if settings is not None and host is not None else None
    if wrong is not None:
        return wrong
    if code is None:
        return not_given()
    found = await code.survey()
    return unread(found) if isinstance(found, NoRepo) else judge(found, answers, settings)


def at_host(settings: Settings, name: str) -> Finding | None:
    """What the host itself hands to production, and is none for it. None where nothing of it is wrong."""
    wrong = [each for each in settings.at(PRODUCTION) if each.not_live]
    if not wrong:
        return None
    more = f" ({plural(len(wrong) - 1, 'more value')} like that)" if len(wrong) > 1 else ""
    return failed(
        f"{name} hands {clean(wrong[0].name)} to production, and that is {wrong[0].not_live}{more}.",
        Fix(
            "steps",
            f"Put the live value there: at {name}, on the page for environment variables, for production. Then deploy "
            f"anew. It is about {listed([clean(each.name) for each in wrong])}.",
            minutes=20,
            who=WHO,
        ),
        evidence=[Evidence(f"{each.name}, production", each.not_live) for each in wrong[:20]],
        subject=wrong[0].name,
        question=QUESTION,
    )


def judge(found: Survey, answers: Answers, settings: Settings | None = None) -> Finding:
    """Pure. Files of the folder show a part; what is set at the host only a person, or the host, can tell."""
    places = test_values(found)
    if places:
        first = places[0]
        return failed(
            f"{clean(first.path, limit=120)} sets {clean(first.name)} for production, and that is {first.why}"
            f"{_more(len(places))}.",
            Fix(
                "steps",
                "Put the live value there, or better: take the line out and set the value at your host, on its "
                "page for "
                f"environment variables, for production only. It is about {listed([clean(p.name) for p in places])}.",
                minutes=20,
                who=WHO,
            ),
            evidence=[Evidence(f"{each.path}:{each.line}", f"{each.name}: {each.why}") for each in places[:20]],
            subject=first.name,
        )
    own = [name for name in found.used_names if not set_by(name)]
    if not own and not found.cut:
        return passed("Your code reads no setting of its own, so none of them can be a test's.")
    answer = answers.get(QUESTION)
    seen = production_values(found)
    at_production = settings.at(PRODUCTION) if settings is not None else ()
    if settings is not None and at_production and not settings.cut and all(each.read for each in at_production):
        return passed(f"We read {plural(len(at_production), 'value')} of production at your host: all are live ones.")
    in_files = f" The {plural(seen, 'value')} for production in your code folder {'is' if seen == 1 else 'are'} sound."
    if answer is not None and answer.choice in ("live", "none"):
        who = f"{answer.who or 'Somebody'} looked on {day(answer.at)}"
        return passed(f"{who}: production runs with live values.{in_files if seen else ''}")
    if answer is not None and answer.choice == "test":
        return failed(
            f"{answer.who or 'Somebody'} said on {day(answer.at)} that production still has values of a test.",
            Fix(
                "steps",
                "Open your host's page for environment variables, choose production, and go through it: no key that "
                "begins with sk_test_ or pk_test_, no localhost, no preview's address, debugging off. Then "
                "deploy anew.",
                minutes=20,
                who=WHO,
            ),
        )
    return unknown(
        f"The values that production runs with stand at your host, where we cannot look.{in_files if seen else ''}",
        needs="one look by you at your host's page for environment variables",
        question=QUESTION,
    )


def _more(count: int) -> str:
    return f" ({plural(count - 1, 'more value')} like that)" if count > 1 else ""
