"""DMARC records written down: the one to begin with, and the same record with something changed (RFC 9989)."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui.mail._record import DmarcRecord

_ORDER = ("v", "p", "pct", "sp", "np", "adkim", "aspf", "t", "psd", "fo", "rua", "ruf")


def starter(domain: str) -> str:
    """The record to begin with: watch, and have reports sent to an address of the domain's own."""
    return f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}"


def silent(rua: str = "") -> str:
    """The record of a domain that sends no mail: whatever comes in its name is forged."""
    return "v=DMARC1; p=reject; sp=reject; np=reject" + (f"; rua={rua}" if rua else "")


def spares(record: DmarcRecord) -> bool:
    """True where a policy has a pct below 100: RFC 9989 dropped it, and receivers that follow RFC 7489 act on that part
    of the mail alone."""
    pct = record.stated.get("pct", "")
    return record.tags.get("p") != "none" and pct.isascii() and pct.isdigit() and int(pct[:4]) < 100


def rewritten(
    record: DmarcRecord, domain: str, changes: Mapping[str, str] | None = None, *, reports: bool = True
) -> str:
    """The record with `changes` ("" takes a tag out), without what no longer counts, and with an address for reports.

    Where the policy stays as it is, so does a pct that spares mail: without it, receivers that still read it would act
    on more than they do today.
    `reports` False adds no address where there is none: of a domain that takes no mail.
    """
    stated = {name: value for name, value in record.stated.items() if name in _ORDER}
    kept = {
        name: value for name, value in stated.items() if name in ("v", "rua", "ruf") or record.tags.get(name) == value
    }
    for name in ("rua", "ruf"):
        kept.pop(name, None)
        if record.tags.get(name):
            kept[name] = record.tags[name]
    kept.setdefault("p", record.tags.get("p", "none"))
    if spares(record) and "p" not in (changes or {}):
        kept["pct"] = record.stated["pct"]
    if reports:
        kept.setdefault("rua", f"mailto:dmarc@{domain}")
    kept |= changes or {}
    if kept.get("t") == "n":
        del kept["t"]
    return "; ".join(f"{name}={kept[name]}" for name in _ORDER if kept.get(name))
