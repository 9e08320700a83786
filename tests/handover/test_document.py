"""What the handover says, and the file that it becomes."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from launchready_tui import handover as package
from launchready_tui.handover.document import SECTIONS, Handover, Product
from launchready_tui.handover.export import build
from launchready_tui.handover.toml import from_toml, schema, schema_text, to_toml
from launchready_tui.owners import SYSTEMS
from launchready_tui.text import clean
from tests.handover.documents import HANDOVERS
from tests.handover.worlds import facts
from tests.world import NOW


def test_it_says_all_that_a_team_asks() -> None:
    whole = build(facts())
    assert whole.product.canonical_url == "https://www.good.example/", "as the redirects say"
    assert whole.product.standing.startswith("Not ready: 1 high")
    assert whole.product.absent == {"payments": "Ada, 3 Nov 2026"}
    assert [system.system for system in whole.systems] == [system for system, _, _ in SYSTEMS]
    by_system = {system.system: system for system in whole.systems}
    assert by_system["registrar"].provider == "Namecheap", "filled up with what a check saw"
    assert by_system["registrar"].last_proved == dt.date(2026, 11, 20)
    assert by_system["dns"].last_proved == dt.date(2026, 11, 22), "a sign-in that was told counts as proof"
    assert by_system["dns"].second_factor
    assert by_system["database"].absent
    assert by_system["payments"].absent
    (txt,) = whole.records
    assert (txt.type, txt.values, txt.ttl) == ("TXT", ["v=spf1 include:_spf.google.com ~all"], 300)
    assert "may send mail as you" in txt.purpose
    assert {route.kind: route.url for route in whole.routes} == {
        "home": "https://good.example/",
        "login": "https://good.example/login",
        "signup": "",
        "api": "https://api.good.example/health",
        "subdomain": "https://api.good.example/",
    }
    assert [each.check for each in whole.redirects] == ["dns.redirect.canonical"]
    assert [each.check for each in whole.edge] == ["edge.tls.valid", "edge.cdn.proxied"]
    assert whole.deploy.rollback == "vercel rollback"
    assert whole.deploy.rollback_rehearsed == dt.date(2026, 11, 21)
    assert whole.performance[0].details == {"p95": "310 ms"}
    assert whole.email.senders == ["Resend", "Mailchimp"]
    assert whole.email.inbox == "Google Workspace"
    assert [change.number for change in whole.changes] == [7]
    assert {each.checks[0] for each in whole.open_findings} == {"dns.www.resolves", "edge.cdn.proxied"}
    assert [each.check for each in whole.open_questions] == ["audit.registrar.access"]
    assert len(whole.failure_signs) == 21
    assert next(s for s in whole.failure_signs if "try passwords" in s.sign).state.startswith("is the case")
    assert [(each.who, each.until) for each in whole.accepted_risks] == [("Ada", dt.date(2027, 3, 3))]
    assert whole.next_actions[0].due == dt.date(2026, 12, 24)
    assert "https://good.example/login" in whole.verify.expect
    assert "launchready check good.example" in whole.verify.commands


def test_the_file_reads_back_and_is_valid() -> None:
    whole = build(facts())
    text = to_toml(whole)
    assert from_toml(text) == whole
    Draft202012Validator(schema()).validate(tomllib.loads(text))
    assert text.startswith("#:schema ./handover.schema.json\n")


def test_every_section_has_its_comment_above_it() -> None:
    assert set(SECTIONS) == {field.name for field in msgspec.structs.fields(Handover)} - {"schema_version"}
    for whole in (build(facts()), Handover(product=Product(domain="good.example"))):
        lines = to_toml(whole).split("\n")
        for section, comment in SECTIONS.items():
            below = lines[lines.index(f"# {comment}") + 1]
            assert below.startswith((f"[{section}]", f"[[{section}]]", f"{section} = []")), section


def test_the_order_is_the_same_every_time() -> None:
    assert to_toml(build(facts())) == to_toml(build(facts()))
    names = [line for line in to_toml(build(facts())).split("\n") if line.startswith("[[systems]]")]
    assert len(names) == len(SYSTEMS)


def test_the_published_schema_is_made_from_the_types() -> None:
    """When this fails, a field was added: write schema_text() to handover/schema.json, and look at what changed."""
    published = Path(package.__file__).with_name("schema.json").read_text(encoding="utf-8")
    assert published == schema_text()
    Draft202012Validator.check_schema(json.loads(published))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "It is not a handover"),
        ("schema_version = 'x'", "It is not a handover"),
        ("[product]", "domain"),
        ("= nonsense", "It is not valid TOML"),
        ("a" + ".b" * 100 + " = 1", "64 dots"),
        ("[product]\ndomain = 3", "It is not a handover"),
        ("schema_version = 0\n[product]\ndomain = 'x'", "It is not a handover"),
    ],
)
def test_what_is_no_handover_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        from_toml(text)


def test_a_later_field_does_not_stop_an_earlier_reader() -> None:
    assert from_toml("later = 1\n[product]\ndomain = 'good.example'\nmood = 'fine'").product.domain == "good.example"


def json_like(value: object) -> object:
    """Days and times as JSON has them: what a schema is written for."""
    if isinstance(value, dict):
        return {key: json_like(each) for key, each in value.items()}
    if isinstance(value, list):
        return [json_like(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=60)
@given(HANDOVERS)
def test_any_document_round_trips_and_acts_on_no_terminal(whole: Handover) -> None:
    text = to_toml(whole)
    assert from_toml(text) == whole
    assert msgspec.convert(tomllib.loads(text), Handover) == whole, "a reader that knows nothing of ours"
    Draft202012Validator(schema()).validate(json_like(tomllib.loads(text)))
    for line in text.split("\n"):
        assert clean(line, limit=len(line) + 1) == line, "what cat would print is harmless"


def test_a_lone_surrogate_becomes_a_stand_in() -> None:
    text = to_toml(Handover(product=Product(domain="a\ud800b", written_at=NOW)))
    assert from_toml(text).product.domain == "a\ufffdb"
