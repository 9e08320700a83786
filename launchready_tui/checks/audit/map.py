"""The deployment map: can everybody draw the way from the domain to the data, and who holds each part?"""

from __future__ import annotations

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.deployment import DeploymentMap, Node, survey
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.registry import Registry
from launchready_tui.sources.web import Web
from launchready_tui.text import listed, plural

_FACTS = {
    "registrar": "registrar",
    "dns": "dns-host",
    "cdn": "cdn",
    "hosting": "web-host",
    "inbox": "mail-host",
    "sender": "senders",
}


@check(
    "audit.map.complete",
    severity=Severity.HIGH,
    title="Every part is named, with its owner",
    why="What nobody can draw, nobody can repair at night.",
    minutes=20,
)
async def complete(project: Project, dns: Dns, web: Web, registry: Registry | None, owners: Owners) -> Finding:
    return judge(await survey(project, dns, web, registry, owners), told=owners.told)


def _lacks(node: Node) -> str:
    if not node.name:
        return f"{node.label} (not known)" if node.owner else f"{node.label} (neither name nor owner)"
    return f"{node.label} (owner of {node.name})"


def _line(node: Node) -> str:
    if node.absent:
        return f"none ({'you said so' if node.found_by == 'you' else node.found_by or 'not there'})"
    by = f", from {node.found_by}" if node.found_by else ""
    return f"{node.name or '?'}, owner {node.owner or '?'}{by}"


def judge(map: DeploymentMap, *, told: bool) -> Finding:
    evidence = [Evidence(node.label, _line(node)) for node in map.nodes]
    facts = [(_FACTS[node.kind], node.name) for node in map.nodes if node.kind in _FACTS and node.name]
    open_nodes = map.incomplete
    if not told:
        known = listed([f"{node.name} ({node.label})" for node in map.nodes if node.name], most=9)
        return unknown(
            (f"We found: {known}. " if known else "") + "Nobody has told us yet who owns which part.",
            needs="the names of who owns each system",
            evidence=evidence,
            subject=map.domain,
            facts=facts,
        )
    if not open_nodes:
        return passed(
            f"All {plural(len(map.nodes), 'part')} of {map.domain} have a name and an owner, or are not there.",
            evidence=evidence,
            subject=map.domain,
            facts=facts,
        )
    fix = Fix(
        "steps",
        f"Open the handover page and fill in, for each of these, whose service it is and who holds the account: "
        f"{listed([_lacks(node) for node in open_nodes], most=9)}. Say “we have none” where there is none.",
        minutes=3 * len(open_nodes),
        who="The founder",
    )
    host = map.node("hosting")
    make = failed if len(open_nodes) >= limits.MAP_UNKNOWN_FAIL or not (host.absent or host.name) else warned
    return make(
        f"{plural(len(open_nodes), 'part')} of {map.domain} lack{'s' if len(open_nodes) == 1 else ''} a name or an "
        f"owner: {listed([_lacks(node) for node in open_nodes], most=9)}.",
        fix,
        evidence=evidence,
        subject=map.domain,
        facts=facts,
    )
