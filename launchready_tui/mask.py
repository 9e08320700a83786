"""Masking for a shared screen: addresses, account names and subjects of messages become dots of the same width."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from launchready_tui.project import PUBLIC_RESOLVERS
from launchready_tui.render import cells

if TYPE_CHECKING:
    from launchready_tui.owners import Owners

_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*")
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w.]*\w)")
_NO_ACCOUNT = ("kind", "zone", "secret", "key", "port", "id")  # of a connection: names, of ours or of no person
_SHORTEST_NAME = 3  # an account called "me" would dot out half of every sentence


def names_of(owners: Owners) -> frozenset[str]:
    """What the masking hides beside addresses: the account names and contacts that the founder gave."""
    said = (
        name
        for owner in owners.all()
        for name in (owner.account, owner.contact, owner.backup_contact, owner.login_mail, owner.recovery_mail)
    )
    return frozenset(name for name in said if len(name) >= _SHORTEST_NAME)


def accounts_of(connection: Mapping[str, str] | None) -> frozenset[str]:
    """What the masking hides of a connection to a DNS host: the server and the account that were typed for it."""
    typed = (value for key, value in (connection or {}).items() if key not in _NO_ACCOUNT)
    return frozenset(value for value in typed if len(value) >= _SHORTEST_NAME and not value.isdigit())


def _is_address(text: str) -> bool:
    if text in PUBLIC_RESOLVERS:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def spans(text: str, names: Iterable[str] = ()) -> list[tuple[int, int]]:
    """The (start, end) stretches of `text` to hide."""
    found = [match.span() for match in _MAIL.finditer(text)]
    found += [match.span() for match in _ADDRESS.finditer(text) if _is_address(match.group())]
    for name in names:
        found += [match.span() for match in re.finditer(re.escape(name), text)]
    return found


def mask(text: str, names: Iterable[str] = ()) -> str:
    """`text` with a dot for every cell that is hidden."""
    chars = list(text)
    for start, end in spans(text, names):
        for at in range(start, end):
            chars[at] = text[at] if text[at] == "@" else "•" * cells(text[at])
    return "".join(chars)
