"""The options that commands which look have in common, from words on a command line to a Project."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from launchready_tui.project import ALLOWED, URL_KINDS, Network, Project


class BadOption(ValueError):
    """An option that we cannot use; the message is a clear sentence for the command line."""


@dataclass(frozen=True, slots=True)
class LookOptions:
    """As given: text, not yet judged. `()` and None mean "not given"."""

    resolvers: tuple[str, ...] = ()
    ca: str | None = None
    private_network: bool = False
    repo: str | None = None
    stages: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    at: str | None = None
    workspace: str | None = None
    urls: tuple[str, ...] = ()
    rdap: str | None = None
    ct: str | None = None
    registries: bool = True
    dkim_selectors: tuple[str, ...] = ()
    subs: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    answers: str | None = None
    presenter: bool = False
    dns_port: int | None = None
    connect_to: tuple[str, ...] = ()
    marker: str | None = None
    eml: tuple[str, ...] = ()
    session: str | None = None
    vault: str | None = None


def parse_resolver(text: str) -> tuple[str, int]:
    """ "1.1.1.1", "1.1.1.1:5300", "[::1]:5300" or "::1" as (address, port). Raises BadOption."""
    from launchready_tui.stored import parse_endpoint

    try:
        address, port = parse_endpoint(text, 53)
        ipaddress.ip_address(address)
    except ValueError as error:
        raise BadOption(
            f"{text[:80]} is not the address of a resolver. Write 1.1.1.1, 1.1.1.1:5300 or [::1]:5300."
        ) from error
    return address, port


def parse_url(text: str) -> str:
    """An absolute http or https URL as it is asked for. Raises BadOption."""
    parts = urlsplit(text.strip())
    try:
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or any(char.isspace() or ord(char) < 0x20 for char in text.strip()) or len(text) > 2_000:
        raise BadOption(f"{text[:120]!r} is not an address that a browser would open. Write https://…")
    return text.strip()


def parse_at(text: str) -> dt.datetime:
    """An ISO time, UTC where it names no zone. Raises BadOption."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise BadOption(f"{text[:60]!r} is not a time. Write 2026-12-01 or 2026-12-01T09:00:00Z.") from error
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _kind_url(text: str) -> tuple[str, str]:
    kind, equals, url = text.partition("=")
    if not equals or kind not in URL_KINDS:
        raise BadOption(f"--url takes KIND=URL, where KIND is one of {', '.join(URL_KINDS)}; not {text[:80]!r}.")
    return kind, parse_url(url) if url not in ("", "none") else ""


def _sub(text: str, domain: str) -> str:
    label = text.strip().lower().rstrip(".").removesuffix(f".{domain}")
    parts = label.split(".")
    if not all(0 < len(part) <= 63 and part.replace("-", "a").replace("_", "a").isalnum() for part in parts):
        raise BadOption(f"{text[:80]!r} is not a subdomain. Write app, or app.{domain}.")
    return label


def _subs(texts: Sequence[str], domain: str) -> tuple[str, ...]:
    """The subdomains given; "none" alone says that there are none."""
    return () if tuple(texts) == ("none",) else tuple(dict.fromkeys(_sub(text, domain) for text in texts))


def network(base: Network, options: LookOptions) -> Network:
    """`base` with what was given on top. Raises BadOption."""
    from launchready_tui.stored import parse_connect_to

    if options.resolvers:
        base = replace(base, resolvers=tuple(dict.fromkeys(parse_resolver(text) for text in options.resolvers)))
    if options.private_network:
        base = replace(base, private=True)
    if options.dns_port is not None:
        base = replace(base, dns_port=options.dns_port)
    if options.ca is not None:
        if not Path(options.ca).is_file():
            raise BadOption(f"There is no file {options.ca}. --ca takes a PEM file with the certificates to trust.")
        base = replace(base, ca=str(Path(options.ca).resolve()))
    if options.connect_to:
        if not base.private:
            raise BadOption("--connect-to sends requests to another address, so it needs --private-network beside it.")
        pairs = []
        for text in options.connect_to:
            try:
                pairs.append(parse_connect_to(text))
            except ValueError as error:
                raise BadOption(f"--connect-to takes HOST:PORT:ADDRESS:PORT; {error}") from error
        base = replace(base, connect_to={**base.connect_to, **dict(pairs)})
    if options.rdap is not None:
        base = replace(base, rdap=parse_url(options.rdap))
    if options.ct is not None:
        base = replace(base, ct=parse_url(options.ct))
    if not options.registries:
        base = replace(base, registries=False)
    return base


def apply(project: Project, options: LookOptions) -> Project:
    """The project as this command should see it; nothing is saved. Raises BadOption with a sentence."""
    for what in options.allow:
        if what not in ALLOWED:
            raise BadOption(f"--allow takes one of {', '.join(ALLOWED)}; not {what[:40]!r}.")
    for eml in options.eml:
        if not Path(eml).is_file():
            raise BadOption(f"There is no file {eml}. --eml takes a message as your mail program saves it.")
    if options.session is not None and not options.session.replace("-", "").replace("_", "").isalnum():
        raise BadOption("--session takes a name of letters, digits and hyphens.")
    if options.repo is not None and not Path(options.repo).is_dir():
        raise BadOption(f"There is no folder {options.repo}. --repo takes the folder that holds your code.")
    return replace(
        project,
        network=network(project.network, options),
        urls={**project.urls, **dict(_kind_url(text) for text in options.urls)},
        subs=project.subs if not options.subs else _subs(options.subs, project.domain),
        repo=str(Path(options.repo).resolve()) if options.repo is not None else project.repo,
        dkim_selectors=options.dkim_selectors or project.dkim_selectors,
        marker=options.marker if options.marker is not None else project.marker,
        allowed=project.allowed | frozenset(options.allow),
    )


def selected(ids: Sequence[str], stages: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The ids of the checks to look at: `--only` (ids, or their start) within each `--stage`. Raises BadOption."""
    chosen = [id for id in known if not stages or id.split(".")[0] in stages]
    if not ids:
        return tuple(chosen)
    for wanted in ids:
        if not any(id == wanted or id.startswith(f"{wanted}.") for id in known):
            raise BadOption(f"There is no check {wanted[:80]}. `launchready check --list` names them all.")
    return tuple(id for id in chosen if any(id == wanted or id.startswith(f"{wanted}.") for wanted in ids))
