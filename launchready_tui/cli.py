"""The command line. Only click and the standard library are imported here; each command imports what it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from launchready_tui import __version__
from launchready_tui.cli_options import (
    VAULTS,
    look_options,
    mail_options,
    network_options,
    project_options,
    sender_options,
)


def _options(given: dict[str, Any]) -> Any:
    from launchready_tui.options import LookOptions

    return LookOptions(**given)


def _exit(status: int) -> None:
    sys.exit(status)


@click.group(
    invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "--version", "-V", prog_name="launchready", message="%(prog)s %(version)s")
@click.option("--workspace", metavar="DIR", help="Where projects are kept (or LAUNCHREADY_HOME).")
@click.option("--presenter", is_flag=True, help="Mask addresses and account names.")
@click.option("--vault", type=click.Choice(VAULTS), help="Keep names and tokens there (or LAUNCHREADY_VAULT).")
@click.pass_context
def main(context: click.Context, workspace: str | None, presenter: bool, vault: str | None) -> None:
    """Walk a launch from one typed domain to a handover that stays true.

    Without a command, the wizard opens on your projects. New here? Try `launchready demo`.
    """
    if context.invoked_subcommand is None:
        from screens.opening import open_wizard

        _exit(open_wizard(workspace, presenter=presenter, vault=vault))


@main.command()
@click.option("--workspace", metavar="DIR", help="Where the practice startup is kept (or LAUNCHREADY_HOME).")
@click.option("--fresh", is_flag=True, help="Start over: every fault is back.")
@click.option(
    "--serve", is_flag=True, help="No wizard: keep its servers up until Ctrl+C, and print how to look at them."
)
@click.option("--presenter", is_flag=True, help="Mask addresses and account names.")
def demo(workspace: str | None, fresh: bool, serve: bool, presenter: bool) -> None:
    """The wizard on the practice startup: no network, no account, nothing real can break."""
    if serve:
        from launchready_tui.headless import serve_practice

        _exit(serve_practice(workspace, fresh=fresh))
    from screens.opening import open_practice

    _exit(open_practice(workspace, fresh=fresh, presenter=presenter))


@main.command("open")
@click.argument("target", required=False)
@look_options
def open_(target: str | None, **given: Any) -> None:
    """The wizard on one project: DOMAIN, a DIR that holds your code, or somebody else's handover.toml."""
    from screens.opening import open_project

    _exit(open_project(target, _options(given)))


@main.command()
@click.argument("domain", required=False)
@look_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--stream", is_flag=True, help="JSON lines as they happen.")
@click.option("--list", "list_only", is_flag=True, help="Name every check and end.")
@click.option("--all", "everything", is_flag=True, help="Look at every project of the workspace.")
def check(domain: str | None, as_json: bool, stream: bool, list_only: bool, everything: bool, **given: Any) -> None:
    """Look at DOMAIN without the wizard. Exit status: 0 ready, 1 not ready, 2 wrong usage, 3 could not tell.

    With --all, at every project that is not archived, a few at a time. Exit status: the worst (1, then 3, then 0).
    """
    from launchready_tui.headless import list_checks, run_check

    if list_only:
        _exit(list_checks())
    if everything:
        if domain is not None:
            raise click.UsageError("One domain, or --all: take one.")
        from launchready_tui.many import run_all

        _exit(run_all(_options(given), as_json=as_json, stream=stream))
    if domain is None:
        raise click.UsageError("Which domain? Write `launchready check your-domain.com`.")
    _exit(run_check(domain, _options(given), as_json=as_json, stream=stream))


@main.command()
def ask() -> None:
    """The judges, for scripts: JSON lines in, JSON lines out."""
    from launchready_tui.headless import run_ask

    _exit(run_ask())


@main.command()
@click.argument("id")
@project_options
@network_options
@click.option("--apply", "do_apply", is_flag=True, help="Make the change; without it, only the plan is shown.")
@click.option("--by-hand", is_flag=True, help="You change it at your DNS host: show what to type, and watch it.")
@click.option("--who", metavar="NAME", default="", help="Who says yes.")
@click.option("--confirm", metavar="NAME", default="", help="Type the name that a dangerous change asks for.")
@click.option("--down", is_flag=True, help="One step back, where a fix goes in steps (email.dmarc.policy).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def fix(
    id: str,
    project: str | None,
    workspace: str | None,
    do_apply: bool,
    by_hand: bool,
    who: str,
    confirm: str,
    down: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Show what the fix of check ID would change, or make it with --apply."""
    from launchready_tui.changing import Wish, run_fix

    wish = Wish(do_apply, by_hand, who, confirm, as_json, down)
    _exit(run_fix(id, project, workspace, _options(given), wish))


@main.command()
@click.argument("change", type=int, required=False)
@project_options
@network_options
@click.option("--who", metavar="NAME", default="", help="Who takes it back.")
@click.option("--confirm", metavar="NAME", default="", help="Type the name that a dangerous change asks for.")
def undo(change: int | None, project: str | None, workspace: str | None, who: str, confirm: str, **given: Any) -> None:
    """Take a CHANGE back (the last one, where no number is given)."""
    from launchready_tui.changing import Wish, run_undo

    _exit(run_undo(change, project, workspace, _options(given), Wish(who=who, confirm=confirm)))


@main.command()
@project_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def changes(project: str | None, workspace: str | None, as_json: bool) -> None:
    """List the changes that were made, with the number that `undo` takes."""
    from launchready_tui.changing import run_changes

    _exit(run_changes(project, workspace, as_json=as_json))


@main.command()
@click.argument("name", required=False, default="")
@project_options
@network_options
@click.option("--apply", "do_apply", is_flag=True, help="Write the file; without it, only the plan is shown.")
@click.option("--for", "forge", type=click.Choice(("github", "gitlab")), help="Where the repository does not say it.")
@click.option("--who", metavar="NAME", default="", help="Who says yes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def automate(
    name: str,
    project: str | None,
    workspace: str | None,
    do_apply: bool,
    forge: Any,
    who: str,
    as_json: bool,
    **given: Any,
) -> None:
    """What runs by itself: list the six automations, or switch NAME on (all: every one that can be written)."""
    from launchready_tui.automating import Switch, run_automate

    _exit(run_automate(project, workspace, _options(given), Switch(name, do_apply, forge, who, as_json)))


@main.command()
@click.argument("provider", required=False)
@project_options
@network_options
@click.option("--zone", metavar="NAME", default="", help="The zone that holds the records; the domain by default.")
@click.option("--set", "given_pairs", multiple=True, metavar="NAME=VALUE", help="What the provider asks for besides.")
@click.option("--forget", is_flag=True, help="Disconnect PROVIDER (or the DNS host), delete its token.")
def connect(
    provider: str | None,
    project: str | None,
    workspace: str | None,
    zone: str,
    given_pairs: tuple[str, ...],
    forget: bool,
    **given: Any,
) -> None:
    """Connect the DNS host, so that fixes can be made there, or the web host (vercel, netlify, render, fly), read only.
    Without PROVIDER: what is connected, and what could be.

    The token is read from LAUNCHREADY_TOKEN_<PROVIDER>, from a pipe, or typed unseen. It is tried first, and kept in
    the keyring of your system.
    """
    from launchready_tui.connecting import run_connect

    _exit(run_connect(provider, project, workspace, _options(given), zone=zone, pairs=given_pairs, forget=forget))


@main.command()
@click.argument("name", required=False, default="")
@click.argument("type", required=False, default="")
@project_options
@network_options
@click.option("--purpose", metavar="TEXT", help="What the records of NAME and TYPE are for, in three words or more.")
@click.option("--plan", type=click.Choice(["now", "later", "remove"]), help="When the subdomain NAME is needed.")
@click.option("--why", metavar="TEXT", default="", help="Why, for the plan.")
@click.option("--old-path", "old_paths", multiple=True, metavar="PATH", help="An old address that must lead somewhere.")
@click.option("--take", is_flag=True, help="Take every purpose that a record says by itself.")
@click.option("--who", metavar="WHO", default="", help="Who says so.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--presenter", is_flag=True, help="Mask addresses and account names.")
def records(
    name: str,
    type: str,
    project: str | None,
    workspace: str | None,
    purpose: str | None,
    plan: Any,
    why: str,
    old_paths: tuple[str, ...],
    take: bool,
    who: str,
    as_json: bool,
    presenter: bool,
    **given: Any,
) -> None:
    """What each record is for, the subdomain plan, and the redirects with the line that proves each.

    With NAME, TYPE and --purpose: write down what a record is for (“@” is the domain itself).
    """
    from launchready_tui.recording import Note, run_records

    note = Note(name, type, purpose, plan, why, old_paths, take, who, as_json, presenter)
    _exit(run_records(project, workspace, _options(given), note))


@main.command()
@click.argument("system", required=False, default="")
@project_options
@click.option("--set", "pairs", multiple=True, metavar="FIELD=VALUE", help="Write this down of SYSTEM (repeatable).")
@click.option("--who", metavar="NAME", default="", help="Who says so.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--presenter", is_flag=True, help="Mask addresses and account names.")
def owners(
    system: str,
    project: str | None,
    workspace: str | None,
    pairs: tuple[str, ...],
    who: str,
    as_json: bool,
    presenter: bool,
) -> None:
    """Who owns which account, who stands in, and who signed in when. With SYSTEM and --set: write it down.

    It is kept in the keyring of your system. No password and no code goes in here.
    """
    from launchready_tui.owning import Ask, run_owners

    _exit(run_owners(project, workspace, Ask(system, pairs, who, as_json, presenter)))


@main.command()
@project_options
@sender_options
@network_options
def senders(**given: Any) -> None:
    """Who may send mail as the domain: what each asks for, and whether it is there. --add and --remove change it.

    ID is one of the list's, the name that a sender asks you to include, or an address.
    """
    from launchready_tui.approving import run_senders

    _exit(run_senders(given))


@main.command()
@click.argument("file", required=False, default="")
@project_options
@network_options
@mail_options
def mail(file: str, project: str | None, workspace: str | None, **given: Any) -> None:
    """Does the message in FILE (- for a pipe) prove that it is yours? Without --project, its own From is asked.

    Exit status: 0 it does, 1 it does not, 2 wrong usage or no message, 3 could not tell.
    """
    from launchready_tui.mailing import Wanted, run_mail

    wanted = Wanted(file, **{name: given.pop(name) for name in Wanted.__slots__[1:]})
    _exit(run_mail(project, workspace, _options(given), wanted))


@main.command()
@project_options
@click.option("--to", "folder", metavar="DIR", help="Where to write; the project's own folder by default.")
def export(project: str | None, workspace: str | None, folder: str | None) -> None:
    """Write handover.toml, the risk list and the stage reports."""
    from launchready_tui.headless import run_export

    _exit(run_export(project, workspace, folder))


@main.command()
@click.argument("domain")
@click.option("--from", "like", metavar="DOMAIN", help="Start as this project of yours is: its template.")
@click.option("--workspace", metavar="DIR", help="Where projects are kept (or LAUNCHREADY_HOME).")
@click.option("--repo", metavar="DIR", help="The folder that holds your code.")
@click.option("--url", "urls", multiple=True, metavar="KIND=URL", help="login, signup, api, … (repeatable).")
@click.option("--sub", "subs", multiple=True, metavar="NAME", help="A subdomain you use, or none (repeatable).")
@click.option("--marker", metavar="TEXT", help="Text that stands on your home page.")
@network_options
@click.option("--who", metavar="NAME", default="", help="Who starts it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def new(domain: str, like: str | None, who: str, as_json: bool, **given: Any) -> None:
    """Make a project of DOMAIN without looking at it.

    --from takes over subdomains, kinds of addresses, the marker, senders, purposes, what does not exist and next
    actions of another one; never owners, answers, connections or secrets.
    """
    from launchready_tui.consulting import run_new

    _exit(run_new(domain, _options(given), like=like, who=who, as_json=as_json))


@main.command()
@click.argument("domain")
@click.option("--workspace", metavar="DIR", help="Where projects are kept (or LAUNCHREADY_HOME).")
@click.option("--restore", is_flag=True, help="Bring it back.")
def archive(domain: str, workspace: str | None, restore: bool) -> None:
    """Put a project aside: not looked at, not shown. Nothing is deleted."""
    from launchready_tui.consulting import run_archive

    _exit(run_archive(domain, workspace, restore=restore))


@main.command()
@click.option("--workspace", metavar="DIR", help="Where projects are kept (or LAUNCHREADY_HOME).")
@click.option("--archived", is_flag=True, help="Those that were put aside.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def projects(workspace: str | None, archived: bool, as_json: bool) -> None:
    """Every project: where it stands, what runs out, what is next. What is due comes first, then the worst."""
    from launchready_tui.consulting import run_projects

    _exit(run_projects(workspace, archived=archived, as_json=as_json))


@main.command()
@project_options
@click.option("--since", metavar="ISO|today|all", default="today", show_default=True, help="From when on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--md", "as_md", is_flag=True, help="Markdown, for an invoice.")
@click.option("--presenter", is_flag=True, help="Mask addresses and account names.")
def log(project: str | None, workspace: str | None, since: str, as_json: bool, as_md: bool, presenter: bool) -> None:
    """What was done, by whom and for how long: for the client's invoice. Without --project, on every project."""
    from launchready_tui.consulting import run_log

    _exit(run_log(project, workspace, since, as_json=as_json, as_md=as_md, presenter=presenter))


@main.command()
@click.argument("place", type=click.Choice(VAULTS), required=False)
@project_options
@click.option("--new-passphrase", "renew", is_flag=True, help="Give the encrypted file another passphrase.")
def vault(place: Any, project: str | None, workspace: str | None, renew: bool) -> None:
    """Where owners and tokens are kept, or keep them in PLACE from now on; what is kept already moves there.

    The passphrase of the encrypted file is typed unseen, or read from LAUNCHREADY_VAULT_PASSPHRASE on a machine.
    """
    from launchready_tui.keeping import run_vault

    _exit(run_vault(place, project, workspace, renew=renew))


@main.command()
@project_options
@click.option("--remove", metavar="NAME", default="", help="Delete this token here, and disconnect what needs it.")
@click.option("--test", is_flag=True, help="Find out what the project's token may do now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def tokens(project: str | None, workspace: str | None, remove: str, test: bool, as_json: bool) -> None:
    """Every token by name: for which zone, where it is kept, since when, what it was last seen to reach."""
    from launchready_tui.keeping import run_tokens

    _exit(run_tokens(project, workspace, remove=remove, test=test, as_json=as_json))


@main.group(invoke_without_command=True)
@project_options
@network_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--presenter", is_flag=True, help="Mask addresses and account names.")
@click.pass_context
def secrets(
    context: click.Context,
    /,
    project: str | None,
    workspace: str | None,
    as_json: bool,
    presenter: bool,
    **given: Any,
) -> None:
    """The product's keys and passwords: each by name and place, who answers for it, when it is renewed. Never a value.

    Without a command: the list, and what your code names that is not on it.
    """

    def run(**wish: Any) -> None:
        if wish.get("do") == "scan":
            from launchready_tui.scanning import run_scan

            _exit(run_scan(project, workspace, _options(given), wish | {"as_json": as_json or wish["as_json"]}))
        from launchready_tui.inventory import SecretWish, run_secrets

        asked = SecretWish(as_json=as_json, presenter=presenter, **wish)
        _exit(run_secrets(project, workspace, _options(given), asked))

    context.obj = run
    if context.invoked_subcommand is None:
        run()


@secrets.command("list")
@click.pass_obj
def secrets_list(run: Callable[..., None]) -> None:
    """The list, and what your code names that is not on it."""
    run()


@secrets.command("add")
@click.argument("name")
@click.option("--system", metavar="TEXT", help="What it opens: Payments, Database, …")
@click.option("--location", metavar="TEXT", help="Where its value is kept: 1Password, your host's settings, …")
@click.option("--owner", metavar="NAME", help="Who answers for it.")
@click.option("--created", metavar="DAY", default="", help="The day on which it was made (2026-11-24, or today).")
@click.option("--rotate-by", metavar="DAY", default="", help="The day by which it is to be made new.")
@click.option("--had", multiple=True, metavar="NAME", help="Who knows or knew the value (repeatable).")
@click.option("--exposed", metavar="DAY", default="", help="Since when others may know it.")
@click.option("--how", metavar="TEXT", help="How that came.")
@click.pass_obj
def secrets_add(run: Callable[..., None], /, name: str, **wish: Any) -> None:
    """Write one down, or change what is written down."""
    run(do="add", name=name, **wish)


@secrets.command("rotated")
@click.argument("name")
@click.option("--on", metavar="DAY", default="", help="The day; today by default.")
@click.pass_obj
def secrets_rotated(run: Callable[..., None], name: str, on: str) -> None:
    """Its value was made new."""
    run(do="rotated", name=name, on=on)


@secrets.command("left")
@click.argument("person")
@click.option("--on", metavar="DAY", default="", help="The day; today by default.")
@click.pass_obj
def secrets_left(run: Callable[..., None], person: str, on: str) -> None:
    """Somebody left: whatever they had must be made new."""
    run(do="left", name=person, on=on)


@secrets.command("remove")
@click.argument("name")
@click.pass_obj
def secrets_remove(run: Callable[..., None], name: str) -> None:
    """Take one off the list."""
    run(do="remove", name=name)


@secrets.command("scan")
@click.option("--repo", metavar="DIR", default="", help="This folder, without a project.")
@click.option("--history/--no-history", default=True, help="Every version of every file too.")
@click.option("--mark", metavar="PLACE", default="", help="Say something of the key at PATH:LINE, or of a fingerprint.")
@click.option("--on", metavar="DAY", default="", help="The day on which a new one was made; today by default.")
@click.option("--reason", metavar="TEXT", default="", help="Why it is no key.")
@click.option("--undo", is_flag=True, help="Take back what was said of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def secrets_scan(run: Callable[..., None], /, **wish: Any) -> None:
    """Look for keys in the code folder and its history. No value is kept or shown."""
    run(do="scan", **wish)


@secrets.command("none")
@click.option("--who", metavar="NAME", default="", help="Who says so.")
@click.pass_obj
def secrets_none(run: Callable[..., None], who: str) -> None:
    """The product has no secrets."""
    run(do="none", who=who)


@main.command()
@click.argument("file")
@network_options
@click.option("--at", metavar="ISO-TIME", help="Judge certificates and what runs out at this moment.")
@click.option("--workspace", metavar="DIR", help="Where known keys are kept (or LAUNCHREADY_HOME).")
@click.option("--yes", is_flag=True, help="The hosts that the file names may be asked.")
@click.option("--trust", "trust_key", is_flag=True, help="Remember the signer's key, by their name.")
@click.option("--sign", metavar="NAME", default="", help="Put your name to it: FILE.verified.toml, to be sent back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def verify(file: str, yes: bool, trust_key: bool, sign: str, as_json: bool, **given: Any) -> None:
    """What changed since the handover in FILE? Exit status: 0 nothing, 1 drift, 2 wrong usage, 3 could not tell.

    The file alone is enough. Before anything is asked, the hosts that it names are listed.
    """
    from launchready_tui.verifying import VerifyWish, run_verify

    _exit(run_verify(file, _options(given), VerifyWish(yes, trust_key, sign, as_json)))
