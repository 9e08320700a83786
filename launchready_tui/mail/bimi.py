"""The record that names a logo beside your mail: BIMI (draft-brand-indicators-for-message-identification). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui.text import clean

_START = re.compile(r"v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|\Z)")
_KNOWN = ("v", "l", "a", "avp", "lps", "s")


@dataclass(frozen=True, slots=True)
class BimiRecord:
    """A record read. `logo` and `proof` are its addresses, "" where it names none; `declines`: it asks for no logo."""

    logo: str = ""
    proof: str = ""
    declines: bool = False
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def is_bimi(txt: str) -> bool:
    """True for a TXT that receivers take for a BIMI record."""
    return _START.match(txt) is not None


def parse(txt: str) -> BimiRecord:
    """Read one TXT value, its strings joined. Never raises."""
    if not is_bimi(txt):
        return BimiRecord(errors=(f"It says “{clean(txt, limit=60)}” and must start with “v=BIMI1;”.",))
    values: dict[str, str] = {}
    errors: list[str] = []
    for part in txt.split(";"):
        name, sign, value = part.partition("=")
        name = name.strip()
        if name and not sign:
            errors.append(f"“{clean(part.strip(), limit=60)}” is no name=value.")
        elif name in values:
            errors.append(f"{clean(name, limit=20)} stands more than once.")
        elif name:
            values[name] = value.strip()
    logo, proof = values.get("l", ""), values.get("a", "")
    warnings = [f"{clean(name, limit=20)} is no tag of BIMI." for name in values if name not in _KNOWN]
    if "l" not in values:
        errors.append("It names no logo (l).")
    elif logo:
        errors += _wrong("logo (l)", logo, (".svg", ".svgz"))
    if proof:
        errors += _wrong("certificate (a)", proof, ())
    elif logo:
        warnings.append("It names no certificate (a): Gmail and Apple show a logo only with one.")
    declines = "l" in values and not logo and not proof
    return BimiRecord(logo, proof, declines, tuple(errors), tuple(warnings))


def _wrong(what: str, url: str, ends: tuple[str, ...]) -> list[str]:
    try:
        found = urlsplit(url)
        host = found.hostname
    except ValueError:
        host, found = None, urlsplit("")
    if found.scheme.lower() != "https" or not host:
        return [f"Its {what} is “{clean(url, limit=80)}”: it must be an https address."]
    if ends and not found.path.lower().endswith(ends):
        return [f"Its {what} is “{clean(url, limit=80)}”: it must be an SVG file."]
    return []
