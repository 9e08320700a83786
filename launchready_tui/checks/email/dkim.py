"""The keys that sign the founder's mail (RFC 6376 section 3.6.1; sizes: RFC 8301; Ed25519: RFC 8463)."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.email._dkim import COMMON, Sight, look, places
from launchready_tui.checks.email._dkim_fixes import WHO, at_sender, mended, out_of_test
from launchready_tui.checks.email._dmarc import sends_none
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.senders import QUESTION as SENDERS
from launchready_tui.senders import Declared, SenderGuide, declared
from launchready_tui.sources.dns import Dns, tell
from launchready_tui.sources.message import Messages
from launchready_tui.text import clean, listed
from launchready_tui.zone import mail_domain

QUESTION = "email.dkim"


@check(
    "email.dkim.key",
    severity=Severity.HIGH,
    title="Every sender signs your mail",
    why="Without the signature (DKIM), big inboxes bin your invites.",
    minutes=20,
    question=QUESTION,
)
async def dkim_key(project: Project, dns: Dns, owners: Owners, answers: Answers, messages: Messages | None) -> Finding:
    domain = await mail_domain(dns, project.domain)
    if sends_none(project, owners, answers):
        return info(f"You said that nothing sends mail as {domain}, so there is nothing to sign.", subject=domain)
    said = declared(answers)
    told = answers.get(QUESTION)
    typed = told.fields.get("selectors", "").replace(",", " ").split() if told is not None else []
    certain = places(domain, said, (*project.dkim_selectors, *typed), messages)
    return judge_dkim(domain, said, await look(dns, domain, certain, said))


def _of(sight: Sight, the: str = "the") -> str:
    return f"{the} key of {sight.place.sender.name}" if sight.place.sender is not None else f"{the} key"


def _size(sight: Sight) -> str:
    key = sight.key
    if key is None or not key.valid:
        return ""
    return "Ed25519" if key.type == "ed25519" else f"RSA, {key.bits or 0:,} bits"


def _told(sights: Iterable[Sight]) -> list[Evidence]:
    known = {"message": "your message", "named": "you", "sender": "the sender's guide", "guess": "a guess"}
    out: list[Evidence] = []
    for sight in sights:
        if sight.place.how == "guess" and sight.state == "absent":
            continue
        read = f" [{_size(sight) or '; '.join(sight.key.errors)}]" if sight.key is not None else ""
        by = f"selector from {known[sight.place.how]}"
        out.append(Evidence(f"TXT {sight.place.name}", f"{tell(sight.answer)}{read} ({by})"))
    return out


def judge_dkim(domain: str, said: Declared | None, sights: tuple[Sight, ...]) -> Finding:
    """The rule. Pure."""
    good = [sight for sight in sights if sight.state == "good"]
    have = {sight.group for sight in good}
    evidence = _told(sights)
    faults = [
        sight
        for sight in sights
        if sight.certain and sight.state == "broken" and (sight.place.how == "named" or sight.group not in have)
    ]
    if faults:
        return _broken(faults[0], len(faults), domain, evidence)
    for guide in said.guides if said is not None else ():
        theirs = [sight for sight in sights if sight.group == guide.id and sight.certain]
        missing = bool(theirs) and all(sight.state == "absent" for sight in theirs)
        if missing and fixed(guide, domain) and not any(sight.group == "" for sight in good):
            return _missing(guide, theirs, domain, evidence)
    gone = next((sight for sight in sights if sight.place.how == "named" and sight.state == "absent"), None)
    if gone is not None:
        return _not_there(gone, domain, evidence)
    return _unsure(domain, said, sights, have, evidence) or _sound(domain, said, good, evidence)


def fixed(guide: SenderGuide, domain: str) -> bool:
    """True where a sender's key always stands under the same names. Where the founder chooses one, as with the inboxes
    that hand out a TXT, the usual name being empty says nothing."""
    return not (guide.kind == "inbox" and guide.dkim_type == "TXT") and any(
        record.named(domain) for record in guide.of("dkim")
    )


def _broken(sight: Sight, count: int, domain: str, evidence: list[Evidence]) -> Finding:
    key, name = sight.key, sight.place.name
    more = f" {count - 1} more of your keys {'is' if count == 2 else 'are'} broken too." if count > 1 else ""
    if key is not None and key.revoked:
        saw = f"{_of(sight, 'The')} at {name} was withdrawn (p= is empty): what it signs does not count."
    elif sight.several:
        saw = f"At {name} there are {len(sight.pieces)} TXT records where one must be. Receivers cannot read the key."
    else:
        saw = f"{_of(sight, 'The')} at {name} does not count. {key.errors[0] if key is not None else ''}"
    return failed(
        f"{saw}{more}", mended(sight), evidence=evidence, subject=domain, question=QUESTION, cause=f"dkim:{name}"
    )


def _missing(guide: SenderGuide, theirs: list[Sight], domain: str, evidence: list[Evidence]) -> Finding:
    names = listed([sight.place.name for sight in theirs])
    leads = next((sight for sight in theirs if sight.target), None)
    if leads is not None:
        saw = f"{leads.place.name} leads to {leads.target}, where {guide.name} has no key for you (yet)."
        fix = at_sender(guide, "and switch signing (DKIM) on: the record is there, the key behind it is not")
    else:
        saw = f"{guide.name} sends for you and signs with a key at {names}. There is none."
        known = [(record.named(domain), record.type, record.filled(domain)) for record in guide.of("dkim")]
        records = tuple(RecordSet(name, type, (value,)) for name, type, value in known if name and value)
        if records and len(records) == len(known):
            rows = "; ".join(f"{type} {name} → {value.removesuffix('.')}" for name, type, value in known)
            fix = Fix(
                "records",
                f"Where your DNS records are kept, add: {rows}. Then let {guide.name} check the domain ({guide.page}, "
                f"{guide.path}).",
                minutes=10,
                who=WHO,
                records=records,
                page=guide.page,
            )
        else:
            fix = at_sender(guide, f"and copy the DKIM records of {domain}")
    return failed(saw, fix, evidence=evidence, subject=domain, question=QUESTION, cause=f"dkim:{theirs[0].place.name}")


def _not_there(sight: Sight, domain: str, evidence: list[Evidence]) -> Finding:
    where = f" It leads to {sight.target}, where there is none." if sight.target else ""
    return failed(
        f"You named the selector {clean(sight.place.selector, limit=80)}. There is no key at {sight.place.name}."
        f"{where}",
        at_sender(sight.place.sender, f"get the key for {sight.place.name}"),
        evidence=evidence,
        subject=domain,
        question=QUESTION,
        cause=f"dkim:{sight.place.name}",
    )


def _unsure(
    domain: str, said: Declared | None, sights: tuple[Sight, ...], have: set[str], evidence: list[Evidence]
) -> Finding | None:
    """What keeps us from telling, None where nothing does."""
    silent = next((sight for sight in sights if sight.certain and sight.state == "unsure"), None)
    if silent is not None and silent.group not in have:
        return unknown(
            f"We could not read {_of(silent)} at {silent.place.name}: {tell(silent.answer)}.",
            needs="another look",
            evidence=evidence,
            subject=domain,
        )
    known = any(sight.certain and sight.state == "good" for sight in sights)
    if said is None and not known:
        found = [sight.place.name for sight in sights if sight.state == "good"]
        there = (
            f"We guessed and found a key at {listed(found)}. "
            if found
            else f"We tried {len(COMMON)} usual names and found no key. "
        )
        return unknown(
            f"{there}Which keys sign your mail, only your senders or a message of yours can tell.",
            needs="your senders, or a message of yours (.eml)",
            evidence=evidence,
            subject=domain,
            question=SENDERS,
        )
    left = [guide.name for guide in said.guides if guide.id not in have] if said is not None else []
    # A selector that the founder chose shows no sender: as many such keys as there are senders left are theirs.
    left = left[sum(sight.certain and sight.state == "good" and not sight.group for sight in sights) :]
    if said is not None and "" not in have:
        left += [*said.hosts, *said.addresses]
    if left and not (said is not None and not said.guides and known):
        return unknown(
            f"We know no selector of {listed(left)}, so we could not find the key that signs for {domain}. A message "
            "shows it, in its line “DKIM-Signature” behind “s=”.",
            needs="a message of yours (.eml), or the selector",
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    gone = next((sight for sight in sights if sight.place.how == "message" and sight.state == "absent"), None)
    if gone is not None and not known:
        return unknown(
            f"Your message was signed with a key at {gone.place.name}. It is no longer there: perhaps it was renewed.",
            needs="a newer message of yours (.eml)",
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    if not any(sight.state == "good" for sight in sights):
        return unknown(
            f"We know no selector of your senders, so we could not find the key that signs for {domain}.",
            needs="a message of yours (.eml), or the selector",
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    return None


def _sound(domain: str, said: Declared | None, good: list[Sight], evidence: list[Evidence]) -> Finding:
    certain = [sight for sight in good if sight.certain]
    counted = certain or good
    weak = next((sight for sight in counted if sight.key is not None and sight.key.weak), None)
    testing = next((sight for sight in counted if sight.key is not None and sight.key.testing), None)
    twice = next((sight for sight in counted if sight.several), None)
    modern = _only_ed25519(counted)
    facts = [("dkim selectors", ", ".join(dict.fromkeys(sight.place.selector for sight in counted)))]

    def warning(saw: str, fix: Fix) -> Finding:
        return warned(saw, fix, evidence=evidence, subject=domain, question=QUESTION, facts=facts)

    if weak is not None:
        return warning(
            f"{_of(weak, 'The')} at {weak.place.name} is short ({_size(weak)}). Inboxes ask for 2,048.",
            at_sender(weak.place.sender, "make a new key of 2,048 bits, under a new selector"),
        )
    if testing is not None:
        return warning(
            f"{_of(testing, 'The')} at {testing.place.name} is in test mode (t=y): receivers treat the mail as "
            "if it were not signed.",
            out_of_test(testing),
        )
    if twice is not None:
        return warning(
            f"At {twice.place.name} there are several keys. Which one receivers take, nobody can say (RFC 6376).",
            at_sender(twice.place.sender, "see which key is in use, and delete the other TXT record"),
        )
    if modern is not None:
        return warning(
            f"{_of(modern, 'The')} at {modern.place.name} is Ed25519 alone. Many receivers cannot read that yet.",
            at_sender(modern.place.sender, "add a second key of the kind RSA with 2,048 bits, and sign with both"),
        )
    at = listed([f"{sight.place.name} ({_size(sight)})" for sight in counted])
    who = f"{listed(list(said.names))}: the" if said is not None and said.names else "The"
    some = "keys that sign your mail stand" if len(counted) > 1 else "key that signs your mail stands"
    rest = "" if said is not None else " Whether that is every sender of yours, only you can say."
    return passed(f"{who} {some} at {at}.{rest}", evidence=evidence, subject=domain, facts=facts)


def _only_ed25519(good: list[Sight]) -> Sight | None:
    """A sender that has no RSA key beside its Ed25519 one (RFC 8463 section 5: sign with both)."""
    for group in dict.fromkeys(sight.group for sight in good):
        keys = [sight for sight in good if sight.group == group]
        if all(sight.key is not None and sight.key.type == "ed25519" for sight in keys):
            return keys[0]
    return None
