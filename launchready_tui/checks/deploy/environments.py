"""What production is set up with: each setting that the code needs, and nothing shared with a test (roadmap 4)."""

from __future__ import annotations

from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import but, no_code
from launchready_tui.checks.deploy._host import WHO, given, panel, untold, who
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.given import set_by
from launchready_tui.envscan.survey import Survey
from launchready_tui.hosts.kinds import kind_of
from launchready_tui.hosts.model import DEVELOPMENT, PREVIEW, PRODUCTION, HostAccount, NoHost, Setting, Settings
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.text import listed, plural

REQUIRED, SEPARATED = "env.required", "env.separated"
_SHOWN = 30  # names in the evidence


@check(
    "deploy.env.required",
    severity=Severity.CRITICAL,
    title="Production has every setting that the code needs",
    why="The site goes down right after a release that lacks one of its settings.",
    minutes=15,
    question=REQUIRED,
)
async def env_required(
    project: Project, code: CodeFacts | None, owners: Owners | None, answers: Answers, host: HostAccount | None
) -> Finding:
    if (absent := no_code(project, owners, "so its builder keeps its settings.")) is not None:
        return absent
    found = await code.survey() if code is not None else None
    settings = await host.settings() if host is not None else None
    return judge_required(found if isinstance(found, Survey) else None, settings, answers, host)


def required(found: Survey) -> frozenset[str]:
    """What the code cannot do without, and no platform, image or file for production sets by itself."""
    needed = {use.name for use in found.uses if use.required and not set_by(use.name)}
    sets = {each.name for each in found.sets if each.kind == "image" or each.value}
    sets |= {each.name for each in found.declared if each.kind != "example" and each.production and each.value}
    return frozenset(needed - sets)


def judge_required(
    found: Survey | None, settings: Settings | NoHost | None, answers: Answers, host: HostAccount | None = None
) -> Finding:
    """Pure. What the host says comes before what anybody remembers."""
    needed = required(found) if found is not None else None
    evidence = [Evidence("the code needs", listed(sorted(needed), most=_SHOWN))] if needed else []
    if needed == frozenset() and found is not None and not found.cut:
        return passed("Your code needs no setting of its own to run.")
    if isinstance(settings, Settings):
        evidence.append(Evidence("production has", listed(sorted(settings.names), most=_SHOWN) or "none"))
        lacking = sorted(needed - settings.names) if needed is not None else []
        if lacking and not settings.cut:
            return failed(
                f"{panel(host).partition(',')[0]} has no {listed(lacking)} for production, and your code needs "
                f"{'it' if len(lacking) == 1 else 'them'}.",
                Fix(
                    "steps",
                    f"Set {listed(lacking)} at {panel(host)}, for production. Then deploy anew, and open the home "
                    "page: most hosts hand new settings to new deployments only.",
                    minutes=15,
                    who=WHO,
                ),
                evidence=evidence,
                subject=lacking[0],
                question=REQUIRED,
                cause="env-missing",
            )
        empty = sorted({e.name for e in settings.at(PRODUCTION) if e.empty and (needed is None or e.name in needed)})
        if empty:
            return warned(
                f"{listed(empty)} {'is' if len(empty) == 1 else 'are'} there for production, but empty.",
                Fix(
                    "steps",
                    f"Fill in {listed(empty)} at {panel(host)}, for production, or take "
                    f"{'it' if len(empty) == 1 else 'them'} out of the code. Then deploy anew.",
                    minutes=10,
                    who=WHO,
                ),
                evidence=evidence,
                subject=empty[0],
                question=REQUIRED,
            )
        if needed is not None and found is not None and not lacking and not settings.cut and not found.cut:
            have = f"All {plural(len(needed), 'setting')}" if len(needed) > 1 else f"{listed(sorted(needed))}"
            return passed(
                f"{have} that your code needs {'are' if len(needed) > 1 else 'is'} set for production.",
                evidence=evidence,
            )
    return _required_by_word(found, settings, answers, evidence)


def _required_by_word(
    found: Survey | None, settings: Settings | NoHost | None, answers: Answers, evidence: list[Evidence]
) -> Finding:
    answer = given(REQUIRED, answers)
    if answer is None:
        say = "Which settings production has, we cannot see."
        if isinstance(settings, Settings):
            left = settings.cut or "your code folder was not read to its end"
            say = f"We could not compare what the code needs with what is set: {left}."
        say += but(found.cut) if found is not None else ""
        return untold(REQUIRED, answers, say, settings if isinstance(settings, NoHost) else None, evidence)
    if answer.choice in ("all", "none"):
        said = (
            "production has every setting that the code needs" if answer.choice == "all" else "the product needs none"
        )
        return passed(f"{who(answer)}: {said}.", evidence=evidence)
    names = answer.fields.get("names", "").strip()
    which = f" ({names})" if names else ""
    fix = Fix(
        "steps",
        f"Set what is missing{which} at your web host, on its page for environment variables, for production. Then "
        "deploy anew, open the home page, and answer again.",
        minutes=15,
        who=WHO,
    )
    if answer.choice == "empty":
        return warned(
            f"{who(answer)} that some settings of production are empty{which}.",
            fix,
            evidence=evidence,
            question=REQUIRED,
        )
    return failed(
        f"{who(answer)} that production lacks settings{which}.", fix, evidence=evidence, question=REQUIRED,
        cause="env-missing",
    )  # fmt: skip


@check(
    "deploy.env.separated",
    severity=Severity.HIGH,
    title="Tests and previews have a database and keys of their own",
    why="A test that runs on the real database can delete real members.",
    minutes=45,
    question=SEPARATED,
)
async def env_separated(project: Project, owners: Owners | None, answers: Answers, host: HostAccount | None) -> Finding:
    if (absent := no_code(project, owners, "so there is no test of it that could share a database.")) is not None:
        return absent
    return judge_separated(await host.settings() if host is not None else None, answers, host)


def judge_separated(settings: Settings | NoHost | None, answers: Answers, host: HostAccount | None = None) -> Finding:
    """Pure. Only keyed digests are compared."""
    evidence: list[Evidence] = []
    if isinstance(settings, Settings):
        live = [each for each in settings.at(PRODUCTION) if kind_of(each.name)]
        others = [e for target in (PREVIEW, DEVELOPMENT) for e in settings.at(target) if kind_of(e.name)]
        shared = _shared(live, others)
        if shared:
            return _is_shared(shared, host)
        unread = sorted({each.name for each in (*live, *others) if not each.read})
        apart = {PREVIEW, DEVELOPMENT} & settings.targets
        if apart and not unread and not settings.cut:
            if not live:
                return passed(
                    "At your web host, production has no database address, no sign-in secret and no payment key, so "
                    "none of them is shared."
                )
            names = listed(sorted({each.name for each in live}))
            if not others:
                return passed(f"Only production has {names}; previews and laptops get none of it from the host.")
            return passed(f"Production, previews and development each have {names} of their own: their digests differ.")
        if unread:
            evidence.append(Evidence("the host does not show the value of", listed(unread, most=_SHOWN)))
    answer = given(SEPARATED, answers)
    if answer is None:
        say = "Whether tests and previews use the real database or real keys, we cannot see."
        return untold(SEPARATED, answers, say, settings if isinstance(settings, NoHost) else None, evidence)
    if answer.choice == "differ":
        return passed(f"{who(answer)}: tests and previews have a database and keys of their own.", evidence=evidence)
    if answer.choice == "single":
        return passed(f"{who(answer)}: there is only production, nothing else runs with its keys.", evidence=evidence)
    return failed(
        f"{who(answer)} that a test or a preview uses the database or a key of production.",
        _separate("the database, the sign-in secret and the payment key"),
        evidence=evidence,
        question=SEPARATED,
    )


def _shared(live: list[Setting], others: list[Setting]) -> list[tuple[Setting, Setting]]:
    """Pairs of one kind with one value, or with one database behind them."""
    return [
        (mine, theirs)
        for mine in live
        for theirs in others
        if kind_of(mine.name) == kind_of(theirs.name)
        and not (mine.read and mine.empty)
        and ((mine.digest and mine.digest == theirs.digest) or (mine.place and mine.place == theirs.place))
    ]


def _is_shared(shared: list[tuple[Setting, Setting]], host: HostAccount | None) -> Finding:
    kinds = listed(list(dict.fromkeys(kind_of(mine.name) for mine, _ in shared)))
    names = list(dict.fromkeys(mine.name for mine, _ in shared))
    targets = listed(sorted({theirs.target for _, theirs in shared}))
    are = "are" if " and " in kinds else "is"
    return failed(
        f"{listed(names)} of production and of {targets} lead to the same: {kinds} {are} shared.",
        _separate(kinds, panel(host)),
        evidence=[
            Evidence(f"{mine.name}, production", f"the same as {theirs.name}, {theirs.target} (keyed digest)")
            for mine, theirs in shared[:_SHOWN]
        ],
        subject=names[0],
        question=SEPARATED,
    )


def _separate(kinds: str, where: str = "your web host's settings") -> Fix:
    return Fix(
        "steps",
        f"Make a second one for tests of {kinds}: an empty database or a branch of it, a fresh secret, the payment "
        f"service's test key. Set them at {where}, for preview and development only, and leave production as it is. "
        "Then open a preview and see that it shows no real member.",
        minutes=45,
        who=WHO,
    )
