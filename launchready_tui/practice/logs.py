"""What stands for the search of certificate logs: every certificate that the practice startup ever had, as crt.sh lists
them."""

from __future__ import annotations

import datetime as dt

from launchready_tui.practice import DOMAIN

# What each certificate was for, and how many days ago it was logged. The last two are of people who left long ago.
_CERTIFICATES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (60, (DOMAIN, f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}")),
    (60, (f"mail.{DOMAIN}", f"mail2.{DOMAIN}")),
    (400, (f"old.{DOMAIN}",)),
    (700, (f"*.preview.{DOMAIN}", f"staging.{DOMAIN}")),
)


def entries(now: dt.datetime) -> list[dict[str, object]]:
    """One entry a certificate, the newest first."""
    return [
        {
            "id": number,
            "issuer_name": "C=XX, O=Practice Trust, CN=Practice Issuing CA",
            "common_name": names[0],
            "name_value": "\n".join(names),
            "entry_timestamp": f"{now - dt.timedelta(days=days):%Y-%m-%dT%H:%M:%S.000}",
        }
        for number, (days, names) in enumerate(_CERTIFICATES, 1)
    ]
