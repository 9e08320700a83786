"""octoDNS' Cloudflare provider as a reader, and its converters for what a record holds.

It asks for the one zone that is meant, over our session, and never sleeps. Its writer is not used: that one sends a
request a record and forgets comments and tags.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from octodns_cloudflare import CloudflareProvider

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.providers.cloudflare_batch import Raw, beside, ttl_of_set
from launchready_tui.fixes.providers.octo_records import ID, empty, presented, quiet, record_of
from launchready_tui.fixes.records import name_text, rdata_of
from launchready_tui.fixes.records import state_of as on_the_wire

Key = tuple[str, str]
API = "https://api.cloudflare.com/client/v4"
_SENT_WITH_A_DOT = ("CNAME", "MX", "NS", "PTR")


class Refused(Exception):
    """An answer that is no success, by its status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Reader(CloudflareProvider):  # type: ignore[misc]  # octoDNS has no types
    """`about` is the zone as Cloudflare describes it, once it was looked up; empty where the token sees none."""

    def __init__(self, session: Any, token: str, zone: str, api: str) -> None:
        quiet("CloudflareProvider")
        super().__init__(ID, token=token, pagerules=False, retry_count=0, api_url=api or API)
        session.writes_again = False  # after a wait the zone is compared anew
        self._sess: Any = session.take_over(self._sess)
        self._name = zone
        self.about: Raw = {}

    def _request(self, method: str, path: str, params: Any = None, data: Any = None) -> Any:
        answer = self._sess.request(method, f"{self.api_url}{path}", params=params, json=data)
        try:
            said = answer.json()
        except ValueError:
            said = {}
        if answer.status_code >= 300 or not isinstance(said, dict) or said.get("success") is not True:
            raise Refused(answer.status_code)
        return said

    def look_up(self) -> bool:
        """Find the zone by its name: one request, however many zones the account has."""
        found = self._request("GET", "/zones", params={"name": self._name})["result"]
        mine = [one for one in found if one["name"].lower() == self._name]
        mine.sort(key=lambda one: one.get("status") != "active")  # one that moved may stand in another account
        self.about = mine[0] if mine else {}
        return bool(self.about)

    @property
    def path(self) -> str:
        return f"/zones/{self.about['id']}/dns_records"

    def raws(self) -> dict[Key, list[Raw]]:
        """Every record of the zone, by set."""
        found: dict[Key, list[Raw]] = defaultdict(list)
        for raw in self._paginated_get(self.path, per_page=limits.CLOUDFLARE_PAGE):
            found[_name(raw["name"]), raw["type"]].append(raw)
        return found

    def send(self, body: Mapping[str, list[Raw]]) -> None:
        self._request("POST", f"{self.path}/batch", data=dict(body))


def _name(text: str) -> str:
    try:
        return name_text(text)
    except FixProblem:
        return text.rstrip(".").lower()


def state(reader: Reader, key: Key, raws: list[Raw]) -> tuple[State, dict[str, Raw]]:
    """A set in our form, and its records by value."""
    ttl = ttl_of_set(raws)
    values: dict[str, Raw] = {}
    around: list[tuple[str, str, str]] = []
    for raw in raws:
        one = _one(reader, key, raw)
        value = one.values[0]
        values[value] = raw
        around += [*one.beside, *beside(raw, value, ttl)]
    return State(tuple(values), ttl, tuple(around)), values


def _one(reader: Reader, key: Key, raw: Raw) -> State:
    """One record: octoDNS' converter reads it, but for a TXT, whose quotes it takes for its own."""
    name, type = key
    if type == "TXT":
        return _text(str(raw.get("content", "")))
    zone = empty(reader._name)
    if type not in reader.SUPPORTS or type in ("HTTPS", "SVCB"):  # its converter for these is on its way out
        return presented(type, [str(raw.get("content", ""))], 0)
    record = reader._record_for(zone, zone.hostname_from_fqdn(f"{name}."), type, [raw], lenient=True)
    return presented(type, record.to_rrset().rdatas, 0)


def _text(content: str) -> State:
    """A TXT: quoted strings (RFC 1035 section 5.1), or the bare text of older records."""
    if content.startswith('"'):
        try:
            rdata = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.TXT, content)
            return on_the_wire([rdata], 0)
        except (dns.exception.DNSException, ValueError):
            pass  # a bare text that begins with a quote
    return State((content,), 0)


def content(reader: Reader, step: Step, value: str) -> dict[str, object]:
    """What a record of this type and value holds, as Cloudflare wants it."""
    kept = step.after.about(value)
    if step.type == "TXT":
        return {"content": rdata_of("TXT", value, kept).to_text()}
    record = record_of(empty(reader._name), step.name, step.type, State((value,), limits.DNS_TTL))
    if step.type == "SRV":  # octoDNS still sends the parts of the name along, which the schema no longer knows
        one = record.values[0]
        target = one.target if one.target == "." else one.target.rstrip(".")
        return {"data": {"priority": one.priority, "weight": one.weight, "port": one.port, "target": target}}
    made: dict[str, object] = next(iter(getattr(reader, f"_contents_for_{step.type}")(record)))
    if step.type in _SENT_WITH_A_DOT and made["content"] != ".":
        made["content"] = str(made["content"]).rstrip(".")
    return made
