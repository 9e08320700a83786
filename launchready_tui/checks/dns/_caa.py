"""CAA records, read as a certificate company reads them (RFC 8659); who the companies are (`issuers.toml`). Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from launchready_tui.sources.dns import Answer, Found, is_fact

_RECORD = re.compile(r'([0-9]{1,3}) ([A-Za-z0-9]+) "(.*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\([0-9]{3}|.)", re.DOTALL)
_CRITICAL = 0x80
# The properties that IANA lists (RFC 8659, RFC 9495, CA/Browser Forum): a company knows what to make of them.
_KNOWN_TAGS = frozenset(
    {"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone", "auth", "path", "policy"}
)
_ISSUER = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Property:
    """One CAA record: its tag in lower case; `issuer` is who may issue, "" for nobody (also where it is not valid, as
    RFC 8659 section 4.2 has it); `parameters` stand behind it ("accounturi=…")."""

    tag: str
    critical: bool
    issuer: str = ""
    parameters: str = ""


def parse(value: str) -> Property | None:
    """Read one value in presentation form (`0 issue "letsencrypt.org"`); None for what is none."""
    found = _RECORD.fullmatch(value)
    if found is None:
        return None
    text = _ESCAPED.sub(
        lambda part: chr(int(part[1])) if part[1].isdigit() and len(part[1]) == 3 else part[1], found[3]
    )
    issuer, _, parameters = text.partition(";")
    issuer = issuer.strip(" \t")
    return Property(
        found[2].lower(),
        bool(int(found[1]) & _CRITICAL),
        issuer.lower() if _ISSUER.fullmatch(issuer) else "",
        parameters.strip(),
    )


def climb(host: str) -> tuple[str, ...]:
    """The names whose CAA records count for a host, nearest first: itself and every name above it but the root."""
    labels = host.split(".")
    return tuple(".".join(labels[at:]) for at in range(len(labels)))


def relevant(host: str, answers: Mapping[str, Answer]) -> Answer | None:
    """The CAA answer that counts for a host (section 3): the nearest that has records. None where none has any; an
    answer that is no fact where one nearer than that could not be told."""
    for name in climb(host):
        answer = answers[name]
        if isinstance(answer, Found) or not is_fact(answer):
            return answer
    return None


@dataclass(frozen=True, slots=True)
class Rules:
    """A CAA record set, read: who may issue (`allowed`, None for anybody), and tags that nobody may pass over."""

    allowed: tuple[Property, ...] | None
    blocking: tuple[str, ...] = ()

    def permits(self, names: Iterable[str]) -> bool:
        """True where a company that goes by one of these names may issue."""
        if self.blocking:
            return False
        return self.allowed is None or bool({rule.issuer for rule in self.allowed} & set(names))

    def ties(self, names: Iterable[str]) -> str:
        """What the permission is tied to where it is not free: an account, or ways to prove the domain (RFC 8657)."""
        wanted = set(names)
        tied = [rule.parameters for rule in self.allowed or () if rule.issuer in wanted]
        if tied and all(re.search(r"(?:^|[;\s])(?:accounturi|validationmethods)=", text) for text in tied):
            return tied[0]
        return ""

    @property
    def issuers(self) -> list[str]:
        return list(dict.fromkeys(rule.issuer for rule in self.allowed or () if rule.issuer))


def rules(values: Iterable[str], *, wildcard: bool) -> Rules:
    """What a record set says of a certificate; for a wildcard certificate issuewild stands before issue (4.3)."""
    read = [rule for rule in map(parse, values) if rule is not None]
    blocking = tuple(dict.fromkeys(rule.tag for rule in read if rule.critical and rule.tag not in _KNOWN_TAGS))
    wild = [rule for rule in read if rule.tag == "issuewild"] if wildcard else []
    chosen = wild or [rule for rule in read if rule.tag == "issue"]
    return Rules(tuple(chosen) or None, blocking)


# ---- who is who ----


@dataclass(frozen=True, slots=True)
class Issuer:
    """One company: how its certificates call it, and its names in CAA records."""

    name: str
    caa: tuple[str, ...]
    organisations: frozenset[str]
    names: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str
    date: str

    def fits(self, organisation: str, name: str) -> bool:
        if _plain(organisation) not in self.organisations:
            return False
        return not self.names or name.startswith(self.names)


def _plain(organisation: str) -> str:
    return " ".join(re.sub(r"[.,]", " ", organisation.lower()).split())


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("launchready_tui.checks.dns").joinpath("issuers.toml").read_text("utf-8"))


@cache
def issuers() -> Sequence[Issuer]:
    """All companies, in the file's order."""
    return tuple(
        Issuer(
            entry["name"],
            tuple(entry["caa"]),
            frozenset(map(_plain, entry["organisations"])),
            tuple(entry.get("names", ())),
            tuple(entry["yes"]),
            tuple(entry["no"]),
            entry["source"],
            str(entry["date"]),
        )
        for entry in _data()["issuer"]
    )


def issuer(organisation: str, name: str) -> Issuer | None:
    """The company behind an issuer's organisation and common name; None where we do not know it."""
    return next((each for each in issuers() if each.fits(organisation, name)), None)


@cache
def hosts() -> Mapping[str, tuple[str, ...]]:
    """Hosts that get certificates by themselves, and the names of the companies that they use."""
    return {entry["name"]: tuple(entry["caa"]) for entry in _data()["host"]}
