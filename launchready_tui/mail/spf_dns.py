"""SPF by a look's own DNS source, so that what other checks asked already costs nothing and manners are kept."""

from __future__ import annotations

from spftrace import BaseResolver

from launchready_tui.mail import spf
from launchready_tui.sources.dns import Dns, Found, NoData, NxDomain, TimedOut


class _Lookup(BaseResolver):
    def __init__(self, dns: Dns) -> None:
        self._dns = dns

    async def _lookup(self, name: str, rtype: str) -> tuple[str, list[str]]:
        """(NOERROR, NXDOMAIN, TIMEOUT or SERVFAIL, values), which are all the words that spftrace knows."""
        answer = await self._dns.ask(name, rtype)
        match answer:
            case Found():
                return "NOERROR", [_value(value, rtype) for value in answer.values]
            case NoData():
                return "NOERROR", []
            case NxDomain():
                return "NXDOMAIN", []
            case TimedOut():
                return "TIMEOUT", []
        return "SERVFAIL", []


def _value(value: str, rtype: str) -> str:
    if rtype == "MX":
        return value.split()[-1].rstrip(".")
    return value.rstrip(".") if rtype == "PTR" else value


async def check_host(dns: Dns, ip: str, helo: str, sender: str, timeout: float) -> str:
    """The result word of RFC 7208 section 2.6 for mail of `sender` from `ip`. `sender` "" judges the greeting.

    `timeout` in seconds. Raises ValueError where `ip` is not an address.
    """
    result, _ = await spf.judged(_Lookup(dns), ip, helo, sender, timeout)
    return result
