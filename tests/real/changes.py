"""One zone at a real server, changed through the real Cycle: what every place that keeps records has to hold."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field

import dns.asyncquery
import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.tsig
import dns.xfr
import dns.zone
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import ChangeState, FixProblem, Plan, Progress, Step
from launchready_tui.fixes.place import DnsPlace
from launchready_tui.model import Fix, RecordSet
from tests.fixes.test_cycle import Notebook

ZONE = "good.example"
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
LONG = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 12  # 402 bytes: two pieces
TEXT = f"""
@ 3600 IN SOA ns1 hostmaster 1 3600 600 86400 300
@ 3600 IN NS ns1
@ 3600 IN NS ns2
ns1 300 IN A 127.0.0.1
ns2 300 IN A 127.0.0.2
ns3 300 IN A 127.0.0.3
@ 300 IN A 93.184.215.14
@ 300 IN MX 10 mail
@ 300 IN TXT "v=spf1 -all"
@ 300 IN TXT "verify=1"
a 300 IN A 93.184.215.14
a 300 IN A 93.184.215.15
aaaa 300 IN AAAA 2606:2800:21f::1
cname 300 IN CNAME good.example.
mx 300 IN MX 10 mail
mx 300 IN MX 20 mail2
txt 300 IN TXT "{LONG[:200]}" "{LONG[200:]}"
caa 300 IN CAA 0 issue "ca.example; validationmethods=dns-01"
_sip._tcp 300 IN SRV 10 60 5060 sip
sub 300 IN NS ns1.elsewhere.example.
sub 300 IN NS ns2.elsewhere.example.
* 300 IN A 93.184.215.99
*.wild 300 IN TXT "any"
mail 300 IN A 93.184.215.16
mail2 300 IN A 93.184.215.17
sip 300 IN A 93.184.215.18
"""
OLD = {
    "A": "a",
    "AAAA": "aaaa",
    "CNAME": "cname",
    "MX": "mx",
    "TXT": "txt",
    "CAA": "caa",
    "SRV": "_sip._tcp",
    "NS": "sub",
}
NEW: dict[str, tuple[str, ...]] = {
    "A": ("93.184.215.14", "93.184.215.20"),
    "AAAA": ("2606:2800:21f::1", "2606:2800:21f::2"),
    "CNAME": ("mail.good.example.",),
    "MX": ("10 mail.good.example.", "20 mail2.good.example.", "30 mail.elsewhere.example."),
    "TXT": ("v=DKIM1; k=rsa; p=" + "A" * 600,),
    "CAA": ('0 issue "other.example"', '0 issuewild ";"', '128 iodef "mailto:a@good.example"'),
    "SRV": ("10 60 5060 sip.good.example.", "20 0 5061 sip.elsewhere.example."),
    "NS": ("ns1.elsewhere.example.", "ns3.elsewhere.example."),
}
Held = dict[tuple[str, str], tuple[int, frozenset[bytes]]]
MADE = frozenset(("SOA", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY"))


def parsed() -> dns.zone.Zone:
    return dns.zone.from_text(TEXT, dns.name.from_text(ZONE), relativize=False)


def wire(type: str, *values: str) -> frozenset[bytes]:
    """What values have to be on the wire, by dnspython alone. A TXT is cut every 255 bytes."""
    if type != "TXT":
        return frozenset(dns.rdata.from_text("IN", type, value).to_digestable() for value in values)
    made = []
    for value in values:
        raw = value.encode()
        made.append([raw[at : at + 255] for at in range(0, len(raw), 255)] or [b""])
    return frozenset(b"".join(bytes([len(part)]) + part for part in parts) for parts in made)


@dataclass
class Ground:
    """A server with the zone, and a launch that may change it."""

    place: DnsPlace
    port: int
    address: str = "127.0.0.1"
    keyring: dict[dns.name.Name, dns.tsig.Key] | None = None  # for looking at the whole zone
    book: Notebook = field(default_factory=Notebook)

    def cycle(self) -> Cycle:
        """The launch opened anew, knowing what the journal says."""
        return Cycle(lambda kind, name: self.place, self.book, lambda: NOW, self.book.changes())

    async def zone(self) -> dns.zone.Zone:
        zone = dns.zone.Zone(dns.name.from_text(ZONE), relativize=False)
        query, _ = dns.xfr.make_query(zone)
        if self.keyring is not None:
            query.use_tsig(self.keyring)
        await dns.asyncquery.inbound_xfr(self.address, zone, query, port=self.port, lifetime=10)
        return zone

    async def held(self) -> Held:
        """All of the zone but what the server makes by itself."""
        return held(await self.zone())

    async def asked(self, name: str, type: str) -> frozenset[bytes]:
        """One set as the server answers it, over TCP."""
        question = dns.message.make_query(name, type, flags=0)
        answer = await dns.asyncquery.tcp(question, self.address, timeout=10, port=self.port)
        sections = answer.answer if answer.flags & dns.flags.AA else answer.authority
        found = [one for one in sections if one.name == question.question[0].name and one.rdtype.name == type]
        return frozenset(rdata.to_digestable() for one in found for rdata in one)

    async def plan(self, *sets: RecordSet) -> Plan:
        return await self.cycle().plan("dns.x.y", "A change", Fix("records", "Do it.", records=sets))

    async def apply(self, plan: Plan) -> Progress:
        last = [progress async for progress in self.cycle().apply(plan, "Ada")][-1]
        assert last.ok, last.text
        assert last.change is not None
        assert last.change.state is ChangeState.APPLIED
        return last

    async def undo(self, number: int | None = None) -> None:
        cycle = self.cycle()
        last = [progress async for progress in cycle.undo(number or cycle.changes[-1].number, "Ada")][-1]
        assert last.ok, last.text
        assert last.change is not None
        assert last.change.state is ChangeState.UNDONE


def same(now: Held, then: Held) -> None:
    """The difference is what a reader of a failure needs."""
    assert {key: now.get(key) for key in now.keys() | then if now.get(key) != then.get(key)} == {
        key: then.get(key) for key in now.keys() | then if now.get(key) != then.get(key)
    }


def held(zone: dns.zone.Zone) -> Held:
    found: Held = {}
    for name, rdataset in zone.iterate_rdatasets():
        if rdataset.rdtype.name not in MADE:
            values = frozenset(rdata.to_digestable() for rdata in rdataset)
            found[name.to_text(omit_final_dot=True).lower(), rdataset.rdtype.name] = rdataset.ttl, values
    return found


async def fixed_and_undone(ground: Ground, *wanted: RecordSet) -> None:
    """Exactly the sets that the plan names change, to what it shows; and the undo leaves the zone as it was."""
    before = await ground.held()
    plan = await ground.plan(*wanted)
    same(await ground.held(), before)  # a plan changes nothing
    await ground.apply(plan)
    expected = dict(before)
    for step in plan.steps:
        if step.after.values:
            assert step.after.ttl is not None
            expected[step.name, step.type] = step.after.ttl, _on_the_wire(step)
        else:
            del expected[step.name, step.type]
    for (name, type), (_, values) in expected.items():
        if (name, type) not in before or before[name, type][1] != values:
            assert await ground.asked(name, type) == values
    same(await ground.held(), expected)
    for one in wanted:
        assert {(step.name, step.type) for step in plan.steps} >= {(one.name, one.type)}
    await ground.undo()
    same(await ground.held(), before)


def _on_the_wire(step: Step) -> frozenset[bytes]:
    """A text that stays keeps the pieces that it is in."""
    if step.type == "TXT" and LONG in step.after.values:
        assert step.after.values == (LONG,)
        assert step.after.beside == ((LONG, "pieces", f"200+{len(LONG) - 200}"),)
        return held(parsed())[f"txt.{ZONE}", "TXT"][1]
    return wire(step.type, *step.after.values)


def sets_of(type: str) -> dict[str, RecordSet]:
    """A new set, one that changes and one that goes."""
    old = f"{OLD[type]}.{ZONE}"
    new = f"_new._tcp.{ZONE}" if type == "SRV" else f"new-{type.lower()}.{ZONE}"
    return {
        "new": RecordSet(new, type, NEW[type], 120),
        "changed": RecordSet(old, type, NEW[type], 600, drops=(LONG,)),
        "gone": RecordSet(old, type, ()),
        "retimed": RecordSet(old, type, _values(old, type), 60, retime=True),
    }


def _values(name: str, type: str) -> tuple[str, ...]:
    found = parsed().get_rdataset(dns.name.from_text(name), type)
    assert found is not None
    return (LONG,) if type == "TXT" else tuple(rdata.to_text() for rdata in found)


def text(*values: str, name: str = "hostile") -> RecordSet:
    return RecordSet(f"{name}.{ZONE}", "TXT", values)


# Edits that must come out right on the wire: the set as it is typed, and what has to be there then.
RIGHT: dict[str, tuple[RecordSet, RecordSet]] = {
    **{
        name: (text(value), text(value))
        for name, value in {
            "quotes": 'say "hello" now',
            "a quote alone": '"',
            "quoted whole": '"quoted"',
            "quotes around a space": 'a" "b',
            "semicolons": "v=DKIM1; k=rsa;; p=;",
            "a backslash": "back\\slash",
            "backslashes": '\\\\ \\" \\; \\065 \\',
            "letters beyond ASCII": "ü and 漢 and 😀",
            "control bytes": "a\x00b\x1b[31m\x7f\n\t",
            "spaces": "  two  spaces  ",
            "nothing": "",
            "at the edge of a piece": "x" * 254 + "ü" + "y" * 255,
            "4,000 bytes": "0123456789" * 400,
            "percent, dollar, at": "%20 $ORIGIN @ ( ) .",
        }.items()
    },
    "mixed case": (
        RecordSet("WWW.Good.Example", "CNAME", ("Mail.GOOD.example.",)),
        RecordSet(f"www.{ZONE}", "CNAME", ("mail.good.example.",)),
    ),
    "an address in another form": (
        RecordSet(f"v6.{ZONE}", "AAAA", ("2606:2800:021F:0::00AB",)),
        RecordSet(f"v6.{ZONE}", "AAAA", ("2606:2800:21f::ab",)),
    ),
    "IDNA": (
        RecordSet(f"bücher.{ZONE}", "CNAME", ("straße.example.",)),
        RecordSet(f"xn--bcher-kva.{ZONE}", "CNAME", ("xn--strae-oqa.example.",)),
    ),
    "100 values": (
        RecordSet(f"many.{ZONE}", "A", tuple(f"93.184.{n}.1" for n in range(100))),
        RecordSet(f"many.{ZONE}", "A", tuple(f"93.184.{n}.1" for n in range(100))),
    ),
    "100 texts": (text(*(f"value {n}" for n in range(100))), text(*(f"value {n}" for n in range(100)))),
    "apex": (RecordSet(ZONE, "A", ("93.184.215.30",)), RecordSet(ZONE, "A", ("93.184.215.30",))),
    "wildcard": (RecordSet(f"*.{ZONE}", "A", ("93.184.215.31",)), RecordSet(f"*.{ZONE}", "A", ("93.184.215.31",))),
    "wildcard alias": (
        RecordSet(f"*.box.{ZONE}", "CNAME", ("good.example.",)),
        RecordSet(f"*.box.{ZONE}", "CNAME", ("good.example.",)),
    ),
    "below a wildcard": (
        RecordSet(f"w.{ZONE}", "A", ("93.184.215.99",)),
        RecordSet(f"w.{ZONE}", "A", ("93.184.215.99",)),
    ),
    "a text in CAA with a semicolon": (
        RecordSet(f"c.{ZONE}", "CAA", ('0 issue "ca.example; accounturi=https://ca.example/1"',)),
        RecordSet(f"c.{ZONE}", "CAA", ('0 issue "ca.example; accounturi=https://ca.example/1"',)),
    ),
    "no mail at all": (RecordSet(f"n.{ZONE}", "MX", ("0 .",)), RecordSet(f"n.{ZONE}", "MX", ("0 .",))),
    "TTL 0": (RecordSet(f"t.{ZONE}", "A", ("93.184.215.1",), 0), RecordSet(f"t.{ZONE}", "A", ("93.184.215.1",), 0)),
}
CASES = text("CaSe", "case")  # two values for whoever compares bytes
# Edits that are refused before anything is written, each with the words of its sentence.
REFUSED: dict[str, tuple[RecordSet, str]] = {
    "relative": (RecordSet(f"r.{ZONE}", "CNAME", ("mail",)), "without a dot at its end"),
    "outside": (RecordSet("www.other.example", "A", ("93.184.215.1",)), "does not lie inside"),
    "almost inside": (RecordSet("notgood.example", "A", ("93.184.215.1",)), "does not lie inside"),
    "twice": (RecordSet(f"d.{ZONE}", "A", ("93.184.215.1", "93.184.215.1")), "one and the same"),
    "twice but for case": (RecordSet(f"d.{ZONE}", "MX", ("10 a.example.", "10 A.EXAMPLE.")), "one and the same"),
    "twice but for form": (RecordSet(f"d.{ZONE}", "AAAA", ("2001:DB8::1", "2001:db8:0::1")), "one and the same"),
    "two aliases": (RecordSet(f"d.{ZONE}", "CNAME", ("a.example.", "b.example.")), "one CNAME only"),
    "alias to itself": (RecordSet(f"d.{ZONE}", "CNAME", ("D.good.example.",)), "leads nowhere"),
    "alias at the top": (RecordSet(ZONE, "CNAME", ("a.example.",)), "top of its zone"),
    "no name servers": (RecordSet(ZONE, "NS", ()), "cannot be without"),
    "DS at the top": (RecordSet(ZONE, "DS", (f"1 13 2 {'ab' * 32}",)), "registrar"),
    "DS without NS": (RecordSet(f"d.{ZONE}", "DS", (f"1 13 2 {'ab' * 32}",)), "no NS records"),
    "NS over others": (RecordSet(f"mx.{ZONE}", "NS", ("ns.elsewhere.example.",)), "would hide its MX"),
    "at a name that is handed on": (RecordSet(f"sub.{ZONE}", "TXT", ("x",)), "handed to other name servers"),
    "SOA": (RecordSet(ZONE, "SOA", ("a. b. 1 2 3 4 5",)), "not set by hand"),
    "ANY": (RecordSet(ZONE, "ANY", ("x",)), "not set by hand"),
    "priority": (RecordSet(f"d.{ZONE}", "MX", ("65536 a.example.",)), "no MX record"),
    "port": (RecordSet(f"_d._tcp.{ZONE}", "SRV", ("1 2 70000 a.example.",)), "no SRV record"),
    "flags": (RecordSet(f"d.{ZONE}", "CAA", ('256 issue "a.example"',)), "no CAA record"),
    "loose semicolon": (RecordSet(f"d.{ZONE}", "CAA", ("0 issue a.example; b=c",)), "left out"),
    "empty CAA": (RecordSet(f"d.{ZONE}", "CAA", ('0 issue ""',)), "is empty"),
    "two lines": (RecordSet(f"d.{ZONE}", "A", ("93.184.215.1\n93.184.215.2",)), "cannot be seen"),
    "leading zero": (RecordSet(f"d.{ZONE}", "A", ("093.184.215.1",)), "no A record"),
    "no letter of names": (RecordSet(f"d.{ZONE}", "CNAME", ("😀.example.",)), "no CNAME record"),
    "half a letter": (text("\ud800"), "no TXT record"),
    "more than 64 KB": (text("x" * 66_000), "64 KB"),
    "TTL": (RecordSet(f"d.{ZONE}", "A", ("93.184.215.1",), 2**31), "not possible"),
    "a * in the middle": (RecordSet(f"a.*.{ZONE}", "A", ("93.184.215.1",)), "not the first part"),
    "NS at a *": (RecordSet(f"*.d.{ZONE}", "NS", ("a.example.",)), "cannot stand at a *"),
}


async def right_on_the_wire(ground: Ground, typed: RecordSet, there: RecordSet) -> None:
    before = await ground.held()
    plan = await ground.plan(typed)
    shown = next(step for step in plan.steps if step.after.values)
    assert (shown.name, shown.type, set(shown.after.values)) == (there.name, there.type, set(there.values))
    await ground.apply(plan)
    assert await ground.asked(there.name, there.type) == wire(there.type, *there.values)
    after = await ground.held()
    assert after[there.name, there.type] == (shown.after.ttl, wire(there.type, *there.values))
    await ground.undo()
    same(await ground.held(), before)


async def refused(ground: Ground, typed: RecordSet, words: str) -> None:
    before, lines = await ground.held(), len(ground.book.lines)
    with pytest.raises(FixProblem) as caught:
        await ground.plan(typed)
    assert words in caught.value.sentence
    assert caught.value.sentence.endswith(".")
    same(await ground.held(), before)
    assert len(ground.book.lines) == lines


# ---- sets that nobody thought of ----

_LABEL = st.text("abcXYZ019-_", min_size=1, max_size=20)
_HOST = st.lists(_LABEL, min_size=1, max_size=4).map(lambda labels: ".".join(labels) + ".")
_ANY = st.text(st.characters(codec="utf-8"), max_size=300)
_NUMBER = st.integers(-1, 70_000)
_TTL = st.sampled_from((0, 1, 60, 300, 86_400, 2**31 - 1))


def _joined(*parts: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: " ".join(str(part) for part in found))


_QUOTED = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60).map(
    lambda value: '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
VALUES: Mapping[str, st.SearchStrategy[str]] = {
    "TXT": _ANY,
    "MX": _joined(_NUMBER, _HOST),
    "SRV": _joined(_NUMBER, _NUMBER, _NUMBER, _HOST),
    "CAA": _joined(st.integers(0, 256), st.sampled_from(("issue", "issuewild", "iodef", "is-sue")), _QUOTED),
}


def generated() -> st.SearchStrategy[RecordSet]:
    return st.sampled_from(sorted(VALUES)).flatmap(
        lambda type: st.builds(
            RecordSet,
            st.just(f"made.{ZONE}"),
            st.just(type),
            st.lists(VALUES[type], min_size=1, max_size=6).map(tuple),
            _TTL,
        )
    )


async def right_or_refused(ground: Ground, wanted: RecordSet) -> bool:
    """True where it was written. Whatever the set: it is on the wire as typed, or nothing was touched."""
    before = await ground.held()
    plan = None
    with suppress(FixProblem):
        plan = await ground.plan(wanted)
    if plan is None:
        same(await ground.held(), before)
        return False
    last = [progress async for progress in ground.cycle().apply(plan, "Ada")][-1]
    if not last.ok:  # the server itself would not have it
        assert "Nothing was changed." in last.text
        same(await ground.held(), before)
        return False
    assert await ground.asked(wanted.name, wanted.type) == wire(wanted.type, *wanted.values)
    (step,) = plan.steps
    assert (await ground.held())[wanted.name, wanted.type] == (step.after.ttl, wire(wanted.type, *wanted.values))
    await ground.undo()
    same(await ground.held(), before)
    return True


def generated_hold(opened: AbstractAsyncContextManager[Ground]) -> None:
    """Bounded: each example is a handful of transfers and two changes."""
    written: list[bool] = []
    with asyncio.Runner() as runner:
        ground = runner.run(_entered(opened))

        @settings(
            max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(generated())
        def holds(wanted: RecordSet) -> None:
            written.append(runner.run(right_or_refused(ground, wanted)))

        try:
            holds()
        finally:
            runner.run(_left(opened))
    assert written.count(True) > 10  # neither are all refused
    assert written.count(False) > 10  # nor none


async def _entered(opened: AbstractAsyncContextManager[Ground]) -> Ground:
    return await opened.__aenter__()


async def _left(opened: AbstractAsyncContextManager[Ground]) -> None:
    await opened.__aexit__(None, None, None)
