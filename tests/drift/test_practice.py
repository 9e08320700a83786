"""Must-show: verify against the practice startup. Nothing changed, nothing said; what is planted is found and named."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import structs

from launchready_tui.drift.facts import Facts, from_handover
from launchready_tui.drift.taking import take, verify
from launchready_tui.driftlook import Line, result
from launchready_tui.handover.document import Handover, Product
from launchready_tui.handover.reading import read_handover
from launchready_tui.handover.toml import to_toml
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.faults import SOUND_SETTINGS
from launchready_tui.practice.startup import Practice
from launchready_tui.project import Clock

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS = "settings.json"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def practice(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Practice]:
    started = await Practice.start(tmp_path_factory.mktemp("verify") / "practice", faults=())
    try:
        yield started
    finally:
        await started.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def facts(practice: Practice) -> Facts:
    """As they stand in a file that was written and read back."""
    baseline = await take(practice.project, Clock(), ())
    handover = structs.replace(Handover(product=Product(domain=DOMAIN)), baseline=baseline)
    return from_handover(read_handover(to_toml(handover).encode()))


def settings_file(practice: Practice) -> Path:
    return Path(practice.project.connections[1]["path"])


async def lines_of(facts: Facts, practice: Practice) -> tuple[Line, ...]:
    return await verify(facts, practice.project, Clock())


async def test_no_drift_where_nothing_changed(facts: Facts, practice: Practice) -> None:
    assert facts.count > 40
    assert {page.kind for page in facts.pages} == {"home", "login", "signup", "api"}
    assert dict(next(page.says for page in facts.pages if page.kind == "api")) == {"database": "ok", "status": "ok"}
    assert await lines_of(facts, practice) == ()


SWITCHED: dict[str, tuple[str, str | None, str]] = {
    # what is planted: (setting, its value, None: gone; the topic that names it)
    "no canonical redirect": ("redirects.canonical", None, "canonical"),
    "the other canonical host": ("redirects.canonical", f"www.{DOMAIN}", "canonical"),
    "the path is dropped": ("redirects.path", None, "path"),
    "https is not forced": ("https.redirect", None, "https"),
    "a redirect for a while only": ("https.redirect", "302", "redirect"),
    "HSTS gone": ("https.hsts", None, "HSTS"),
    "HSTS shorter": ("https.hsts", "max-age=300", "HSTS"),
    "CSP and the others gone": ("headers.security", None, "header"),
    "login answers 500": ("site.login", None, "page"),
    "API says another thing": ("site.api", None, "page"),
}


@pytest.mark.parametrize("planted", SWITCHED)
async def test_a_switched_setting_is_found(facts: Facts, practice: Practice, planted: str) -> None:
    name, value, topic = SWITCHED[planted]
    changed = {key: each for key, each in SOUND_SETTINGS.items() if key != name} | ({name: value} if value else {})
    file = settings_file(practice)
    before = file.read_text()
    file.write_text(json.dumps(changed))
    try:
        lines = await lines_of(facts, practice)
    finally:
        file.write_text(before)
    assert topic in {line.topic for line in lines if line.state == "drift"}, lines
    assert result(lines) == "drift"
    assert not [line for line in lines if line.state == "unknown"], lines


async def test_a_renewed_certificate_of_the_same_company_is_benign(facts: Facts, practice: Practice) -> None:
    file = settings_file(practice)
    before = file.read_text()
    file.write_text(json.dumps({key: each for key, each in SOUND_SETTINGS.items() if key != "certificate.renew"}))
    try:
        lines = await lines_of(facts, practice)
    finally:
        file.write_text(before)
    assert {(line.state, line.topic) for line in lines} == {("benign", "certificate")}
    assert result(lines) == "equal"
