"""The kinds of question that `launchready ask` answers, each a function from arguments to data."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping

from launchready_tui import limits
from launchready_tui.ask.arguments import BadArgument, Refused, moment, number, resolver, text

__all__ = ["KINDS", "BadArgument", "Refused"]

Args = Mapping[str, object]
Data = dict[str, object]


async def _spf(args: Args) -> Data:
    from launchready_tui.mail.ask import spf

    return await _plain(spf, args)


async def _org_domain(args: Args) -> Data:
    from launchready_tui.mail.ask import org_domain

    return await _plain(org_domain, args)


async def _dmarc_record(args: Args) -> Data:
    from launchready_tui.mail.ask import dmarc_record

    return await _plain(dmarc_record, args)


async def _dmarc_align(args: Args) -> Data:
    from launchready_tui.mail.ask import dmarc_align

    return await _plain(dmarc_align, args)


async def _dkim_key(args: Args) -> Data:
    from launchready_tui.mail.ask import dkim_key

    return await _plain(dkim_key, args)


async def _dkim_verify(args: Args) -> Data:
    from launchready_tui.mail.ask_verify import dkim_verify

    return await _plain(dkim_verify, args)


async def _plain(judge: Callable[[Args], Awaitable[Data]], args: Args) -> Data:
    """The mail judges say what is wrong with an argument as ValueError."""
    try:
        return await judge(args)
    except ValueError as error:
        raise BadArgument(str(error)) from error


async def _dns(args: Args) -> Data:
    from launchready_tui.project import Network, Project
    from launchready_tui.sources import dns
    from launchready_tui.sources.gate import Gate

    name, type = text(args, "name"), text(args, "type").upper()
    if not type.isalnum() or len(type) > 12:
        raise BadArgument("type is a record type such as A, TXT or MX.")
    server, seconds = resolver(args), number(args, "timeout", 5.0)
    project = Project(name, network=Network(resolvers=(server,), private=True))
    # The time that was given is the time a slow server gets, with one more try within it.
    source = dns.Dns(project, Gate(project), seconds=seconds, try_seconds=max(limits.DNS_TRY_SECONDS, seconds / 2))
    try:
        async with asyncio.timeout(seconds):
            answer = await source.ask(name, type)
    except TimeoutError:
        answer = dns.TimedOut(name, type, seconds)
    finally:
        await source.aclose()
    if isinstance(answer, dns.Malformed) and not source.asked:
        raise BadArgument(f"name and type: {answer.reason}.")  # it cannot even be asked
    match answer:
        case dns.Found():
            status = "ok"
        case dns.NoData():
            status = "nodata"
        case dns.NxDomain():
            status = "nxdomain"
        case dns.ServerFailed():
            status = "servfail"
        case dns.TimedOut():
            status = "timeout"
        case dns.Malformed():
            status = "malformed"
    return {"status": status, "records": list(dns.values(answer))}


async def _redirects(args: Args) -> Data:
    from launchready_tui.redirects import Hop, judge_redirects

    chain = args.get("chain")
    if not isinstance(chain, list):
        raise BadArgument("chain is a list of {url, status}.")
    hops: list[Hop] = []
    for hop in chain:
        if not isinstance(hop, dict) or not isinstance(hop.get("url"), str):
            raise BadArgument("chain is a list of {url, status}.")
        status = hop.get("status") or 0
        if isinstance(status, bool) or not isinstance(status, int):
            raise BadArgument("status is a number, or null where no answer came.")
        hops.append(Hop(hop["url"], status))
    code = judge_redirects(hops, text(args, "host"))
    return {"pass": code in ("ok", "not-needed"), "code": code}


async def _cert(args: Args) -> Data:
    from launchready_tui.sources.tls import judge_chain

    at = moment(args, "at")
    try:
        verdict = judge_chain(text(args, "chain_pem"), text(args, "host"), at)
    except ValueError as error:
        raise BadArgument(f"chain_pem: {error}") from error
    # Whether the root is one that browsers know has no word here: a whole chain to an unknown root has no finding, and
    # "incomplete-chain" is a server's certificate whose issuer was not sent.
    said = (
        "expired",
        "not-yet-valid",
        "name-mismatch",
        "self-signed",
        "incomplete-chain",
        "weak-key",
        "weak-signature",
    )
    leaf = verdict.leaf
    return {
        "not_after": leaf.not_after.isoformat(),
        "days_left": int((leaf.not_after - at).total_seconds() // 86_400),
        "key": leaf.key,
        "sig": leaf.signature,
        "sans": len(leaf.sans),
        "findings": [fault for fault in verdict.faults if fault in said],
    }


def _folder(args: Args) -> str:
    path = os.path.abspath(os.path.expanduser(text(args, "path")))
    if "\0" in path or not os.path.isdir(path):
        raise BadArgument("path is a folder on this machine.")
    return path


async def _secrets(args: Args) -> Data:
    from launchready_tui.scanning import finding, scan_folder
    from launchready_tui.sources.repo import NoRepo

    history = args.get("history", False)
    if not isinstance(history, bool):
        raise BadArgument("history is true or false.")
    parts = await scan_folder(text(args, "path"), history=history)
    found: list[dict[str, object]] = []
    for part in parts.values():
        if isinstance(part, NoRepo):
            raise BadArgument(f"path: {part.say}.")
        found += [finding(one) for one in part.found if one.what != "public"]
    engines = {part.engine for part in parts.values() if not isinstance(part, NoRepo)}
    return {"engine": ", ".join(sorted(engines)), "findings": found}


async def _env(args: Args) -> Data:
    """Names only. A folder under git is read by its index; another one file by file."""
    from launchready_tui.codefolder import survey_of

    found = await survey_of(_folder(args))
    return {"used": list(found.used_names), "declared": list(found.declared_names)}


async def _platform(args: Args) -> Data:
    from launchready_tui.codefolder import platform_of

    found = await platform_of(_folder(args))
    said = found.commands
    return {
        "platforms": list(found.platforms),
        "frameworks": list(found.frameworks),
        "languages": list(found.languages),
        "package_manager": found.package_manager or None,
        "commands": {"install": said.install or None, "build": said.build or None, "start": said.start or None},
    }


async def _dotenv(args: Args) -> Data:
    from launchready_tui.envscan import dotenv

    return {"vars": await asyncio.to_thread(dotenv.read, text(args, "text"))}


async def _export(args: Args) -> Data:
    from launchready_tui.handover.ask import SecretInFacts, export

    try:
        return await export(args)
    except SecretInFacts as error:
        raise Refused("secret", str(error)) from error
    except ValueError as error:
        raise BadArgument(str(error)) from error


async def _render(args: Args) -> Data:
    from launchready_tui.render import render_facts

    facts, width = args.get("facts"), args.get("width", 80)
    if not isinstance(facts, dict):
        raise BadArgument("facts is an object.")
    if isinstance(width, bool) or not isinstance(width, int) or not 20 <= width <= 400:
        raise BadArgument("width is a whole number from 20 to 400.")
    return {"text": render_facts(facts, width)}


KINDS: dict[str, Callable[[Args], Awaitable[Data]]] = {
    "spf": _spf,
    "org-domain": _org_domain,
    "dmarc-record": _dmarc_record,
    "dmarc-align": _dmarc_align,
    "dkim-key": _dkim_key,
    "dkim-verify": _dkim_verify,
    "dns": _dns,
    "redirects": _redirects,
    "cert": _cert,
    "secrets": _secrets,
    "env": _env,
    "platform": _platform,
    "dotenv": _dotenv,
    "export": _export,
    "render": _render,
}
