"""The redirect matrix: what the checks saw, row by row, with the line that proves it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.engine import judge
from launchready_tui.handover.redirects import Leg, curl_line, matrix
from launchready_tui.handover.written import dns_markdown
from launchready_tui.model import Evidence, Finding, passed
from launchready_tui.panels import panel
from launchready_tui.project import Network, Project
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.checks.dns.test_redirects import ok, to
from tests.world import NAME, World, by_id

WWW, PROBE = f"www.{NAME}", "/launchready-probe?x=1"
HOME = f"https://{NAME}/"
SOUND: dict[str, Reply] = {
    HOME: ok(HOME),
    f"http://{NAME}/": to(f"http://{NAME}/", HOME),
    f"https://{WWW}/": to(f"https://{WWW}/", HOME),
    f"http://{WWW}/": to(f"http://{WWW}/", HOME),
    f"https://{NAME}{PROBE}": ok(f"https://{NAME}{PROBE}", 404),
    f"http://{NAME}{PROBE}": to(f"http://{NAME}{PROBE}", f"https://{NAME}{PROBE}"),
    f"https://{WWW}{PROBE}": to(f"https://{WWW}{PROBE}", f"https://{NAME}{PROBE}"),
    f"http://{WWW}{PROBE}": to(f"http://{WWW}{PROBE}", f"https://{NAME}{PROBE}"),
}
CHECKS = ("dns.redirect.canonical", "dns.redirect.path")


async def legs(pages: Mapping[str, Reply] | None = None, project: Project | None = None) -> dict[str, Leg]:
    """The matrix after the checks of the stage looked at these pages."""
    world = World(project or Project(NAME), web={**SOUND, **(pages or {})})
    findings: dict[str, Finding] = {id: await judge(by_id(id), world.context()) for id in CHECKS}
    return {leg.url: leg for leg in matrix(world.project, findings)}


async def test_a_sound_site_is_right_in_every_row() -> None:
    rows = await legs()
    assert list(rows) == [
        HOME,
        f"http://{NAME}/",
        f"https://{WWW}/",
        f"http://{WWW}/",
        f"http://{NAME}{PROBE}",
        f"https://{WWW}{PROBE}",
        f"http://{WWW}{PROBE}",
    ]
    assert {leg.verdict for leg in rows.values()} == {"right"}
    assert rows[HOME].expected == "200, the site itself"
    row = rows[f"http://{WWW}{PROBE}"]
    assert (row.status, row.location, row.hops) == (301, f"https://{NAME}{PROBE}", 1)
    assert row.seen == f"301 → https://{NAME}{PROBE}, 404"
    assert row.curl == f"curl -sI 'http://{WWW}{PROBE}'"


@pytest.mark.parametrize(
    ("url", "answer", "verdict", "why"),
    [
        (f"https://{WWW}/", ok(f"https://{WWW}/"), "wrong", f"it ends on {WWW}"),
        (f"http://{NAME}/", ok(f"http://{NAME}/"), "wrong", "without protection"),
        (f"http://{NAME}/", to(f"http://{NAME}/", HOME, 302), "long", "302 is for a while only"),
        (f"http://{NAME}/", to(f"http://{NAME}/", f"http://{NAME}/"), "wrong", "in a circle"),
        (f"http://{NAME}/", Page(f"http://{NAME}/", 301), "wrong", "leads nowhere"),
        (
            f"http://{NAME}/",
            NoPage(f"http://{NAME}/", "timeout", "said nothing"),
            "unclear",
            "said nothing",
        ),
        (f"https://{WWW}{PROBE}", to(f"https://{WWW}{PROBE}", HOME), "wrong", "the rest of the link is lost"),
        (f"https://{WWW}{PROBE}", ok(f"https://{WWW}{PROBE}"), "wrong", "does not lead to"),
        (HOME, ok(HOME, 503), "wrong", "it ends on 503"),
    ],
)
async def test_what_a_row_comes_to(url: str, answer: Reply, verdict: str, why: str) -> None:
    row = (await legs({url: answer}))[url]
    assert row.verdict == verdict
    assert why in row.why


async def test_a_row_that_nobody_looked_at_is_neither_right_nor_wrong() -> None:
    rows = matrix(Project(NAME, subs=("app",), old_paths=("/old",)), {})
    assert {leg.verdict for leg in rows} == {"unseen"}
    assert [leg.url for leg in rows][-3:] == [f"https://app.{NAME}/", f"http://app.{NAME}/", f"https://{NAME}/old"]


async def test_old_addresses_that_the_founder_named() -> None:
    project = Project(NAME, old_paths=("/moved", "/home-now", "/gone"))
    rows = await legs(
        {
            f"https://{NAME}/moved": to(f"https://{NAME}/moved", f"https://{NAME}/new"),
            f"https://{NAME}/new": ok(f"https://{NAME}/new"),
            f"https://{NAME}/home-now": to(f"https://{NAME}/home-now", HOME),
            f"https://{NAME}/gone": ok(f"https://{NAME}/gone", 404),
        },
        project,
    )
    assert [rows[f"https://{NAME}{path}"].verdict for path in project.old_paths] == ["right", "wrong", "wrong"]
    assert rows[f"https://{NAME}/home-now"].why == "it ends on the front page"


def test_the_line_goes_where_the_project_goes_and_is_safe_in_a_shell() -> None:
    network = Network(
        connect_to={(NAME, 443): ("127.0.0.1", 8443), (NAME, 80): ("::1", 8080)}, ca="/tmp/it's a ca.pem", private=True
    )
    project = Project(NAME, network=network)
    line = curl_line(project, f"https://{NAME}/old?a=1;rm -rf $(x)`y`'z")
    words = shlex.split(line)
    assert words == [
        "curl",
        "-sI",
        "--connect-to",
        f"{NAME}:443:127.0.0.1:8443",
        "--cacert",
        "/tmp/it's a ca.pem",
        f"https://{NAME}/old?a=1;rm -rf $(x)`y`'z",
    ]
    assert shlex.split(curl_line(project, f"http://{NAME}/"))[3] == f"{NAME}:80:[::1]:8080"


async def test_a_way_of_several_steps_is_followed_with_every_host_mapped() -> None:
    network = Network(connect_to={(WWW, 443): ("127.0.0.1", 8443), (NAME, 443): ("127.0.0.1", 8444)})
    project = Project(NAME, network=network)
    row = (await legs({f"http://{WWW}/": to(f"http://{WWW}/", f"https://{WWW}/")}, project))[f"http://{WWW}/"]
    assert row.hops == 2
    words = shlex.split(row.curl)
    assert words[1] == "-sIL"
    assert words.count("--connect-to") == 2


async def test_the_edge_check_tells_of_a_subdomain_on_http() -> None:
    project = Project(NAME, subs=("app",))
    seen = passed(
        "x",
        evidence=[
            Evidence(f"GET http://app.{NAME}/", f"301 to https://app.{NAME}/"),
            Evidence(f"GET https://app.{NAME}/", "200"),
        ],
    )
    rows = {leg.url: leg for leg in matrix(project, {"edge.https.forced": seen})}
    assert rows[f"http://app.{NAME}/"].verdict == "right"
    assert rows[f"http://app.{NAME}/"].seen == f"301 → https://app.{NAME}/, 200"


def test_the_report_shows_hostile_text_as_text() -> None:
    hostile = passed("x", evidence=[Evidence(f"GET http://{NAME}/", "301 → https://x/|[a](javascript:1)<b>`, 200")])
    legs = matrix(Project(NAME), {"dns.redirect.canonical": hostile})
    text = dns_markdown([], "", [], legs, [], panel("Namecheap"), NAME)
    row = next(line for line in text.splitlines() if "javascript" in line)
    assert r"\[a\]\(javascript:1\)\<b\>\`" in row
    assert "Namecheap" in text
    assert f"    curl -sI http://{WWW}/" in text


def test_a_private_copy_is_not_changed_by_the_way_it_is_reached() -> None:
    assert curl_line(replace(Project(NAME), subs=("x",)), HOME) == f"curl -sI {HOME}"


def test_a_token_in_a_redirect_is_not_handed_on() -> None:
    token = "AKIA" + "IOSFODNN7EXAMPLQ"
    seen = passed("x", evidence=[Evidence(f"GET http://{NAME}/", f"301 → {HOME}?k={token}, 200")])
    row = next(leg for leg in matrix(Project(NAME), {"dns.redirect.canonical": seen}) if leg.url == f"http://{NAME}/")
    assert row.verdict == "right"
    assert row.hops == 1
    assert token not in f"{row.seen} {row.location} {row.curl}"
    assert "removed" in row.location
