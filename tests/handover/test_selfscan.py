"""No value of the vault and nothing that looks like a secret gets into an export."""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.handover.export import build
from launchready_tui.handover.selfscan import scan
from launchready_tui.secret import Secret
from tests.handover.worlds import facts
from tests.test_leaks import CANARIES, HARMLESS

VAULT = "correct horse/battery+staple"


def test_a_whole_handover_is_clean() -> None:
    assert scan(msgspec.to_builtins(build(facts()))) == ()


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_passes(text: str) -> None:
    assert scan({"note": text, "list": [text], "deep": {"deeper": {"x": text}}}) == ()


@pytest.mark.parametrize(("rule", "canary"), CANARIES.items())
def test_a_canary_is_named_by_its_field_and_never_shown(rule: str, canary: str) -> None:
    hits = scan({"systems": [{"account": "fine"}, {"account": f"see {canary}"}]})
    assert f"systems[1].account: {rule}" in hits
    assert all(canary not in hit for hit in hits)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "inside a sentence": lambda s: f"the token is {s}.",
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64 after one byte": lambda s: base64.b64encode(b"x" + s.encode()).decode(),
    "base64 after two bytes": lambda s: base64.b64encode(b"xy" + s.encode() + b"zz").decode(),
    "hex": lambda s: s.encode().hex(),
    "HEX": lambda s: s.encode().hex().upper(),
    "url": lambda s: urllib.parse.quote(s, safe=""),
    "form": lambda s: urllib.parse.quote_plus(s),
    "all percent": lambda s: "".join(f"%{byte:02X}" for byte in s.encode()),
    "broken over lines": lambda s: s[:9] + "\n    " + s[9:],
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("value", [VAULT, "zażółć gęślą jaźń", "x" * 300])
def test_a_vault_value_is_found_in_every_form(encode: Callable[[str], str], value: str) -> None:
    hits = scan({"a": {"b": ["fine", encode(value)]}}, [Secret(value)])
    assert any(hit == "a.b[1]: a value that is kept in the vault" for hit in hits)
    assert all(value not in hit for hit in hits)


@pytest.mark.parametrize("form", ["plain", "inside a sentence", "hex", "HEX", "url", "form", "all percent"])
def test_a_short_vault_value_is_found(form: str) -> None:
    assert scan({"a": ENCODINGS[form]("kq7 w")}, [Secret("kq7 w")]) == ("a: a value that is kept in the vault",)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("password", "letmein", "password"),
        ("dbPassword", "hunter2", "password"),
        ("api_key", "a8f5f167f44f4964", "secret value"),
        ("authorization", "Bearer a8f5f167f44f", "secret value"),
        ("client-secret", "q9!xZ7pk", "secret value"),
        ("recovery", "a1b2c-3d4e5 f6g7h-8i9j0", "recovery code"),
        ("recovery_codes", "1234 5678 9012 3456", "recovery code"),
    ],
)
def test_a_field_whose_name_tells(field: str, value: str, rule: str) -> None:
    assert scan({"systems": [{field: value}]}) == (f"systems[0].{field}: {rule}",)
    assert scan({field: [value]}) == (f"{field}[0]: {rule}",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "in 1Password, vault Launch"),
        ("password", "••••••••"),
        ("password", ""),
        ("password", None),
        ("second_factor", True),
        ("token", "CLOUDFLARE_API_TOKEN"),
        ("secret", "https://vault.example/kv"),
        ("recovery", "safe in room 2, envelope 14"),
        ("recovery", "1Password"),
        ("tokens", 3),
        ("owner", "a8f5f167f44f4964"),
    ],
)
def test_a_field_that_only_says_where(field: str, value: object) -> None:
    assert scan({field: value}) == ()


def test_a_secret_used_as_a_name_is_found_and_not_repeated() -> None:
    canary = CANARIES["Stripe key"]
    hits = scan({"deploy": {canary: {"x": 1}}})
    assert hits == ("deploy.name 1: Stripe key",)


def test_very_short_vault_values_are_not_looked_for() -> None:
    assert scan({"a": "the cat sat"}, [Secret("cat"), Secret("")]) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=20), JSON, max_size=4), st.text(min_size=6, max_size=30))
def test_wherever_it_is_put_it_is_found_and_not_shown(document: dict[str, Any], value: str) -> None:
    needle = Secret(value + "§")
    assert scan({**document, "zz": {"deep": [[f"{value}§"]]}}, [needle])[-1].startswith("zz.deep[0][0]: ")
    assert all(value + "§" not in hit for hit in scan({**document, "zz": f"{value}§"}, [needle]))
