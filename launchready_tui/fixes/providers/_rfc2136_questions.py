"""Records asked for one by one, where a name server shows nobody its whole zone.

An answer may be made up: from a wildcard (RFC 4592), or from a zone further down. Neither is a record of the name.
"""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype

from launchready_tui.fixes.model import FixProblem
from launchready_tui.fixes.providers._rfc2136_server import Server
from launchready_tui.fixes.records import name_of, said
from launchready_tui.sources._dns_wire import shown


class AtTheCut(FixProblem):
    """The very name that was asked for is handed on to other name servers."""


async def asked_for(
    server: Server, asked: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> tuple[list[dns.rdata.Rdata], set[int]]:
    """A set by questions alone, and its TTLs. A wildcard's answer is not mistaken for a record of this name."""
    answer = await _answer(server, asked, rdtype)
    section = answer.answer if answer.flags & dns.flags.AA else answer.authority
    sets = [one for one in section if one.name == asked and one.rdtype == rdtype]
    found = [rdata for one in sets for rdata in one]
    if found and await _from_wildcard(server, asked, rdtype, found):
        return [], set()
    return found, {one.ttl for one in sets}


async def _answer(server: Server, asked: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.message.Message:
    answer = await server.ask(asked, rdtype)
    what = f"{dns.rdatatype.to_text(rdtype)} {shown(asked)}"
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        raise FixProblem(f"{server.address} answered {dns.rcode.to_text(answer.rcode())} for {what}.")
    for one in answer.answer:
        if one.rdtype == dns.rdatatype.DNAME and one.name != asked:
            raise FixProblem(redirected(shown(asked), shown(one.name)))
    if answer.flags & dns.flags.AA:
        return answer
    cuts = [one for one in answer.authority if one.rdtype == dns.rdatatype.NS and asked.is_subdomain(one.name)]
    if cuts and cuts[0].name != name_of(server.zone) and not answer.answer:
        if cuts[0].name == asked and rdtype == dns.rdatatype.NS:
            return answer
        problem = AtTheCut if cuts[0].name == asked else FixProblem
        raise problem(handed_on(shown(asked), shown(cuts[0].name)))
    raise FixProblem(f"{server.address} does not hold {server.zone} itself: it passed on what others say of {what}.")


async def _from_wildcard(
    server: Server, asked: dns.name.Name, rdtype: dns.rdatatype.RdataType, found: list[dns.rdata.Rdata]
) -> bool:
    """True where `found` is what a * above says for every name (RFC 4592), and `asked` itself is not there."""
    above, top, star = asked, name_of(server.zone), dns.name.from_text("*", None)
    while above != top:
        above = above.parent()
        wildcard = star.concatenate(above)
        if wildcard == asked:
            continue
        answer = await server.ask(wildcard, rdtype)
        same = [rdata for one in answer.answer if one.rdtype == rdtype for rdata in one]
        if set(same) == set(found):
            break
    else:
        return False
    update = server.update()
    update.present(asked)  # "the name is in use": no wildcard counts there (RFC 2136 section 2.4.4)
    code = await server.tell(update)
    if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        raise FixProblem(f"We could not tell whether {shown(asked)} has records of its own beside the * above it.")
    return code == dns.rcode.NXDOMAIN


def handed_on(name: str, cut: str) -> str:
    what = said(name) if name == cut else f"What lies below {said(cut)}"
    return f"{what} is handed to other name servers. Set it there."


def redirected(name: str, above: str) -> str:
    return f"{said(name)} cannot have records of its own: a DNAME at {said(above)} redirects everything below it."
