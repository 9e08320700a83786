"""What the messages on file say about the founder's own mail: whether it would pass a stricter DMARC policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from launchready_tui.proofs import Proof
from launchready_tui.text import day


@dataclass(frozen=True, slots=True)
class OwnMail:
    """What is known about the founder's own mail. `silent`: the domain sends none, by the founder's word."""

    state: Literal["aligned", "not-aligned", "none", "unclear", "silent"]
    say: str
    lifts: str = ""

    @property
    def safe(self) -> bool:
        return self.state in ("aligned", "silent")


_SEND = (
    "Send yourself a real reset or invite, save it as a file (.eml) and add it: `launchready mail FILE.eml`, or in the "
    "email stage."
)


def own_mail(domain: str, proofs: Sequence[Proof] | None, *, nobody: bool = False) -> OwnMail:
    """What the messages on file say, the newest of each kind (reset, invite, other). One that fails outweighs all."""
    if nobody:
        return OwnMail("silent", f"{domain} sends no mail, by your word.")
    mine = [proof for proof in proofs or () if _is_of(proof.from_domain, domain)]
    if not mine:
        return OwnMail("none", "No message on file proves that your own mail passes.", _SEND)
    newest: dict[str, Proof] = {}
    for proof in mine:  # they come newest first
        newest.setdefault(proof.kind, proof)
    bad = next((proof for proof in newest.values() if proof.aligned is False and not _by_others(proof)), None)
    if bad is not None:
        return OwnMail(
            "not-aligned",
            f"Your own {named(bad)} does not pass as yours.",
            "Let the sender of that message sign as your domain, then send yourself a new one and add it.",
        )
    good = next((proof for proof in newest.values() if proof.aligned), None)
    if good is not None:
        return OwnMail("aligned", f"Your own {named(good)} passes as yours.")
    return OwnMail(
        "unclear",
        "We could not tell whether your own message passes.",
        "Look again, or add a newer one that nobody forwarded.",
    )


def _is_of(name: str, domain: str) -> bool:
    name = name.lower().rstrip(".")
    return name == domain or name.endswith(f".{domain}")


def _by_others(proof: Proof) -> bool:
    """Lists and forwarders change what was signed and send from addresses of their own: that it fails there says
    nothing of how it left."""
    return proof.forwarded or bool(proof.mailing_list)


def named(proof: Proof) -> str:
    """What a message is, and its day: "password reset of 3 Nov 2026"."""
    what = {"reset": "password reset", "invite": "invite", "other": "message"}[proof.kind]
    at = proof.at or proof.came
    return f"{what} of {day(at.date())}" if at is not None else what
