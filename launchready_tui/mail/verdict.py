"""From what was found in a message to its sentence: does it prove that it is the founder's own? Pure.

It does where a good signature, or the address that delivered it, carries the name in From, and that name is the
founder's. Where what would decide was not to be seen, nobody can tell, and nothing is called bad.
"""

from __future__ import annotations

from dataclasses import replace

from launchready_tui.mail.freemail import FREE
from launchready_tui.proofs import Delivery, Proof, Signature
from launchready_tui.text import day, listed, plural

YOURS = "This message proves that it is yours."
_NOT = "This message does not prove that it is yours: "
_UNKNOWN = "We could not tell whether this message is yours: "
_SPF_SAYS = {
    "none": "{domain} has no SPF record",
    "neutral": "the SPF record of {domain} says nothing about {ip}",
    "softfail": "the SPF record of {domain} does not list {ip}",
    "fail": "the SPF record of {domain} refuses {ip}",
    "permerror": "the SPF record of {domain} is broken",
}


def silent(why: str) -> str:
    """The sentence for "nobody can tell"."""
    return f"{_UNKNOWN}{why}."


def judged(proof: Proof, author_fault: str, about: str, ours: bool | None) -> Proof:
    """The proof with its verdict, sentence, faults and notes.

    `author_fault` is what is wrong with From, "" where nothing is; `about` the domain that it should prove; `ours` says
    whether From belongs to it, None where the DNS could not tell.
    """
    proof = replace(proof, ours=ours, notes=(*proof.notes, *_notes(proof)))
    faults = _faults(proof)
    if author_fault:
        return replace(
            proof,
            verdict="not-yours",
            aligned=False,
            sentence=_NOT + _lower(author_fault),
            faults=(author_fault, *faults),
        )
    if ours is False:
        why = _foreign(proof.from_domain, about)
        return replace(proof, verdict="not-yours", aligned=False, sentence=_NOT + why, faults=faults)
    aligned = _aligned(proof)
    if aligned and ours:
        how = _how(proof)
        return replace(proof, verdict="yours", aligned=True, sentence=YOURS, notes=(how, *proof.notes), faults=faults)
    if aligned is False:
        why = _why_not(proof)
        return replace(proof, verdict="not-yours", aligned=False, sentence=_NOT + why, faults=faults)
    why, needs = _why_unknown(proof, about, ours)
    return replace(proof, aligned=None, sentence=silent(why), faults=faults, needs=needs)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _foreign(author: str, about: str) -> str:
    if author in FREE:
        return f"it is written from an address at {author}, which is not {about}; nobody can sign for you there."
    return f"it is from {author}, and not from {about}."


def _aligned(proof: Proof) -> bool | None:
    """RFC 9989 section 4.4: one good proof that carries the name is enough. None where one might still be."""
    if any(one.result == "pass" and one.aligned for one in proof.dkim) or (
        proof.spf.result == "pass" and proof.spf.aligned
    ):
        return True
    might = any(one.aligned is not False and undecided(one, proof) for one in proof.dkim)
    spf_open = proof.spf.result in ("", "temperror") or (proof.spf.result == "pass" and proof.spf.aligned is None)
    return None if might or spf_open else False


def undecided(one: Signature, proof: Proof) -> bool:
    """Might this signature have been good when the message came, or be it? The receiver's word settles it."""
    if one.result == "pass":
        return one.aligned is None
    if recorded_fail(one, proof):
        return False
    return one.result == "temperror" or one.key_gone or expired_since(one, proof) or changed_since(one, proof)


def recorded(one: Signature, proof: Proof) -> str:
    """What the receiver wrote down of this signature, "" where it wrote nothing."""
    for said in proof.recorded:
        if said.method == "dkim" and said.domain == one.domain and said.selector in ("", one.selector):
            return said.result
    return ""


def recorded_fail(one: Signature, proof: Proof) -> bool:
    return recorded(one, proof) in ("fail", "permerror", "policy", "neutral")


def expired_since(one: Signature, proof: Proof) -> bool:
    """Expired by now, and not yet when the message came."""
    return one.expired and one.until is not None and proof.came is not None and proof.came <= one.until


def changed_since(one: Signature, proof: Proof) -> bool:
    """The receiver found it good, and the body is still the same: the key is another now, or the file was touched."""
    return one.altered == "header" and recorded(one, proof) == "pass"


def _how(proof: Proof) -> str:
    good = next((one for one in proof.dkim if one.result == "pass" and one.aligned), None)
    if good is not None:
        return f"It carries a good signature of {good.domain} (key {good.selector}), whose name stands in From."
    spf = proof.spf
    who = "We checked" if spf.by == "us" else f"{proof.receiver} recorded"
    return f"{who} that {spf.ip or 'the address that delivered it'} may send for {spf.domain} (SPF)."


def _spf_clause(spf: Delivery) -> str:
    if spf.result == "pass":
        return f"the address that delivered it is one of {spf.domain}, which is not the name in From"
    text = _SPF_SAYS.get(spf.result)
    return text.format(domain=spf.domain, ip=spf.ip or "the address that delivered it") if text else ""


def _why_not(proof: Proof) -> str:
    """Why neither a signature nor the delivering address carries the name."""
    own = [one for one in proof.dkim if one.aligned]
    good = [one for one in proof.dkim if one.result == "pass"]
    altered = next((one for one in own if one.altered), None)
    author = proof.from_domain
    if altered is not None:
        through = f" on its way through {proof.mailing_list}," if proof.mailing_list else ""
        first = f"it was changed{through} after {altered.domain} signed it"
    elif any(one.expired for one in own):
        first = f"its signature by {author} had expired before it came"
    elif own:
        first = f"its signature by {own[0].domain} does not count"
    elif good:
        first = f"it is signed by {listed(tuple(dict.fromkeys(one.domain for one in good)))}, and not by {author}"
    elif proof.dkim:
        first = f"it has no good signature, and none by {author}"
    else:
        first = "it carries no signature (DKIM)"
    second = _spf_clause(proof.spf)
    return f"{first}; {second}." if second else f"{first}."


def _why_unknown(proof: Proof, about: str, ours: bool | None) -> tuple[str, str]:
    if _aligned(proof) and ours is None:
        return f"the name servers could not tell whether {proof.from_domain} belongs to {about}", "another look"
    for one in proof.dkim:
        if one.aligned is False or not undecided(one, proof):
            continue
        if one.key_gone:
            return (
                f"its key at {one.selector}._domainkey.{one.domain} is not in the DNS: it was replaced since, or never "
                "published",
                "a message that was sent today",
            )
        if one.expired:
            return f"its signature has run out since it came ({_until(one)})", "a message that was sent today"
        if one.result == "fail":
            return (
                f"{proof.receiver} found its signature good, and we do not: the key of {one.domain} was replaced "
                "since, or the file was changed when it was saved",
                "a message that was sent today, saved as the original",
            )
        if one.result == "temperror":
            return _lower(one.reason).rstrip("."), "another look"
    if not proof.hops:
        return (
            "it never went through a mail server, so it is a draft or the copy in your own Sent folder",
            "the message as it arrived in an inbox",
        )
    carries = "it carries no signature of yours, and " if not any(one.aligned for one in proof.dkim) else ""
    why = proof.spf.reason or "nobody can see which address delivered it"
    return f"{carries}{why}", "the message as it arrived at Gmail, Outlook or Apple Mail"


def _until(one: Signature) -> str:
    return f"it counted until {day(one.until)}" if one.until is not None else "x="


def _doubtful(one: Signature, proof: Proof) -> bool:
    """Not good today, and perhaps good when the message came: no fault."""
    return one.result in ("fail", "permerror") and undecided(one, proof)


def _faults(proof: Proof) -> tuple[str, ...]:
    """What is wrong beside the sentence: each signature that does not count, and why."""
    bad = [one for one in proof.dkim if one.result in ("fail", "permerror") and not _doubtful(one, proof)]
    return tuple(dict.fromkeys(f"{one.domain or 'A signature'}: {one.reason}" for one in bad))


def _notes(proof: Proof) -> tuple[str, ...]:
    out: list[str] = []
    good = [one for one in proof.dkim if one.result == "pass"]
    out += [one.reason for one in good]
    out += [f"The key of {one.domain} says that it is only being tried out (t=y)." for one in good if one.testing]
    unsure = [one for one in proof.dkim if one.result == "temperror" or _doubtful(one, proof)]
    out += [f"{one.domain}: {one.reason}" for one in unsure]
    if proof.recorded:
        said = listed(tuple(f"{one.method} {one.result}" for one in proof.recorded))
        out.append(f"{proof.receiver} recorded when it came: {said}.")
    if proof.mailing_list:
        out.append(f"It came through the mailing list {proof.mailing_list}; lists often change what was signed.")
    elif proof.forwarded:
        out.append("It was forwarded on its way; then SPF speaks for the server that forwarded it, not for you.")
    if proof.sealers:
        state = {"pass": "The seals hold", "fail": "The seals do not hold"}.get(
            proof.arc, "We could not check the seals"
        )
        out.append(
            f"{plural(len(proof.sealers), 'server')} on the way sealed it (ARC: {listed(proof.sealers)}). {state}."
        )
    if proof.skewed:
        out.append("The clocks of the servers on its way disagree, so its delay cannot be told to the second.")
    return tuple(out)
