"""email.bulk.rules: what Gmail, Yahoo and Outlook ask of whoever sends 5,000 mails a day."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.proofs import Proof, Signature, StoredMessage
from launchready_tui.sources import dns
from launchready_tui.sources.message import Messages
from tests.world import NAME, NOW, Row, World, found, hold, said

KEY = base64.b64encode(
    generate_private_key(65537, 2048).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
RECORDS: dict[tuple[str, str], dns.Answer] = {
    (NAME, "TXT"): found(NAME, "TXT", "v=spf1 include:_spf.google.com ~all"),
    (f"_dmarc.{NAME}", "TXT"): found(f"_dmarc.{NAME}", "TXT", f"v=DMARC1; p=none; rua=mailto:dmarc@{NAME}"),
    (f"s1._domainkey.{NAME}", "TXT"): found(f"s1._domainkey.{NAME}", "TXT", f"v=DKIM1; k=rsa; p={KEY}"),
}
SIGNED = (Signature(NAME, "s1", "pass", "It is signed.", aligned=True),)
AT = NOW - dt.timedelta(days=2)


def proof(
    *, sender: str = NAME, bulk: bool = True, one_click: bool = True, aligned: bool | None = True, signed: bool = True
) -> Proof:
    return Proof(
        "other",
        "yours" if aligned else "not-yours",
        "It is yours.",
        from_domain=sender,
        at=AT,
        aligned=aligned,
        dkim=SIGNED if signed else (),
        bulk=bulk,
        one_click=one_click,
    )


def messages(*proofs: Proof) -> Messages:
    by_name = {str(number): each for number, each in enumerate(proofs)}

    async def prove(message: StoredMessage) -> Proof:
        return by_name[message.name]

    return Messages(tuple(StoredMessage(name, "other", Path(name)) for name in by_name), prove)


def planned(
    *proofs: Proof,
    ticks: tuple[str, ...] = (),
    spam: str = "low",
    selectors: tuple[str, ...] = ("s1",),
    records: dict[tuple[str, str], dns.Answer] | None = None,
) -> World:
    return World(
        project=Project(NAME, dkim_selectors=selectors),
        dns={**RECORDS, **(records or {})},
        answers=(said("bulk.planned", "yes", *ticks, spam=spam),),
        more=(messages(*proofs),) if proofs else (),
    )


SILENT = dns.TimedOut(NAME, "TXT", 4.0)
NO_SPF: dict[tuple[str, str], dns.Answer] = {(NAME, "TXT"): dns.NoData(NAME, "TXT")}
NO_DMARC: dict[tuple[str, str], dns.Answer] = {
    (f"_dmarc.{NAME}", "TXT"): dns.NxDomain(f"_dmarc.{NAME}", "TXT"),
    ("_dmarc.example", "TXT"): dns.NxDomain("_dmarc.example", "TXT"),
}
TABLE: dict[str, list[Row]] = {
    "email.bulk.rules": [
        Row("a mailing on file", planned(proof()), Status.PASS, "keeps the rules"),
        Row("told, with a key in the DNS", planned(ticks=("one-click",)), Status.PASS),
        Row("without one click", planned(proof(one_click=False)), Status.WARN, "does not offer it"),
        Row("what is said yields to the mailing", planned(proof(one_click=False), ticks=("one-click",)), Status.WARN),
        Row("complaints", planned(proof(), spam="middle"), Status.WARN, "0.1 to 0.3 %"),
        Row("many complaints", planned(proof(), spam="high"), Status.WARN, "0.3 % or more"),
        Row("no DMARC record", planned(proof(), records=NO_DMARC), Status.WARN, "no DMARC record"),
        Row("another name", planned(proof(aligned=False)), Status.WARN, "another name"),
        Row("one open, one not to be told", planned(proof(one_click=False), spam=""), Status.WARN),
        Row(
            "nothing to unsubscribe, and complaints", planned(proof(one_click=False), spam="high"), Status.FAIL, "2 of"
        ),
        Row("neither SPF nor DMARC", planned(proof(), records={**NO_SPF, **NO_DMARC}), Status.FAIL, "SPF"),
        Row(
            "no signature, no SPF",
            planned(proof(signed=False), selectors=(), records=NO_SPF),
            Status.FAIL,
            "not signed",
        ),
        Row("nobody said", World(), Status.UNKNOWN, "your answer"),
        Row("no mailing", planned(), Status.UNKNOWN, "one-click unsubscribe (no mailing is on file)"),
        Row(
            "a mailing of somebody else",
            planned(proof(sender="other.example")),
            Status.UNKNOWN,
            "no mailing is on file",
        ),
        Row("a mailing of a name below", planned(proof(sender=f"news.{NAME}")), Status.PASS),
        Row("a name that only ends alike", planned(proof(sender=f"not{NAME}")), Status.UNKNOWN),
        Row("no key known", planned(ticks=("one-click",), selectors=()), Status.UNKNOWN, "no message is on file"),
        Row("silence", planned(proof(), records={(NAME, "TXT"): SILENT}), Status.UNKNOWN, "SPF"),
        Row("spam not looked at", planned(proof(), spam=""), Status.UNKNOWN, "postmaster"),
        Row("fewer", World(answers=(said("bulk.planned", "no"),)), Status.INFO, "do not apply"),
        Row(
            "records full of escapes",
            planned(
                proof(),
                spam="\x1b[2Jlow",
                records={(NAME, "TXT"): found(NAME, "TXT", "v=spf1 \x1b]0;x\x07\u202e ~all")},
            ),
            Status.WARN,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
