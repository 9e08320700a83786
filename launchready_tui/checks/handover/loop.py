"""The lock-out loop: the way back into the account is a mail that comes through the very thing the account repairs."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.checks import check
from launchready_tui.domain import BadDomain, parse_domain, registrable, unicode_of
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import LABELS, Owner, Owners
from launchready_tui.project import Project
from launchready_tui.text import clean, listed

_SYSTEMS = ("registrar", "dns")
_NEEDS = "the login mail of the registrar and the DNS host"
_KINDS = (("login_mail", "signs in"), ("recovery_mail", "gets the code when a password is lost"))


@dataclass(frozen=True, slots=True)
class Way:
    """One mail address that opens one account: its domain alone, since that is all that the rule is about."""

    system: str
    use: str
    domain: str


def mail_domain(address: str) -> str:
    """The domain of a mail address as an A-label in lower case; "" where it is none."""
    name, at, host = address.strip().rpartition("@")
    if not at or not name:
        return ""
    try:
        return parse_domain(host.strip("<> ").rstrip(".")).domain
    except BadDomain:
        return ""


def ways(owner: Owner) -> tuple[Way, ...]:
    """The ways into one account that were told."""
    found = ((use, mail_domain(getattr(owner, field))) for field, use in _KINDS)
    return tuple(Way(owner.system, use, domain) for use, domain in found if domain)


def _same_account(one: Owner, other: Owner) -> bool:
    """Is it one account for both, as where the registrar keeps the records as well?"""
    names = {clean(each.provider, limit=200).strip().casefold() for each in (one, other)}
    accounts = {clean(each.account, limit=300).strip().casefold() for each in (one, other)} - {""}
    return len(names) == 1 and names != {""} and len(accounts) <= 1


def judge_loop(owners: Owners, domain: str) -> Finding:
    """`domain` is the product's. Pure."""
    registrar, dns = owners.get("registrar"), owners.get("dns")
    told = {system: ways(owners.get(system)) for system in _SYSTEMS}
    if _same_account(registrar, dns):
        told = {system: told[system] or told["dns" if system == "registrar" else "registrar"] for system in _SYSTEMS}
    zone = registrable(domain)
    evidence = [
        Evidence(LABELS[way.system], f"an address at {unicode_of(way.domain)} {way.use}")
        for system in _SYSTEMS
        for way in ways(owners.get(system))
    ]
    looped = [way for system in _SYSTEMS for way in ways(owners.get(system)) if _within(way.domain, zone)]
    shown = unicode_of(zone)
    if looped:
        where = listed([LABELS[each] for each in dict.fromkeys(way.system for way in looped)])
        return failed(
            f"The mail that lets you back in ({where}) goes to an address at {shown}, the domain that this account "
            "controls.",
            Fix(
                "steps",
                f"Sign in ({where}) and change the login and recovery mail to an address that works without {shown}: "
                "one of the founder's own at a large mail service, with a second factor on it. Then write the new "
                "address down on the handover screen.",
                minutes=10,
                who="The founder",
            ),
            evidence=evidence,
            subject=zone,
        )
    held = [owners.get(system) for system in _SYSTEMS if owners.get(system).contractor]
    if held:
        where = listed([LABELS[owner.system] for owner in held])
        return warned(
            f"The mail that lets you back in ({where}) goes to a contractor's address.",
            Fix(
                "steps",
                f"Sign in ({where}) with the contractor and change the login and recovery mail to an address that the "
                "founder reads. Then take the tick away on the handover screen.",
                minutes=15,
                who="The founder, with the contractor",
            ),
            evidence=evidence,
            subject=zone,
        )
    silent = [system for system in _SYSTEMS if not told[system]]
    if silent:
        where = listed([LABELS[system] for system in silent])
        return unknown(
            f"Nobody has told us which mail address lets you back in ({where}).",
            needs=_NEEDS,
            evidence=evidence,
            subject=zone,
        )
    places = listed(
        [unicode_of(each) for each in dict.fromkeys(way.domain for way in (*told["registrar"], *told["dns"]))]
    )
    return passed(
        f"The mail that lets you back in goes to {places}, which works without {shown}.",
        evidence=evidence,
        subject=zone,
    )


def _within(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")


@check(
    "handover.owner.loop",
    severity=Severity.MEDIUM,
    title="The way back in does not depend on the domain",
    why="If the domain breaks, the code that would let you repair it never reaches you.",
    minutes=10,
)
async def owner_loop(owners: Owners, project: Project) -> Finding:
    return judge_loop(owners, project.domain)
