"""What the world can see of a record that a shield, or the top of a zone, answers in another form."""

from __future__ import annotations

import pytest

from launchready_tui.arrival import Wanted, in_view
from launchready_tui.fixes.model import State, Step
from launchready_tui.fixes.watch import wanted_of
from launchready_tui.sources.dns import Answer, NoData
from tests.world import found

TOP, WWW = "good.example", "www.good.example"
OLD, NEW, SHIELD = "93.184.215.14", "93.184.215.20", "104.21.3.4"


def state(*values: str, proxied: bool) -> State:
    return State(values, 300, tuple((value, "proxied", "yes" if proxied else "no") for value in values))


@pytest.mark.parametrize(
    ("step", "answer", "fits"),
    [
        (Step("records", WWW, "CNAME", State(), state(f"{TOP}.", proxied=True)), found(WWW, "A", SHIELD), True),
        (Step("records", WWW, "CNAME", State(), state(f"{TOP}.", proxied=True)), NoData(WWW, "A", (), True), False),
        (Step("records", WWW, "A", state(OLD, proxied=False), state(NEW, proxied=True)), found(WWW, "A", SHIELD), True),
        (Step("records", WWW, "A", state(OLD, proxied=False), state(NEW, proxied=True)), found(WWW, "A", OLD), False),
        (Step("records", WWW, "AAAA", state("2001:db8::1", proxied=True), State()), found(WWW, "AAAA", "::2"), True),
        (Step("records", WWW, "A", state(OLD, proxied=False), State()), found(WWW, "A", OLD), False),
    ],
    ids=["alias", "alias not there", "address", "still bare", "an address less behind it", "taken away in the open"],
)
def test_a_shielded_step(step: Step, answer: Answer, fits: bool) -> None:
    assert wanted_of(step).fits(answer) is fits


def test_a_flattened_alias_is_answered_as_addresses() -> None:
    alias = State((f"{TOP}.",), 300, ((f"{TOP}.", "proxied", "no"), (f"{TOP}.", "flatten_cname", "yes")))
    wanted = wanted_of(Step("records", WWW, "CNAME", State(), alias))
    assert (wanted.asked, wanted.fits(found(WWW, "A", NEW))) == ("A", True)


def test_what_is_asked_for() -> None:
    alias, gone = Wanted(TOP, "CNAME", (f"{WWW}.",)), Wanted(TOP, "A", ())
    flat, beside = in_view((alias, gone), TOP)
    assert (flat.asked, flat.fits(found(TOP, "A", NEW))) == ("A", True)
    assert beside.fits(found(TOP, "A", NEW))
    assert in_view((gone,), TOP, among=(alias,)) == (beside,)
    assert in_view((gone,), TOP) == (gone,)
    below = Wanted(WWW, "CNAME", (f"{TOP}.",))
    assert in_view((below,), TOP) == (below,)
    assert below.asked == "CNAME"
