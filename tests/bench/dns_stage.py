"""The DNS stage alone, as a ratio to its longest chain of round trips, with 40 ms injected. Goal 1.3.

What must wait for what, in the sound practice startup:

    servers    NS of the zone above (1), its server's address (1), the delegation (1), NS there over TCP (2): 5
    signature  the same delegation beside DS (3), DNSKEY and the resolvers' own checks beside each other (1): 4
    links      address (1), GET on https at www or the apex, each of which is known beforehand (3): 4
    entry      the same, at the login and signup pages: 4
    CAA        address (1), TCP and TLS for the certificate (2), beside CAA of every name above: 3
    forgotten  the search of the certificate logs by its address over http (2), what each name comes to (1): 3; crt.sh
               itself has to be looked up and takes https, which makes it 5
    wildcard   two made-up names (1)

So the longest chain is 5 round trips. See full_check for how it is measured.
"""

from __future__ import annotations

from launchready_tui.checks import all_checks
from launchready_tui.model import Stage
from tests.bench.full_check import measure

CHAIN = 5


def main() -> None:
    unknown = measure("DNS stage", CHAIN, Stage.DNS)
    print(f"{unknown} of {sum(check.stage is Stage.DNS for check in all_checks())} checks unknown (they need a person)")


if __name__ == "__main__":
    main()
