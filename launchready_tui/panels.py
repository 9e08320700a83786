"""The DNS hosts' panels: whose panel holds a zone, and how that panel wants a record typed. Data: `dns_hosts.toml`.

Which host it is comes from the name servers; where these carry the founder's own name, from the SOA (RFC 1035 section
3.3.13); where that does not tell either, from what the host says of itself by Domain Connect. Everything here is pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from launchready_tui.known import NameMark, dns_host, name_marks, read_data
from launchready_tui.model import RecordSet, Typed
from launchready_tui.targets import targets
from launchready_tui.text import clean

PIECE = 255  # bytes of one character string of a TXT (RFC 1035 section 3.3)
_NAMED = ("CNAME", "NS", "ALIAS", "ANAME", "PTR")  # types whose value is one name


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel, fields as `dns_hosts.toml` explains them. `name` is "" for the panel of a host that we do not know."""

    name: str
    page: str = ""
    path: tuple[str, ...] = ()
    boxes: tuple[str, str] = ("Name", "Value")
    short: bool = True
    apex: str = "@"
    apex_cname: str = "no"
    ttl: str = "seconds"
    ttl_label: str = "TTL"
    ttl_least: int = 1
    dots: str = "optional"
    mx: str = "Priority"
    txt: str = "try"
    known: bool = False
    soa: tuple[NameMark, ...] = ()
    connect: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """Where it is, to read on in a sentence: "at Namecheap"."""
        return f"at {self.name}" if self.name else "where your DNS records are kept"

    def address(self, zone: str) -> str:
        """Where to sign in; straight to the zone where the panel has such an address."""
        return self.page.replace("{domain}", zone)


@dataclass(frozen=True, slots=True)
class Connect:
    """What a host says of itself by Domain Connect: its name, and its control panel's address for this zone, or ""."""

    names: tuple[str, ...]
    page: str = ""


def _panel(entry: dict[str, Any]) -> Panel:
    return Panel(
        name=entry["name"],
        page=entry["page"],
        path=tuple(entry["path"]),
        boxes=(entry["boxes"][0], entry["boxes"][1]),
        short=entry["short"],
        apex=entry["apex"],
        apex_cname=entry["apex_cname"],
        ttl=entry["ttl"],
        ttl_label=entry["ttl_label"],
        ttl_least=entry["ttl_least"],
        dots=entry["dots"],
        mx=entry["mx"],
        txt=entry["txt"],
        known=True,
        soa=name_marks(entry["soa"]),
        connect=tuple(entry["connect"]),
    )


@cache
def panels() -> tuple[Panel, ...]:
    """All panels that we know, in the file's order."""
    return tuple(_panel(entry) for entry in read_data("dns_hosts.toml")["host"])


def panel(name: str) -> Panel:
    """By a host's name ("Namecheap"); a panel in general words, under that name, where we know none."""
    return next((one for one in panels() if one.name == name), Panel(name))


def host_of(name_servers: Iterable[str], soa: str = "", connect: Connect | None = None) -> Panel:
    """Whose panel holds a zone with these name servers.

    `soa` is the zone's SOA in presentation form: its first server and its contact may tell where name servers carry the
    founder's own name, or are shared by several hosts. `connect` is asked last. A host that is recognised, but whose
    panel we do not know, is a Panel with its name; one that is not recognised has none.
    """
    name = dns_host(name_servers)
    if name and (found := panel(name)).known:
        return found
    marks = soa.split()[:2]
    for one in panels():
        if any(mark.fits(told) for mark in one.soa for told in marks):
            return one
    if name:
        return Panel(name)
    by_servers = dns_host(marks[:1])
    if by_servers:
        return panel(by_servers)
    if connect is None or not any(name.strip() for name in connect.names):
        return Panel("")
    told = [name.strip() for name in connect.names if name.strip()]
    said = {name.lower() for name in told}
    by_itself = next((one for one in panels() if said & {one.name.lower(), *one.connect}), None)
    return by_itself or Panel(clean(told[0], limit=60), page=connect.page)


def relative(panel: Panel, zone: str, name: str) -> str:
    """A name as it is typed: "www" or in full; the panel's own way for the domain itself. Wildcards stay "*"."""
    if name == zone:
        return panel.apex
    if not panel.short or not name.endswith(f".{zone}"):
        return name
    return name[: -len(zone) - 1]


def typed(panel: Panel, zone: str, record: RecordSet) -> tuple[Typed, ...]:
    """The rows to type for a record set, one a value; () where it is to be deleted, or the panel cannot hold it.

    `zone` is the zone's name without the trailing dot. `instead` says what to do where the panel cannot hold it.
    """
    if instead(panel, zone, record):
        return ()
    kind = panel.apex_cname if record.type == "CNAME" and record.name == zone else record.type
    name = relative(panel, zone, record.name)
    ttl = _ttl(panel, record.ttl)
    rows = []
    for value in record.values:
        priority, shown = _value(panel, record.type, value)
        rows.append(Typed(kind, name, shown, priority, ttl))
    return tuple(rows)


def instead(panel: Panel, zone: str, record: RecordSet) -> str:
    """What to do where this panel cannot hold a record set; "" where it can (RFC 1034 section 3.6.2)."""
    if record.type == "CNAME" and record.name == zone and record.values and panel.apex_cname == "no":
        target = record.values[0]
        host = next((one for one in targets() if one.accepts("CNAME", target)), None)
        if host is not None and host.apex:
            own = ", ".join(f"{kind} {value}" for kind, value in host.apex)
            way = f"Add what {host.name} lists for it: {own}."
        else:
            way = "Add the addresses (type A) that your web host shows for it."
        who = f"{panel.name} has" if panel.name else "Most panels have"
        return f"{who} no alias for the domain itself, and a CNAME there would cut off its mail. {way}"
    if record.type == "TXT" and panel.txt == "short" and any(len(value.encode()) > PIECE for value in record.values):
        who = panel.name or "This panel"
        return (
            f"{who} takes a TXT of at most {PIECE} characters, and this one is longer. Ask the service for a shorter "
            "one (a DKIM key of 1024 bits, or a CNAME in its place), or ask support there to enter it."
        )
    return ""


def notes(panel: Panel, zone: str, record: RecordSet) -> tuple[str, ...]:
    """What is particular about a record set in this panel, in sentences."""
    said = []
    if not instead(panel, zone, record):
        if record.type == "CNAME" and record.name == zone and panel.apex_cname in ("ALIAS", "ANAME"):
            said.append(f"For the domain itself, {panel.name} has the type {panel.apex_cname} in place of CNAME.")
        long = record.type == "TXT" and any(len(value.encode()) > PIECE for value in record.values)
        if long and panel.txt == "try":
            said.append(
                f"If its length is refused, put it in quotes, in pieces of {PIECE} characters, one behind the other."
            )
        if record.values and record.name == zone and not panel.apex and record.type != "SRV":
            said.append(f"Leave the box “{panel.boxes[0]}” empty: that means {zone} itself.")
        if not panel.name and record.type in (*_NAMED, "MX", "SRV"):
            said.append(f"If your panel adds {zone} behind the value, end the value with a dot.")
    return tuple(said)


def _ttl(panel: Panel, seconds: int | None) -> str:
    if panel.ttl == "leave":
        return panel.ttl_label
    if seconds is None:
        return "as it stands"
    seconds = max(seconds, panel.ttl_least)
    return f"{max(1, seconds // 60)} {panel.ttl_label}" if panel.ttl == "unit" else str(seconds)


def _dot(panel: Panel, name: str) -> str:
    bare = name.rstrip(".")
    return f"{bare}." if panel.dots == "required" or not bare else bare


def _value(panel: Panel, type: str, value: str) -> tuple[str, str]:
    """(priority, value) as this panel takes them; a value that is not of its type's form stays as it is."""
    parts = value.split()
    match type:
        case "MX" if len(parts) == 2:
            name = _dot(panel, parts[1])
            return ("", f"{parts[0]} {name}") if panel.mx == "value" else (parts[0], name)
        case "SRV" if len(parts) == 4:
            rest = f"{parts[1]} {parts[2]} {_dot(panel, parts[3])}"
            return ("", f"{parts[0]} {rest}") if panel.mx == "value" else (parts[0], rest)
        case "CAA" if len(parts) >= 3:
            tag = value.split(maxsplit=2)[2].strip('"')
            return "", f'{parts[0]} {parts[1]} "{tag}"' if panel.mx == "value" else f"{parts[0]} {parts[1]} {tag}"
        case "TXT":
            return "", _txt(panel, value)
        case _ if type in _NAMED:
            return "", _dot(panel, value)
        case _:
            return "", value


def _txt(panel: Panel, value: str) -> str:
    if panel.txt == "quoted" or (panel.txt == "pieces" and len(value.encode()) > PIECE):
        return " ".join(f'"{_escaped(piece)}"' for piece in _pieces(value)) or '""'
    return value


def _pieces(value: str) -> list[str]:
    """Cut at 255 bytes, never inside a character."""
    pieces, piece, size = [], "", 0
    for char in value:
        width = len(char.encode())
        if size + width > PIECE:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + char, size + width
    return [*pieces, piece] if piece else pieces


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def moves(
    panel: Panel, zone: str, record: RecordSet, existing: tuple[str, ...] | None
) -> tuple[tuple[Typed, ...], tuple[str, ...]]:
    """(rows, notes) that lead from the `existing` values of a name and type to the record set.

    `existing` is None where we could not tell: then every row is one to add, and a set to be deleted is named without
    its values. Of a TXT set only what is dropped on purpose goes, and what a new value of its kind (SPF) replaces.
    """
    wanted = {_same(record.type, value): value for value in record.values}
    have = {_same(record.type, value): value for value in existing or ()}
    gone = [value for key, value in have.items() if key not in wanted]
    if record.type == "TXT" and record.values:
        kinds = {_kind(value) for value in record.values}
        gone = [value for value in gone if value in record.drops or _kind(value) in kinds]
    new = replace(record, values=tuple(v for key, v in wanted.items() if record.retime or key not in have))
    cannot = instead(panel, zone, record)
    said = ((cannot,) if cannot else ()) + notes(panel, zone, new)
    rows, old = list(typed(panel, zone, new)), _standing(panel, zone, record, gone)
    for at, row in enumerate(rows):
        same = [one for one in _standing(panel, zone, record, list(have.values())) if one.value == row.value]
        was = same[0] if record.retime and same else old.pop(0) if old else None
        if was is not None:
            rows[at] = replace(row, act="change", was=f"{was.priority} {was.value}".strip())
    rows += [replace(row, act="delete") for row in old]
    if existing is None and not record.values:
        rows.append(Typed(record.type, relative(panel, zone, record.name), "whatever stands there", act="delete"))
    return tuple(rows), said


def _standing(panel: Panel, zone: str, record: RecordSet, values: list[str]) -> list[Typed]:
    """Rows that stand in the panel now, as it shows them."""
    name = relative(panel, zone, record.name)
    shown = (_value(panel, record.type, value) for value in values)
    return [Typed(record.type, name, value, priority) for priority, value in shown]


def _same(type: str, value: str) -> str:
    """Values that are one and the same in the DNS have one key: names without case and dot."""
    return value if type in ("TXT", "CAA") else value.lower().rstrip(".")


def _kind(value: str) -> str:
    """What a TXT value is for: its version tag ("v=spf1"), or itself. One name has one of a kind."""
    start = value.strip().lower()
    return start.replace(";", " ").split(" ", 1)[0] if start.startswith("v=") else value
