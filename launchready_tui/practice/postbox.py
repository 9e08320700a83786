"""The practice startup's mail as the wizard sees it: ask the site for one, and look into the two inboxes."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from launchready_tui.practice import DOMAIN
from launchready_tui.practice.inboxes import PracticeInbox
from launchready_tui.practice.mailer import Mailer
from launchready_tui.saying import Problem
from launchready_tui.tryout import Kind, Link

SECONDS = 10.0
_LINK = re.compile(rf"https://{re.escape(DOMAIN)}(/[a-z]+/[\w-]+)".encode())


class PracticeMail:
    """A TryOut: what it asks for is asked at the site's own form, over https as a browser does."""

    def __init__(
        self, inboxes: Mapping[str, PracticeInbox], mailer: Mailer, site: tuple[str, int], authority: str
    ) -> None:
        self._inboxes, self._mailer, self._site = inboxes, mailer, site
        self._tls = ssl.create_default_context(cadata=authority)
        self.inboxes = tuple(inboxes)

    def address(self, inbox: str) -> str:
        return self._inboxes[inbox].address

    def messages(self, inbox: str | None = None) -> tuple[Path, ...]:
        """The newest first: by the number that each file's name begins with within one inbox, else by when it came."""
        named = self._inboxes.values() if inbox is None else (self._inboxes[inbox],)
        found = [path for each in named for path in each.files()]
        return tuple(sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True))

    async def trigger(self, kind: Kind, inbox: str) -> None:
        """Ask for a mail at the site's form, and wait until it was handed over. Raises Problem with a sentence."""
        before = len(self._mailer.failed)
        try:
            async with asyncio.timeout(SECONDS):
                status = await self._post(kind, self.address(inbox))
                await self._mailer.sent()
        except OSError as error:  # a TimeoutError is one
            raise Problem(f"The practice site did not answer its form at /{kind}. Start it again.") from error
        if status != 200:
            raise Problem(f"The practice site answered its form at /{kind} with {status}.")
        if len(self._mailer.failed) > before:
            raise Problem(f"{self._mailer.failed[-1]}.")

    async def use_link(self, message: Path) -> Link:
        """A link to anywhere but the site is broken here, and is not followed."""
        found = _LINK.search(message.read_bytes())
        if found is None:
            return "broken"
        try:
            async with asyncio.timeout(SECONDS):
                first, second = [await self._ask(f"GET {found[1].decode()} HTTP/1.1", b"") for _ in range(2)]
        except OSError as error:
            raise Problem("The practice site did not answer the link. Start it again.") from error
        return "broken" if first != 200 else "again" if second == 200 else "once"

    async def _post(self, kind: Kind, address: str) -> int:
        return await self._ask(f"POST /{kind} HTTP/1.1", urlencode({"email": address}).encode())

    async def _ask(self, line: str, body: bytes) -> int:
        """One request to the site, and the status of its answer."""
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
        head = f"{line}\r\nHost: {DOMAIN}\r\nConnection: close\r\n{form}\r\n"
        reader, writer = await asyncio.open_connection(*self._site, ssl=self._tls, server_hostname=DOMAIN)
        try:
            writer.write(head.encode() + body)
            await writer.drain()
            said = (await reader.readline()).split()
            await reader.read()
        finally:
            writer.transport.abort()
        return int(said[1]) if len(said) > 1 and said[1].isdigit() else 0
