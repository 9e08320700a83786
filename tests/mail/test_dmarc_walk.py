"""The tree walk of RFC 9989 section 4.10: which names are asked, where it stops, and whose organisation it finds."""

from __future__ import annotations

import pytest

from launchready_tui.mail import dmarc
from launchready_tui.sources import dns
from tests.world import CannedDns, found

POLICY = "v=DMARC1; p=reject; rua=mailto:a@good.example"


class Asked(CannedDns):
    """Keeps the names that were asked."""

    def __init__(self, records: dict[str, str | dns.Answer | tuple[str, ...]]) -> None:
        answers: dict[tuple[str, str], dns.Answer] = {}
        for name, value in records.items():
            at = f"_dmarc.{name}"
            if isinstance(value, str):
                value = (value,)
            answers[at, "TXT"] = found(at, "TXT", *value) if isinstance(value, tuple) else value
        super().__init__(answers, {}, None)
        self.names: list[str] = []

    async def ask(self, name: str, type: str) -> dns.Answer:
        self.names.append(name)
        return await super().ask(name, type)


def test_at_most_eight_names_are_asked() -> None:
    assert dmarc.targets("a.mail.good.example") == (
        "a.mail.good.example",
        "mail.good.example",
        "good.example",
        "example",
    )
    long = "a.b.c.d.e.f.g.h.i.j.mail.good.example"
    assert dmarc.targets(long) == (
        long,
        "g.h.i.j.mail.good.example",
        "h.i.j.mail.good.example",
        "i.j.mail.good.example",
        "j.mail.good.example",
        "mail.good.example",
        "good.example",
        "example",
    )
    assert dmarc.targets("a.b.c.d.e.f.good.example")[1] == "b.c.d.e.f.good.example"
    assert all(len(dmarc.targets(".".join("x" * n))) <= 8 for n in range(1, 120))
    assert dmarc.targets("Good.Example.") == ("good.example", "example")


async def test_a_domain_with_a_record_costs_one_question() -> None:
    source = Asked({"good.example": POLICY})
    found = await dmarc.find(source, "good.example")
    assert source.names == ["_dmarc.good.example"]
    assert found.own
    assert found.record is not None
    assert found.record.valid


@pytest.mark.parametrize(
    ("records", "start", "organisation"),
    [
        ({"good.example": POLICY}, "a.mail.good.example", "good.example"),
        ({"good.example": POLICY, "mail.good.example": POLICY}, "a.mail.good.example", "good.example"),
        ({"example": "v=DMARC1; p=reject; psd=y"}, "a.mail.good.example", "good.example"),
        (
            {"mail.good.example": "v=DMARC1; psd=n; p=none", "good.example": POLICY},
            "a.mail.good.example",
            "mail.good.example",
        ),
        ({"good.example": "v=DMARC1; psd=y; p=none", "example": POLICY}, "good.example", "good.example"),
        ({}, "a.mail.good.example", "a.mail.good.example"),
        ({"good.example": (POLICY, POLICY)}, "mail.good.example", "mail.good.example"),
        ({"good.example": "v=dmarc1; p=none"}, "mail.good.example", "mail.good.example"),
        ({"good.example": "v=DMARC1; p=bad"}, "mail.good.example", "mail.good.example"),
    ],
)
async def test_the_organisation(
    records: dict[str, str | dns.Answer | tuple[str, ...]], start: str, organisation: str
) -> None:
    assert await dmarc.org_domain(Asked(records), start) == organisation


async def test_psd_n_ends_the_walk_at_once() -> None:
    source = Asked({"mail.good.example": "v=DMARC1; p=none; psd=n"})
    assert await dmarc.org_domain(source, "mail.good.example") == "mail.good.example"
    assert source.names == ["_dmarc.mail.good.example"]


async def test_the_policy_is_the_organisations_or_the_suffixes() -> None:
    parent = await dmarc.find(Asked({"good.example": POLICY}), "a.mail.good.example")
    assert (parent.location, parent.own) == ("good.example", False)
    suffix = await dmarc.find(Asked({"example": "v=DMARC1; p=reject; psd=y"}), "good.example")
    assert suffix.location == "example"
    both = await dmarc.find(Asked({"example": "v=DMARC1; p=reject; psd=y", "good.example": POLICY}), "x.good.example")
    assert both.location == "good.example"


async def test_silence_is_not_absence() -> None:
    silent = dns.TimedOut("_dmarc.good.example", "TXT", 4.0)
    assert await dmarc.org_domain(Asked({"good.example": silent}), "mail.good.example") is None
    found = await dmarc.find(Asked({"good.example": silent}), "mail.good.example")
    assert found.record is None
    assert found.unsure is silent
