"""The deployment map: five launches give five different drawings, and no line is wider than it may be."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.deployment import DeploymentMap, Node, Seen, build_map, draw, survey
from launchready_tui.drawing import fitted, width_of
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Project
from launchready_tui.sources.dns import Delegation, Dns, NoData, NxDomain
from launchready_tui.sources.registry import Registration, Registry
from launchready_tui.sources.web import Page, Web
from tests.world import NAME, World, found

HOME = f"https://{NAME}/"


def owned(**people: str) -> dict[str, Owner]:
    return {system: Owner(system, owner=person) for system, person in people.items()}


def page(url: str, address: str, *headers: tuple[str, str]) -> Page:
    return Page(url, 200, headers, b"<p>hello", address=address)


def delegated(*servers: str) -> Delegation:
    return Delegation(NAME, found(NAME, "NS", *servers), "a.gtld.example")


SHIELD = World(
    delegation=delegated("ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."),
    registry=Registration(NAME, registrar="Namecheap, Inc."),
    dns={
        (NAME, "A"): found(NAME, "A", "104.16.1.1"),
        (f"www.{NAME}", "A"): found(f"www.{NAME}", "A", "104.16.1.1"),
        (NAME, "MX"): found(NAME, "MX", "1 smtp.google.com."),
        (NAME, "TXT"): found(NAME, "TXT", "v=spf1 include:_spf.google.com include:spf.resend.com ~all"),
    },
    web={HOME: page(HOME, "104.16.1.1", ("server", "cloudflare"), ("x-vercel-id", "fra1::1"))},
    owners=owned(registrar="Ada", dns="Ada", cdn="Grace", hosting="Ada") | {"database": Owner("database", "Supabase")},
    project=Project(NAME, senders=("Mailchimp",)),
)
OWN = World(
    delegation=delegated(f"ns1.{NAME}.", f"ns2.{NAME}."),
    registry=Registration(NAME, registrar="Gandi SAS"),
    dns={
        (NAME, "A"): found(NAME, "A", "93.184.215.14"),
        (NAME, "MX"): found(NAME, "MX", f"10 mail.{NAME}."),
        (NAME, "TXT"): found(NAME, "TXT", "v=spf1 mx -all"),
    },
    web={HOME: page(HOME, "93.184.215.14", ("server", "nginx"))},
    owners=owned(registrar="Ada", dns="Ada", hosting="Ada", inbox="Ada", sender="Ada"),
    project=Project(NAME, urls={"api": f"{HOME}health"}),
)
NETLIFY = World(
    delegation=delegated("dns1.p01.nsone.net.", "dns2.p01.nsone.net."),
    dns={
        (NAME, "A"): found(NAME, "A", "75.2.60.5"),
        (NAME, "MX"): found(NAME, "MX", "0 ."),
        (NAME, "TXT"): found(NAME, "TXT", "v=spf1 -all"),
    },
    web={HOME: page(HOME, "75.2.60.5", ("server", "Netlify"))},
    project=Project(NAME, urls={"api": ""}, absent={"database": "Ada, 3 Nov 2026"}),
)
SPLIT = World(
    delegation=delegated("dns1.registrar-servers.com."),
    registry=Registration(NAME, registrar="Namecheap, Inc."),
    dns={
        (NAME, "A"): found(NAME, "A", "76.76.21.21"),
        (f"api.{NAME}", "A"): found(f"api.{NAME}", "A", "93.184.215.20", aliases=("shop.onrender.com",)),
        (NAME, "MX"): NoData(NAME, "MX"),
        (NAME, "TXT"): NoData(NAME, "TXT"),
    },
    web={
        HOME: page(HOME, "76.76.21.21", ("server", "Vercel")),
        f"https://api.{NAME}/health": page(f"https://api.{NAME}/health", "93.184.215.20"),
    },
    owners=owned(registrar="Ada", api="Grace") | {"monitoring": Owner("monitoring", "UptimeRobot", owner="Ada")},
    project=Project(NAME, urls={"api": f"https://api.{NAME}/health"}),
)
NOTHING = World()
WORLDS = {"shield": SHIELD, "own": OWN, "netlify": NETLIFY, "split": SPLIT, "nothing": NOTHING}


async def mapped(world: World) -> DeploymentMap:
    context = world.context()
    dns, web, registry, owners = (context.get(kind) for kind in (Dns, Web, Registry, Owners))
    assert isinstance(dns, Dns)
    assert isinstance(web, Web)
    assert isinstance(owners, Owners)
    assert registry is None or isinstance(registry, Registry)
    return await survey(world.project, dns, web, registry, owners)


@pytest.mark.parametrize("width", [140, 76, 40, 21, 1])
async def test_five_worlds_five_drawings(width: int) -> None:
    drawings = {name: draw(await mapped(world), width) for name, world in WORLDS.items()}
    assert len({"\n".join(lines) for lines in drawings.values()}) == 5
    for lines in drawings.values():
        assert all(width_of(line) <= max(width, 21) for line in lines), lines
        assert not any(line.endswith(" ") for line in lines)


async def test_vercel_behind_cloudflare() -> None:
    assert draw(await mapped(SHIELD), 76) == [
        "Namecheap, Inc. ──▶ Cloudflare DNS ──▶ Cloudflare proxy",
        "owner: Ada          owner: Ada         owner: Grace",
        "                                       on for apex and www",
        " ──▶ Vercel     ──▶ ? API host   ──▶ Supabase (database)",
        "     owner: Ada     who owns it?     owner: ?",
        "",
        "MX ──▶ Google Workspace   owner: ?",
        "mail sent by: Google Workspace, Resend, ? Mailchimp   owner: ?",
        "watched by: ? monitoring   who owns it?",
    ]


async def test_vercel_behind_cloudflare_on_a_narrow_screen() -> None:
    lines = draw(await mapped(SHIELD), 40)
    assert lines[:2] == ["Namecheap, Inc. ──▶ Cloudflare DNS", "owner: Ada          owner: Ada"]
    assert lines[2:4] == [" ──▶ Cloudflare proxy    ──▶ Vercel", "     owner: Grace            owner: Ada"]
    assert any(line.startswith("mail sent by: Google Workspace, Resend") and line.endswith("…") for line in lines)


async def test_own_server() -> None:
    assert draw(await mapped(OWN), 76) == [
        "Gandi SAS  ──▶ DNS at good.example ──▶ server 93.184.215.14",
        "owner: Ada     owner: Ada              owner: Ada",
        " ──▶ ? database",
        "     who owns it?",
        "",
        "MX ──▶ good.example   owner: Ada",
        "mail sent by: good.example   owner: Ada",
        "watched by: ? monitoring   who owns it?",
    ]


async def test_netlify_dns_with_parts_that_are_not_there() -> None:
    map = await mapped(NETLIFY)
    assert map.node("database").absent
    assert map.node("api").absent
    assert map.node("inbox").absent
    assert map.node("sender").absent
    assert draw(map, 76) == [
        "? registrar  ──▶ NS1 (Netlify DNS) ──▶ Netlify",
        "who owns it?     owner: ?              owner: ?",
        "",
        "MX ──▶ takes no mail",
        "mail sent by: sends no mail",
        "watched by: ? monitoring   who owns it?",
    ]


async def test_split_api_host() -> None:
    map = await mapped(SPLIT)
    assert map.node("api") == Node("api", "Render", "Grace", f"https://api.{NAME}/health", note=f"api.{NAME}")
    assert map.node("cdn").absent
    assert not map.node("inbox").name
    assert ("hosting", "api", True) in {(edge.source, edge.target, edge.known) for edge in map.edges}


async def test_nothing_known_asks_for_everything() -> None:
    map = await mapped(NOTHING)
    assert len(map.incomplete) == 9
    assert not any(edge.known for edge in map.edges)
    text = "\n".join(draw(map, 76))
    assert text.count("?") >= 9
    assert "? web host" in text
    assert "who owns it?" in text


async def test_api_on_the_home_host_takes_its_name_and_owner() -> None:
    map = await mapped(OWN)
    assert map.node("api").complete
    assert map.node("api").name == map.node("hosting").name


async def test_shield_hides_the_host_so_it_is_unknown() -> None:
    web = {HOME: page(HOME, "104.16.1.1", ("server", "cloudflare"))}
    map = await mapped(World(dns=SHIELD.dns, web=web))
    assert map.node("cdn").name == "Cloudflare"
    assert map.node("hosting").name == ""


def test_told_fills_what_did_not_show_and_found_comes_first() -> None:
    owners = Owners({"dns": Owner("dns", "Told DNS", owner="Ada"), "cdn": Owner("cdn", absent=True)})
    map = build_map({"dns": Seen("Found", "NS")}, owners, Project(NAME))
    assert map.node("dns").name == "Found"
    assert map.node("cdn").absent
    told = build_map({}, owners, Project(NAME)).node("dns")
    assert (told.name, told.found_by, told.complete) == ("Told DNS", "you", True)


HOSTILE: Mapping[str, str] = {
    "escape": "\x1b]52;c;eA==\x07" * 9,
    "bidi": "\u202eevil",
    "wide": "漢字" * 60,
    "nul": "\0\n",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("width", [76, 40])
def test_hostile_names_are_shown_and_stay_inside(name: str, width: int) -> None:
    seen = {kind: Seen(name, name, note=name) for kind in ("registrar", "dns", "cdn", "hosting", "api", "sender")}
    lines = draw(build_map(seen, Owners({"dns": Owner("dns", owner=name)}), Project(NAME)), width)
    text = "".join(lines)
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\0", "\n"}
    assert all(width_of(line) <= width for line in lines)


def test_widths() -> None:
    assert width_of("漢字") == 4
    assert width_of("e\u0301") == 1
    assert fitted("漢字漢字", 5) == "漢字…"
    assert fitted("short", 5) == "short"


async def test_nxdomain_home_is_no_crash() -> None:
    map = await mapped(World(dns={(NAME, "A"): NxDomain(NAME, "A"), (NAME, "MX"): NxDomain(NAME, "MX")}))
    assert map.node("hosting").name == ""
