"""The practice startup's corner of the DNS: the root, the zone above, and its own zone, which is kept on disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import dns.exception
import dns.name
import dns.rdataset
import dns.rdatatype
import dns.zone

from launchready_tui.disk import read_capped, write_private
from launchready_tui.model import RecordSet
from launchready_tui.practice import DOMAIN

ORIGIN = dns.name.from_text(DOMAIN)
ABOVE = ORIGIN.parent()
FIRST, SECOND = f"ns1.{DOMAIN}", f"ns2.{DOMAIN}"
MAIL_HOSTS = (f"mail.{DOMAIN}", f"mail2.{DOMAIN}", f"mx.{DOMAIN}")
HOME = "127.0.0.1"
GONE = "127.0.0.9"  # where the site was before: nothing listens there

OLD_SENDER = "sendgrid.net"  # a service that somebody stopped using; known by name, and answered for here
_OLD_SPF = "v=spf1 ip4:167.89.0.0/17 ip4:208.117.48.0/20 ip4:50.31.32.0/19 ~all"

_SOA = (
    "3600 600 604800 60"  # refresh, retry, expire, and how long "there is none" counts: short, so that fixes show soon
)
_TTL = 60

# Everything as it should be; the faults are laid over it.
SOUND: tuple[RecordSet, ...] = (
    RecordSet(DOMAIN, "NS", (f"{FIRST}.", f"{SECOND}."), _TTL),
    RecordSet(DOMAIN, "A", (HOME,), _TTL),
    RecordSet(DOMAIN, "MX", (f"10 mail.{DOMAIN}.", f"20 mail2.{DOMAIN}."), _TTL),
    RecordSet(DOMAIN, "TXT", ("v=spf1 mx ~all",), _TTL),
    RecordSet(f"_dmarc.{DOMAIN}", "TXT", (f"v=DMARC1; p=none; np=reject; rua=mailto:dmarc@{DOMAIN}",), _TTL),
    RecordSet(f"www.{DOMAIN}", "CNAME", (f"{DOMAIN}.",), _TTL),
    RecordSet(f"app.{DOMAIN}", "A", (HOME,), _TTL),
    RecordSet(f"api.{DOMAIN}", "A", (HOME,), _TTL),
    RecordSet(f"mail.{DOMAIN}", "A", (HOME,), _TTL),
    RecordSet(f"mail2.{DOMAIN}", "A", (HOME,), _TTL),
)


class Damaged(Exception):
    """The zone on disk cannot be read."""


def upper(addresses: tuple[str, str], above_at: str) -> dict[dns.name.Name, dns.zone.Zone]:
    """The root and the zone above ours. `addresses` are those of our two name servers, `above_at` that of theirs."""
    registry = f"ns.registry.{ABOVE}"
    start = f"@ IN SOA {registry} hostmaster.{registry} 1 {_SOA}\n@ IN NS {registry}\n{registry} IN A {above_at}\n"
    glue = "".join(f"{name}. IN A {address}\n" for name, address in zip((FIRST, SECOND), addresses, strict=True))
    ours = f"{ORIGIN} IN NS {FIRST}.\n{ORIGIN} IN NS {SECOND}.\n{glue}"
    outside = dns.name.from_text(OLD_SENDER)
    letters = f'@ IN SOA {registry} hostmaster.{registry} 1 {_SOA}\n@ IN NS {registry}\n@ IN TXT "{_OLD_SPF}"\n'
    return {
        dns.name.root: _zone(dns.name.root, f"{start}{ABOVE} IN NS {registry}\n{outside} IN NS {registry}\n"),
        ABOVE: _zone(ABOVE, f"{start}{ours}"),
        outside: _zone(outside, letters),
    }


def quoted(value: str) -> str:
    """A TXT value as a zone file has it: strings of at most 255 bytes (RFC 1035 section 3.3.14)."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(f'"{plain[at : at + 255]}"' for at in range(0, len(plain) or 1, 255))


def texts(zone: dns.zone.Zone, name: str) -> list[str]:
    """The TXT values of a name of ours, their strings joined, as they are now."""
    found = zone.get_rdataset(dns.name.from_text(name), dns.rdatatype.TXT) if zone.origin else None
    return [b"".join(rdata.strings).decode("utf-8", "replace") for rdata in found or ()]


def own(faults: Iterable[RecordSet], dkim: RecordSet | None = None) -> dns.zone.Zone:
    """Our zone as it stands on the first day: sound, with the record sets of the faults laid over it. `dkim` is the key
    that our mail is signed with."""
    zone = _zone(ORIGIN, f"@ IN SOA {FIRST}. hostmaster.{DOMAIN}. 1 {_SOA}\n")
    with zone.writer() as writer:
        for record in (*SOUND, *((dkim,) if dkim else ()), *faults):
            name = dns.name.from_text(record.name)
            for held in list(writer.get_node(name) or ()):
                if held.rdtype == dns.rdatatype.from_text(record.type) or _excludes(held.rdtype.name, record.type):
                    writer.delete(name, held.rdtype)
            if record.values:
                values = [quoted(value) if record.type == "TXT" else value for value in record.values]
                writer.replace(name, dns.rdataset.from_text_list("IN", record.type, record.ttl or _TTL, values))
    return zone


def _excludes(held: str, new: str) -> bool:
    """A CNAME stands alone (RFC 1034 section 3.6.2)."""
    return (held == "CNAME") != (new == "CNAME")


def place(zone: dns.zone.Zone, addresses: tuple[str, str]) -> None:
    """Say in our zone where its own name servers are today; which loopback addresses there are may differ by day."""
    with zone.writer() as writer:
        for host, address in zip((FIRST, SECOND), addresses, strict=True):
            rdataset = dns.rdataset.from_text_list("IN", "A", _TTL, [address])
            writer.replace(dns.name.from_text(host), rdataset)


def save(zone: dns.zone.Zone, path: Path) -> None:
    """Put the zone on disk, whole or not at all. Raises WorkspaceProblem."""
    write_private(path, zone.to_text(sorted=True, relativize=False).encode())


def load(path: Path) -> dns.zone.Zone | None:
    """Our zone as it was left, None before the first day. Raises Damaged, and WorkspaceProblem for a locked file."""
    try:
        zone = _zone(ORIGIN, read_capped(path).decode("utf-8"))
        zone.check_origin()
        return zone
    except FileNotFoundError:
        return None
    except (dns.exception.DNSException, UnicodeDecodeError, ValueError) as error:
        raise Damaged(str(error)) from error


def _zone(origin: dns.name.Name, text: str) -> dns.zone.Zone:
    return dns.zone.from_text(f"$TTL {_TTL}\n{text}", origin=origin, relativize=False, check_origin=False)
