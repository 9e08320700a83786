"""edge.headers.security, and how a Content-Security-Policy is read."""

from __future__ import annotations

import pytest

from launchready_tui.csp import allows_anywhere, allows_eval, allows_inline, limits_frames, parse_csp
from launchready_tui.model import Status
from launchready_tui.project import Project
from tests.checks.edge.world import EVIL, HOME, page, silent, world
from tests.world import NAME, Row, World, hold

GOOD = {
    "content_security_policy": "default-src 'self'; frame-ancestors 'self'",
    "x_content_type_options": "nosniff",
    "referrer_policy": "strict-origin-when-cross-origin",
}


def site(html: str = "<p>hi", /, **headers: str | None) -> World:
    """The four in place; a header given as None is left out."""
    whole = {**GOOD, **headers}
    return world(page(HOME, html, **{name: value for name, value in whole.items() if value is not None}))


def csp(value: str, **more: str | None) -> World:
    return site(content_security_policy=value, x_frame_options="DENY", **more)


META = "<meta http-equiv=\"content-security-policy\" content=\"default-src 'self'; frame-ancestors 'none'\">"
TABLE: dict[str, list[Row]] = {
    "edge.headers.security": [
        Row("all four", site(), Status.PASS, "all four"),
        Row("X-Frame-Options in place of frame-ancestors", csp("default-src 'self'"), Status.PASS),
        Row("a nonce beside unsafe-inline", csp("script-src 'nonce-abc' 'unsafe-inline'"), Status.PASS),
        Row("strict-dynamic beside https:", csp("script-src 'strict-dynamic' 'nonce-a' https:"), Status.PASS),
        Row("a policy in a meta", site(META, content_security_policy=None, x_frame_options="DENY"), Status.PASS),
        Row("a meta sets no frame-ancestors", site(META, content_security_policy=None), Status.WARN, "inside theirs"),
        Row(
            "no policy", site(content_security_policy=None, x_frame_options="DENY"), Status.WARN, "there is no Content-"
        ),
        Row("unsafe-inline", csp("default-src 'self' 'unsafe-inline'"), Status.WARN, "unsafe-inline"),
        Row("scripts from anywhere", csp("script-src * 'self'"), Status.WARN, "from anywhere"),
        Row("nothing about scripts", csp("img-src 'self'"), Status.WARN, "where scripts may come from"),
        Row(
            "report-only",
            site(content_security_policy=None, content_security_policy_report_only="default-src 'self'"),
            Status.WARN,
            "only reports",
        ),
        Row("no nosniff", site(x_content_type_options=None), Status.WARN, "nosniff"),
        Row("a nosniff that is none", site(x_content_type_options="no-sniff"), Status.WARN, "nosniff"),
        Row("frames for all", site(content_security_policy="default-src 'self'; frame-ancestors *"), Status.WARN),
        Row(
            "frame-ancestors takes the place of X-Frame-Options",
            csp("default-src 'self'; frame-ancestors *"),
            Status.WARN,
            "inside theirs",
        ),
        Row(
            "ALLOW-FROM is nothing",
            site(content_security_policy="default-src 'self'", x_frame_options="ALLOW-FROM x"),
            Status.WARN,
        ),
        Row("no Referrer-Policy", site(referrer_policy=None), Status.WARN, "no Referrer-Policy"),
        Row("an open Referrer-Policy", site(referrer_policy="unsafe-url"), Status.WARN, "unsafe-url"),
        Row("the last known value counts", site(referrer_policy="unsafe-url, no-referrer, later-value"), Status.PASS),
        Row("two missing", site(x_content_type_options=None, referrer_policy=None), Status.WARN),
        Row("three missing", site(content_security_policy=None, x_content_type_options=None), Status.FAIL, "only one"),
        Row("none", world(page()), Status.FAIL, "none of the four"),
        Row("silence", world(silent(HOME)), Status.UNKNOWN, "another look"),
        Row("no home page", World(project=Project(NAME, urls={"home": ""})), Status.INFO),
        Row("escapes", world(page(content_security_policy=EVIL, referrer_policy=EVIL)), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else value.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_what_is_there_is_not_asked_for_again() -> None:
    finding = await hold("edge.headers.security", Row("x", site(x_content_type_options=None), Status.WARN))
    assert finding.fix is not None
    assert finding.fix.copy == "X-Content-Type-Options: nosniff"


@pytest.mark.parametrize(
    ("headers", "inline", "evaluates", "anywhere", "framed"),
    [
        ([], True, True, True, False),
        (["default-src 'none'"], False, False, False, False),
        (["script-src 'self' 'unsafe-inline'"], True, False, False, False),
        (["script-src 'self' 'UNSAFE-INLINE' 'sha256-AbC='"], False, False, False, False),
        (["script-src 'unsafe-inline' 'strict-dynamic'"], False, False, False, False),
        (["default-src 'self'; script-src-attr 'unsafe-inline'"], True, False, False, False),
        (["script-src-elem 'unsafe-inline'; script-src 'self'"], True, False, False, False),
        (["script-src 'self' 'unsafe-eval'"], False, True, False, False),
        (["script-src https:"], False, False, True, False),
        (["script-src data:"], False, False, True, False),
        (["script-src *.good.example"], False, False, False, False),
        (["img-src 'self'"], True, True, True, False),
        (["script-src 'self'; script-src 'unsafe-inline'"], False, False, False, False),
        (["script-src 'unsafe-inline'", "script-src 'self'"], False, False, False, False),
        (["script-src 'unsafe-inline', default-src 'self'"], False, False, False, False),
        (["script-src 'unsafe-inline'", "frame-ancestors 'none'"], True, False, False, True),
        (["frame-ancestors https:"], True, True, True, False),
        (["frame-ancestors"], True, True, True, True),
        (["default-src 'self'; frame-ancestors 'self' https://a.example"], False, False, False, True),
        ([";;, ,"], True, True, True, False),
    ],
)
def test_policies(headers: list[str], inline: bool, evaluates: bool, anywhere: bool, framed: bool) -> None:
    policies = parse_csp(headers)
    assert allows_inline(policies) is inline
    assert allows_eval(policies) is evaluates
    assert allows_anywhere(policies) is anywhere
    assert limits_frames(policies) is framed
