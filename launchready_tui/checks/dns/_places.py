"""What one address of a host answers, in a shape that can be held against another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui.checks.dns._words import host_of
from launchready_tui.sources.html import parse
from launchready_tui.sources.web import Page, Reply

Kind = Literal["page", "on", "error", "refused", "tls", "unclear"]
_CLOSED = frozenset({401, 403})  # what a shield says to one and not to the other


@dataclass(frozen=True, slots=True)
class Shape:
    """page: a page with a `title`; on: a redirect `to` a host; error: `status` from 400 on; refused and tls: facts.

    unclear is all that says nothing of the place. `words` read on after "answers".
    """

    kind: Kind
    words: str
    status: int = 0
    to: str = ""
    title: str = ""


def shape(reply: Reply) -> Shape:
    if not isinstance(reply, Page):
        kind: Kind = "refused" if reply.kind == "refused" else "tls" if reply.kind == "tls" else "unclear"
        return Shape(kind, reply.say)
    if reply.is_redirect:
        to = host_of(reply.location or "")
        return Shape("on", f"{reply.status}, to {to or 'nowhere'}", reply.status, to)
    if reply.status >= 400:
        kind = "unclear" if reply.status in _CLOSED else "error"
        return Shape(kind, f"{reply.status}", reply.status)
    if reply.unread:
        return Shape("unclear", "a page that we could not read", reply.status)
    title = parse(reply.text, reply.url).title
    return Shape("page", f"{reply.status}" + (f" with “{title}”" if title else ""), reply.status, title=title)


def told(reply: Reply) -> str:
    """A reply as evidence: "200 with “Maple Club”", "refused our connection"."""
    if isinstance(reply, Page):
        return shape(reply).words
    return f"{reply.say}{f' ({reply.reason})' if reply.reason else ''}"
