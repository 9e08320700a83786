"""One address for the site: http and https, with and without www, all end on one https URL (Observatory; roadmap 1)."""

from __future__ import annotations

from urllib.parse import urlsplit

from launchready_tui.checks import check
from launchready_tui.checks.dns._words import canonical_host, evidence_of, follow_all, host_of, is_web_fact, variants
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed

_WHO = "Whoever runs your web host"


@check(
    "audit.url.single",
    severity=Severity.HIGH,
    title="The site has one address",
    why="With two, Google and your members see two sites, and logins break between them.",
    minutes=15,
)
async def single(project: Project, web: Web) -> Finding:
    return judge(project, await follow_all(web, variants(project)), await canonical_host(project, web))


def _lost(chain: Chain) -> bool:
    """True where a visitor sees no page, and that is a fact: nothing listens, no certificate, a circle of redirects."""
    return chain.end in ("loop", "too-long", "bad-location") or (
        isinstance(chain.last, NoPage) and is_web_fact(chain.last)
    )


def _lost_why(chain: Chain) -> str:
    if isinstance(chain.last, NoPage):
        return chain.last.say
    return {"loop": "redirects in a circle", "too-long": "redirects without end"}.get(chain.end, "redirects to nowhere")


def _fix(canonical: str, *, force: bool) -> Fix:
    also = " Switch on “force https” there too." if force else ""
    settings = (Setting("redirects.canonical", canonical.partition(":")[0]),)
    return Fix(
        "setting",
        f"At your web host, open the page for domains. Make {canonical} the main one, and let every other address "
        f"redirect (301, permanent) to https://{canonical}/.{also}",
        minutes=15,
        who=_WHO,
        settings=(*settings, Setting("https.redirect", "301")) if force else settings,
        copy=f"https://{canonical}/",
    )


def judge(project: Project, chains: dict[str, Chain], canonical: str) -> Finding:
    domain, evidence = project.domain, evidence_of(chains)
    ends = {url: chain.last for url, chain in chains.items() if chain.end == "ok" and isinstance(chain.last, Page)}
    lost = {url: chain for url, chain in chains.items() if _lost(chain)}
    # Sign-in services and shops give each visit a query of its own: the page is the same.
    places = sorted({page.url.partition("#")[0].partition("?")[0] for page in ends.values()})
    serving = sorted(
        {host_of(page.url) for page in ends.values() if page.status == 200 and (page.body.strip() or page.encoding)}
    )
    plain = sorted({page.url for page in ends.values() if urlsplit(page.url).scheme == "http"})
    secure = {host_of(page.url) for page in ends.values() if urlsplit(page.url).scheme == "https"}
    if len(serving) > 1:
        # Where https has one host already, sending http there leaves one site: the fault is http's.
        cause = f"http:{domain}" if plain and len(secure) == 1 else f"canonical:{domain}"
        return failed(
            f"{listed(serving)} each answer with a page of their own.",
            _fix(canonical, force=bool(plain)),
            evidence=evidence,
            subject=domain,
            cause=cause,
        )
    if plain:
        return warned(
            f"{listed(plain)} shows the site without protection. It should lead to https://{canonical}/.",
            _fix(canonical, force=True),
            evidence=evidence,
            subject=domain,
            cause=f"http:{domain}",
        )
    if not ends and len(lost) == len(chains):
        return unknown(
            f"None of the addresses of {domain} shows a page yet, so we could not tell which one is the site.",
            needs="a site that answers",
            evidence=evidence,
            subject=domain,
        )
    unclear = [
        f"{url} {chain.last.say}" for url, chain in chains.items() if url not in lost and isinstance(chain.last, NoPage)
    ]
    if unclear:
        return unknown(
            f"We could not tell where every address of {domain} ends: {listed(unclear)}.",
            needs="another look",
            evidence=evidence,
            subject=domain,
        )
    if len(places) > 1:
        return warned(
            f"The addresses of the site end in {len(places)} places: {listed(places)}.",
            _fix(canonical, force=False),
            evidence=evidence,
            subject=domain,
            cause=f"canonical:{domain}",
        )
    if lost:
        return _some_lost(domain, lost, canonical, evidence)
    return passed(
        f"All {len(chains)} addresses of {domain} end on {places[0]}.",
        evidence=evidence,
        subject=domain,
        facts=[("canonical-url", places[0])],
    )


def _some_lost(domain: str, lost: dict[str, Chain], canonical: str, evidence: tuple[Evidence, ...]) -> Finding:
    """Some of the addresses show nothing; the others end on one https URL."""
    causes = {_cause(domain, chain) for chain in lost.values()}
    return warned(
        f"{listed([f'{url} {_lost_why(chain)}' for url, chain in lost.items()])}. The other addresses end on "
        f"https://{canonical}/.",
        Fix(
            "setting",
            f"At your web host, add {listed(sorted({host_of(url) for url in lost}))} to the site's domains and let it "
            f"redirect (301, permanent) to https://{canonical}/. Where a name has no DNS record, add the one that the "
            "same page shows.",
            minutes=15,
            who=_WHO,
            settings=(Setting("redirects.canonical", canonical.partition(":")[0]),),
        ),
        evidence=evidence,
        subject=domain,
        cause=causes.pop() if len(causes) == 1 else "",
    )


def _cause(domain: str, chain: Chain) -> str:
    """The fault that another check sees too, where the reason is one."""
    last = chain.last
    if isinstance(last, Page):
        return f"canonical:{domain}"
    kind = {"tls": "certificate", "no-address": "no-address"}.get(last.kind, "")
    if last.kind == "refused" and last.url.startswith("https:"):
        kind = "site-down"
    return f"{kind}:{host_of(last.url)}" if kind else ""
