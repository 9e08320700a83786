"""octoDNS' PowerDNS provider, made exact: the server keeps presentation text, so it is read and written as such.

Its own conversions lose quotes in a TXT, switch disabled records on, and create a zone that is not there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from octodns_powerdns import PowerDnsProvider
from requests.exceptions import HTTPError

from launchready_tui.fixes.model import State, Step
from launchready_tui.fixes.providers.octo_records import ID, presented, quiet, record_of
from launchready_tui.fixes.records import rdata_of

Key = tuple[str, str]


class Exact(PowerDnsProvider):  # type: ignore[misc]  # octoDNS has no types
    """`states` is what was read, by name and type. `wanted` are the states to write: octoDNS' records have no place for
    what stands beside a value."""

    def __init__(self, session: Any, scheme: str, host: str, port: int, key: str, server: str) -> None:
        quiet("PowerDnsProvider")
        super().__init__(ID, host, key, port=port, scheme=scheme, server_id=server, enable_dynamic=False)
        self._sess: Any = session.take_over(self._sess)
        self.states: dict[Key, State] = {}
        self.odd: set[Key] = set()
        self.wanted: dict[Key, State] = {}
        self.about: dict[str, Any] = {}

    def populate(self, zone: Any, target: bool = False, lenient: bool = False) -> bool:
        """One request. The sets that octoDNS does not know stand in `states` all the same: they are counted."""
        try:
            self.about = self._get(f"zones/{quote(zone.name, safe='.')}").json()
        except HTTPError as error:
            if error.response is not None and error.response.status_code in (404, 422):
                return False
            raise
        self.states.clear()
        for rrset in self.about["rrsets"]:
            type, name = rrset["type"], rrset["name"].rstrip(".").lower()
            if type == "SOA":
                continue
            state = _state(rrset)
            self.states[name, type] = state
            if type not in self.SUPPORTS or type == "ALIAS" or not state.values:
                continue
            zone.add_record(record_of(zone, name, type, state, exact=True), lenient=True)
        return True

    def _records_for(self, record: Any) -> tuple[list[dict[str, object]], str]:
        """The content of each value as the server keeps it, switched off where it was."""
        state = self.wanted.get((record.fqdn.rstrip(".").lower(), record._type), State())
        out: list[dict[str, object]] = []
        for value in state.values:
            kept = state.about(value)
            if record._type in ("HTTPS", "SVCB"):  # the server wants alpn=h2, where dnspython writes alpn="h2"
                one = record_of(record.zone, record.fqdn.rstrip("."), record._type, State((value,), record.ttl))
                content = one.to_rrset().rdatas[0]
            else:
                content = rdata_of(record._type, value, kept).to_text()
            out.append({"content": content, "disabled": kept.get("disabled") == "yes"})
        return out, record._type

    def _patch(self, path: str, data: Any = None) -> Any:
        """Comments go along where a set comes back: the server drops them with the set."""
        for change in data["rrsets"]:
            state = self.wanted.get((change["name"].rstrip(".").lower(), change["type"]), State())
            comments = [json.loads(text) for of, key, text in state.beside if (of, key) == ("", "comments")]
            if change["changetype"] == "REPLACE" and comments:
                change["comments"] = comments[0]
        return super()._patch(path, data)

    def _post(self, path: str, data: Any = None) -> Any:
        raise ValueError("we create no zone")


def _state(rrset: dict[str, Any]) -> State:
    """A set as the server keeps it, with what stands beside: values switched off, comments of the set."""
    if not rrset["records"]:
        return State()
    state = presented(rrset["type"], [record["content"] for record in rrset["records"]], rrset["ttl"])
    off = [
        (value, "disabled", "yes")
        for value, record in zip(state.values, rrset["records"], strict=True)
        if record.get("disabled")
    ]
    if rrset.get("comments"):
        off.append(("", "comments", json.dumps(rrset["comments"], sort_keys=True)))
    return State(state.values, state.ttl, (*state.beside, *off))


def carried(step: Step) -> tuple[tuple[str, str, str], ...]:
    """What stays beside the values of a set that is changed: comments of the set, values that are switched off."""
    return tuple(each for each in step.before.beside if each[0] == "" or each[0] in step.after.values)


def handed(steps: Sequence[Step]) -> dict[Key, State]:
    """The states to write, and to delete: octoDNS builds a deletion from the old record."""
    return {(step.name, step.type): step.after if step.after.values else step.before for step in steps}
