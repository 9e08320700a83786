"""Records that outlived what they were for: proofs for services nobody uses, withdrawn DKIM keys, dead formats. Pure.

The proofs are data (`verifications.toml`). Whether a service is still used is seen, or asked, and never guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from launchready_tui import limits
from launchready_tui.answers import Answer
from launchready_tui.known import NameMark, name_marks

_DKIM_TAG = re.compile(r"\s*([a-zA-Z0-9_]+)\s*=\s*([^;]*)")


@dataclass(frozen=True, slots=True)
class Proof:
    """How one service's proof of ownership looks, and by what the product is seen to use the service."""

    vendor: str
    starts: tuple[str, ...]
    seen: tuple[NameMark, ...]
    words: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str
    date: str

    def proves(self, record: str) -> bool:
        return record.lower().startswith(self.starts)

    def used(self, hosts: Iterable[str], names: Iterable[str]) -> bool:
        """True where a page loads from one of its hosts, or a part of the launch is known by its name."""
        if any(mark.fits(host) for host in hosts for mark in self.seen):
            return True
        told = [re.findall(r"[a-z0-9]+", name.lower()) for name in names]
        return any(word in words for words in told for word in self.words)


@cache
def proofs() -> tuple[Proof, ...]:
    """All of them, from the file beside this module."""
    text = resources.files("launchready_tui.checks.dns").joinpath("verifications.toml").read_text("utf-8")
    return tuple(
        Proof(
            vendor=entry["vendor"],
            starts=tuple(start.lower() for start in entry["starts"]),
            seen=name_marks(entry["seen"]),
            words=tuple(entry["words"]),
            yes=tuple(entry["yes"]),
            no=tuple(entry["no"]),
            source=entry["source"],
            date=str(entry["date"]),
        )
        for entry in tomllib.loads(text)["proof"]
    )


@dataclass(frozen=True, slots=True)
class Leftover:
    """A record that can go: its name, type and value, and why. `label` names it in a sentence."""

    name: str
    type: str
    value: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said of the TXT records: those that can go, and the services that only a person can speak for."""

    gone: tuple[Leftover, ...] = ()
    ask: tuple[str, ...] = ()


def read(
    domain: str,
    txt: Iterable[str],
    keys: Iterable[tuple[str, str]],
    hosts: Iterable[str],
    names: Iterable[str],
    said: Answer | None,
) -> Told:
    """`txt` are the domain's TXT records, `keys` (name, record) of its DKIM keys, `hosts` what its pages load from,
    `names` the companies that are known to serve it; `said` is the answer to "records.unused"."""
    txt, hosts, names = tuple(txt), tuple(hosts), tuple(names)
    gone = [
        Leftover(domain, "TXT", value, "the record “spf2.0”", "nobody reads that format any more (RFC 6686)")
        for value in txt
        if value.lower().startswith("spf2.0/")
    ]
    ask: list[str] = []
    unused = (said.fields.get("unused", "") if said is not None and said.choice == "some" else "").lower()
    for value in txt[: limits.VERIFICATIONS]:
        proof = next((each for each in proofs() if each.proves(value)), None)
        if proof is None:
            continue
        if said is None:
            if not proof.used(hosts, names) and proof.vendor not in ask:
                ask.append(proof.vendor)
        elif proof.vendor.lower() in unused:
            why = f"{said.who} said that {proof.vendor} is no longer used"
            gone.append(Leftover(domain, "TXT", value, f"the proof for {proof.vendor}", why))
    for name, key in keys:
        if withdrawn(key):
            gone.append(Leftover(name, "TXT", key, f"the mail key {name}", "it was withdrawn: it holds no key (p=)"))
    return Told(tuple(gone), tuple(ask))


def withdrawn(key: str) -> bool:
    """A DKIM key record whose p= is empty: the key was revoked (RFC 6376 section 3.6.1)."""
    tags = {match[1].lower(): match[2].strip() for part in key.split(";") if (match := _DKIM_TAG.match(part))}
    return tags.get("p") == "" and tags.get("v", "DKIM1") == "DKIM1"
