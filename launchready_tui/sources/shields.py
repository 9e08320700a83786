"""Answers that are not the site's own: a shield that wants a browser, or a limit on requests. Pure.

What stands behind them was not seen, so they say nothing of the site, good or bad.
"""

from __future__ import annotations

from launchready_tui.sources.replies import NoPage, Page

# (header, its values, whose it is): developers.cloudflare.com "Detect a Challenge Page response"; answers of Vercel's
# Security Checkpoint; AWS WAF "CAPTCHA and Challenge action behavior". November 2026.
_CHALLENGES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("cf-mitigated", ("challenge",), "Cloudflare"),
    ("x-vercel-mitigated", ("challenge",), "Vercel"),
    ("x-amzn-waf-action", ("challenge", "captcha"), "AWS WAF"),
)


def challenger(page: Page) -> str:
    """Whose challenge a page is ("Cloudflare"); "" for an answer of the site."""
    for header, values, name in _CHALLENGES:
        value = (page.header(header) or "").strip().lower()
        if value in values:
            return name
    return ""


def in_its_place(page: Page) -> NoPage | None:
    """What to take such an answer for; None where the site itself answered."""
    whose = challenger(page)
    if whose:
        say = f"asks us to prove that we are a browser: a challenge of {whose} stands before it"
        return NoPage(page.url, "shield", say, reason=whose)
    if page.status == 429:
        return NoPage(page.url, "budget", "says that we ask too often", reason="429")
    return None
