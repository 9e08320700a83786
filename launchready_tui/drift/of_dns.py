"""What became of the records: name servers, addresses, mail, policies. Pure.

A set that only got another TTL, or addresses within the network of the same content network, changed as such things do.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from launchready_tui import limits
from launchready_tui.driftlook import Line, benign, drifted, unclear
from launchready_tui.handover.document import Answered
from launchready_tui.mail import spf
from launchready_tui.mail.dmarc import DmarcRecord, is_dmarc
from launchready_tui.mail.dmarc import parse as parse_dmarc
from launchready_tui.mail.transport import parse_sts
from launchready_tui.model import Severity
from launchready_tui.sources.dns import Answer, Delegation, Fact, is_fact, tell, values
from launchready_tui.text import clean, listed

_WHO = "Whoever can change the DNS records"
_PUT_BACK = f"If nobody of yours changed it, put it back. {_WHO} does that in 5 minutes."
_CASELESS = frozenset({"NS", "CNAME", "MX", "A", "AAAA", "SRV"})  # RFC 4343: names have no case; what a text says has
_ORDER = {"-": 3, "~": 2, "?": 1, "": 1, "+": 0}  # how firmly an SPF record ends
_POLICY = {"none": 0, "quarantine": 1, "reject": 2}


def plain(type: str, texts: Iterable[str]) -> list[str]:
    """Values in one spelling and order."""
    cleaned = (clean(text, limit=4_000) for text in texts)
    return sorted(text.lower() if type in _CASELESS else text for text in cleaned)


def shown(texts: Iterable[str]) -> str:
    return listed([clean(text, limit=200) for text in texts]) or "nothing"


# ---- the name servers ----
def judge_name_servers(domain: str, was: tuple[str, ...], seen: Delegation) -> Line | None:
    """The set in the zone above: who holds it holds everything."""
    if not was:
        return None
    if not is_fact(seen.parent):
        say = f"We could not tell which name servers {domain} has: {tell(seen.parent)}."
        return unclear(Severity.CRITICAL, "name servers", domain, say, was=shown(was))
    now = plain("NS", (value.rstrip(".") for value in values(seen.parent))) if seen.zone == domain else []
    if now == plain("NS", (value.rstrip(".") for value in was)):
        return None
    say = (
        f"{domain} has other name servers: {shown(now)}. Before, they were {shown(sorted(was))}."
        if now
        else f"{domain} has no name servers any more. Before, they were {shown(sorted(was))}."
    )
    return drifted(
        Severity.CRITICAL,
        "name servers",
        domain,
        f"{say} Who holds these holds your site and your mail.",
        was=shown(sorted(was)),
        now=shown(now),
        todo="If nobody of yours moved the domain, sign in at the registrar now, put them back, change the password.",
    )


def judge_made_up(domain: str, was: str, now: str) -> Line | None:
    """`was` and `now` are yes, no, or "" for what could not be told."""
    if not was or was == now:
        return None
    if not now:
        return unclear(Severity.MEDIUM, "wildcard", domain, "We could not tell whether made-up names lead somewhere.")
    if now == "no":
        say = f"Made-up names under {domain} lead nowhere any more."
        return benign("wildcard", domain, say, was="they led somewhere", now="they lead nowhere")
    return drifted(
        Severity.MEDIUM,
        "wildcard",
        domain,
        f"Any made-up name under {domain} leads somewhere now; before, none did. A wildcard record (*) appeared.",
        was="no wildcard",
        now="a wildcard",
        todo=f"If nobody of yours added *.{domain}, take that record out. {_WHO} does that in 5 minutes.",
    )


def judge_serial(domain: str, was: str, now: str) -> Line | None:
    if not was or not now or was == now:
        return None
    say = f"The zone of {domain} was written anew since (serial {clean(now, limit=20)}); that alone is no change."
    return benign("serial", domain, say, was=was, now=now)


# ---- one set ----
def judge_set(
    domain: str, fact: Answered, answer: Answer | None, ttl: int | None = None, *, shielded: bool = False
) -> list[Line]:
    """One record set against its answer. `shielded`: a content network answers for the name."""
    subject, was = f"{fact.type} {clean(fact.name, limit=260)}", shown(fact.values)
    if answer is None or not is_fact(answer):
        why = tell(answer) if answer is not None else "it was not asked"
        severity = _gone(domain, fact)
        return [unclear(severity, topic(fact), subject, f"We could not tell {subject}: {why}.", was=was)]
    aliased = fact.type != "CNAME" and isinstance(answer, Fact) and bool(answer.aliases)
    found = values(answer)
    before, now = plain(fact.type, fact.values), plain(fact.type, found)
    if aliased and not before:
        return []  # an alias stands there now: its own line says so
    if before == now and not aliased:
        return _ttl(fact, subject, ttl)
    if fact.type == "TXT":
        return _texts(domain, fact, before, now, subject)
    if fact.type in ("A", "AAAA") and before and now and shielded and _near(before, now):
        say = f"{fact.name} moved within its content network: {shown(now)}. Before, it was {was}."
        return [benign("address", subject, say, was=was, now=shown(now))]
    return [_other(domain, fact, subject, before, now, found)]


def topic(fact: Answered) -> str:
    by_type = {"A": "address", "AAAA": "address", "CNAME": "alias", "MX": "mail servers", "CAA": "CAA"}
    if fact.type == "NS":
        return "name servers"
    if fact.type != "TXT":
        return by_type.get(fact.type, "record")
    if fact.name.startswith("_dmarc."):
        return "DMARC"
    if "._domainkey." in fact.name:
        return "DKIM"
    for start, word in (("_mta-sts.", "MTA-STS"), ("_smtp._tls.", "TLS-RPT")):
        if fact.name.startswith(start):
            return word
    return "SPF" if any(spf.is_spf(value) for value in fact.values) else "text"


def _gone(domain: str, fact: Answered) -> Severity:
    """How grave it is when a set is not what it was."""
    own = fact.name.rstrip(".").lower() in (domain, f"www.{domain}")
    by_type = {
        "NS": Severity.CRITICAL,
        "A": Severity.CRITICAL if own else Severity.HIGH,
        "AAAA": Severity.HIGH,
        "CNAME": Severity.CRITICAL if own else Severity.HIGH,
        "MX": Severity.CRITICAL,
        "CAA": Severity.MEDIUM,
        "DS": Severity.HIGH,
    }
    graves = {"DMARC": Severity.HIGH, "SPF": Severity.HIGH, "DKIM": Severity.HIGH}
    return graves.get(topic(fact)) or by_type.get(fact.type, Severity.LOW)


def _other(
    domain: str, fact: Answered, subject: str, before: list[str], now: list[str], found: tuple[str, ...]
) -> Line:
    name, severity = clean(fact.name, limit=260), _gone(domain, fact)
    gone, new = [each for each in before if each not in now], [each for each in now if each not in before]
    what = {"A": "address", "AAAA": "IPv6 address", "CNAME": "alias", "MX": "mail server", "CAA": "CAA record"}
    kind = what.get(fact.type, f"{fact.type} record")
    if not now:
        say = f"{name} has no {kind} any more. Before, it was {shown(before)}."
    elif not before:
        say = f"{name} has {kind} {shown(new)} now; before, there was none."
    elif gone and new:
        say = f"{name} has another {kind}: {shown(new)} in place of {shown(gone)}."
    elif new:
        say = f"{name} has one more {kind}: {shown(new)}." if len(new) == 1 else f"{name} has more: {shown(new)}."
    else:
        say = f"{name} lost {kind} {shown(gone)}; {shown(now)} is left."
    if fact.type == "CAA" and not now:
        say += " Any company may issue certificates for it."
    return drifted(severity, topic(fact), subject, say, was=shown(fact.values), now=shown(found), todo=_PUT_BACK)


def _ttl(fact: Answered, subject: str, ttl: int | None) -> list[Line]:
    if ttl is None or fact.ttl is None or ttl == fact.ttl or not fact.values:
        return []
    say = f"{subject} may be remembered for {ttl:,} seconds; before, it was {fact.ttl:,}."
    return [benign("TTL", subject, say, was=f"{fact.ttl:,} s", now=f"{ttl:,} s")]


def _near(before: list[str], now: list[str]) -> bool:
    """Does every address of today lie in a network in which one lay before?"""
    four, six = limits.VERIFY_SAME_NETWORK
    try:
        olds = [
            ipaddress.ip_network(f"{text}/{four if ipaddress.ip_address(text).version == 4 else six}", strict=False)
            for text in before
        ]
        return all(any(ipaddress.ip_address(text) in network for network in olds) for text in now)
    except ValueError:
        return False


# ---- texts: policies are compared by what they do ----
def _texts(domain: str, fact: Answered, before: list[str], now: list[str], subject: str) -> list[Line]:
    if fact.name.startswith("_dmarc."):
        return _dmarc(fact, before, now, subject)
    if fact.name.startswith("_mta-sts.") and parse_sts(before).valid and parse_sts(now).valid:
        say = f"The MTA-STS policy at {clean(fact.name, limit=260)} was written anew; its new id says so."
        return [benign("MTA-STS", subject, say, was=shown(before), now=shown(now))]
    lines = _spf(fact, [each for each in before if spf.is_spf(each)], [each for each in now if spf.is_spf(each)])
    gone = [each for each in before if each not in now and not spf.is_spf(each)]
    new = [each for each in now if each not in before and not spf.is_spf(each)]
    name, key = clean(fact.name, limit=260), topic(fact)
    if gone or new:
        dkim = key == "DKIM"
        severity = Severity.HIGH if dkim and gone else Severity.LOW
        said = [f"lost {shown(gone)}"] if gone else []
        said += [f"has {shown(new)} now"] if new else []
        say = f"The text records of {name} changed: it {' and '.join(said)}."
        if dkim and gone:
            say = f"The key at {name} that your mail is signed with changed or is gone. Your mail may look forged."
        where = key if key != "SPF" else "text"
        lines.append(drifted(severity, where, subject, say, was=shown(gone), now=shown(new), todo=_PUT_BACK))
    return lines


def _spf(fact: Answered, before: list[str], now: list[str]) -> list[Line]:
    if before == now:
        return []
    name, subject = clean(fact.name, limit=260), f"SPF {clean(fact.name, limit=260)}"

    def drift(severity: Severity, say: str) -> list[Line]:
        return [drifted(severity, "SPF", subject, say, was=shown(before), now=shown(now), todo=_PUT_BACK)]

    if not now:
        return drift(Severity.HIGH, f"{name} has no SPF record any more: nobody can tell your mail from forged mail.")
    if len(now) > 1:
        return drift(Severity.HIGH, f"{name} has {len(now)} SPF records. Receivers then count none of them.")
    if not before:
        return [benign("SPF", subject, f"{name} has an SPF record now: {now[0]}.", now=now[0])]
    old, new = spf.parse(before[0]), spf.parse(now[0])
    if _ORDER[new.all] < _ORDER[old.all]:
        say = f"The SPF record of {name} ends more weakly: {new.all or 'no '}all in place of {old.all}all."
        return drift(Severity.HIGH, f"{say} Forged mail gets through more easily.")
    allowed = [term.text for term in new.terms if term.name not in ("all",) and term not in old.terms]
    lost = [term.text for term in old.terms if term.name not in ("all",) and term not in new.terms]
    if lost:
        more = f" and lets {shown(allowed)} in" if allowed else ""
        return drift(Severity.HIGH, f"The SPF record of {name} no longer lets {shown(lost)} send your mail{more}.")
    if allowed:
        return drift(Severity.MEDIUM, f"The SPF record of {name} lets more send in your name: {shown(allowed)}.")
    return [benign("SPF", subject, f"The SPF record of {name} ends more firmly: {now[0]}.", was=before[0], now=now[0])]


def _dmarc(fact: Answered, before: list[str], now: list[str], subject: str) -> list[Line]:
    name = clean(fact.name.removeprefix("_dmarc."), limit=260)
    old, new = _policy(before), _policy(now)

    def drift(severity: Severity, say: str) -> list[Line]:
        return [drifted(severity, "DMARC", subject, say, was=shown(before), now=shown(now), todo=_PUT_BACK)]

    if old is None:
        return [benign("DMARC", subject, f"{name} has a DMARC record now: {shown(now)}.", now=shown(now))]
    if new is None:
        how = "several DMARC records, which count as none" if len(now) > 1 else "no DMARC record any more"
        return drift(Severity.HIGH, f"{name} has {how}. Before, its policy was p={old.tags.get('p', 'none')}.")
    weaker = [
        f"{tag}={_acts(new, tag)} in place of {tag}={_acts(old, tag)}"
        for tag in ("p", "sp", "np")
        if _POLICY[_acts(new, tag)] < _POLICY[_acts(old, tag)]
    ]
    if weaker:
        return drift(
            Severity.HIGH, f"The DMARC policy of {name} is weaker: {listed(weaker)}. Forged mail gets through."
        )
    if set(old.rua) - set(new.rua):
        say = f"The DMARC reports of {name} no longer go to {shown(sorted(set(old.rua) - set(new.rua)))}."
        return drift(Severity.MEDIUM, say)
    say = f"The DMARC record of {name} reads differently and is not weaker: {shown(now)}."
    return [benign("DMARC", subject, say, was=shown(before), now=shown(now))]


def _policy(texts: list[str]) -> DmarcRecord | None:
    """The one record that counts; several count as none (RFC 9989 section 4.10)."""
    records = [text for text in texts if is_dmarc(text)]
    record = parse_dmarc(records[0]) if len(records) == 1 else None
    return record if record is not None and record.valid else None


def _acts(record: DmarcRecord, tag: str) -> str:
    """The policy in effect, one step milder while t=y is on (RFC 9989 section 4.7); sp and np fall back on p."""
    policy = record.tags.get(tag) or record.tags.get("sp" if tag == "np" else "p") or record.tags.get("p", "none")
    if record.tags.get("t") == "y":
        policy = {"reject": "quarantine", "quarantine": "none"}.get(policy, policy)
    return policy if policy in _POLICY else "none"
