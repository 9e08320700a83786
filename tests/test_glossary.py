"""The glossary explains every term that a check uses on a founder."""

from __future__ import annotations

import re

import pytest

from launchready_tui.checks import all_checks
from launchready_tui.glossary import ALIASES, TERMS, lookup, terms_in
from launchready_tui.text import clean

# What an expert says without thinking. Whatever of this a check's title or reason uses must have an entry.
JARGON = """
apex | API | BIMI | CAA | canonical | CDN | certificate | CNAME | compression | compressed | CSP | dangling | DDoS |
deploy | DANE | DKIM | DMARC | DNS | DNSSEC | environment variable | header | HSTS | HTTPS | IPv6 | keyring |
latency | lockfile | mixed content | MTA-STS | MX | name server | nameserver | NS | NXDOMAIN | origin | p95 | proxy |
proxied | rate limit | RDAP | recovery codes | redirect | registrar | repository | resolver | rollback |
second factor | 2FA | MFA | SPF | SSL | STARTTLS | subdomain | TLS | TLS-RPT | transfer lock | TTL | TXT | WHOIS |
zone
"""


def _used(text: str) -> set[str]:
    terms = [" ".join(term.split()) for term in JARGON.split("|")]
    return {term for term in terms if re.search(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", text, re.IGNORECASE)}


def test_every_term_that_a_check_uses_is_explained() -> None:
    checks = all_checks()
    assert len(checks) >= 8
    missing = {
        f"{term} ({check.id})" for check in checks for term in _used(f"{check.title} {check.why}") if not lookup(term)
    }
    assert not missing


@pytest.mark.parametrize(("term", "said"), TERMS.items())
def test_an_entry_is_one_to_three_plain_sentences(term: str, said: str) -> None:
    sentences = re.findall(r"[.!?](?:\s|$)", said)
    assert 1 <= len(sentences) <= 3
    assert said == clean(said)
    assert len(said) <= 320
    longest = max(len(sentence.split()) for sentence in re.split(r"[.!?:]\s", said))
    assert longest <= 28, "a founder reads this at a bad moment"


def test_aliases_lead_to_entries() -> None:
    assert set(ALIASES.values()) <= set(TERMS)


@pytest.mark.parametrize(
    ("spelling", "term"),
    [("2FA", "second factor"), ("ssl", "TLS certificate"), ("  Name   Servers ", "name server"), ("p95", "p95")],
)
def test_lookup_takes_other_spellings(spelling: str, term: str) -> None:
    assert lookup(spelling) == TERMS[term]


def test_lookup_of_what_is_not_there() -> None:
    assert lookup("quantum") is None
    assert lookup("") is None


def test_terms_in_a_text_once_each_in_order() -> None:
    text = "Your CNAMEs and the A records: SSL certificates and TTLs; the CNAME again, Origin."
    assert terms_in(text) == ("CNAME", "A record", "TLS certificate", "TTL", "origin")


def test_parts_of_words_are_no_terms() -> None:
    assert terms_in("The emxample deployed-to and zoned original, a hapixel.") == ()
