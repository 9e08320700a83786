"""The RFC 7208 test suite (tests/data/rfc7208-tests.yml, with its licence beside it), and a name server for its zones.

The file is the one that pyspf 2.0.14 carries. Its rules are followed here: a record of type SPF stands for a TXT where
the name has no TXT of its own, TIMEOUT is a server that says nothing to what it has no record for, and an explanation
DEFAULT is the receiver's own (ours is none).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset
import yaml

from launchready_tui.practice.nameserver import Nameserver

FILE = Path(__file__).parents[1] / "data" / "rfc7208-tests.yml"
_SILENT = "TIMEOUT"
_CHAIN = 8


@dataclass(frozen=True)
class SuiteCase:
    """One test: `results` in the order of preference; `explanation` is None where the suite does not say."""

    scenario: str
    name: str
    spec: str
    ip: str
    helo: str
    sender: str
    results: tuple[str, ...]
    explanation: str | None


@dataclass(frozen=True)
class Scenario:
    """Tests that share a small world. `zone` is name -> its records (type, value), "TIMEOUT" for silence."""

    name: str
    zone: dict[str, tuple[tuple[str, Any] | str, ...]]
    cases: tuple[SuiteCase, ...]

    @property
    def has_silence(self) -> bool:
        return any(_SILENT in records for records in self.zone.values())


def scenarios() -> tuple[Scenario, ...]:
    """The whole suite, in its order."""
    return tuple(_scenario(told) for told in yaml.safe_load_all(FILE.read_bytes()))


def _scenario(told: dict[str, Any]) -> Scenario:
    name = told["description"]
    zone = {owner.lower(): tuple(_records(held)) for owner, held in told["zonedata"].items()}
    return Scenario(name, zone, tuple(_case(name, key, case) for key, case in told["tests"].items()))


def _case(scenario: str, name: str, told: dict[str, Any]) -> SuiteCase:
    result = told["result"]
    explanation = told.get("explanation")
    return SuiteCase(
        scenario,
        name,
        str(told["spec"]),
        told["host"],
        told["helo"],
        told["mailfrom"],
        tuple(result) if isinstance(result, list) else (result,),
        "" if explanation == "DEFAULT" else explanation,
    )


def _records(held: list[Any]) -> Iterator[tuple[str, Any] | str]:
    own_txt = any(isinstance(entry, dict) and "TXT" in entry for entry in held)
    for entry in held:
        if entry == _SILENT:
            yield _SILENT
            continue
        for type, value in entry.items():
            if value == "NONE":
                continue
            yield type, value
            if type == "SPF" and not own_txt:
                yield "TXT", value


def _pieces(text: bytes) -> list[bytes]:
    """One string of a TXT holds 255 bytes (RFC 1035 section 3.3)."""
    return [text[at : at + 255] for at in range(0, len(text), 255)] or [b""]


def _rdata(type: str, value: Any) -> dns.rdata.Rdata:
    rdtype = dns.rdatatype.from_text(type)
    if type in ("TXT", "SPF"):
        strings = [value] if isinstance(value, str) else value
        if not strings:  # no string at all: dnspython makes no such TXT, servers of old did
            return dns.rdata.GenericRdata(dns.rdataclass.IN, dns.rdatatype.TXT, b"")
        return dns.rdtypes.ANY.TXT.TXT(
            dns.rdataclass.IN, dns.rdatatype.TXT, [piece for text in strings for piece in _pieces(text.encode("utf-8"))]
        )
    if type == "MX":
        value = f"{value[0]} {value[1] or ''}."
    elif type in ("PTR", "CNAME"):
        value = f"{value}."
    return dns.rdata.from_text(dns.rdataclass.IN, rdtype, value)


class SuiteServer(Nameserver):
    """A resolver of one scenario's world: follows aliases, and says nothing where the scenario says so."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__({}, {})
        self._held: dict[dns.name.Name, tuple[tuple[str, Any] | str, ...]] = {}
        for owner, records in scenario.zone.items():
            try:
                self._held[dns.name.from_text(owner)] = records
            except dns.exception.DNSException:
                continue  # a name that cannot be asked for, so that nobody will

    def answer(self, data: bytes, *, udp: bool) -> Iterator[bytes]:
        request = dns.message.from_wire(data)
        return iter(()) if self._silent(request) else super().answer(data, udp=udp)

    def _found(self, name: dns.name.Name, type: str) -> list[Any]:
        return [record[1] for record in self._held.get(name, ()) if record != _SILENT and record[0] == type]

    def _silent(self, request: dns.message.Message) -> bool:
        question = request.question[0]
        name = dns.name.from_text(question.name.to_text().lower())
        return _SILENT in self._held.get(name, ()) and not self._found(name, dns.rdatatype.to_text(question.rdtype))

    def _query(self, request: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(request, recursion_available=True)
        response.flags |= dns.flags.AA
        question = request.question[0]
        type = dns.rdatatype.to_text(question.rdtype)
        owner, name = question.name, dns.name.from_text(question.name.to_text().lower())
        for _ in range(_CHAIN):
            found = self._found(name, type)
            if found:
                datas = [_rdata(type, value) for value in found]
                response.answer.append(dns.rrset.from_rdata_list(owner, 300, datas))
                return response
            alias = self._found(name, "CNAME")
            if not alias:
                break
            response.answer.append(dns.rrset.from_rdata_list(owner, 300, [_rdata("CNAME", alias[0])]))
            owner = dns.name.from_text(alias[0])
            name = dns.name.from_text(alias[0].lower())
        if not any(held.is_subdomain(name) for held in self._held):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response
