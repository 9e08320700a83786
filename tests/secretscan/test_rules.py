"""Every rule is whole, its examples hold, and no rule's file holds a key."""

from __future__ import annotations

import re
import time
import tomllib
from importlib.resources import files

import pytest

from launchready_tui.model import Severity
from launchready_tui.secretrules import EDGE, Rule, checksum, example, load
from launchready_tui.secretscan import matching
from launchready_tui.secretscan.values import CHECKS

RULES = load().by_id
TEXT = files("launchready_tui").joinpath("secretrules.toml").read_text("utf-8")
# fmt: off
WANTED = {
    "aws", "google", "azure", "github", "gitlab", "slack", "stripe", "twilio", "sendgrid", "resend", "postmark",
    "mailgun", "openai", "anthropic", "supabase", "neon", "vercel", "netlify", "railway", "render", "fly", "clerk",
    "auth0", "sentry", "firebase", "cloudflare", "algolia", "mapbox", "npm", "pypi",
}
# fmt: on
STRUCTURAL = {"private-key", "url-password", "secret-value", "jwt", "supabase-service-role", "authorization"}


def _path(rule: Rule) -> str:
    return "config/master.key" if rule.check == "key-file" else "deploy/app.env"


def test_the_providers_that_founders_use_are_there() -> None:
    document = tomllib.loads(TEXT)
    assert set(document["provider"]) >= WANTED
    used = {row["provider"] for row in document["rule"]}
    assert set(document["provider"]) == used, "a provider without a rule"
    assert set(RULES) >= STRUCTURAL


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_nothing_is_blank(rule: Rule) -> None:
    assert rule.id
    assert rule.name
    assert rule.pattern
    assert rule.keywords
    assert rule.true
    assert rule.false
    assert rule.what in ("secret", "public", "debatable")
    assert rule.severity in (*Severity, "info")
    assert (rule.what == "public") == (rule.severity == "info")
    assert not rule.check or rule.check in CHECKS or rule.check in ("telling", "role")
    provider = rule.provider
    assert provider.name
    assert provider.path
    assert re.fullmatch(r"https://\S+", provider.page)
    assert re.fullmatch(r"https://\S+", provider.source)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", load().date)


@pytest.mark.parametrize(
    ("rule", "template"),
    [(rule, each) for rule in RULES.values() for each in rule.true],
    ids=lambda each: str(each)[:40],
)
def test_true_examples_are_found(rule: Rule, template: str) -> None:
    text = example(template)
    found = [hit for hit in matching.scan(text, _path(rule)) if hit.rule.id == rule.id]
    assert found, text
    assert found[0].what == rule.what


@pytest.mark.parametrize(
    ("rule", "template"),
    [(rule, each) for rule in RULES.values() for each in rule.false],
    ids=lambda each: str(each)[:40],
)
def test_false_examples_are_not(rule: Rule, template: str) -> None:
    hits = [hit for hit in matching.scan(example(template), _path(rule)) if hit.rule.id == rule.id]
    assert all(hit.what == "public" for hit in hits)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_no_example_stands_whole_in_the_file(rule: Rule) -> None:
    """Else a host that refuses keys at the door would refuse ours."""
    for template in rule.true:
        assert all(hit.value not in TEXT for hit in matching.scan(example(template), _path(rule)))


def test_a_form_of_its_own_begins_at_an_edge() -> None:
    assert all(rule.regex.pattern.startswith(EDGE) for rule in RULES.values() if rule.alone and not rule.kind)


def test_the_checksum_is_the_published_one() -> None:
    """GitHub's example of its own format; 0xCBF43926 is the check value of CRC-32 itself."""
    assert checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"
    assert checksum("123456789") == "3jZRME"


def test_an_example_is_the_same_each_time_and_others_are_refused() -> None:
    assert example("{an:24}") == example("{an:24}")
    with pytest.raises(ValueError, match="no such made-up part"):
        example("{nothing:3}")


@pytest.mark.parametrize("comment", ["# gitleaks:allow", "// betterleaks:allow", "# pragma: allowlist secret"])
def test_a_documented_comment_on_the_line_lets_a_value_be(comment: str) -> None:
    key = example("ghp_|{crc:30}")
    assert matching.scan(f"t = '{key}'  {comment}\n", "a.py") == []
    assert len(matching.scan(f"{comment}\nt = '{key}'\n", "a.py")) == 1
    assert len(matching.scan(f"t = '{key}'  # this is fine, leave it\n", "a.py")) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'API_SECRET = "{v}"'),
        ("a.ts", "const apiSecret: string = '{v}';"),
        ("a.go", 'var apiSecret = []byte("{v}")'),
        ("a.rs", 'const API_SECRET: &str = "{v}";'),
        ("a.rb", "config.api_secret = '{v}'"),
        ("a.php", "define('API_SECRET', '{v}');"),
        ("a.php", "'api_secret' => '{v}',"),
        ("A.java", 'private static final String API_SECRET = "{v}";'),
        ("a.ex", 'api_secret: "{v}"'),
        ("a.kt", 'val apiSecret = "{v}"'),
        ("a.swift", 'let apiSecret: String = "{v}"'),
        ("A.cs", 'string ApiSecret = @"{v}";'),
        ("a.sh", "export API_SECRET={v}"),
        ("a.tf", 'api_secret = "{v}"'),
        ("a.yml", "api_secret: {v}"),
        ("a.yml", "- name: API_SECRET\n  value: {v}"),
        ("a.properties", "api.secret={v}"),
        ("a.ini", "api_secret = {v}"),
        ("a.json", '{"api_secret": "{v}"}'),
        ("a.xml", "<apiSecret>{v}</apiSecret>"),
        ("a.config", '<add key="ApiSecret" value="{v}" />'),
        ("Dockerfile", "ENV API_SECRET {v}"),
        ("run.sh", "tool --api-secret {v}"),
        ("a.js", "process.env.API_SECRET || '{v}'"),
        ("a.py", 'os.getenv("API_SECRET", "{v}")'),
        (".env.production", "API_SECRET={v}"),
    ],
)
def test_a_value_beside_a_telling_name_is_found_in_many_languages(path: str, text: str) -> None:
    value = example("{an:36}7x")
    hits = matching.scan(text.replace("{v}", value), path)
    assert [hit.value for hit in hits] == [value]
    assert hits[0].rule.id == "secret-value"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "password = request.form['password']"),
        ("a.ts", "const token = await getToken({ template: 'supabase-x1' })"),
        ("a.ts", "passwordResetUrl: '/auth/reset-password2'"),
        ("a.py", "SECRET_NAME = 'projects/1234/secrets/db-password/versions/2'"),
        ("a.yml", "password: ${{ secrets.DB_PASSWORD }}"),
        ("a.yml", "api_key: !vault |"),
        ("a.env", "API_KEY=<your key>"),
        ("a.json", '{"integrity": "sha512-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP=="}'),
        ("a.py", "token_type = 'urn:ietf:params:oauth:token-type:jwt'"),
        ("a.py", "csrf_token = 'a1b2c3d4e5f6a7b8c9d0e1f2'"),
        ("package-lock.json", '{"token": "a8F3kd93mQpLrT5vWz8YbN2cFgH4jS6t"}'),
        ("tests/test_login.py", "password = 'Tr0ub4dor&3xyz'"),
        ("locales/de.json", '{"password": "Passwort99!x"}'),
    ],
)
def test_what_only_looks_like_it_is_left_alone(path: str, text: str) -> None:
    assert [hit for hit in matching.scan(text, path) if hit.what != "public"] == []


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"password{n} = 'Tr0ub4dor&{n}'" for n in range(20_000)),
        "x=" + ",".join(f"'{example('ghp_|{crc:30}')}'" for _ in range(5_000)),
        "A" * 1_000_000,
        "-----BEGIN " + "PRIVATE KEY-----" * 20_000,
        "https://" + "a:" * 200_000,
        "curl " + "-u " * 100_000,
        "api_key\n" * 100_000,
        "eyJaaaaaaaaaaa." * 50_000,
        '{"auth": "' * 50_000,
        "authorization: " * 50_000,
    ],
    ids=lambda text: text[:14],
)
@pytest.mark.parametrize("path", [".env", "a.js"])
def test_no_text_makes_it_slow(text: str, path: str) -> None:
    began = time.process_time()
    matching.scan(text, path)
    assert time.process_time() - began < 8
