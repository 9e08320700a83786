"""The product's own secrets in the handover: references and days, never a value."""

from __future__ import annotations

from launchready_tui.handover.document import SecretLine
from launchready_tui.secretlist import KeptSecret, SecretList
from launchready_tui.text import day, listed


def secret_lines(kept: SecretList) -> list[SecretLine]:
    """Those that are written down, by name."""
    return [
        SecretLine(
            name=each.name,
            system=each.system,
            location=each.location,
            owner=each.owner,
            created=each.created,
            rotate_by=each.rotate_by,
            rotated_on=each.rotated_on,
            note=note(each),
        )
        for each in sorted(kept.kept, key=lambda each: (each.system, each.name))
    ]


def note(secret: KeptSecret) -> str:
    """Who knows the value, and whether it must be made new."""
    said = [f"Known to {listed(list(secret.had))}."] if secret.had else []
    if secret.exposed is not None:
        why = f" ({secret.how})" if secret.how else ""
        since = f"Others may have known it since {day(secret.exposed)}{why}"
        said.append(f"{since}; make it new." if secret.seen_by_others else f"{since}; it was made new after that.")
    return " ".join(said)
