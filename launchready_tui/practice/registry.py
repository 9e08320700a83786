"""What stands for the domain's registry: one registration, as RDAP tells it (RFC 9083 section 5.3)."""

from __future__ import annotations

import datetime as dt

from launchready_tui.practice import DOMAIN
from launchready_tui.practice.zones import FIRST, SECOND

SOON = dt.timedelta(days=45)  # until the domain ends, while that is a fault
LATER = dt.timedelta(days=400)


def registration(now: dt.datetime, left: dt.timedelta) -> dict[str, object]:
    """The practice domain's registration, which ends in `left`; its transfer lock is on."""
    card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Practice Registrar"]]]
    return {
        "objectClassName": "domain",
        "ldhName": DOMAIN,
        "status": ["active", "client transfer prohibited"],
        "events": [
            {"eventAction": "registration", "eventDate": "2024-03-01T09:00:00Z"},
            {"eventAction": "expiration", "eventDate": f"{now + left:%Y-%m-%dT%H:%M:%SZ}"},
        ],
        "entities": [{"objectClassName": "entity", "roles": ["registrar"], "vcardArray": card}],
        "nameservers": [{"objectClassName": "nameserver", "ldhName": name} for name in (FIRST, SECOND)],
    }
