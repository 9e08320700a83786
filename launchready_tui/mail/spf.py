"""SPF by RFC 7208: a record's terms, and what a receiver makes of an address (check_host), by the library spftrace."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

import idna
from spftrace import BaseResolver, DnsError, Evaluator, Limits, SpfPermError, SpfTempError, Term
from spftrace import parse as parse_strictly
from spftrace.evaluator import valid_domain
from spftrace.macros import MacroContext, expand, truncate_domain

from launchready_tui import limits
from launchready_tui.mail.spf_lookup import Lookup

QUALIFIERS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_START = re.compile(r"v=spf1(?:\Z| )", re.IGNORECASE)  # section 4.5
_MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
_RESULTS = ("none", "neutral", "pass", "fail", "softfail", "temperror", "permerror")


@dataclass(frozen=True, slots=True)
class SpfTerm:
    """One word of a record. `qualifier` is "+", "-", "~", "?" or, for a modifier (redirect, exp), ""."""

    text: str
    name: str
    qualifier: str
    value: str


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A record read. `errors` make receivers answer permerror (section 4.6); then the list counts for nothing.

    `all` is the qualifier of the first `all`, "" where there is none; `redirect` the target that counts only then.
    """

    text: str
    terms: tuple[SpfTerm, ...]
    errors: tuple[str, ...] = ()

    @property
    def all(self) -> str:
        return next((term.qualifier for term in self.terms if term.name == "all"), "")

    @property
    def redirect(self) -> str:
        if self.all:
            return ""
        return next((term.value for term in self.terms if term.name == "redirect" and not term.qualifier), "")


def is_spf(txt: str) -> bool:
    """True for a TXT that receivers take for an SPF record: v=spf1 and then a space or nothing."""
    return _START.match(txt) is not None


@lru_cache(maxsize=16)  # several checks read the same record
def parse(txt: str) -> SpfRecord:
    """Read one TXT value, its strings joined. Never raises. Of a record beyond all measure only the head is read."""
    if not is_spf(txt):
        return SpfRecord(txt, (), ("It does not start with v=spf1 and a space.",))
    if len(txt) > limits.SPF_BYTES_READ:
        head = tuple(_term(word) for word in txt[6 : limits.SPF_BYTES_READ].split(" ")[:-1] if word)
        return SpfRecord(txt, head, (f"it is {len(txt):,} characters long, and 450 is what fits everywhere",))
    terms = tuple(_term(word) for word in txt[6:].split(" ") if word)
    try:
        parse_strictly(txt)
    except SpfPermError as error:
        return SpfRecord(txt, terms, (str(error),))
    return SpfRecord(txt, terms)


def _term(word: str) -> SpfTerm:
    qualifier, rest = (word[0], word[1:]) if word[0] in QUALIFIERS else ("+", word)
    found = re.match(r"([A-Za-z][A-Za-z0-9._-]*)([=:/]?)(.*)\Z", rest, re.DOTALL)
    if found is None:
        return SpfTerm(word, "", qualifier, rest)
    name, sign, value = found.groups()
    if sign == "=":
        return SpfTerm(word, name.lower(), "", value)
    return SpfTerm(word, name.lower(), qualifier, f"/{value}" if sign == "/" else value)


def joined(first: str, *others: str) -> str:
    """One record that allows whom all of them allow: words in order, doubles dropped, one `all` at the end.

    A redirect becomes an include, since it would otherwise stop counting. The end is -all where every record says so,
    else ~all: "anyone may send" is never carried over.
    """
    words: dict[str, str] = {}
    ends: list[str] = []
    extra = ""
    for text in (first, *others):
        record = parse(text)
        ends.append(record.all)
        open_ended = True
        for term in record.terms:
            if term.name == "all":
                open_ended = False  # mechanisms behind it never count (section 5.1)
            elif term.name == "redirect" and not term.qualifier:
                if record.redirect:
                    words.setdefault(f"include:{term.value}".lower(), f"include:{term.value}")
            elif term.name == "exp" and not term.qualifier:
                extra = extra or term.text
            elif term.name in _MECHANISMS and open_ended:
                words.setdefault(term.text.lower().removeprefix("+"), term.text)
    end = "-all" if ends and all(qualifier == "-" for qualifier in ends) else "~all"
    return " ".join(["v=spf1", *words.values(), end, *([extra] if extra else [])])


def with_all(text: str, end: str = "~all") -> str:
    """The record with its `all` set to `end`. What never counts beside an `all` goes: words behind it, and redirect."""
    record = parse(text)
    kept = []
    for term in record.terms:
        if term.name == "all":
            break
        if not (term.name in ("redirect", "exp") and not term.qualifier):
            kept.append(term.text)
    modifiers = [term.text for term in record.terms if term.name == "exp" and not term.qualifier]
    return " ".join(["v=spf1", *kept, end, *modifiers])


class _Macros(MacroContext):
    """Macros of an explanation. IPv6 nibbles are written large, as the RFC 7208 suite has them; names take any case."""

    def ip_macro(self) -> str:
        return str(super().ip_macro()).upper()


class _Evaluator(Evaluator):
    """spftrace's check_host, with explanations as section 6.2 and 7.1 have them: spaces are part of the text."""

    async def _explanation(
        self,
        ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
        domain: str,
        sender: str,
        helo: str,
        exp_term: Term,
    ) -> str | None:
        context = _Macros(ip=ip, sender=sender, helo=helo, domain=domain, receiver=self.receiver, session=self.session)
        try:
            with self.session.void_exempt():
                target = truncate_domain(await expand(exp_term.arg or "", context))
                if not valid_domain(target):
                    return None
                _, answers = await self.session.query(target, "TXT")
                if len(answers) != 1 or not answers[0].isascii():
                    return None
                words = [await expand(word, context, exp=True) for word in answers[0].split(" ")]
        except (SpfPermError, SpfTempError, DnsError, ValueError):
            return None  # section 6.2: a broken explanation never changes the verdict
        return " ".join(words)


def _a_label(name: str) -> str:
    """RFC 7208 section 4.3: international names are looked up as A-labels. What is none stays as it is."""
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


async def evaluate(
    ip: str, helo: str, sender: str, resolver: tuple[str, int], timeout: float = limits.SPF_SECONDS
) -> tuple[str, str]:
    """What a receiver would say of mail from `ip`: (result, explanation), both as section 2.6 and 6.2 name them.

    `sender` "" is a bounce: the HELO name is judged. `resolver` is (IP, port). `timeout` in seconds for the whole
    evaluation; past it the result is temperror (section 4.6.4). Raises ValueError where `ip` is not an address.
    """
    return await judged(Lookup(*resolver, timeout), ip, helo, sender, timeout)


async def judged(
    lookup: BaseResolver, ip: str, helo: str, sender: str, timeout: float = limits.SPF_SECONDS
) -> tuple[str, str]:
    """`evaluate` with the DNS as `lookup` has it: a look's own source, say (spf_dns.py)."""
    try:
        ipaddress.ip_address(ip)
    except ValueError:
        raise ValueError(f"“{ip}” is not an IP address.") from None
    local, at, domain = sender.strip().rpartition("@")
    sender = f"{local}{at}{_a_label(domain)}"
    # Look-ups are bounded by the standard's own limits (10 terms of at most 11 look-ups) and by the time.
    bounds = Limits(time_limit=timeout, max_queries=None)
    evaluator = _Evaluator(lookup, bounds, receiver="unknown")
    try:
        async with asyncio.timeout(timeout + 0.5):
            result = await evaluator.evaluate(ip, sender, _a_label(helo.strip()))
    except TimeoutError:
        return "temperror", ""
    verdict = result.verdict if result.verdict in _RESULTS else "permerror"
    return verdict, (result.explanation or "") if verdict == "fail" else ""
