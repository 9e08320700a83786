"""Chains of redirects in one word each."""

from __future__ import annotations

import pytest

from launchready_tui.redirects import Hop, judge_redirects

HTTP, HTTPS, WWW = "http://good.example/", "https://good.example/", "https://www.good.example/"


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("ok", [(HTTP, 301), (HTTPS, 200)]),
        ("ok", [(HTTP, 308), (HTTPS, 301), (WWW, 200)]),
        ("ok", [(HTTP, 301), (HTTPS, 404)]),
        ("ok", [(HTTPS, 200)]),
        ("not-needed", []),
        ("not-needed", [(HTTP, 0)]),
        ("no-https", [(HTTP, 200)]),
        ("no-https", [(HTTP, 404)]),
        ("no-https", [(HTTP, 301), ("http://good.example/home", 301), (HTTPS, 200)]),
        ("initial-off-host", [(HTTP, 301), (WWW, 200)]),
        ("initial-off-host", [(HTTP, 301), ("http://www.good.example/", 301), (WWW, 200)]),
        ("ends-on-http", [(HTTP, 301), ("http://good.example/home", 200)]),
        ("loop", [(HTTP, 301), (HTTPS, 301), (HTTP, 301)]),
        ("too-long", [(f"http://good.example/{i}", 301) for i in range(12)]),
        ("no-answer", [(HTTP, 301), (HTTPS, 0)]),
        ("no-answer", [(HTTP, 301)]),
    ],
)
def test_chains(code: str, chain: list[tuple[str, int]]) -> None:
    assert judge_redirects([Hop(*hop) for hop in chain], "good.example") == code


def test_the_host_is_compared_as_dns_does() -> None:
    assert judge_redirects([Hop(HTTP, 301), Hop("https://GOOD.example./", 200)], "Good.Example.") == "ok"
