"""What the practice site does when somebody asks for a mail: writes it, signs it, hands it over by SMTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import secrets
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from launchready_tui.practice.letters import SENDER, Key, Kind, letter, signed
from launchready_tui.practice.sending import NotTaken, hand_over
from launchready_tui.practice.zones import MAIL_HOSTS

AT_ONCE = 20  # mails under way; who asks for more gets none
LINKS = 500  # that still open something; the oldest is forgotten


@dataclass(frozen=True, slots=True)
class Door:
    """Where mail for one address is handed over: the server's name, its address and port."""

    host: str
    where: tuple[str, int]


class Mailer:
    """Sends to the addresses in `doors` alone. `failed` holds what went wrong, the newest last."""

    def __init__(
        self, settings: Callable[[], Mapping[str, str]], key: Key, doors: Mapping[str, Door], tls: ssl.SSLContext
    ) -> None:
        self._settings, self._key, self._doors, self._tls = settings, key, doors, tls
        self._links: dict[tuple[Kind, str], None] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self.failed: list[str] = []

    def ask(self, kind: Kind, address: str) -> None:
        """Begin to send; an address that nobody has is passed over without a word, as good sites do."""
        door = self._doors.get(address.strip().lower())
        if door is None or len(self._under_way) >= AT_ONCE:
            return
        task = asyncio.create_task(self._send(kind, address.strip().lower(), door), name=f"practice mail {kind}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def used(self, kind: Kind, token: str) -> bool:
        """Take a link out of a mail: True the first time."""
        return self._links.pop((kind, token), 0) is None

    async def sent(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def aclose(self) -> None:
        """Stop what is under way."""
        under_way = list(self._under_way)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _send(self, kind: Kind, address: str, door: Door) -> None:
        token = secrets.token_urlsafe(16)
        settings = self._settings()
        mail = letter(kind, address, token, settings, dt.datetime.now(dt.UTC))
        if settings.get("mail.signing") == "on":
            await asyncio.to_thread(importlib.import_module, "dkim")
            mail = await asyncio.to_thread(signed, mail, self._key)
        self._links[kind, token] = None
        while len(self._links) > LINKS:
            del self._links[next(iter(self._links))]
        try:
            await hand_over(door.where, door.host, MAIL_HOSTS[0], SENDER, address, mail, self._tls)
        except (NotTaken, OSError) as error:  # a TimeoutError is one of the latter
            self.failed.append(f"The mail to {address} was not taken: {error}")
