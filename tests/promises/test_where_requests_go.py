"""Promise 9: requests go only to hosts that the founder named. Every connection of the process is heard, by Python's
own audit of its sockets, so that no library goes around it."""

from __future__ import annotations

import datetime as dt
import json
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from launchready_tui.engine import Finished
from launchready_tui.model import Finding, Status
from launchready_tui.options import apply
from launchready_tui.practice import DOMAIN as PRACTICE
from launchready_tui.practice.site import Site
from launchready_tui.practice.startup import Practice
from launchready_tui.practice.webserver import Request, Response
from launchready_tui.practice.zones import GONE
from launchready_tui.project import Clock, Project
from launchready_tui.session import Session
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.vault import Vault
from tests.command import look_options
from tests.practice.test_faults import running
from tests.small_world import small_world


@dataclass
class Heard:
    """`sent` are pairs of our own port and what was connected or sent to, `names` what the system was to resolve."""

    sent: set[tuple[int, tuple[str, int]]] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)

    def to(self, served: set[tuple[str, int]]) -> set[tuple[str, int]]:
        """Where requests went: what the servers of the test itself answer, from a port of theirs, is none."""
        ports = {port for _, port in served}
        return {target for port, target in self.sent if port not in ports}


_heard: Heard | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _heard is None:
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        ours, target = arguments[0], arguments[1]
        if isinstance(target, tuple) and isinstance(ours, socket.socket):
            _heard.sent.add((ours.getsockname()[1], (str(target[0]), int(target[1]))))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        _heard.names.append(str(arguments[0]))
    elif event == "subprocess.Popen":
        program = Path(str(arguments[0])).name
        if arguments[0] == sys.executable and any("launchready_tui" in str(word) for word in arguments[1]):  # type: ignore[attr-defined]  # a list
            program = "a part of ours"
        _heard.programs.append(program)


@pytest.fixture
def heard() -> Iterator[Heard]:
    global _heard
    if not hasattr(sys, "_requests_heard"):
        sys.addaudithook(_hook)  # for good: it hears only while a test listens
        sys._requests_heard = True  # type: ignore[attr-defined]  # a mark of ours
    _heard = found = Heard()
    yield found
    _heard = None


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """What the practice site was asked for."""
    requests: list[Request] = []
    answer = Site.answer

    def keep(self: Site, request: Request) -> Response:
        requests.append(request)
        return answer(self, request)

    monkeypatch.setattr(Site, "answer", keep)
    return requests


async def look(project: Project) -> dict[str, Finding]:
    session = Session(
        UnsavedStore(project), Vault(kind="session"), clock=Clock(dt.datetime.now(dt.UTC)), project=project
    )
    found: dict[str, Finding] = {}
    async with aclosing(session.look()) as events:
        async for event in events:
            if isinstance(event, Finished):
                found[event.check.id] = event.finding
    await session.aclose()
    return found


def named(practice: Practice) -> set[tuple[str, int]]:
    """Where a founder of the practice startup said that things are: resolvers, name servers, hosts, and the other
    address that the founder's own records give the site."""
    network = practice.project.network
    servers = {(f"127.0.0.{number}", network.dns_port) for number in (1, 2, 3)}  # as its zone says
    beside = (GONE, network.connect_to[PRACTICE, 443][1])
    return {*network.resolvers, *network.connect_to.values(), *servers, beside}


async def test_a_whole_look_reaches_what_was_named_and_nothing_else(
    tmp_path: Path, heard: Heard, visited: list[Request]
) -> None:
    async with running(tmp_path / "practice") as practice:
        project = replace(practice.project, allowed=frozenset({"measure"}))
        await look(project)
        assert len(heard.to(named(practice))) >= 5
        assert heard.to(named(practice)) <= named(practice)
    # Names are looked up by our own resolver; no name of the launch is handed to the system's.
    assert [name for name in heard.names if not name.replace(".", "").isdigit()] == []
    assert set(heard.programs) <= {"git", "a part of ours"}  # the scan reads the code folder in a process of its own
    assert any(request.target.startswith("/rdap") for request in visited)
    assert any(request.target.startswith("/ct/") for request in visited)
    assert {request.host for request in visited} <= {host for host, _ in project.network.connect_to} | {"127.0.0.1"}


async def test_without_registries_no_registry_is_asked(tmp_path: Path, heard: Heard, visited: list[Request]) -> None:
    async with running(tmp_path / "practice") as practice:
        network = replace(practice.project.network, registries=False)
        found = await look(replace(practice.project, network=network))
        assert heard.to(named(practice)) <= named(practice)
    assert not any("rdap" in request.target or "/ct/" in request.target for request in visited)
    assert found["audit.domain.registered"].status is not Status.FAIL


async def test_nothing_is_sent_before_a_look(tmp_path: Path, heard: Heard) -> None:
    """No telemetry, no update check: opening and closing a launch sends nothing."""
    project = Project("good.example")
    session = Session(UnsavedStore(project), Vault(kind="session"), project=project).start()
    await session.prepared(None)
    session.readiness()
    await session.aclose()
    assert heard == Heard()


# ---- redirects and what pages embed ----

DOMAIN, OTHER = "small.example", "other.example"
ZONE = "@ 60 IN SOA ns host 1 3600 600 604800 60\n@ 60 IN NS ns\nns 60 IN A 127.0.0.1\n@ 60 IN A 127.0.0.1\n"


def site(request: Request) -> Response:
    """A home page that embeds a script of another host, and a login that leads to it."""
    if request.target.startswith("/login"):
        return Response(302, (("Location", f"https://{OTHER}/sign-in"),), b"")
    page = f'<title>x</title><script src="https://{OTHER}/a.js"></script><a href="https://unasked.example/">x</a>'
    return Response(200, (("Content-Type", "text/html"),), page.encode())


def served(project: Project) -> set[tuple[str, int]]:
    """The servers of the small world; its registry is the one that listens for http."""
    return {*project.network.resolvers, *project.network.connect_to.values()}


@asynccontextmanager
async def launch(folder: Path, asked: list[Request]) -> AsyncIterator[Project]:
    def keep(request: Request) -> Response:
        asked.append(request)
        return site(request)

    async with small_world(DOMAIN, keep, folder, hosts=[OTHER], zones={OTHER: ZONE}) as place:
        words = [*place.options, "--url", f"login=https://{DOMAIN}/login", "--sub", "none"]
        yield apply(Project(DOMAIN), look_options(words))


async def test_redirects_and_embedded_things_are_followed_and_links_are_not(tmp_path: Path, heard: Heard) -> None:
    """As the README says: where named hosts redirect to and what their pages embed is asked; what they link to not."""
    asked: list[Request] = []
    async with launch(tmp_path, asked) as project:
        await look(project)
        assert heard.to(served(project)) <= served(project)
    other = {request.target for request in asked if request.host == OTHER}
    assert "/sign-in" in other
    assert other <= {"/sign-in", "/a.js", "/"}
    assert "unasked.example" not in json.dumps(sorted({request.host for request in asked}))


async def test_a_redirect_to_a_private_address_is_not_followed(tmp_path: Path, heard: Heard) -> None:
    """On the public internet a page can not send us into the founder's own network."""
    asked: list[Request] = []
    async with launch(tmp_path, asked) as project:
        await look(replace(project, network=replace(project.network, private=False)))
    assert asked == []
    assert heard.to(served(project)) <= {*project.network.resolvers}
