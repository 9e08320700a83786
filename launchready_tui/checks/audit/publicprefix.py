"""Names that a build tool prints into every visitor's browser, and that say "secret".

Vite docs, "Env Variables"; Next.js docs, "Bundling Environment Variables for the Browser"."""

from __future__ import annotations

from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, but, no_code, not_given, unread
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.faults import PUBLIC, Place, public_secrets
from launchready_tui.envscan.survey import Survey
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean, listed, plural


@check(
    "audit.secrets.publicprefix",
    severity=Severity.CRITICAL,
    title="No secret is marked as public",
    why="That prefix means “print this in every visitor's browser”: whatever stands behind the name, anyone can read.",
    minutes=30,
)
async def public_prefix(project: Project, code: CodeFacts | None, owners: Owners | None) -> Finding:
    if (absent := no_code(project, owners, "so no build prints its settings.")) is not None:
        return absent
    if code is None:
        return not_given()
    found = await code.survey()
    return unread(found) if isinstance(found, NoRepo) else judge(found)


def judge(found: Survey) -> Finding:
    """Pure."""
    places = public_secrets(found)
    if not places:
        if found.cut:
            return unknown(
                f"No name that we saw marks a secret as public.{but(found.cut)}",
                needs="a smaller code folder: the app's own, without what is built or installed",
            )
        names = [each for each in found.used_names if each.startswith(PUBLIC)]
        return passed(
            f"None of the {plural(len(names), 'name')} that a build prints into the browser says that it is a secret."
            if names
            else "Your code has no setting that a build prints into the browser.",
            evidence=[Evidence("public names", listed(names, most=12))] if names else (),
        )
    first = places[0]
    names = [clean(each.name) for each in places]
    one = len(places) == 1
    return failed(
        f"{listed(names)} {'begins' if one else 'begin'} with {_prefixes(places)}, so the build prints "
        f"{'its value' if one else 'their values'} into the pages that every visitor loads.",
        Fix(
            "steps",
            f"Take the prefix off ({clean(first.name)} becomes {clean(first.name[len(first.why) :])}) in the code "
            f"and at "
            "your host, and read it only in code that runs on the server. Then make a new key at the service it "
            "is for: "
            "the old one may have been seen. If the value may truly be public, give it a name that does not say "
            "secret.",
            minutes=30,
            who=WHO,
        ),
        evidence=[Evidence(f"{each.path}:{each.line}", each.name) for each in places[:20]],
        subject=first.name,
    )


def _prefixes(places: tuple[Place, ...]) -> str:
    return listed(list(dict.fromkeys(each.why for each in places)))
