"""Pages and handshakes in a few words, for the tables of this stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from launchready_tui.project import Project
from launchready_tui.sources import dns, tls, web
from launchready_tui.sources.certificates import Certificate, Fault, Verdict
from tests.world import NAME, NOW, World, found

WWW, API, APP = f"www.{NAME}", f"api.{NAME}", f"app.{NAME}"
HOME, PLAIN = f"https://{NAME}/", f"http://{NAME}/"
PUBLIC = "93.184.215.14"
EVIL = "\x1b]0;owned\x07\u202e[@click=app.quit]x[/]"


def page(url: str = HOME, html: str = "<p>hello</p>", status: int = 200, /, **headers: str) -> web.Page:
    """`x_frame_options="DENY"` is the header x-frame-options."""
    pairs = {"content-type": "text/html; charset=utf-8"}
    pairs |= {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Page(
        url,
        status,
        tuple(pairs.items()),
        html.encode("utf-8", "replace"),
        encoding=headers.get("content_encoding", ""),
        address=PUBLIC,
    )


def to(url: str, location: str, status: int = 301) -> web.Page:
    return page(url, "", status, location=location)


def pages(*found: web.Reply) -> dict[str, web.Reply]:
    return {reply.url: reply for reply in found}


def silent(url: str) -> web.NoPage:
    return web.NoPage(url, "timeout", "took our connection and then said nothing for 10 seconds")


def nowhere(url: str) -> web.NoPage:
    return web.NoPage(url, "no-address", "does not exist in the DNS", fact=True)


def certificate(left: float = 60, whole: float = 90, *, host: str = NAME, issuer: str = "R11") -> Certificate:
    """`left` and `whole` in days from NOW."""
    until = NOW + dt.timedelta(days=left)
    since = until - dt.timedelta(days=whole)
    return Certificate(host, issuer, since, until, (host,), "ecdsa256", "sha256", "00" * 32)


def shaken(
    *faults: Fault,
    host: str = NAME,
    left: float = 60,
    whole: float = 90,
    missing: str = "",
    issuer: str = "R11",
    sans: tuple[str, ...] | None = None,
) -> tls.Handshake:
    leaf = certificate(left, whole, host=host, issuer=issuer)
    leaf = replace(leaf, sans=leaf.sans if sans is None else sans)
    return tls.Handshake(host, 443, PUBLIC, Verdict(leaf, faults, (host,), missing))


def no_handshake(kind: str, say: str, *, host: str = NAME, fact: bool = False) -> tls.NoHandshake:
    return tls.NoHandshake(host, 443, kind, say, fact)  # type: ignore[arg-type]  # the rows write the kind as text


def addresses(*hosts: str) -> dict[tuple[str, str], dns.Answer]:
    """An A record for good.example, www and each of `hosts`."""
    return {(host, "A"): found(host, "A", PUBLIC) for host in (NAME, WWW, *hosts)}


def world(
    *replies: web.Reply,
    seen: Mapping[str, tls.Handshake | tls.NoHandshake] | None = None,
    project: Project | None = None,
    names: Mapping[tuple[str, str], dns.Answer] | None = None,
) -> World:
    """A World with those pages and handshakes, in which good.example and www have an address."""
    return World(
        project=project or Project(NAME),
        dns=addresses() if names is None else names,
        web=pages(*replies),
        tls=seen or {},
    )
