"""Records at a name server that takes dynamic updates (RFC 2136) signed with TSIG (RFC 8945).

The old values go along as prerequisites (RFC 2136 section 2.4.2), so comparing and setting are one message: either
everything is as the plan showed and all of it changes, or nothing does.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataset
import dns.rdatatype
import dns.update
import dns.zone

from launchready_tui import limits
from launchready_tui.fixes.legal import SIGNED, conflicts_at, prepared, target
from launchready_tui.fixes.model import FixProblem, Kind, State, Step
from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.providers import Ask, Provider
from launchready_tui.fixes.providers._rfc2136_questions import AtTheCut, asked_for, handed_on, redirected
from launchready_tui.fixes.providers._rfc2136_server import ALGORITHMS, Server
from launchready_tui.fixes.providers._rfc2136_update import TYPES, filled, refuse_unsendable
from launchready_tui.fixes.records import BYTES, PIECES, name_of, rdataset, said, state_of, type_of
from launchready_tui.model import RecordSet
from launchready_tui.secret import Secret
from launchready_tui.sources._dns_wire import shown
from launchready_tui.text import listed

# A transfer answers the questions of one plan; each only once, so that reading again is looking again. Ours.
_REMEMBERED_SECONDS = 1.0

_Key = tuple[str, str]


@dataclass(slots=True)
class _Zone:
    """A zone as a transfer showed it; None where the server shows none."""

    zone: dns.zone.Zone | None
    at: float
    told: set[_Key] = field(default_factory=set)

    def sets(self, name: dns.name.Name) -> list[dns.rdataset.Rdataset]:
        node = self.zone.get_node(name) if self.zone is not None else None
        return list(node) if node is not None else []


@dataclass(slots=True)
class NameServerPlace:
    """`zone` without the trailing dot; `key` the TSIG key's name, `secret` its base64 value."""

    server: str
    port: int
    zone: str
    key: str
    secret: Secret
    algorithm: str = "hmac-sha256"
    _zone: _Zone | None = field(default=None, init=False, repr=False)
    _wire: dict[_Key, list[dns.rdata.Rdata]] = field(default_factory=dict, init=False, repr=False)

    @property
    def kind(self) -> Kind:
        return "records"

    @property
    def name(self) -> str:
        return f"the name server {self.server}, zone {self.zone}"

    @property
    def atomic(self) -> bool:
        return True

    @property
    def _server(self) -> Server:
        return Server(self.server, self.port, self.zone, self.key, self.secret, self.algorithm)

    def fresh(self) -> None:
        """Forget what was read: the next look is a new one."""
        self._zone = None
        self._wire.clear()

    # ---- reading ----

    async def read(self, name: str, type: str) -> State:
        key = target(name, type, self.zone)
        asked, rdtype = name_of(key[0]), type_of(type)
        whole = await self._whole(key)
        if whole.zone is None:
            found, ttls = await asked_for(self._server, asked, rdtype)
        else:
            sets = [one for one in whole.sets(asked) if one.rdtype == rdtype]
            found, ttls = [rdata for one in sets for rdata in one], {one.ttl for one in sets}
        if len(ttls) > 1:
            raise FixProblem(
                f"The {type} records of {said(name)} have different TTLs ({listed(sorted(map(str, ttls)))}), which we "
                "could not put back. Give them one first."
            )
        self._wire[key] = found
        return state_of(found, ttls.pop()) if found else State()

    async def _whole(self, key: _Key | None = None) -> _Zone:
        """The zone by transfer: the one at hand while it is young and was not asked for `key` yet."""
        held = self._zone
        if held is None or time.monotonic() - held.at > _REMEMBERED_SECONDS or key in held.told:
            try:
                held = _Zone(await self._server.transfer(), time.monotonic())
            except FixProblem:  # a server may take updates and still refuse transfers
                held = _Zone(None, time.monotonic())
            self._zone = held
        if key is not None and held.zone is not None:
            held.told.add(key)
        return held

    async def count(self) -> int | None:
        records = await self.records()
        return None if records is None else sum(len(one.values) for one in records)

    async def records(self) -> tuple[RecordSet, ...] | None:
        whole = await self._whole()
        if whole.zone is None:
            return None
        found: list[RecordSet] = []
        for name, held in whole.zone.iterate_rdatasets():
            type = dns.rdatatype.to_text(held.rdtype)
            if type != "SOA" and type not in SIGNED:
                found.append(RecordSet(shown(name), type, state_of(held, held.ttl).values, held.ttl))
        return tuple(found)

    async def reach(self) -> Reach:
        """An update that changes nothing shows that the key is known and may write; a transfer, that it may read."""
        try:
            update = self._server.update()
            update.present(name_of(self.zone), "SOA")
            code = await self._server.tell(update)
        except FixProblem as problem:
            return Reach(None, None, problem.sentence)
        if code == dns.rcode.NOERROR:
            return Reach(True, True, f"{self.server} takes our changes to {self.zone}.")
        missing = (f"the right to update {self.zone} for the key {self.key}",)
        return Reach(None, False, self._server.refusal(code), missing)

    # ---- what a step comes to here ----

    async def complete(self, step: Step) -> Step:
        """A set that could not go over the wire unchanged, there or back, is refused before anything."""
        before = rdataset(step.type, step.before.values, 0, step.before.beside)
        key = _key(name_of(step.name), type_of(step.type))
        if key not in self._wire:
            await self.read(*key)
        live = self._wire[key]
        if set(live) != set(before) or len(set(step.before.values)) != len(step.before.values):
            raise FixProblem(f"{step.label} is kept in a form that we could not put back exactly. Change it by hand.")
        step = prepared(step, self.zone)
        ready = replace(step, after=_kept(step))
        refuse_unsendable(ready)
        await self._not_hidden(ready)
        if ready.type == "NS" and ready.name == self.zone:
            ready = _at_the_top(ready)
            await self._have_addresses(ready)
        return ready

    async def _not_hidden(self, step: Step) -> None:
        """What stands below a name that is handed on, or redirected, is seen by nobody (RFC 1034, RFC 6672)."""
        if self._zone is None or self._zone.zone is None:
            return  # the questions told
        name, top = name_of(step.name), name_of(self.zone)
        while name != top:
            name = name.parent()
            types = {one.rdtype for one in self._zone.sets(name)}
            if dns.rdatatype.DNAME in types:
                raise FixProblem(redirected(step.name, shown(name)))
            if dns.rdatatype.NS in types and name != top and step.type not in ("A", "AAAA"):
                raise FixProblem(handed_on(step.name, shown(name)))

    async def _have_addresses(self, step: Step) -> None:
        for value in step.after.values:
            name = name_of(value)
            if not name.is_subdomain(name_of(self.zone)):
                continue
            if not any([(await self._state(name, type)).values for type in ("A", "AAAA")]):
                raise FixProblem(
                    f"{shown(name)} has no address in {self.zone}, so nobody could ask it. Add its A record first."
                )

    async def _state(self, name: dns.name.Name, type: str) -> State:
        """A set that stands beside what is changed: the zone at hand will do."""
        rdtype = type_of(type)
        if self._zone is not None and self._zone.zone is not None:
            found = next((one for one in self._zone.sets(name) if one.rdtype == rdtype), None)
            return State() if found is None else state_of(found, found.ttl)
        try:
            rdatas, ttls = await asked_for(self._server, name, rdtype)
        except AtTheCut:
            return State()  # other servers answer for the rest of this name: what is hidden here cannot be seen
        return state_of(rdatas, min(ttls)) if rdatas else State()

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        if not step.after.values and step.type != "NS":
            return ()
        name = name_of(step.name)
        whole = self._zone if self._zone is not None else await self._whole()
        if whole.zone is not None:
            types = [dns.rdatatype.to_text(one.rdtype) for one in whole.sets(name)]
        elif step.type in ("CNAME", "NS"):
            types = list(TYPES)
        else:
            types = ["CNAME", "NS"]
        sets = {type: await self._state(name, type) for type in types if type not in SIGNED}
        return conflicts_at(step, sets, self.zone)

    # ---- writing ----

    async def write(self, steps: Sequence[Step]) -> None:
        update = filled(self._server.update(), steps, self.zone)
        self.fresh()
        await self._server.change(update)


def _at_the_top(step: Step) -> Step:
    """The NS set of a zone keeps its TTL: a server takes a new one only with a new value, so it could not come back."""
    if step.retime:
        raise FixProblem(f"The TTL of the NS records of {step.name} itself cannot be changed over the network.")
    return replace(step, after=replace(step.after, ttl=step.before.ttl)) if step.before.values else step


def _key(name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> _Key:
    return shown(name), dns.rdatatype.to_text(rdtype)


def _kept(step: Step) -> State:
    """What is wanted, as it will be kept here: a TTL of its own, and values that stay in the form that they have."""
    before, after = step.before, step.after
    for value, key, text in after.beside:
        if key == "proxied" and text == "yes":
            raise FixProblem(f"A name server cannot stand before {said(value)}: that is for a host such as Cloudflare.")
    ttl = before.ttl if after.ttl is None and before.values else after.ttl
    beside = tuple(one for one in before.beside if one[1] in (PIECES, BYTES) and one[0] in after.values)
    return replace(after, ttl=(limits.DNS_TTL if ttl is None else ttl) if after.values else None, beside=beside)


def _open(given: Mapping[str, str], secret: Secret) -> NameServerPlace:
    try:
        server = str(ipaddress.ip_address(given["server"].strip()))
    except ValueError:
        raise ValueError("The name server is typed as its IP address, such as 192.0.2.53.") from None
    port, algorithm = given.get("port") or "53", (given.get("algorithm") or "hmac-sha256").strip().lower()
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError("The port is a number from 1 to 65535; 53 is usual.")
    if algorithm not in ALGORITHMS:
        raise ValueError(f"The key's algorithm is one of {listed(list(ALGORITHMS))}.")
    return NameServerPlace(
        server, int(port), given["zone"].strip().rstrip(".").lower(), given["key"], secret, algorithm
    )


PROVIDER = Provider(
    kind="rfc2136",
    name="a name server that takes dynamic updates",
    hosts=(),
    asks=(
        Ask("server", "Address of the primary name server", "192.0.2.53"),
        Ask("port", "Port", "53", "53"),
        Ask("key", "Name of the TSIG key", "launchready."),
        Ask("algorithm", "How the key signs", "hmac-sha256", "hmac-sha256"),
    ),
    secret="The TSIG key, as base64",
    open=_open,
    scopes=("update and transfer of the zone for this key",),
)
