"""What a web server said: a page, the reason why there is none, and a URL followed by hand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui.sources import urls
from launchready_tui.sources.bodies import as_text

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READ = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `headers` as sent, names in lower case, text cleaned of nothing (clean when shown).

    `body` is decoded (gzip, deflate) and capped at limits.BODY_BYTES (`cut` tells); `wire_bytes` is the length as it
    crossed the network; `encoding` the content-encoding header in lower case; `seconds` to the end of the body;
    `address` the IP that was connected to. An encoding that we do not decode (br, zstd) leaves `body` empty.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: bool = False
    wire_bytes: int = 0
    encoding: str = ""
    seconds: float = 0.0
    http_version: str = "HTTP/1.1"
    address: str = ""

    def header(self, name: str) -> str | None:
        """All values of a header joined with ", " (RFC 9110 section 5.3), None when it is not there."""
        found = self.values(name)
        return ", ".join(found) if found else None

    def values(self, name: str) -> list[str]:
        """The values of a header one by one, as Set-Cookie and Location need them."""
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def content_type(self) -> str:
        """The media type alone, lower case: "text/html"."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text, by its charset where we know that one, else UTF-8 with stand-ins. Raw: clean when shown."""
        return as_text(self.body, self.header("content-type"))

    @property
    def unread(self) -> bool:
        """True where there is a body that we could not look at: packed unasked (br, zstd), or cut before it began."""
        return not self.body and (self.cut or self.encoding not in _READ)

    @property
    def is_redirect(self) -> bool:
        """A status that tells a browser to go elsewhere (300 and 304 do not)."""
        return self.status in _REDIRECTS

    @property
    def location(self) -> str | None:
        """Where a 3xx sends the visitor, made absolute; None for all else and for a Location nobody can follow."""
        found = set(self.values("location"))
        if not self.is_redirect or len(found) != 1:  # browsers refuse several that differ
            return None
        return urls.join(self.url, found.pop())


@dataclass(frozen=True, slots=True)
class NoPage:
    """No answer that is HTTP. `kind` says why; `say` is a plain clause: "took our connection and then said nothing".

    refused: nothing listens there (a fact). tls: the certificate or handshake failed (a fact; `reason` is exact).
    no-address: the name has no address (a fact when `fact` is True). timeout, broken, policy, budget: could not tell.
    shield: something before the site answered in its place (`reason` names it), so the site itself was not seen.
    """

    url: str
    kind: Literal["refused", "tls", "no-address", "timeout", "broken", "policy", "budget", "shield"]
    say: str
    reason: str = ""
    fact: bool = False


Reply = Page | NoPage


@dataclass(frozen=True, slots=True)
class Chain:
    """A URL followed by hand. `end`: "ok" (the last hop is an answer that is no redirect), "loop", "too-long",
    "no-answer" (the last hop is a NoPage), "bad-location" (a redirect that leads nowhere)."""

    hops: tuple[Reply, ...]
    end: Literal["ok", "loop", "too-long", "no-answer", "bad-location"]

    @property
    def last(self) -> Reply:
        return self.hops[-1]

    @property
    def redirects(self) -> int:
        return sum(1 for hop in self.hops if isinstance(hop, Page) and 300 <= hop.status < 400)

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(hop.url for hop in self.hops)
