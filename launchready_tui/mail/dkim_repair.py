"""The DKIM key record that was meant, where a broken one still tells: after a panel split, quoted or escaped it."""

from __future__ import annotations

import base64
import re
from itertools import permutations

from launchready_tui.mail import _der
from launchready_tui.mail.dkim import ARMOUR, parse_key, write_key

_MEANT = ("hash", "service", "revoked", "short", "huge")  # a key so kept is no slip of the pen


def repair(*pieces: str) -> str | None:
    """The record that was meant, where it is sure: quotation marks, backslashes, armour and line breaks taken out,
    pieces put together, letters of another alphabet put right. None where the key is not there or several would do."""
    joined = [pieces[0]] if len(pieces) == 1 else _orders(pieces)
    good: dict[str, None] = {}
    for text in joined:
        for tried in _tries(text):
            key = parse_key(tried)
            if key.valid:
                good[write_key(key.tags)] = None
                break
    return next(iter(good)) if len(good) == 1 else None


def _orders(pieces: tuple[str, ...]) -> list[str]:
    """The pieces put together: the one with the tags first, at most three others after it in any order."""
    heads = [piece for piece in pieces if re.search(r"(?:\A|[;\s\"])p\s*=", piece)]
    if len(heads) != 1 or len(pieces) > 4:
        return []
    others = [piece for piece in pieces if piece is not heads[0]]
    return ["".join((heads[0], *order)) for order in permutations(others)]


def _tries(text: str) -> list[str]:
    bare = ARMOUR.sub("", text.replace("\\n", "").replace("\\r", ""))
    bare = re.sub(r"[\"\\\r\n()]", "", bare)
    start, found, value = bare.partition("p=")
    packed = re.sub(r"\s", "", value.partition(";")[0])
    tries = [text, bare]
    parts = {re.sub(r"\s", "", each.partition(";")[0]) for each in value.split("p=")} if found else set()
    if found and packed and len(parts) == 1 and parse_key(bare).fault not in _MEANT:
        # A copied key that lost its padding or was written for addresses is still that key.
        standard = packed.replace("-", "+").replace("_", "/").rstrip("=")
        tries.append(f"{start}p={standard}{'=' * (-len(standard) % 4)}")
        tries += [f"v=DKIM1; k={kind}; p={standard}{'=' * (-len(standard) % 4)}" for kind in ("rsa", "ed25519")]
        tries += _unwrapped(standard)
    return tries


def _unwrapped(packed: str) -> list[str]:
    try:
        inside = _der.read(base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True))
    except ValueError:  # no base64 (binascii.Error is one), or no such key (NotDer is one)
        return []
    if inside.kind != "ed25519":
        return []
    return [f"v=DKIM1; k=ed25519; p={base64.b64encode(inside.data).decode('ascii')}"]
