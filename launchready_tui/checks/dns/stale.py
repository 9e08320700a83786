"""What was left behind: addresses of an old host beside the new one's, and records that nobody needs any more.

Each address of the domain and of www is asked by itself, with the real name: a browser takes any one of them.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from launchready_tui import known
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.dns import leftovers
from launchready_tui.checks.dns._old import Looked, address_fix, differ, look, old_addresses, site_at
from launchready_tui.checks.dns._places import told
from launchready_tui.checks.dns._words import LOOK, Keeper, host_of, keeper
from launchready_tui.checks.dns.previews import title_of
from launchready_tui.mail.spf import is_spf
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.sources.html import parse, script_urls
from launchready_tui.sources.web import Chain, Page, Web
from launchready_tui.text import listed
from launchready_tui.zone import is_part, mail_domain

QUESTION = "records.unused"


@check(
    "dns.records.stale",
    severity=Severity.HIGH,
    title="No record of an old host is left",
    why="One visitor in two gets the old site, or an error, by chance.",
    minutes=10,
    question=QUESTION,
)
async def records_stale(project: Project, dns: Dns, web: Web, answers: Answers, owners: Owners) -> Finding:
    home = project.url("home")
    hosts = (project.domain,) if is_part(project.domain) else (project.domain, project.www)
    looked, chain, txt, keys, names = await asyncio.gather(
        asyncio.gather(*(look(host, dns, web) for host in hosts)),
        web.follow(home) if home else _nothing(),
        dns.ask(project.domain, "TXT"),
        _keys(project, dns),
        _companies(project, dns, owners),
    )
    page = chain.last if chain is not None and isinstance(chain.last, Page) else None
    names += [name for name in (known.web_host(page), known.cdn(page)) if name]
    said = answers.get(QUESTION)
    left = leftovers.read(project.domain, values(txt), keys, loaded_from(page), names, said)
    ours = frozenset({*project.hosts, host_of(home or "")})
    title = title_of(chain) if chain is not None else None
    return judge(project, looked, title, ours, txt, left, await keeper(project, dns))


async def _nothing() -> Chain | None:
    return None


async def _keys(project: Project, dns: Dns) -> list[tuple[str, str]]:
    names = [f"{selector}._domainkey.{project.domain}" for selector in project.dkim_selectors]
    answers = await asyncio.gather(*(dns.ask(name, "TXT") for name in names))
    return [(name, value) for name, answer in zip(names, answers, strict=True) for value in values(answer)]


async def _companies(project: Project, dns: Dns, owners: Owners) -> list[str]:
    """Who serves the launch, as far as its mail records and its owners tell."""
    mail = await mail_domain(dns, project.domain)
    mx, txt = await asyncio.gather(dns.ask(mail, "MX"), dns.ask(mail, "TXT"))
    spf = next((value for value in values(txt) if is_spf(value)), "")
    return [known.mail_host(values(mx)), *known.senders(spf), *(owner.provider for owner in owners.all())]


def loaded_from(page: Page | None) -> tuple[str, ...]:
    """The hosts that a page loads parts of itself from."""
    if page is None or page.status != 200:
        return ()
    document = parse(page.text, page.url)
    urls = [script.src for script in document.scripts if script.src]
    urls += [url for script in document.scripts for url in script_urls(script.text)]
    urls += [*document.styles, *document.frames, *(image.src for image in document.images)]
    urls += [href for _, href in document.linked]
    hosts = (urlsplit(url).hostname or "" for url in urls)
    return tuple(dict.fromkeys(host for host in hosts if host))


def judge(
    project: Project,
    looked: list[Looked],
    title: str | None,
    ours: frozenset[str],
    txt: Answer,
    left: leftovers.Told,
    kept: Keeper,
) -> Finding:
    domain = project.domain
    evidence = [Evidence(f"{each.answer.type} {each.host}", tell(each.answer)) for each in looked]
    evidence += [
        Evidence(f"{each.host} at {address}", told(reply)) for each in looked for address, reply in each.replies
    ]
    old, unclear = old_addresses(looked, title, ours)
    if old:
        said = listed([f"{each.host} at {each.address} {each.said}" for each in old])
        rest = (
            "The other addresses show your site."
            if not old[0].whole
            else f"Your site is elsewhere: {site_at(looked, old)}."
        )
        fix = address_fix(project, old, looked, kept)
        hosts = {each.host for each in old}
        cause = f"stale:{hosts.pop()}" if len(hosts) == 1 else ""
        return failed(f"{said}. {rest}", fix, evidence=evidence, subject=old[0].host, cause=cause)
    if title is None and (apart := differ(looked)):
        return failed(apart, _which_fix(kept), evidence=evidence, subject=domain)
    unread = [f"{each.host}: {tell(each.answer)}" for each in looked if not is_fact(each.answer)]
    if unclear or unread:
        return unknown(
            f"We could not tell whether every address shows your site: {listed([*unclear, *unread])}.",
            needs=LOOK,
            evidence=evidence,
            subject=domain,
        )
    evidence.append(Evidence(f"TXT {domain}", tell(txt)))
    if left.gone:
        return warned(
            f"Left over: {listed([f'{each.label} ({each.why})' for each in left.gone], most=3)}.",
            leftover_fix(domain, left.gone, values(txt), kept),
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    if left.ask:
        return unknown(
            f"The TXT records of {domain} hold a proof of ownership for {listed(list(left.ask))}. We did not see the "
            "product use that.",
            needs="your answer",
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    if not is_fact(txt):
        return unknown(
            f"We could not read the TXT records of {domain}: {tell(txt)}.",
            needs=LOOK,
            evidence=evidence,
            subject=domain,
        )
    return passed(
        f"Every address of {listed([each.host for each in looked])} is your site's, and we saw no record left over.",
        evidence=evidence,
        subject=domain,
    )


def _which_fix(kept: Keeper) -> Fix:
    return Fix(
        "steps",
        f"Open your web host's page for domains and see which address it asks for. Delete the others {kept.at}.",
        minutes=10,
        who=kept.who,
    )


def leftover_fix(domain: str, gone: tuple[leftovers.Leftover, ...], txt: tuple[str, ...], kept: Keeper) -> Fix:
    """Delete what is left over; what else stands at the same name stays."""
    here = tuple(each.value for each in gone if each.name == domain)
    sets = [RecordSet(each.name, "TXT", ()) for each in gone if each.name != domain]
    if here:
        sets.insert(0, RecordSet(domain, "TXT", tuple(value for value in txt if value not in here), drops=here))
    return Fix(
        "records",
        f"Delete these TXT records {kept.at}: {listed([f'{each.label} ({each.value[:60]})' for each in gone])}. "
        "The others stay.",
        minutes=10,
        who=kept.who,
        records=tuple(sets),
    )
