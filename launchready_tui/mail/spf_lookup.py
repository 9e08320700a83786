"""The DNS as the SPF library asks for it: one question to the one resolver that was named, by our own transport."""

from __future__ import annotations

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
from spftrace import BaseResolver

from launchready_tui import limits
from launchready_tui.sources._dns_transport import NoReply, Question, over_tcp, over_udp

_TYPES = {name: dns.rdatatype.from_text(name) for name in ("A", "AAAA", "MX", "PTR", "TXT")}


class Lookup(BaseResolver):
    """spftrace's transport. Names go out as they are, without escapes or search; an alias's end is the answer.

    `timeout` in seconds for one question with its second try. Keeps nothing, so one may serve many evaluations.
    """

    def __init__(self, address: str, port: int, timeout: float) -> None:
        self._address, self._port, self._timeout = address, port, timeout

    async def _lookup(self, name: str, rtype: str) -> tuple[str, list[str]]:
        """(NOERROR, NXDOMAIN, TIMEOUT or SERVFAIL, values), which are all the words that spftrace knows."""
        try:
            labels = [label.encode("utf-8") for label in name.rstrip(".").split(".")]
            asked = dns.name.Name([*labels, b""])
        except (dns.exception.DNSException, UnicodeError):
            return "NXDOMAIN", []  # no such name can exist (RFC 1035 section 2.3.4)
        question = Question(asked, _TYPES[rtype], self._address, self._port, recurse=True)
        reply = await over_udp(question, seconds=self._timeout, try_seconds=min(self._timeout, limits.DNS_TRY_SECONDS))
        if isinstance(reply, NoReply) and reply.kind == "truncated":
            reply = await over_tcp(question, seconds=self._timeout)
        if isinstance(reply, NoReply):
            return "TIMEOUT" if reply.kind == "silent" else "SERVFAIL", []
        return _said(reply, rtype)


def _said(reply: dns.message.Message, rtype: str) -> tuple[str, list[str]]:
    rcode = reply.rcode()
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) or not isinstance(reply, dns.message.QueryMessage):
        return "SERVFAIL", []
    try:
        answer = reply.resolve_chaining().answer
    except dns.exception.DNSException:  # aliases in a circle, or too many
        return "SERVFAIL", []
    if answer is not None:
        return "NOERROR", [_text(rdata) for rdata in answer]
    return "NXDOMAIN" if rcode == dns.rcode.NXDOMAIN else "NOERROR", []


def _text(rdata: dns.rdata.Rdata) -> str:
    """A value without quotes and escapes. Bytes that are not UTF-8 stay visible as what no record may hold."""
    if rdata.rdtype == dns.rdatatype.TXT:
        return b"".join(getattr(rdata, "strings", ())).decode("utf-8", "replace")
    target = getattr(rdata, "exchange", None) or getattr(rdata, "target", None)
    return str(target).rstrip(".") if target is not None else str(rdata)
