"""Reads a handover that somebody else wrote: an older one, a foreign one, a damaged one. It acts on nothing in it.

What a later version added is passed over; a newer schema_version is refused, since what it says could be misread.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Mapping
from pathlib import Path

import msgspec

from launchready_tui import disk, limits
from launchready_tui.domain import BadDomain, parse_domain
from launchready_tui.handover.document import SCHEMA_VERSION, Handover, Product
from launchready_tui.saying import Problem
from launchready_tui.text import clean, plural

_BOM = "\ufeff".encode()
_OTHERS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK\x03\x04", "a zip archive"), (b"%PDF", "a PDF"))
# What msgspec calls a type -> what a person calls it.
_KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "date": "a day, such as 2026-11-24",
    "datetime": "a time, such as 2026-11-24T12:00:00Z",
    "null": "nothing",
}
_EXPECTED = re.compile(r"Expected `([^`]+)`(?P<least> >= \d+)?(?:, got `([^`]+)`)?")
_MISSING = re.compile(r"Object missing required field `([^`]{1,80})`")
_PATH = re.compile(r" - at `(?:key in )?\$?([^`]*)`")


class BadHandover(Problem):
    """It is not a handover that we can read. `sentence` says why, with the field, and never with a value."""


def read_handover(data: bytes) -> Handover:
    """A handover from the bytes of its file; a byte order mark and Windows' line ends are no hindrance.

    Raises BadHandover with a sentence: too large (told before anything is parsed), not UTF-8, not TOML, of a newer
    version, about no domain, or a field that holds something else than it should.
    """
    if len(data) > limits.DOCUMENT_BYTES:
        raise BadHandover(
            f"This file is larger than {plural(limits.DOCUMENT_BYTES, 'byte')}, so it is not a handover: one is a few "
            "hundred kilobytes at most. Nothing of it was read."
        )
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise BadHandover(
                f"This file is {name}, and a handover is UTF-8 text. Ask for handover.toml as it was exported."
            )
    try:
        plain = disk.parse_toml(data.removeprefix(_BOM))
    except ValueError as error:
        raise BadHandover(f"This is not a handover that we can read. {error} Ask for the file once more.") from error
    _check_version(plain)
    if not isinstance(plain.get("product"), dict):
        raise BadHandover(
            "This is TOML, but it does not say whose handover it is: there is no section [product]. Is it "
            "handover.toml, as launchready exports it?"
        )
    return _checked(_convert(plain))


def read_handover_file(path: Path) -> tuple[Handover, bytes]:
    """The handover in a file, and its very bytes (the signature is over them).

    Raises BadHandover, and WorkspaceProblem where the disk says no.
    """
    try:
        data = disk.read_capped(path)
    except FileNotFoundError as error:
        raise BadHandover(f"There is no file {disk.shown(path)}.") from error
    return read_handover(data), data


def _check_version(plain: Mapping[str, object]) -> None:
    version = plain.get("schema_version", SCHEMA_VERSION)  # one that says nothing is held against the first version
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise BadHandover("This is not a handover: its schema_version is not a number from 1 on.")
    if version > SCHEMA_VERSION:
        raise BadHandover(
            f"This handover was written by a newer launchready (format {clean(str(version)[:20])}; this one knows "
            f"format {SCHEMA_VERSION}). Update launchready, then open it again. Nothing was changed."
        )


def _convert(plain: dict[str, object]) -> Handover:
    try:
        return msgspec.convert(plain, Handover)
    except msgspec.ValidationError as error:
        place, said = _where(plain), _why(str(error))
        raise BadHandover(
            f"This handover cannot be read: {place or _path(str(error))} {said}. Mend that place in the file, or ask "
            "for it once more. Nothing was changed."
        ) from error


def _where(plain: Mapping[str, object]) -> str:
    """The first field that does not fit, by its section and its place in it ("systems, entry 3, owner")."""
    hints = typing.get_type_hints(Handover, include_extras=True)
    for section, value in plain.items():
        hint = hints.get(section)
        if hint is None or not _fails(value, hint):
            continue
        return _narrow([clean(section, limit=60)], value, hint)
    return ""


def _fails(value: object, hint: object) -> bool:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        return True
    return False


def _narrow(names: list[str], value: object, hint: object) -> str:
    """Follow a value that does not fit down to the smallest part of it that does not."""
    bare = typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint
    origin, inner = typing.get_origin(bare), typing.get_args(bare)
    if origin is list and isinstance(value, list):
        for number, each in enumerate(value, 1):
            if _fails(each, inner[0]):
                return _narrow([*names, f"entry {number}"], each, inner[0])
    elif origin is dict and isinstance(value, dict):
        for key, each in value.items():
            if _fails(each, inner[1]):
                return _narrow([*names, clean(key, limit=60)], each, inner[1])
    elif origin in (typing.Union, types.UnionType):
        pass  # a day or nothing: there is nothing smaller
    elif isinstance(bare, type) and issubclass(bare, msgspec.Struct) and isinstance(value, dict):
        hints = typing.get_type_hints(bare, include_extras=True)
        for name, each in value.items():
            if name in hints and _fails(each, hints[name]):
                return _narrow([*names, clean(name, limit=60)], each, hints[name])
    return ", ".join(names)


def _path(said: str) -> str:
    found = _PATH.search(said)
    return clean(found[1].strip(".") if found else "", limit=120) or "a field"


def _why(said: str) -> str:
    """What msgspec says of a field, in plain words, without the value."""
    missing = _MISSING.search(said)
    if missing:
        return f"lacks “{clean(missing[1], limit=60)}”"
    expected = _EXPECTED.search(said)
    if expected is None:
        return "should be a day or a time, such as 2026-11-24" if "RFC3339" in said or "ISO" in said else "does not fit"
    wanted = " or ".join(
        _KINDS.get(kind.strip(), kind.strip()) for kind in expected[1].split("|") if "null" not in kind
    )
    if expected["least"]:
        wanted = f"{wanted} from {expected['least'].split()[-1]} on"
    got = _KINDS.get(expected[3] or "", "")
    return f"should be {clean(wanted, limit=120)}" + (f", and is {got}" if got else "")


def _checked(handover: Handover) -> Handover:
    """What types alone do not tell: a real domain, times with a zone."""
    try:
        typed = parse_domain(handover.product.domain)
    except BadDomain as error:
        raise BadHandover(
            f"This handover cannot be read: product, domain holds “{clean(handover.product.domain, limit=80)}”, and "
            "that is no domain. Mend that place in the file, or ask for it once more."
        ) from error
    product: Product = msgspec.structs.replace(
        handover.product,
        domain=typed.domain,
        looked_at=_zoned_or_none(handover.product.looked_at),
        written_at=_zoned_or_none(handover.product.written_at),
    )
    return msgspec.structs.replace(
        handover,
        product=product,
        changes=[msgspec.structs.replace(each, at=_zoned(each.at)) for each in handover.changes],
        alert_proofs=[msgspec.structs.replace(each, at=_zoned(each.at)) for each in handover.alert_proofs],
        baseline=msgspec.structs.replace(
            handover.baseline,
            taken_at=_zoned_or_none(handover.baseline.taken_at),
            certificates=[
                msgspec.structs.replace(each, ends=_zoned_or_none(each.ends)) for each in handover.baseline.certificates
            ],
        ),
    )


def _zoned(at: dt.datetime) -> dt.datetime:
    """A time that names no zone is taken as UTC, as we write them."""
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at


def _zoned_or_none(at: dt.datetime | None) -> dt.datetime | None:
    return None if at is None else _zoned(at)
