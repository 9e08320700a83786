"""What the registry says of a domain: RDAP (RFC 9082, RFC 9083), found through IANA's bootstrap (RFC 9224)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from launchready_tui.project import Project
from launchready_tui.sources.web import Web


@dataclass(frozen=True, slots=True)
class Registration:
    """`statuses` are EPP names in lower camel case as RFC 8056 maps them ("clientTransferProhibited").

    `expires` is None where the registry does not say (many country registries)."""

    domain: str
    registrar: str = ""
    expires: dt.datetime | None = None
    registered: dt.datetime | None = None
    statuses: tuple[str, ...] = ()
    name_servers: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The registry's server answered 404 (a fact)."""

    domain: str
    server: str = ""


@dataclass(frozen=True, slots=True)
class NoRegistry:
    """Could not tell: no RDAP server is known for this ending, it did not answer, or registries are off."""

    domain: str
    kind: Literal["off", "no-server", "timeout", "broken", "limited"]
    say: str


class Registry:
    """One look a domain in a run. Not there when the founder said --no-registries."""

    needs = "the public registry (it is off with --no-registries)"

    def __init__(self, project: Project, web: Web) -> None:
        raise NotImplementedError

    async def look(self, domain: str) -> Registration | NotRegistered | NoRegistry:
        """Ask about the registrable domain of `domain`."""
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
