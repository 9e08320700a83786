"""MTA-STS records, policies and matching (RFC 8461), and TLS-RPT records (RFC 8460)."""

from __future__ import annotations

import time

import pytest

from launchready_tui.mail.transport import covered, parse_policy, parse_reports, parse_sts, written

GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n"


@pytest.mark.parametrize(
    ("texts", "id"),
    [
        (["v=STSv1; id=20160831085700Z;"], "20160831085700Z"),  # RFC 8461 section 3.1's own
        (["v=STSv1; id=1"], "1"),
        (["v=STSv1;id=1"], "1"),
        (["v=STSv1 ;\tid=1 ; "], "1"),
        (["v=STSv1; id=1; x-more=anything;"], "1"),
        (["v=STSv1; id=1; id=2"], "1"),
        (["v=spf1 -all", "v=STSv1; id=abc"], "abc"),  # others are discarded
        ([f"v=STSv1; id={'a' * 32}"], "a" * 32),
    ],
)
def test_an_sts_record_that_counts(texts: list[str], id: str) -> None:
    read = parse_sts(texts)
    assert (read.present, read.valid, read.id) == (True, True, id)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["v=STSv1; id=1", "v=STSv1; id=2"], "There are 2"),
        (["v=STSv1;"], "no id"),
        (["v=STSv1; id="], "no name=value"),
        (["v=STSv1; id=2024-01-01"], "is no id"),
        ([f"v=STSv1; id={'a' * 33}"], "is no id"),
        (["v=STSv1; id=1; oops"], "no name=value"),
        (["v=STSv1;; id=1"], "no name=value"),
        (["v=stsv1; id=1"], "must start with"),
        (["STSv1; id=1"], "must start with"),
        (["v=STSv1 id=1"], "must start with"),
        (["v=STSv1; id=\x1b[31m"], "no name=value"),
    ],
)
def test_an_sts_record_that_does_not(texts: list[str], says: str) -> None:
    read = parse_sts(texts)
    assert read.present
    assert not read.valid
    assert says in read.error
    assert "\x1b" not in read.error


@pytest.mark.parametrize("texts", [[], ["v=spf1 -all"], ["google-site-verification=x", ""]])
def test_no_sts_record(texts: list[str]) -> None:
    assert not parse_sts(texts).present


def test_a_policy_that_counts() -> None:
    policy = parse_policy(GOOD)
    assert policy.errors == ()
    assert (policy.mode, policy.max_age, policy.mx) == ("enforce", 604_800, ("mail.example.com", "*.example.net"))


@pytest.mark.parametrize(
    ("text", "mode", "mx"),
    [
        (GOOD.replace("\r\n", "\n"), "enforce", 2),
        (GOOD.rstrip(), "enforce", 2),
        ("mode:testing\nmx:MAIL.example.com\nmax_age:0\nversion:STSv1", "testing", 1),  # any order, no spaces
        ("version: STSv1\nmode: none\nmax_age: 86400\n", "none", 0),  # without servers
        (f"{GOOD}later: what a later version says\r\n", "enforce", 2),
        (f"{GOOD}mode: none\r\n", "enforce", 2),  # the first counts
        (f"{GOOD}mx: mail.example.com\r\n", "enforce", 2),
        (GOOD.replace("604800", "31557600"), "enforce", 2),
        (GOOD.replace("mode: enforce", "mode \t:\t enforce  "), "enforce", 2),
        (f"\r\n{GOOD}\r\n", "enforce", 2),
    ],
)
def test_policies_that_count(text: str, mode: str, mx: int) -> None:
    policy = parse_policy(text)
    assert policy.errors == ()
    assert (policy.mode, len(policy.mx)) == (mode, mx)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "version"),
        (GOOD.replace("STSv1", "STSv2"), "version"),
        (GOOD.replace("version: STSv1\r\n", ""), "version"),
        (GOOD.replace("enforce", "Enforce"), "mode is “Enforce”"),
        (GOOD.replace("mode: enforce\r\n", ""), "mode is “”"),
        (GOOD.replace("604800", "1 week"), "max_age is “1 week”"),
        (GOOD.replace("604800", "31557601"), "max_age"),
        (GOOD.replace("604800", "-1"), "max_age"),
        (GOOD.replace("max_age: 604800\r\n", ""), "max_age"),
        (GOOD.replace("mx: mail.example.com\r\nmx: *.example.net\r\n", ""), "no mail server"),
        (GOOD.replace("*.example.net", "*"), "“mx: *”"),
        (GOOD.replace("*.example.net", "mail.*.example.net"), "names no mail server"),
        (GOOD.replace("*.example.net", "10 mail.example.net"), "names no mail server"),
        (GOOD.replace("*.example.net", ".example.net"), "names no mail server"),
        ("<!doctype html><title>Not found</title>", "Line 1 is no"),
        (f"\ufeff{GOOD}", "Line 1 is no"),
        (GOOD.replace("mode: enforce", "mode enforce"), "Line 2 is no"),
        (GOOD.replace("*.example.net", "\x1b]0;x\x07"), "names no mail server"),
    ],
)
def test_policies_that_do_not(text: str, says: str) -> None:
    errors = parse_policy(text).errors
    assert any(says in error for error in errors), errors
    assert all("\x1b" not in error for error in errors)


@pytest.mark.parametrize(
    ("host", "pattern", "yes"),
    [
        ("mail.example.com", "mail.example.com", True),
        ("MAIL.example.com.", "mail.example.com", True),
        ("mail.example.com", "*.example.com", True),
        ("a.mail.example.com", "*.example.com", False),  # one label (section 4.1)
        ("example.com", "*.example.com", False),
        ("mailexample.com", "*.example.com", False),
        ("mail.example.com", "example.com", False),
        ("mail.example.com", "*.com", False),
        ("", "*.", False),
        ("com", "*.", False),
    ],
)
def test_a_wildcard_is_one_label(host: str, pattern: str, yes: bool) -> None:
    assert covered(host, [pattern]) is yes


def test_what_we_write_is_what_we_read() -> None:
    policy = parse_policy(written("testing", ("a.example.com", "b.example.com"), 604_800))
    assert policy.errors == ()
    assert (policy.mode, policy.mx, policy.max_age) == ("testing", ("a.example.com", "b.example.com"), 604_800)


@pytest.mark.parametrize(
    ("text", "rua"),
    [
        ("v=TLSRPTv1; rua=mailto:reports@example.com", ("mailto:reports@example.com",)),
        ("v=TLSRPTv1;rua=mailto:a@b.example,https://r.example/v1;", ("mailto:a@b.example", "https://r.example/v1")),
        ("v=TLSRPTv1; rua=mailto:a@b.example , mailto:c@d.example", ("mailto:a@b.example", "mailto:c@d.example")),
        ("v=TLSRPTv1; x=1; rua=https://r.example", ("https://r.example",)),
        ("v=TLSRPTv1; rua=https://r.example/a?b=c", ("https://r.example/a?b=c",)),
    ],
)
def test_tls_reports_that_count(text: str, rua: tuple[str, ...]) -> None:
    read = parse_reports(["v=spf1 -all", text])
    assert read.valid
    assert read.rua == rua


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["v=TLSRPTv1; rua=mailto:a@b.example", "v=TLSRPTv1; rua=mailto:c@d.example"], "There are 2"),
        (["v=TLSRPTv1;"], "no address"),
        (["v=TLSRPTv1; rua="], "no address"),
        (["v=TLSRPTv1; rua=reports@example.com"], "mailto: or https:"),
        (["v=TLSRPTv1; rua=http://r.example/"], "mailto: or https:"),
        (["v=TLSRPTv1; rua=mailto:reports"], "mailto: or https:"),
        (["v=TLSRPTv1; oops"], "no name=value"),
        (["v=tlsrptv1; rua=mailto:a@b.example"], "must start with"),
        (["v=TLSRPT1; rua=mailto:a@b.example"], "must start with"),
        (["v=TLSRPTv1; rua=mailto:a@\x1b[2J"], ""),
    ],
)
def test_tls_reports_that_do_not(texts: list[str], says: str) -> None:
    read = parse_reports(texts)
    assert read.present
    assert says in read.error
    assert "\x1b" not in read.error


def test_no_tls_reports() -> None:
    assert not parse_reports(["v=spf1 -all"]).present


@pytest.mark.parametrize(
    "text",
    [
        "mx: " + "*." * 30_000,
        "a:" * 30_000,
        "mx: a\n" * 10_000,
        ";" * 60_000,
        "v=STSv1;" + " ;" * 30_000,
        "\n" * 65_000,
    ],
)
def test_long_and_senseless_texts_take_no_time(text: str) -> None:
    began = time.perf_counter()
    parse_policy(text)
    parse_sts([text])
    parse_reports([text])
    assert time.perf_counter() - began < 0.5
