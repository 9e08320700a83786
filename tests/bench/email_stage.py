"""The email stage alone, as a ratio to its longest chain of round trips, with 40 ms injected. Goal 1.3.

What must wait for what, in the sound practice startup:

    mail servers   MX (1), the address of each (1), TCP and the greeting behind it, which waits for the last packet of
                   the handshake (2), EHLO (1), STARTTLS (1), TLS 1.3 with the certificate in its first flight (1): 7
    SPF            TXT (1), MX for its term "mx" (1), the addresses of these (1): 3; of an include, one a level
    DKIM           TXT at each selector beside each other (1)
    DMARC          the walk up to an organisation's record, one name after another (1 to 8); here it is at the first (1)
    MTA-STS        TXT (1); the policy's host, address and page only where there is one
    the panel      whose it is, for the record that is offered: the delegation (3), then _domainconnect (1): 4

So the longest chain is 7 round trips. See full_check for how it is measured.
"""

from __future__ import annotations

from launchready_tui.checks import all_checks
from launchready_tui.model import Stage
from tests.bench.full_check import measure

CHAIN = 7


def main() -> None:
    unknown = measure("email stage", CHAIN, Stage.EMAIL)
    print(
        f"{unknown} of {sum(check.stage is Stage.EMAIL for check in all_checks())} checks unknown (they need a person)"
    )


if __name__ == "__main__":
    main()
