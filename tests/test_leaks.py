"""What looks like a secret, and what must not."""

from __future__ import annotations

import base64
import time
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.leaks import redact, rules_hit, telling, token_rules

# Made up, in the published form of each provider; put together here so that no scanner takes this file for a leak.
STRIPE = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
CANARIES: dict[str, str] = {
    "Stripe key": STRIPE,
    "Stripe webhook secret": "wh" + "sec_" + "a1B2c3D4e5F6g7H8i9J0k1L2",
    "AWS access key": "AK" + "IA" + "Q3EGTYH7JKLMNOPR",
    "GitHub token": "gh" + "p_" + "x7Kd93mQpLrT5vWz8YbN2cFgH4jS6tUa1eRi",
    "GitLab token": "gl" + "pat-" + "x7Kd93mQpLrT5vWz8YbN",
    "Slack token": "xo" + "xb-" + "1234567890-abcdefABCDEF",
    "Slack webhook": "https://hooks.slack" + ".com/services/" + "T00000000/B00000000/x7Kd93mQpLrT5vWz8YbN",
    "Google API key": "AI" + "za" + "SyD4f8Kq2mN7pR1tV5xZ9bC3eG6hJ0lM2oQ",
    "SendGrid key": "S" + "G." + "x7Kd93mQpLrT5vWz8YbN2c.FgH4jS6tUa1eRiOpAsDfGhJkLzXcVbNm",
    "Resend key": "r" + "e_" + "AbCd1234_x7Kd93mQpLrT5vWz8YbN2cFg",
    "npm token": "np" + "m_" + "x7Kd93mQpLrT5vWz8YbN2cFgH4jS6tUa1eRi",
    "Supabase key": "sb_" + "secret_" + "x7Kd93mQpLrT5vWz8YbN2c",
    "signed token (JWT)": "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x7Kd93mQpLrT5vWz8YbN2c",
    "private key": "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----",
    "password in an address": "postgres://app:" + "hunter2" + "@db.internal:5432/app",
    "authorization header": "Authorization: Bearer " + "x7Kd93mQpLrT5vWz",
    "secret value": "DB_PASSWORD=" + "Tr0ub4dor&3",
}
HARMLESS = [
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1TaNgLlSyQMNWVLNLvyY/neDgaL2oqQE8T5illKqCgDtFHc8eHVAU",
    "google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ",
    "v=spf1 include:_spf.google.com ~all",
    "commit 3fa2c1b7d9e0f1a2b3c4d5e6f708192a3b4c5d6e",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "STRIPE_SECRET_KEY is set at Vercel, rotated yearly",
    "password: see 1Password",
    "password: ********",
    "token: https://dash.cloudflare.com/profile/api-tokens",
    "API_KEY=${API_KEY}",
    "postgres://USER:PASSWORD@db.example/app",
    "https://good.example:8443/login",
    "ada@good.example",
    "recovery codes: in the safe",
    "secret location: config/credentials.yml",
    "disk_live_things and sk-learn",
    "550e8400-e29b-41d4-a716-446655440000",
    "",
]


@pytest.mark.parametrize(("rule", "canary"), CANARIES.items())
@pytest.mark.parametrize("around", ["{}", "the key is {}, keep it", '"{}"', "a={}\nb=c", "\u202e{}\x1b[0m"])
def test_every_canary_is_found_and_taken_out(rule: str, canary: str, around: str) -> None:
    text = around.format(canary)
    assert rule in rules_hit(text)
    assert canary not in redact(text)
    tail = canary.split("=")[-1].split(" ")[-1]
    assert tail not in redact(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert rules_hit(text) == ()
    assert redact(text) == text


@pytest.mark.parametrize("rule", ["Stripe key", "GitHub token", "Slack token"])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda s: base64.b64encode(s.encode()).decode(),
        lambda s: base64.urlsafe_b64encode(f"key: {s}!".encode()).decode(),
        lambda s: "x" + base64.b64encode(s.encode()).decode(),
        lambda s: s.encode().hex(),
        lambda s: s.encode().hex().upper(),
        lambda s: "".join(f"%{byte:02x}" for byte in s.encode()),
        lambda s: urllib.parse.quote(f"a b&k={s}"),
    ],
    ids=["base64", "base64url", "base64 shifted", "hex", "HEX", "all percent", "url"],
)
def test_encoded_canaries_are_found(rule: str, wrap: object) -> None:
    assert callable(wrap)
    text = f"note {wrap(CANARIES[rule])} end"
    assert any(hit.startswith(rule) for hit in rules_hit(text))
    assert wrap(CANARIES[rule]) not in redact(text)


def test_every_token_rule_starts_at_a_boundary() -> None:
    assert len(token_rules()) > 60
    assert all(rule.regex.pattern.startswith("(?<![A-Za-z0-9_])") for _, rule in token_rules())


@pytest.mark.parametrize(
    "name", ["password", "DB_PASSWORD", "apiKey", "api-key", "client_secret", "authToken", "secret"]
)
def test_telling_names(name: str) -> None:
    assert telling(name)


@pytest.mark.parametrize("name", ["owner", "author", "second_factor", "monkey", "keyboard", "passenger", "account"])
def test_names_that_tell_nothing(name: str) -> None:
    assert not telling(name)


@given(st.text(max_size=100), st.text(max_size=100), st.sampled_from(sorted(CANARIES)))
def test_whatever_stands_around_a_canary_it_goes(before: str, after: str, rule: str) -> None:
    assert CANARIES[rule] not in redact(f"{before} {CANARIES[rule]} {after}")


@pytest.mark.parametrize(
    "text",
    [
        "A" * 200_000,
        "-----BEGIN PRIVATE KEY-----" + "-" * 100_000,
        "-----BEGIN PRIVATE KEY-----" * 3_000,
        "https://" + "a:" * 50_000,
        "password = " * 20_000,
        "eyJaaaaaaaaaaa." * 10_000,
        "%41" * 60_000,
        "0a" * 100_000,
        "x://" * 30_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_makes_it_slow(text: str) -> None:
    began = time.process_time()
    rules_hit(text)
    assert time.process_time() - began < 3
