"""Steps as one batch of Cloudflare's interface: what is deleted, changed in place and added, in one transaction. Pure.

A record that stays is touched only where something about it changes, and then only that is sent: its comment, its tags
and its settings stay. One that makes room for another value is changed in place, so that its id stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from launchready_tui import limits
from launchready_tui.fixes.model import State, Step
from launchready_tui.fixes.records import BYTES, PIECES

Raw = dict[str, Any]
PROXIABLE = ("A", "AAAA", "CNAME")
SETTINGS = ("flatten_cname", "ipv4_only", "ipv6_only")
AUTOMATIC = 1  # a TTL that Cloudflare chooses
_WIRE = (PIECES, BYTES)


def beside(raw: Raw, value: str, ttl: int | None) -> list[tuple[str, str, str]]:
    """What Cloudflare keeps with one record, where it is not the usual. `ttl` is the one of its set."""
    out: list[tuple[str, str, str]] = []
    if raw["type"] in PROXIABLE:
        out.append((value, "proxied", "yes" if raw.get("proxied") else "no"))
    if raw.get("comment"):
        out.append((value, "comment", raw["comment"]))
    if raw.get("tags"):
        out.append((value, "tags", "\n".join(sorted(raw["tags"]))))
    out += [(value, key, "yes") for key in SETTINGS if (raw.get("settings") or {}).get(key)]
    if raw.get("private_routing"):
        out.append((value, "private_routing", "yes"))
    if not raw.get("proxied") and ttl_of(raw) != ttl:
        out.append((value, "ttl", str(ttl_of(raw) or "automatic")))
    return out


def ttl_of(raw: Raw) -> int | None:
    """Seconds, None for automatic."""
    return None if int(raw["ttl"]) == AUTOMATIC else int(raw["ttl"])


def ttl_of_set(raws: Sequence[Raw]) -> int | None:
    """The TTL of a set: its shortest fixed one; what differs stands beside its value."""
    fixed = [ttl for raw in raws if not raw.get("proxied") and (ttl := ttl_of(raw)) is not None]
    return min(fixed, default=None)


def read_only(raw: Raw) -> str:
    """Why a record cannot be changed through the interface, "" where it can."""
    meta = raw.get("meta") or {}
    if meta.get("email_routing"):
        return "Cloudflare's Email Routing keeps it"
    if meta.get("managed_by_apps") or meta.get("managed_by_argo_tunnel"):
        return "one of Cloudflare's own apps keeps it"
    return "Cloudflare keeps it locked" if meta.get("read_only") or raw.get("locked") else ""


def carried(step: Step, siblings: Sequence[str], least: int) -> Step:
    """`step` as Cloudflare would keep it: proxied as the set is now, comments and tags of the values that stay, an
    automatic TTL where proxied. `siblings` are the marks of the name's other sets, for a new one."""
    before, after = step.before, step.after
    if not after.values:
        return replace(step, after=State())
    marks = [text for _, key, text in before.beside if key == "proxied"] or list(siblings)
    uniform = marks[0] if marks and len(set(marks)) == 1 else "no"
    gone, new = moved(step)
    heir = gone[0] if len(gone) == len(new) == 1 else ""
    kept: list[tuple[str, str, str]] = []
    for value in after.values:
        old = before.about(value if value in before.values else heir)
        wish = after.about(value)
        if step.type in PROXIABLE:
            own = old.get("proxied", uniform) if value in before.values else uniform
            kept.append((value, "proxied", wish.get("proxied", own)))
        wire = _WIRE if value in before.values else ()
        more = ("comment", "tags", *SETTINGS, "private_routing", *wire)
        kept += [(value, key, old[key]) for key in more if key in old]
    proxied = [text == "yes" for _, key, text in kept if key == "proxied"]
    automatic = after.ttl is None or (proxied and all(proxied))
    ttl = None if automatic else min(max(after.ttl or 0, least), limits.CLOUDFLARE_TTL[1])
    return replace(step, after=State(after.values, ttl, tuple(kept)))


def moved(step: Step) -> tuple[list[str], list[str]]:
    """The values that go and those that come."""
    gone = [value for value in step.before.values if value not in step.after.values]
    return gone, [value for value in step.after.values if value not in step.before.values]


def batch(
    steps: Sequence[Step],
    raws: Mapping[tuple[str, str], Mapping[str, Raw]],
    content: Callable[[Step, str], Mapping[str, object]],
) -> dict[str, list[Raw]]:
    """The body of POST /zones/{id}/dns_records/batch. `raws` are the live records by set and value, `content` makes
    what a type wants ({"content": …}, {"data": …}, "priority")."""
    out: dict[str, list[Raw]] = {"deletes": [], "patches": [], "posts": []}
    for step in steps:
        live = raws.get((step.name, step.type), {})
        gone, new = moved(step)
        for value in step.after.values:
            if value in step.before.values and (change := _change(step, value, value)):
                out["patches"].append({"id": live[value]["id"], **_head(step, value), **change})
        for old, value in zip(gone, new, strict=False):
            head = {"id": live[old]["id"], **_head(step, value)}
            out["patches"].append({**head, **content(step, value), **_change(step, old, value)})
        out["deletes"] += [{"id": live[old]["id"]} for old in gone[len(new) :]]
        for value in new[len(gone) :]:
            out["posts"].append({**_head(step, value), **content(step, value), **_change(step, "", value)})
    return {key: items for key, items in out.items() if items}


def _head(step: Step, value: str) -> Raw:
    return {"name": step.name, "type": step.type, "ttl": _seconds(step.after, value)}


def _seconds(state: State, value: str) -> int:
    about = state.about(value)
    if about.get("proxied") == "yes":
        return AUTOMATIC
    own = about.get("ttl")
    if own is not None:
        return AUTOMATIC if own == "automatic" else int(own)
    return AUTOMATIC if state.ttl is None else state.ttl


def _change(step: Step, old: str, value: str) -> Raw:
    """What about a record has to be said anew: `old` is the value it has now, "" for a new record."""
    was, will = step.before.about(old) if old else {}, step.after.about(value)
    out: Raw = {}
    if was.get("proxied", "no") != will.get("proxied", "no"):
        out["proxied"] = will.get("proxied") == "yes"
    if was.get("comment", "") != will.get("comment", ""):
        out["comment"] = will.get("comment", "")
    if was.get("tags", "") != will.get("tags", ""):
        out["tags"] = will["tags"].split("\n") if will.get("tags") else []
    if settings := {key: will.get(key) == "yes" for key in SETTINGS if was.get(key) != will.get(key)}:
        out["settings"] = settings
    if was.get("private_routing") != will.get("private_routing"):
        out["private_routing"] = will.get("private_routing") == "yes"
    if old == value and not out and _seconds(step.before, value) != _seconds(step.after, value):
        out["ttl"] = _seconds(step.after, value)
    return out
