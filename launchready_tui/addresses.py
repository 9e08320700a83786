"""Proposes a project's addresses: login, signup, API health and subdomains, from what the home page itself links to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui.project import Project
from launchready_tui.sources.dns import Dns, Found
from launchready_tui.sources.html import parse
from launchready_tui.sources.web import Page, Web

# Words in a link's address or text that tell what it is for, and the paths that are usual where no link tells.
_WORDS: dict[str, tuple[str, ...]] = {
    "login": ("login", "log-in", "log in", "signin", "sign-in", "sign in"),
    "signup": ("signup", "sign-up", "sign up", "register", "join", "get started", "create account"),
}
_PATHS: dict[str, tuple[str, ...]] = {
    "login": ("/login", "/signin", "/auth/login"),
    "signup": ("/signup", "/register", "/join"),
    "api": ("/api/health", "/health", "/healthz"),
}
_SUBS = ("app", "api", "admin", "waitlist", "status")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An address for a page kind ("login"), or a subdomain ("sub", value "app"), and where we saw it."""

    kind: str
    value: str
    why: str


async def propose(project: Project, web: Web, dns: Dns) -> tuple[Proposal, ...]:
    """At most one proposal a kind; those that answer come before guesses that do not."""
    home_url = project.url("home")
    last = (await web.follow(home_url)).last if home_url else None
    page = last if isinstance(last, Page) else None
    base = f"https://{urlsplit(page.url).hostname}" if page is not None else f"https://{project.domain}"
    links = [(link.href, link.text) for link in parse(page.text, page.url).links] if page is not None else []
    subs = await _subs(project, dns)
    found: list[Proposal] = []
    for kind, words in _WORDS.items():
        hit = next((href for href, text in links if _tells(href, text, words, project)), None)
        if hit is not None:
            found.append(Proposal(kind, hit, "your home page links to it"))
    missing = [kind for kind in ("login", "signup", "api") if kind not in {one.kind for one in found}]
    guesses = await asyncio.gather(*(_first(kind, base, subs, project, web) for kind in missing))
    found += [guess for guess in guesses if guess is not None]
    linked = {urlsplit(href).hostname or "" for href, _ in links}
    for sub in subs:
        why = "your home page links to it" if f"{sub}.{project.domain}" in linked else "the name exists"
        found.append(Proposal("sub", sub, why))
    for host in sorted(linked):
        sub = host.removesuffix(f".{project.domain}")
        if sub not in (host, "www") and sub not in subs:
            found.append(Proposal("sub", sub, "your home page links to it"))
    return tuple(found)


def _tells(href: str, text: str, words: tuple[str, ...], project: Project) -> bool:
    parts = urlsplit(href)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not (host == project.domain or host.endswith(f".{project.domain}")):
        return False
    shown = f"{parts.path} {text}".lower()
    return any(word in shown for word in words)


async def _subs(project: Project, dns: Dns) -> tuple[str, ...]:
    """The usual subdomains that exist, unless a wildcard makes every name exist."""
    names = [*_SUBS, "launchready-no-such-name"]
    answers = await asyncio.gather(*(dns.ask(f"{sub}.{project.domain}", "A") for sub in names))
    if isinstance(answers[-1], Found):
        return ()
    return tuple(sub for sub, answer in zip(names, answers, strict=True) if isinstance(answer, Found))


async def _first(kind: str, base: str, subs: tuple[str, ...], project: Project, web: Web) -> Proposal | None:
    bases = [base]
    if kind == "api" and "api" in subs:
        bases.insert(0, f"https://api.{project.domain}")
    elif kind != "api" and "app" in subs:
        bases.append(f"https://app.{project.domain}")
    for start in bases:
        for path in _PATHS[kind]:
            reply = await web.get(start + path)
            if isinstance(reply, Page) and reply.status == 200:
                return Proposal(kind, start + path, "a page answers there")
    return None
