from __future__ import annotations

import pytest

from launchready_tui.checks.dns.paths import PROBE as PATH
from launchready_tui.checks.dns.paths import PROBE_QUERY
from launchready_tui.model import Status
from launchready_tui.sources.web import Page, Reply
from tests.checks.dns.test_redirects import WWW, gone, ok, site, sound, to
from tests.world import NAME, Row, hold

PROBE = f"{PATH}?{PROBE_QUERY}"


def probed(**answers: Reply) -> dict[str, Reply]:
    """sound(), and what the probe meets."""
    pages = sound()
    pages.update({page.url: page for page in answers.values()})
    return pages


def probe(host: str, scheme: str, where: str) -> Page:
    return to(f"{scheme}://{host}{PROBE}", where)


END = ok(f"https://{NAME}{PROBE}", 404)
KEPT: dict[str, Reply] = {
    "end": END,
    "ha": probe(NAME, "http", END.url),
    "sw": probe(WWW, "https", END.url),
    "hw": probe(WWW, "http", END.url),
}

AUTH = "https://good.eu.auth0.com/u/login"

TABLE: dict[str, list[Row]] = {
    "dns.redirect.path": [
        Row(
            "the home page sends visitors to a sign-in service",
            site(probed(**KEPT, home=to(f"https://{NAME}/", AUTH, 302), auth=ok(AUTH))),
            Status.PASS,
            "kept from",
        ),
        Row("kept", site(probed(**KEPT)), Status.PASS, "kept from"),
        Row(
            "kept, with a slash added",
            site(
                probed(
                    **{
                        **KEPT,
                        "sw": probe(WWW, "https", f"https://{NAME}/launchready-probe/?x=1"),
                        "slash": ok(f"https://{NAME}/launchready-probe/?x=1", 404),
                    }
                )
            ),
            Status.PASS,
        ),
        Row(
            "kept, then the site asks for a login",
            site(
                probed(
                    **{
                        **KEPT,
                        "end": to(END.url, f"https://{NAME}/login?next=%2Flaunchready-probe"),
                        "login": ok(f"https://{NAME}/login?next=%2Flaunchready-probe"),
                    }
                )
            ),
            Status.PASS,
        ),
        Row(
            "dropped to the home page",
            site(probed(**{**KEPT, "sw": probe(WWW, "https", f"https://{NAME}/")})),
            Status.FAIL,
            "the rest of the link is lost",
        ),
        Row(
            "query dropped",
            site(probed(**{**KEPT, "sw": probe(WWW, "https", f"https://{NAME}/launchready-probe")})),
            Status.FAIL,
        ),
        Row(
            "kept in the first step, dropped in the second",
            site(
                probed(
                    **{
                        **KEPT,
                        "hw": probe(WWW, "http", f"https://{WWW}{PROBE}"),
                        "sw": probe(WWW, "https", f"https://{NAME}/"),
                    }
                )
            ),
            Status.FAIL,
        ),
        Row("nothing redirects", site({f"https://{NAME}/": ok(f"https://{NAME}/")}), Status.INFO),
        Row(
            "silent",
            site(probed(**{**KEPT, "hw": gone(f"http://{WWW}{PROBE}")})),
            Status.UNKNOWN,
            "said nothing",
        ),
        Row("in a circle", site(probed(**{**KEPT, "hw": probe(WWW, "http", f"http://{WWW}{PROBE}")})), Status.UNKNOWN),
        Row(
            "sent off with escapes",
            site(probed(**{**KEPT, "hw": probe(WWW, "http", "/\x1b]0;x\x07\u202e[@click=app.quit]x[/]")})),
            Status.FAIL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
