"""What to do about a DKIM key: the record that was meant, where it is ours to know; else the way to the sender."""

from __future__ import annotations

from launchready_tui.checks.email._dkim import Sight
from launchready_tui.mail.dkim import write_key
from launchready_tui.model import Fix, RecordSet
from launchready_tui.senders import SenderGuide

WHO = "Whoever can change the DNS records"


def mended(sight: Sight) -> Fix:
    """The record that was meant, where it is ours to know; else the way to a new one."""
    name = sight.place.name
    if sight.meant and not sight.target:
        return Fix(
            "records",
            f"Where your DNS records are kept, put this in place of the TXT at {name}, as one record without quotation "
            f"marks (your host cuts it into strings by itself): {sight.meant}",
            minutes=10,
            who=WHO,
            records=(
                RecordSet(name, "TXT", (sight.meant,), drops=tuple(one for one in sight.pieces if one != sight.meant)),
            ),
            copy=sight.meant,
        )
    short = sight.key is not None and sight.key.fault == "short"
    what = "a new key of 2,048 bits" if short else "the key once more"
    if sight.key is not None and sight.key.revoked:
        what = "a new key"
    return at_sender(sight.place.sender, f"get {what} for {name} and copy the whole value, in one piece")


def at_sender(guide: SenderGuide | None, then: str) -> Fix:
    """Steps at whoever signs."""
    if guide is None:
        return Fix(
            "steps",
            f"Sign in at the service that signs with this key, {then}. Put it where your DNS records are kept.",
            minutes=20,
            who="Whoever looks after that sender",
        )
    shown = next((record.shown for record in guide.of("dkim") if record.shown), "")
    hint = f" Their page shows it at: {shown}." if shown else ""
    return Fix(
        "steps",
        f"Sign in at {guide.name} ({guide.page}), open {guide.path}, {then}.{hint} Put it where your DNS records are "
        "kept.",
        minutes=20,
        who=f"Whoever can sign in at {guide.name}",
        page=guide.page,
    )


def out_of_test(sight: Sight) -> Fix:
    name, key = sight.place.name, sight.key
    if sight.target or key is None:
        return at_sender(sight.place.sender, "end its test mode")
    flags = [word.strip() for word in key.tags.get("t", "").split(":") if word.strip() != "y"]
    tags = {**key.tags, "t": ":".join(flags)} if flags else {k: v for k, v in key.tags.items() if k != "t"}
    record = write_key(tags)
    return Fix(
        "records",
        f"Once your mail arrives signed, take t=y out of the TXT at {name}: {record}",
        minutes=5,
        who=WHO,
        records=(RecordSet(name, "TXT", (record,), drops=(key.text,)),),
        copy=record,
    )
