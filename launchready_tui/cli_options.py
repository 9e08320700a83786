"""The options of the command line that several commands share. Only click is imported here, as in cli.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

VAULTS = ("keyring", "file", "session")
STAGES = ("audit", "dns", "edge", "deploy", "performance", "email", "handover")
_NETWORK = (
    click.option("--resolver", "resolvers", multiple=True, metavar="IP[:PORT]", help="Ask this resolver."),
    click.option("--ca", metavar="FILE", help="Trust the certificates in this PEM file as well."),
    click.option("--private-network", is_flag=True, help="Addresses that are not public are your own."),
    click.option("--rdap", metavar="URL", help="A base that stands for the domain registries."),
    click.option("--ct", metavar="URL", help="A base that stands for the search of certificate logs."),
    click.option("--registries/--no-registries", default=True, help="Ask the public registries and logs."),
    click.option("--vault", type=click.Choice(VAULTS), help="Keep names and tokens there (or LAUNCHREADY_VAULT)."),
    click.option("--dns-port", type=click.IntRange(1, 65535), help="Port of the authoritative servers."),
    click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDRESS:PORT", help="As curl has it."),
)
_LOOK = (
    click.option("--repo", metavar="DIR", help="The folder that holds your code."),
    click.option("--stage", "stages", type=click.Choice(STAGES), multiple=True, help="Only this stage (repeatable)."),
    click.option("--only", multiple=True, metavar="ID", help="Look at this check only (repeatable)."),
    click.option("--at", metavar="ISO-TIME", help="Judge certificates and answers at this moment."),
    click.option("--workspace", metavar="DIR", help="Where projects are kept (or LAUNCHREADY_HOME)."),
    click.option("--url", "urls", multiple=True, metavar="KIND=URL", help="login, signup, api, … (repeatable)."),
    click.option("--dkim-selector", "dkim_selectors", multiple=True, metavar="NAME", help="A DKIM selector."),
    click.option("--sub", "subs", multiple=True, metavar="NAME", help="A subdomain you use, or none (repeatable)."),
    click.option("--allow", multiple=True, metavar="WHAT", help="Say yes to: measure, burst, rate-probe, build."),
    click.option("--eml", metavar="FILE", help="A received message, for the checks that read one."),
    click.option("--session", metavar="NAME", help="A test member's session, for the checks that sign in."),
    click.option("--answers", metavar="FILE", help="Answers and owners from a TOML file."),
    click.option("--presenter", is_flag=True, help="Mask addresses and account names."),
    click.option("--marker", metavar="TEXT", help="Text that stands on your home page."),
)


def network_options(command: F) -> F:
    """How a launch is reached, where it is not by the plain internet."""
    for option in reversed(_NETWORK):
        command = option(command)
    return command


def look_options(command: F) -> F:
    """The options that every command which looks has in common."""
    for option in reversed(_LOOK):
        command = option(command)
    return network_options(command)


def project_options(command: F) -> F:
    """Which project a command acts on."""
    command = click.option("--workspace", metavar="DIR", help="Where projects are kept (or LAUNCHREADY_HOME).")(command)
    return click.option("--project", metavar="DOMAIN", help="Which project, where there are several.")(command)
