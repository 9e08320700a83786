"""What the handover says of mail, line by line: types of the file, as in `document.py` (fields only ever added)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct, field

Day = dt.date | None


class SenderLine(Struct, frozen=True, kw_only=True):
    """Somebody who sends as the domain. `approved`: the founder named them. `seen` are the places where they show;
    `missing` records that they ask for and that are not there."""

    name: str
    approved: bool = False
    seen: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class DkimKeyLine(Struct, frozen=True, kw_only=True):
    """A key that signs mail, by its selector. `state` is sound, weak, testing, revoked, broken, none or unclear; `key`
    what it is ("rsa, 2,048 bits"); `alias` where its record is kept, "" for the domain's own; `sender` whose it is."""

    selector: str
    name: str
    state: str
    key: str = ""
    alias: str = ""
    sender: str = ""
    say: str = ""


class ProofLine(Struct, frozen=True, kw_only=True):
    """A real message on file that proved to be the founder's: never its text, its subject or an address. `kind` is
    reset, invite or other; `selector` signed it, "" where SPF alone proved it."""

    kind: str
    domain: str
    sent_at: dt.datetime | None = None
    selector: str = ""
    aligned: bool = True
    delay_seconds: Annotated[int, Meta(ge=0)] | None = None


class FlowLine(Struct, frozen=True, kw_only=True):
    """A reset or an invite that was tried: which inbox, where it arrived (inbox, promotions, spam, missing), after how
    many seconds, and what became of its link (once, again, broken). "" is what nobody said."""

    kind: str
    inbox: str
    arrived: str = ""
    seconds: Annotated[int, Meta(ge=0)] | None = None
    link: str = ""
    tried_on: Day = None
    told_by: str = ""
