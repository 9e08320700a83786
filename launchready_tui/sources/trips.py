"""How far one web request came, and what its end means in words. Pure."""

from __future__ import annotations

import ssl
from typing import Literal

from launchready_tui import limits
from launchready_tui.sources import handshakes
from launchready_tui.sources.bodies import BadBody
from launchready_tui.sources.dial import Route, Unreachable, causes
from launchready_tui.sources.replies import NoPage


class Trip:
    """How far one request came: the routes to try, the address it took, and the stage it is in."""

    def __init__(self) -> None:
        self.routes: tuple[Route, ...] = ()
        self.address = ""
        self.stage: Literal["resolve", "connect", "tls", "wait", "body"] = "resolve"


def silence(url: str, trip: Trip) -> NoPage:
    seconds = f"{limits.WEB_SECONDS:g} seconds"
    if trip.stage == "resolve":
        return NoPage(url, "no-address", f"could not be looked up within {seconds}")
    say = {
        "connect": f"did not take our connection within {seconds}",
        "tls": f"took our connection and did not finish securing it within {seconds}",
        "wait": f"took our connection and then said nothing complete for {seconds}",
        "body": f"began to answer and did not finish within {seconds}",
    }
    return NoPage(url, "timeout", say[trip.stage])


def failure(url: str, trip: Trip, error: Exception) -> NoPage:
    for cause in causes(error):
        if isinstance(cause, Unreachable):
            return NoPage(url, cause.kind, cause.say, fact=cause.fact)
        if isinstance(cause, ssl.SSLError) and trip.stage == "tls":
            fault = handshakes.explain(cause)
            if fault is not None:
                return NoPage(url, "tls", fault.say, reason=fault.reason, fact=True)
        if isinstance(cause, BadBody):
            return NoPage(url, "broken", "sent a page that does not unpack", reason=str(cause))
    say = {
        "resolve": "could not be asked",
        "connect": "broke off our connection",
        "tls": "broke off while we were securing the connection",
        "wait": "closed the connection, or sent something that is not HTTP",
        "body": "broke off in the middle of its answer",
    }
    return NoPage(url, "broken", say[trip.stage], reason=str(error))
