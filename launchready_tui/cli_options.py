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
    click.option("--eml", multiple=True, metavar="FILE", help="A received message to judge (repeatable)."),
    click.option("--session", metavar="NAME", help="A test member's session, for the checks that sign in."),
    click.option("--answers", metavar="FILE", help="Answers and owners from a TOML file."),
    click.option("--presenter", is_flag=True, help="Mask addresses and account names."),
    click.option("--marker", metavar="TEXT", help="Text that stands on your home page."),
)
_SENDERS = (
    click.option("--add", metavar="ID", default="", help="Approve this sender, and show what to publish for it."),
    click.option("--remove", metavar="ID", default="", help="No longer approve it, and show what goes."),
    click.option("--with-keys", is_flag=True, help="With --remove: their DKIM keys and return paths go too."),
    click.option("--apply", "do_apply", is_flag=True, help="Make the change; without it, it is only shown."),
    click.option("--by-hand", is_flag=True, help="You change it at your DNS host: show what to type, and watch it."),
    click.option("--who", metavar="NAME", default="", help="Who says so."),
    click.option("--confirm", metavar="NAME", default="", help="Type the name that a dangerous change asks for."),
    click.option("--json", "as_json", is_flag=True, help="One JSON document."),
    click.option("--presenter", is_flag=True, help="Mask addresses and account names."),
)


def sender_options(command: F) -> F:
    """What is done with the list of senders."""
    for option in reversed(_SENDERS):
        command = option(command)
    return command


_MAIL = (
    click.option("--kind", type=click.Choice(("reset", "invite", "other")), help="What it is; its subject by default."),
    click.option("--keep", is_flag=True, help="Put it on file in the project, for every look."),
    click.option("--list", "list", is_flag=True, help="The messages on file."),
    click.option("--remove", metavar="NAME", default="", help="Delete one that is on file."),
    click.option("--at", metavar="ISO-TIME", help="Judge its signatures at this moment."),
    click.option("--json", "as_json", is_flag=True, help="One JSON document."),
    click.option("--presenter", is_flag=True, help="Mask addresses and the subject."),
)


def mail_options(command: F) -> F:
    """What `launchready mail` is told beside the message."""
    for option in reversed(_MAIL):
        command = option(command)
    return command


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
