"""Answers that a shield gives in the site's place."""

from __future__ import annotations

import pytest

from launchready_tui.sources.shields import in_its_place
from launchready_tui.sources.web import Page

URL = "https://good.example/"


@pytest.mark.parametrize(
    ("status", "headers", "kind", "reason"),
    [
        (403, {"cf-mitigated": "challenge"}, "shield", "Cloudflare"),
        (429, {"cf-mitigated": "Challenge "}, "shield", "Cloudflare"),
        (403, {"x-vercel-mitigated": "challenge"}, "shield", "Vercel"),
        (202, {"x-amzn-waf-action": "challenge"}, "shield", "AWS WAF"),
        (405, {"x-amzn-waf-action": "captcha"}, "shield", "AWS WAF"),
        (429, {"retry-after": "30"}, "budget", "429"),
    ],
)
def test_it_says_nothing_of_the_site(status: int, headers: dict[str, str], kind: str, reason: str) -> None:
    found = in_its_place(Page(URL, status, tuple(headers.items()), b"Just a moment..."))
    assert found is not None
    assert (found.url, found.kind, found.reason, found.fact) == (URL, kind, reason, False)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (403, {}),
        (503, {"server": "cloudflare", "cf-ray": "8f1c-FRA"}),
        (403, {"x-vercel-mitigated": "deny"}),
        (403, {"cf-mitigated": "\x1b[2Jblock"}),
    ],
)
def test_what_the_site_or_its_rules_say_is_an_answer(status: int, headers: dict[str, str]) -> None:
    assert in_its_place(Page(URL, status, tuple(headers.items()))) is None
