"""An account at a web host: which one a token opens, what it is asked, each thing once a look."""

from __future__ import annotations

import importlib
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from launchready_tui.hosts.asking import Asking, Trouble
from launchready_tui.hosts.digests import Digests
from launchready_tui.hosts.model import HostAccount, NoHost, Releases, Settings
from launchready_tui.secret import Secret
from launchready_tui.sources.once import Once
from launchready_tui.sources.web import Web

T = TypeVar("T")

# kind -> the module whose HOST it is.
_MODULES = {name: f"launchready_tui.hosts.{name}" for name in ("vercel", "netlify", "render", "fly")}


@dataclass(frozen=True, slots=True)
class Found:
    """A project at the host: what its questions need (`ids`), and its name for people. `fits`: it has the domain, or
    the name that somebody gave."""

    ids: Mapping[str, str]
    name: str
    fits: bool = True


class Client(Protocol):
    """What each host's module has: three questions. All raise Trouble, and change nothing there."""

    @abstractmethod
    async def find(self, domain: str, named: str) -> tuple[Found, ...]:
        """The projects that serve a domain, or the one with a name or an id. All that the token sees, where none of
        them does; () where it sees none."""

    @abstractmethod
    async def settings(self, ids: Mapping[str, str], digests: Digests) -> Settings: ...

    @abstractmethod
    async def releases(self, ids: Mapping[str, str], domain: str) -> Releases: ...


@dataclass(frozen=True, slots=True)
class Host:
    """A web host that can be connected. `page` is where its token is made, `path` the clicks there, `scopes` what to
    choose, `secret` what the host calls it."""

    kind: str
    name: str
    base: str
    secret: str
    page: str
    path: str
    scopes: tuple[str, ...]
    open: Callable[[Asking], Client]
    project: str = "Project"
    ids: tuple[str, ...] = ("project",)


def kinds() -> tuple[str, ...]:
    """Every kind of web host that can be connected."""
    return tuple(_MODULES)


def host(kind: str) -> Host:
    """Raises KeyError for a kind that there is none of."""
    found: Host = importlib.import_module(_MODULES[kind]).HOST
    return found


def is_connection(connection: Mapping[str, str]) -> bool:
    """Is this one of a project's connections to a web host?"""
    return connection.get("kind") in _MODULES and bool(connection.get("host"))


@dataclass(frozen=True, slots=True)
class HostKey:
    """A connection to a web host with its token, as a session hands it to a look. `key` is that of the digests."""

    connection: Mapping[str, str]
    token: Secret
    key: bytes = field(repr=False)
    private: bool = False


def client(one: Host, web: Web, token: Secret, api: str = "") -> Client:
    """`api` is another address of the interface, for the founder's own network."""
    return one.open(Asking(web, one.name, api or one.base, token, "; ".join(one.scopes)))


class ConnectedHost(HostAccount):
    """The account that a project is connected to."""

    def __init__(self, key: HostKey, web: Web) -> None:
        """Raises KeyError where the connection is of no kind that there is."""
        one = host(key.connection["kind"])
        self.name = one.name
        self._ids = {name: key.connection.get(name, "") for name in one.ids}
        self._domain = key.connection.get("host", "")
        self._client = client(one, web, key.token, key.connection.get("api", "") if key.private else "")
        self._digests = Digests(key.key)
        self._settings: Once[str, Settings | NoHost] = Once()
        self._releases: Once[str, Releases | NoHost] = Once()

    async def settings(self) -> Settings | NoHost:
        return await self._settings.get("", lambda: _told(self._client.settings(self._ids, self._digests)))

    async def releases(self) -> Releases | NoHost:
        return await self._releases.get("", lambda: _told(self._client.releases(self._ids, self._domain)))

    async def aclose(self) -> None:
        await self._settings.aclose()
        await self._releases.aclose()


async def _told(question: Awaitable[T]) -> T | NoHost:
    try:
        return await question
    except Trouble as trouble:
        return trouble.told
