"""connect from the command line: try a token on the zone, keep it in the keyring, say what it may do."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Mapping, Sequence

from launchready_tui.changing import opened
from launchready_tui.fixes.model import FixProblem
from launchready_tui.fixes.providers import Provider, kinds, provider
from launchready_tui.headless import told
from launchready_tui.hosts.account import Host, host
from launchready_tui.hosts.account import kinds as host_kinds
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.saying import say_problem
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.text import listed
from launchready_tui.vault import VaultProblem

_MOST = 4_000  # characters of a token that are read from a pipe; ours


def run_connect(
    kind: str | None,
    project: str | None,
    workspace: str | None,
    options: LookOptions,
    *,
    zone: str,
    pairs: Sequence[str],
    forget: bool,
) -> int:
    """Connect, disconnect, or say what is. Exit status 1 where the token may not write."""

    async def connect() -> int:
        async with opened(project, workspace, options, new=kind is not None) as session:
            if forget:
                print(await (session.disconnect_host() if kind in host_kinds() else session.disconnect()))
                return 0
            if kind is None:
                return await _show(session)
            return await _connect(session, kind, {"zone": zone, **_pairs(pairs)})

    with told():
        try:
            return asyncio.run(connect())
        except (FixProblem, VaultProblem) as problem:
            say_problem(problem.sentence)
            return 1


def _pairs(pairs: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise BadOption(f"--set takes NAME=VALUE; not {pair[:80]!r}.")
        given[name] = value
    return given


async def _show(session: Session) -> int:
    """What is connected, and how far that goes; what could be, and what it asks for."""
    await session.check_reach()
    standing = session.standing()
    print(f"{session.project.domain}: {standing.level}. {standing.say}")
    if session.connection is None:
        host = await session.dns_host()
        if host:
            print(f"Its records are kept at {host}.")
        for one in session.providers(host):
            asks = "".join(f" --set {ask.name}={ask.example or '…'}" for ask in one.asks if not ask.default)
            print(f"  launchready connect {one.kind}{asks}   ({one.name})")
    await _show_host(session)
    return 0


async def _show_host(session: Session) -> None:
    seen = await session.host_reach()
    if seen is not None:
        print(seen.say)
    elif session.web_host is not None:
        print("A web host is connected, but its token is not here any more. Connect it again.")
    else:
        print("No web host is connected. With a token that only reads, we see what production has and what it runs:")
        for one in session.web_hosts():
            print(f"  launchready connect {one.kind}   ({one.name})")


async def _connect_host(session: Session, kind: str, given: Mapping[str, str]) -> int:
    """Try a token at the web host. Exit status 1 where it does not open the project."""
    one = host(kind)
    unknown = set(given) - {"zone", "project", "api"}
    if unknown:
        raise BadOption(f"{one.name} asks for project besides the token, not for {', '.join(sorted(unknown))[:80]}.")
    reach = await session.connect_host(kind, given, _token(one))
    print(reach.say)
    for name in reach.choose:
        print(f"  launchready connect {kind} --set project={name}")
    for missing in reach.missing:
        print(f"  missing: {missing}")
    if reach.ok:
        print(session.vault_say)
        if session.vault.kind == "session":
            print(f"Later looks find it in {_variable(one)} of the environment.")
    return 0 if reach.ok else 1


async def _connect(session: Session, kind: str, given: Mapping[str, str]) -> int:
    if kind in host_kinds():
        return await _connect_host(session, kind, given)
    if kind not in kinds():
        known = f"{', '.join(kinds())}; to read at web hosts: {', '.join(host_kinds())}"
        raise BadOption(f"We cannot write to {kind[:40]!r}. Known: {known}.")
    one = provider(kind)
    unknown = set(given) - {"zone", "api", *(ask.name for ask in one.asks)}
    if unknown:
        names = ", ".join(ask.name for ask in one.asks) or "nothing"
        raise BadOption(f"{one.name} asks for {names} besides the token, not for {', '.join(sorted(unknown))[:80]}.")
    lacking = [ask for ask in one.asks if not (ask.default or given.get(ask.name, "").strip())]
    if lacking:
        sets = " ".join(f"--set {ask.name}={ask.example or '…'}" for ask in lacking)
        raise BadOption(f"{one.name} asks for {listed([ask.label for ask in lacking])} too. Add {sets}")
    reach = await session.connect(kind, given, _token(one))
    print(reach.say)
    for missing in reach.missing:
        print(f"  missing: {missing}")
    if reach.read:
        print(session.vault_say)
        if session.vault.kind == "session":
            print(f"`launchready fix` and `undo` find it in {_variable(one)} of the environment.")
    return 0 if reach.write else 1


def _variable(one: Provider | Host) -> str:
    return "LAUNCHREADY_TOKEN_" + one.kind.upper().replace("-", "_")


def _token(one: Provider | Host) -> Secret:
    """The token from the environment, from a pipe, or typed unseen. Raises BadOption where there is none."""
    variable = _variable(one)
    told = os.environ.get(variable, "").strip()
    if not told and not sys.stdin.isatty():
        told = sys.stdin.readline(_MOST).strip()
    if not told and sys.stdin.isatty():
        if one.page:
            clicks = f" ({one.path})" if isinstance(one, Host) else ""
            print(f"Make one at {one.page}{clicks}; choose: {'; '.join(one.scopes)}.")
        told = getpass.getpass(f"{one.secret} (it is not shown): ").strip()
    if not told:
        raise BadOption(f"There is no token. Type it, send it through a pipe, or set {variable}.")
    return Secret(told)
