"""What one message says about the domain it came from: the nouns. `mail/proof.py` makes them, `sources/message.py`
hands them out, checks and screens read them. Text from the message is cleaned when it enters here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from launchready_tui.text import clean

Kind = Literal["reset", "invite", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Result = Literal["pass", "fail", "permerror", "temperror"]
Verdict = Literal["yours", "not-yours", "unknown"]


class _Clean:
    """Every text of a noun passes the one door for text from outside."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for one in fields(self):  # type: ignore[arg-type]  # each subclass is a dataclass
            value = getattr(self, one.name)
            if isinstance(value, str):
                object.__setattr__(self, one.name, clean(value, limit=2_000))
            elif isinstance(value, tuple) and value and all(isinstance(text, str) for text in value):
                object.__setattr__(self, one.name, tuple(clean(text, limit=2_000) for text in value))


@dataclass(frozen=True, slots=True)
class Signature(_Clean):
    """One DKIM-Signature (RFC 6376), verified against the key that is in the DNS now.

    `result` as RFC 8601 section 2.7.1 names it; `reason` a plain sentence, never empty. `aligned` says that `domain`
    carries the name in From (RFC 9989 section 4.4); None: could not tell. `key_gone`: there is no such key (any more),
    so that nobody can tell today whether the signature was good. `altered`: which part is not what was signed.
    `until` is when it runs out (x=). `bits` is the size of the key, 0 where it was not seen. `part`: l= leaves the end
    of the body unsigned. `covers` are the header fields it signs, in lower case.
    """

    domain: str
    selector: str
    result: Result
    reason: str
    aligned: bool | None = None
    key_gone: bool = False
    altered: Literal["", "body", "header"] = ""
    expired: bool = False
    until: dt.datetime | None = None
    algorithm: str = ""
    bits: int = 0
    testing: bool = False
    part: bool = False
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery(_Clean):
    """SPF for the address that handed the message to the receiver (RFC 7208).

    `result` is a word of RFC 7208 section 2.6, "" where nobody could say. `domain` is the name that was judged (of the
    return path, else of the greeting). `by` says who judged: "us" now, or the "receiver" when it came, in its trusted
    Authentication-Results. `aligned` as with a signature, only where it passed.
    """

    result: str = ""
    domain: str = ""
    ip: str = ""
    by: Literal["us", "receiver", ""] = ""
    aligned: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hop(_Clean):
    """One Received line, as its server wrote it. `seconds` since the hop before; negative where the clocks disagree."""

    by: str
    from_name: str = ""
    ip: str = ""
    at: dt.datetime | None = None
    seconds: float | None = None
    inside: bool = False  # written by the receiver itself


@dataclass(frozen=True, slots=True)
class Recorded(_Clean):
    """One result of an Authentication-Results line (RFC 8601) that the receiver itself wrote."""

    method: str
    result: str
    domain: str = ""
    selector: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link(_Clean):
    """Where a link of the message leads. `fault` is "" for a sound one."""

    url: str
    host: str
    fault: Literal["", "here", "preview", "http", "tracking", "other"] = ""


@dataclass(frozen=True, slots=True)
class Proof(_Clean):
    """What one message proves. `sentence` comes first and is complete; `faults` are what else is wrong, most
    important first; `notes` what else is worth knowing; each is a plain sentence.

    `aligned` is None where we could not tell, and so is `ours`: does the name in From belong to the founder? `at` is
    when it was sent by its Date, `came` when the receiver took it, and
    `delay` is the time from Date to the last Received in seconds, None where one of them is missing or the clocks
    disagree. `bulk` says that it is a mailing to many; `one_click` that it offers RFC 8058's unsubscribe. `receiver` is
    the organisation that took it, `recorded` what that wrote down, `arc` the state of its ARC chain ("" for none) and
    `sealers` who sealed it. `needs` names what would let us tell.
    """

    kind: Kind
    verdict: Verdict
    sentence: str
    from_domain: str = ""
    from_address: str = ""
    subject: str = ""
    at: dt.datetime | None = None
    came: dt.datetime | None = None
    aligned: bool | None = None
    ours: bool | None = None
    dkim: tuple[Signature, ...] = ()
    spf: Delivery = Delivery()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    receiver: str = ""
    recorded: tuple[Recorded, ...] = ()
    arc: str = ""
    sealers: tuple[str, ...] = ()
    forwarded: bool = False
    mailing_list: str = ""
    hops: tuple[Hop, ...] = ()
    delay: float | None = None
    skewed: bool = False
    links: tuple[Link, ...] = ()
    bulk: bool = False
    list_unsubscribe: bool = False
    one_click: bool = False
    name: str = ""
    needs: str = ""

    @property
    def proves(self) -> bool:
        return self.verdict == "yours"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message on file. `name` is its content's (in messages/), `signers` the (domain, selector) of its signatures."""

    name: str
    kind: Kind
    path: Path
    signers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProofKept(_Clean):
    """What a handover keeps of a proof: never the text, a subject or an address."""

    kind: Kind
    at: dt.datetime | None
    domain: str
    selector: str
    aligned: bool


def kept(proof: Proof) -> ProofKept | None:
    """A proof as the handover keeps it; None for one that proves nothing."""
    if not proof.proves:
        return None
    good = next((one for one in proof.dkim if one.result == "pass" and one.aligned), None)
    return ProofKept(
        proof.kind,
        proof.at,
        good.domain if good else proof.spf.domain,
        good.selector if good else "",
        bool(proof.aligned),
    )
