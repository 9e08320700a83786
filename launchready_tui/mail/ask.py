"""The mail judges of `launchready ask`: plain arguments in, plain data out. Bad ones raise ValueError(sentence)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from launchready_tui import limits
from launchready_tui.mail import dkim, dmarc
from launchready_tui.mail import spf as spf_
from launchready_tui.mail.names import org_domain_of

__all__ = ["dkim_key", "dmarc_align", "dmarc_record", "org_domain", "org_domain_of", "resolver_of", "spf"]

_LONGEST_TXT = 65_535  # bytes in the data of one DNS record
_LONGEST_NAME = 1_000


def _text(args: Mapping[str, object], name: str, *, default: str | None = None, most: int = _LONGEST_NAME) -> str:
    value = args.get(name, default)
    if not isinstance(value, str):
        raise ValueError(f"“{name}” must be a text.")
    if len(value) > most:
        raise ValueError(f"“{name}” must have at most {most:,} characters.")
    return value


def _seconds(args: Mapping[str, object], default: float) -> float:
    value = args.get("timeout", default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 120:
        raise ValueError("“timeout” must be a number of seconds above 0 and up to 120.")
    return float(value)


def resolver_of(text: str) -> tuple[str, int]:
    """ "192.0.2.1:5353" or "[2001:db8::1]:53" or an address alone (port 53). Raises ValueError for anything else."""
    host, port = text.strip(), "53"
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, port = host.split(":")
    try:
        address = str(ipaddress.ip_address(host))
        number = int(port) if port.isascii() and port.isdigit() else 0
    except ValueError:
        number = 0
    if not 0 < number < 65_536:
        raise ValueError(f"“{text[:80]}” is not a resolver: write IP:PORT, as in 127.0.0.1:5353.")
    return address, number


async def spf(args: Mapping[str, object]) -> dict[str, object]:
    """ip, helo, sender, resolver "IP:PORT", timeout in seconds -> result and explanation (RFC 7208 section 2.6)."""
    resolver = resolver_of(_text(args, "resolver"))
    result, explanation = await spf_.evaluate(
        _text(args, "ip").strip(),
        _text(args, "helo", default=""),
        _text(args, "sender", default=""),
        resolver,
        _seconds(args, limits.SPF_SECONDS),
    )
    return {"result": result, "explanation": explanation}


async def org_domain(args: Mapping[str, object]) -> dict[str, object]:
    """name -> org_domain, or null for a public suffix and for what is no name."""
    return {"org_domain": org_domain_of(_text(args, "name"))}


async def dmarc_record(args: Mapping[str, object]) -> dict[str, object]:
    """txt -> valid, tags (values in effect, defaults included), errors, warnings (RFC 9989)."""
    record = dmarc.parse(_text(args, "txt", most=_LONGEST_TXT))
    return {
        "valid": record.valid,
        "tags": dict(record.tags) if record.valid else {},
        "errors": list(record.errors),
        "warnings": list(record.warnings),
    }


async def dmarc_align(args: Mapping[str, object]) -> dict[str, object]:
    """from, auth (names), mode "r" or "s" -> aligned (RFC 9989 section 4.4), by the public suffix list, without DNS."""
    mode = _text(args, "mode", default="r").strip().lower()
    if mode not in ("r", "s"):
        raise ValueError("“mode” must be r (relaxed) or s (strict).")
    return {"aligned": dmarc.aligned(_text(args, "from"), _text(args, "auth"), mode)}


async def dkim_key(args: Mapping[str, object]) -> dict[str, object]:
    """txt -> valid, revoked, type, bits (null where no key can be read), errors, warnings (RFC 6376, 8301, 8463)."""
    key = dkim.parse_key(_text(args, "txt", most=_LONGEST_TXT))
    return {
        "valid": key.valid,
        "revoked": key.revoked,
        "type": key.type,
        "bits": key.bits,
        "errors": list(key.errors),
        "warnings": list(key.warnings),
    }
