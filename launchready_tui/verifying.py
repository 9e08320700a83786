"""`launchready verify`: a handover held against now, from the file alone. No project is needed, none is made."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from launchready_tui import disk
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.drift.facts import Facts, from_handover
from launchready_tui.drift.taking import verify
from launchready_tui.drift.told import Verification, document, hosts_text, result_words, signature_lines, text
from launchready_tui.driftlook import EXIT, Result, ordered
from launchready_tui.handover.knownkeys import read_keys, trust
from launchready_tui.handover.reading import read_handover_file
from launchready_tui.handover.signing import SIGNATURE_SUFFIX, Verdict, check_signature, digest
from launchready_tui.handover.verified import SUFFIX, read_verified, state_verified
from launchready_tui.headless import USAGE, told
from launchready_tui.options import BadOption, LookOptions, network, parse_at
from launchready_tui.project import Clock, Network, Project
from launchready_tui.saying import Problem, say_problem
from launchready_tui.vault import Vault, VaultProblem, Vaults
from launchready_tui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class VerifyWish:
    """What the command was told: is the list of hosts agreed to, is the signer's key to be remembered, who signs."""

    yes: bool = False
    trust_key: bool = False
    sign: str = ""
    as_json: bool = False


def run_verify(file: str, options: LookOptions, wish: VerifyWish) -> int:
    """Exit status: 0 equal, 1 drift, 2 wrong usage or unreadable, 3 could not tell."""
    with told():
        try:
            return _verify(Path(file), options, wish)
        except (Problem, VaultProblem) as problem:
            say_problem(problem.sentence)
            return USAGE


def _verify(path: Path, options: LookOptions, wish: VerifyWish) -> int:
    clock = Clock(parse_at(options.at)) if options.at else Clock()
    root = Workspace(Path(options.workspace) if options.workspace else None).root
    handover, data = read_handover_file(path)
    facts = from_handover(handover)
    project = Project(facts.domain, network=network(Network(), options))
    verdict = check_signature(data, _beside(path), read_keys(root))
    if wish.trust_key:
        say_problem(trust(root, verdict, Clock().now().astimezone().date()))
        verdict = check_signature(data, _beside(path), read_keys(root))
    if not _agreed(facts, verdict, wish):
        return USAGE
    lines = asyncio.run(verify(facts, project, clock))
    done = Verification(
        str(path), digest(data), facts, verdict, ordered((*signature_lines(verdict), *lines)), clock.now()
    )
    if wish.as_json:
        print(json.dumps(document(done), ensure_ascii=True, indent=1))
    else:
        width = min(shutil.get_terminal_size((100, 24)).columns, 120)
        print("\n".join(text(done, width)))
    sys.stdout.flush()
    if wish.sign:
        vault = Vaults(root, options.vault).open()
        asyncio.run(_sign(path, data, wish.sign, clock, done.result, vault))
        say_problem(f"{wish.sign} puts their name to it: {result_words(done)}.")
    return EXIT[done.result]


def _beside(path: Path) -> bytes | None:
    """The signature file; None where there is none. Raises WorkspaceProblem."""
    try:
        return disk.read_capped(path.with_name(path.name + SIGNATURE_SUFFIX))
    except FileNotFoundError:
        return None


def _agreed(facts: Facts, verdict: Verdict, wish: VerifyWish) -> bool:
    """Show which hosts the file names, and ask; a pipe or a script says --yes."""
    for line in hosts_text(facts):
        say_problem(line)
    if verdict.outcome in ("altered", "malformed"):
        say_problem(verdict.say)
    if wish.yes:
        return True
    if not sys.stdin.isatty():
        raise BadOption("Nothing was asked yet. Say --yes when these hosts may be asked.")
    print("Ask them? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


async def _sign(path: Path, data: bytes, who: str, clock: Clock, result: Result, vault: Vault) -> None:
    """Write the receiver's word beside the file. Raises VaultProblem, WorkspaceProblem."""
    state = await vault.probe()
    if not state.ok and vault.kind != "session":
        say_problem(f"{state.say} The key that signs this is kept nowhere, and gone when this ends.")
        vault = Vault("session")
    try:
        stated = await state_verified(vault, data, who, clock.now(), result)
    except ValueError as error:
        raise WorkspaceProblem(str(error)) from error
    target = path.with_name(path.name + SUFFIX)
    disk.write_private(target, stated.encode())
    said = read_verified(stated.encode())
    say_problem(f"Written: {disk.shown(target)}. Send it back to whoever handed over; your six words: {said.words}.")
