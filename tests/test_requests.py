"""What one look costs the network: nothing is asked twice, and the whole of it stays within counts that were measured.

The counts are upper bounds on the practice startup without faults (four hosts, two name servers, two mail servers).
They were measured when this test was written and never changed between runs, so that a check which asks for what is
known already shows here. A new check may raise them by what it truly needs.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dns.message
import pytest

from launchready_tui.engine import Context, Finished
from launchready_tui.look import looking
from launchready_tui.model import Stage
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.practice.site import Site
from launchready_tui.practice.webserver import Request, Response
from launchready_tui.project import Clock, Project
from launchready_tui.session import Session, known
from launchready_tui.sources import smtp, tls
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Pace
from launchready_tui.sources.smtp import Greeting, NoGreeting, Smtp
from launchready_tui.sources.web import Web
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.vault import Vault
from tests.practice.test_faults import People, running

# The inventory: eight types (A, AAAA, CNAME, MX, TXT, NS, SOA, CAA) at four hosts, 32. The zone above: its NS, its
# server, the delegation, 3. Addresses of two name servers and of two mail servers, 8. DMARC, 1. What the resolver has
# not said already for the name servers themselves: NS over TCP at the first; NS over both, A and AAAA at the other, 5.
# Two made-up names, and three that the certificate logs remember, 5. DS, and CAA at the zone above, 2.
# The policies for encrypted mail (MTA-STS, TLS-RPT) and the logo beside it (BIMI), 3; whose panel takes the record for
# TLS-RPT that is offered, 1. Six usual selectors of DKIM keys, since nobody named the sender's own, 6.
DNS_QUESTIONS = 66
# Four hosts over http and https, 8; seven private files and the page that is not there at each, 32; a path on four
# redirects, 4; login, signup, API health, 3; a style, two scripts, a picture and two source maps, 6; the registry and
# the certificate logs, 2.
# Which commit is live, at /version, 1.
# The login page is asked for three times, as its rule says: what fails now and then is seen in no other way, 2.
URLS = 58
LOGIN = (True, "mapleclub.example", "/login", "gzip", "")
HANDSHAKES = 4  # apex, www, app, api
GREETINGS = 2  # mail servers


@dataclass
class Heard:
    """What the servers themselves counted, and what our sources say that they asked."""

    questions: list[tuple[str, str, bool]] = field(default_factory=list)
    requests: list[tuple[bool, str, str, str, str]] = field(default_factory=list)
    handshakes: list[str] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    context: Context | None = None

    @property
    def dns(self) -> tuple[tuple[str, str, str, bool], ...]:
        source = self.context.get(Dns) if self.context else None
        assert isinstance(source, Dns)
        return source.asked

    @property
    def urls(self) -> tuple[str, ...]:
        source = self.context.get(Web) if self.context else None
        assert isinstance(source, Web)
        return source.asked


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Count at the servers' side, and keep the sources of the look."""
    found = Heard()
    answer_dns, answer_web, shake, talk = Nameserver.answer, Site.answer, tls._shake_hands, Smtp._talk

    def dns_answer(self: Nameserver, data: bytes, *, udp: bool) -> Iterator[bytes]:
        question = dns.message.from_wire(data).question[0]
        found.questions.append((f"{id(self)} {question.name}", question.rdtype.name, udp))
        return answer_dns(self, data, udp=udp)

    def web_answer(self: Site, request: Request) -> Response:
        more = (request.headers.get("accept-encoding", ""), request.headers.get("if-none-match", ""))
        found.requests.append((request.secure, request.host, request.target, *more))
        return answer_web(self, request)

    async def shaking(sock: object, host: str) -> object:
        found.handshakes.append(host)
        return await shake(sock, host)

    async def talking(self: Smtp, host: str, *more: object) -> Greeting | NoGreeting:
        found.greetings.append(host)
        return await talk(self, host, *more)  # type: ignore[arg-type]  # handed through as they came

    @asynccontextmanager
    async def kept(project: Project, clock: Clock, *things: object, pace: Pace | None = None) -> AsyncIterator[Context]:
        async with looking(project, clock, *things, pace=pace) as context:
            found.context = context
            yield context

    monkeypatch.setattr(Nameserver, "answer", dns_answer)
    monkeypatch.setattr(Site, "answer", web_answer)
    monkeypatch.setattr(tls, "_shake_hands", shaking)
    monkeypatch.setattr(smtp.Smtp, "_talk", talking)
    monkeypatch.setattr(known, "looking", kept)
    return found


async def look(folder: Path, heard: Heard, *stages: Stage) -> int:
    """A look as `check` makes it, the deployment map included. Returns how many findings came."""
    people = People()
    people.say_all()
    async with running(folder, ()) as practice:
        session = Session(UnsavedStore(practice.project), Vault(kind="session"), clock=Clock(dt.datetime.now(dt.UTC)))
        session.bring(people.answers.values(), people.owners.values())
        chosen = [check for check in session.checks if not stages or check.stage in stages]
        count = 0
        async with aclosing(session.look(chosen)) as events:
            async for event in events:
                count += isinstance(event, Finished)
        await session.aclose()
    return count


def twice(things: list[object]) -> list[object]:
    return [thing for thing, count in Counter(things).items() if count > 1]


async def test_a_whole_look_asks_nothing_twice(tmp_path: Path, heard: Heard) -> None:
    assert await look(tmp_path / "practice", heard) > 40
    assert twice([*heard.questions]) == []
    assert twice([*heard.requests]) == [LOGIN]
    assert twice([*heard.handshakes]) == []
    assert twice([*heard.greetings]) == []
    # What the sources say of themselves is what the servers saw.
    assert twice([*heard.dns]) == twice([*heard.urls]) == []
    assert len(heard.dns) == len(heard.questions)
    assert len(heard.urls) == len(heard.requests)


async def test_a_whole_look_stays_within_what_was_measured(tmp_path: Path, heard: Heard) -> None:
    await look(tmp_path / "practice", heard)
    assert 30 < len(heard.questions) <= DNS_QUESTIONS, sorted(heard.questions)
    assert 30 < len(heard.requests) <= URLS, sorted(heard.requests)
    assert len(heard.handshakes) == HANDSHAKES
    assert len(heard.greetings) == GREETINGS


@pytest.mark.parametrize("stage", Stage)
async def test_one_stage_asks_nothing_twice_and_no_more_than_the_whole(
    tmp_path: Path, heard: Heard, stage: Stage
) -> None:
    await look(tmp_path / "practice", heard, stage)
    again = [LOGIN] if stage is Stage.DEPLOY else []
    assert twice([*heard.questions, *heard.requests, *heard.handshakes, *heard.greetings]) == again
    assert len(heard.questions) <= DNS_QUESTIONS
    assert len(heard.requests) <= URLS
    if stage is Stage.HANDOVER:
        assert (heard.questions, heard.requests, heard.handshakes) == ([], [], [])
