"""What a record set is on the wire, and one text for each of its values, whichever place keeps it.

`canonical` is that text: names in lower case with their dot (RFC 4343: case has no meaning in them), addresses in their
shortest form, a TXT as its joined string. Two values are equal for the DNS exactly where their texts are equal. What a
TXT is beyond its text (the pieces it is kept in, bytes that are no text) goes beside its value, so that an undo puts
back what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.txtbase
import dns.tokenizer

from launchready_tui.fixes.model import FixProblem, State
from launchready_tui.sources._dns_wire import shown, text_of
from launchready_tui.text import clean

PIECE_BYTES = 255  # of one string of a TXT (RFC 1035 section 3.3.14)
RDATA_BYTES = 65_535  # RFC 1035 section 3.2.1
# Keys of State.beside: how a TXT is cut where it is not the usual way, and its bytes where they are no UTF-8.
PIECES, BYTES = "pieces", "bytes"
_TEXTS = frozenset((dns.rdatatype.TXT, dns.rdatatype.SPF))
_SHOWN = 80  # characters of a value in a sentence; ours


def said(value: str) -> str:
    """A value as it stands in a sentence of ours."""
    return clean(value, limit=_SHOWN)


def name_of(text: str) -> dns.name.Name:
    """A full name, trailing dot or not, in lower case; letters beyond ASCII become their A-label (RFC 5891, UTS 46).

    Raises FixProblem for what cannot be a name.
    """
    try:
        return dns.name.from_text(text, idna_codec=dns.name.IDNA_2008_UTS_46).canonicalize()
    except (dns.exception.DNSException, ValueError) as error:
        raise FixProblem(f"{said(text) or 'An empty text'} is not a name that a name server would take.") from error


def name_text(text: str) -> str:
    """`name_of` as we write it: lower case, A-labels, without the trailing dot."""
    return shown(name_of(text))


def type_of(text: str) -> dns.rdatatype.RdataType:
    """Raises FixProblem for a type that there is none of."""
    try:
        return dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError) as error:
        raise FixProblem(f"There is no record type {clean(text, limit=20)}.") from error


def canonical(type: str, value: str) -> str:
    """The one text of a value. Raises FixProblem for a value that no name server would take as it is written."""
    return text_of(rdata_of(type, value))


def rdata_of(type: str, value: str, kept: Mapping[str, str] | None = None) -> dns.rdata.Rdata:
    """One value on the wire; `kept` is what State.beside holds about it. Raises FixProblem as `canonical` does."""
    rdtype = type_of(type)
    try:
        if rdtype in _TEXTS:
            return _text(rdtype, value, kept or {})
        _refuse_loose(type, value)
        rdata = dns.rdata.from_text(
            dns.rdataclass.IN, rdtype, value, relativize=False, idna_codec=dns.name.IDNA_2008_UTS_46
        )
        return _lower(rdata, type, value)
    except (dns.exception.DNSException, ValueError) as error:
        raise FixProblem(f"{said(value) or 'Nothing'} is no {type} record that a name server would take.") from error


def rdataset(
    type: str, values: Sequence[str], ttl: int, beside: Iterable[tuple[str, str, str]] = ()
) -> dns.rdataset.Rdataset:
    """A whole set on the wire. Raises FixProblem for a value that could not be written as shown."""
    kept = State(tuple(values), ttl, tuple(beside))
    made = dns.rdataset.Rdataset(dns.rdataclass.IN, type_of(type), ttl=ttl)
    for value in values:
        made.add(rdata_of(type, value, kept.about(value)))
    return made


def state_of(rdatas: Iterable[dns.rdata.Rdata], ttl: int) -> State:
    """A set as it came over the wire."""
    values: list[str] = []
    beside: list[tuple[str, str, str]] = []
    for rdata in rdatas:
        text = text_of(lowered(rdata))
        values.append(text)
        if isinstance(rdata, dns.rdtypes.txtbase.TXTBase):
            beside += [(text, key, how) for key, how in _beyond_text(rdata.strings, text)]
    return State(tuple(values), ttl, tuple(beside))


def lowered(rdata: dns.rdata.Rdata) -> dns.rdata.Rdata:
    """The same value with every name in it in lower case."""
    names: dict[str, dns.name.Name] = {}
    for field in _fields(rdata):
        held = getattr(rdata, field)
        if isinstance(held, dns.name.Name):
            names[field] = held.canonicalize()
    return rdata.replace(**names) if names else rdata


def _fields(rdata: dns.rdata.Rdata) -> list[str]:
    return [field for kind in type(rdata).__mro__ for field in getattr(kind, "__slots__", ()) if hasattr(rdata, field)]


def _lower(rdata: dns.rdata.Rdata, type: str, value: str) -> dns.rdata.Rdata:
    for field in _fields(rdata):
        held = getattr(rdata, field)
        if isinstance(held, dns.name.Name) and not held.is_absolute():
            raise FixProblem(
                f"The {type} value {said(value)} holds a name without a dot at its end ({said(held.to_text())}), so it "
                "is not clear which name is meant. Write the whole name, and a dot."
            )
    lower = lowered(rdata)
    if len(lower.to_wire() or b"") > RDATA_BYTES:
        raise FixProblem(f"This {type} record is longer than the DNS allows (64 KB).")
    return lower


def _refuse_loose(type: str, value: str) -> None:
    """A line break or a comment: what comes behind it would be left out without a word."""
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in value):
        raise FixProblem(f"The {type} value {said(value)} holds a character that cannot be seen. Write it without.")
    tokens = dns.tokenizer.Tokenizer(value)
    while not (token := tokens.get(want_comment=True)).is_eof():
        if token.is_comment():
            raise FixProblem(
                f"In the {type} value {said(value)} everything behind the semicolon would be left out. Put that part "
                'in "quotes".'
            )


def _strings(raw: bytes) -> tuple[bytes, ...]:
    return tuple(raw[at : at + PIECE_BYTES] for at in range(0, len(raw), PIECE_BYTES)) or (b"",)


def _text(rdtype: dns.rdatatype.RdataType, value: str, kept: Mapping[str, str]) -> dns.rdata.Rdata:
    """A TXT from its text, byte by byte: no escape means anything in it. Raises ValueError for what is no text."""
    raw = bytes.fromhex(kept[BYTES]) if BYTES in kept else value.encode()
    strings = _strings(raw)
    if PIECES in kept:
        lengths = [int(length) for length in kept[PIECES].split("+")]
        ends = [sum(lengths[: at + 1]) for at in range(len(lengths))]
        if not ends or ends[-1] != len(raw) or any(not 0 <= length <= PIECE_BYTES for length in lengths):
            raise ValueError("pieces that do not make the text")
        strings = tuple(raw[end - length : end] for end, length in zip(ends, lengths, strict=True))
    wire = b"".join(bytes([len(part)]) + part for part in strings)
    if len(wire) > RDATA_BYTES:
        raise FixProblem(f"This {rdtype.name} record is longer than the DNS allows (64 KB).")
    return dns.rdata.from_wire(dns.rdataclass.IN, rdtype, wire, 0, len(wire))


def _beyond_text(strings: tuple[bytes, ...], text: str) -> list[tuple[str, str]]:
    """What a TXT is beyond its text: nothing, mostly."""
    raw = b"".join(strings)
    more: list[tuple[str, str]] = []
    if raw != text.encode():
        more.append((BYTES, raw.hex()))
    if strings != _strings(raw):
        more.append((PIECES, "+".join(str(len(part)) for part in strings)))
    return more
