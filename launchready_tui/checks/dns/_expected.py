"""What a host asks for, from what a person typed or named. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from launchready_tui.answers import Answer as Said
from launchready_tui.domain import is_name
from launchready_tui.targets import Target, target

_WORDS = frozenset({"a", "aaaa", "cname", "alias", "aname", "apex", "www", "@", "in", "and", "type", "name", "value"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What the host asks for. `addresses` and `names` were typed, or are the same for every site of a known host."""

    host: str
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    typed: bool = False
    known: Target | None = None

    def takes(self, type: str, value: str) -> bool:
        """True where a record of this type leads to the host."""
        if value in self.addresses or value in self.names:
            return True
        return self.known is not None and self.known.accepts(type, value)

    @property
    def complete(self) -> bool:
        """True where a value that is not taken is surely not the host's."""
        return self.typed or (self.known is not None and self.known.all_addresses)


def typed_values(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(addresses, names) in what a person typed or pasted: "A 76.76.21.21, ALIAS apex.host.example."."""
    addresses: list[str] = []
    names: list[str] = []
    for word in re.split(r"[\s,;]+", text.strip().lower())[:60]:
        word = word.strip("\"'`()[]<>").rstrip(".")
        if not word or word in _WORDS:
            continue
        try:
            addresses.append(str(ipaddress.ip_address(word)))
        except ValueError:
            if "." in word and is_name(word) and not word.rpartition(".")[2].isdigit():
                names.append(word)
    return tuple(dict.fromkeys(addresses)), tuple(dict.fromkeys(names))


def expected(said: Said | None) -> Expected | None:
    """What an answer to the question comes to; None where it names neither a host that we know nor a value."""
    if said is None or said.choice != "looked":
        return None
    name = said.fields.get("host", "")
    addresses, names = typed_values(said.fields.get("values", ""))
    there = target(name) if name else None
    if addresses or names:
        return Expected(name or "your host", addresses, names, typed=True, known=there)
    if there is None:
        return None
    fixed = tuple(value for type, value in there.apex if type in ("A", "AAAA"))
    aliases = tuple(value.rstrip(".").lower() for type, value in there.apex if type not in ("A", "AAAA"))
    alias = (there.alias.rstrip(".").lower(),) if there.alias else ()
    return Expected(there.name, fixed, (*aliases, *alias), known=there)
