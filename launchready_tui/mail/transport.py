"""How mail to a domain is to be encrypted, and who is told when it was not: MTA-STS (RFC 8461) and TLS-RPT (RFC 8460).

Pure: nothing here asks the DNS or a web server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.text import clean, listed

__all__ = [
    "MODES",
    "Policy",
    "StsRecord",
    "TlsReports",
    "covered",
    "parse_policy",
    "parse_reports",
    "parse_sts",
    "written",
]

MODES = ("enforce", "testing", "none")
_FIELD = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([\x21-\x3a\x3c\x3e-\x7e]+)\Z")  # RFC 8461 section 3.1
_ID = re.compile(r"[A-Za-z0-9]{1,32}\Z")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}\Z")  # section 3.2
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PATTERN = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\Z")
_MAILTO = re.compile(r"mailto:[^@\s,;]+@[^@\s,;]+\Z", re.IGNORECASE)
_HTTPS = re.compile(r"https://[^\s,;/]+(?:/[^\s;]*)?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StsRecord:
    """The TXT set at `_mta-sts`. `present` says that somebody meant to have one, `id` is "" where none counts."""

    present: bool
    id: str = ""
    error: str = ""

    @property
    def valid(self) -> bool:
        return self.present and not self.error


def parse_sts(texts: Iterable[str]) -> StsRecord:
    """RFC 8461 section 3.1: of the TXT values that start with v=STSv1; there must be exactly one, and it must be right.

    What only looks like one ("v=stsv1") is told as broken; any other text (a wildcard's SPF record) is overlooked.
    """
    texts = list(texts)
    counted = [text for text in texts if re.match(r"v=STSv1[ \t]*;", text)]
    if len(counted) > 1:
        return StsRecord(True, error=f"There are {len(counted)} of them, and then none counts.")
    if not counted:
        near = next((text for text in texts if "stsv" in text.lower()), None)
        if near is None:
            return StsRecord(False)
        return StsRecord(True, error=f"It says “{clean(near, limit=60)}” and must start with “v=STSv1;”.")
    values: dict[str, str] = {}
    parts = [part.strip(" \t") for part in counted[0].split(";")[1:]]
    if parts and not parts[-1]:
        parts.pop()  # one delimiter may stand at the end
    for part in parts:
        found = _FIELD.match(part)
        if found is None:
            return StsRecord(True, error=f"“{clean(part, limit=60)}” is no name=value.")
        values.setdefault(found[1], found[2])
    if not _ID.match(values.get("id", "")):
        what = f"“{clean(values['id'], limit=60)}” is no id" if "id" in values else "It has no id"
        return StsRecord(True, error=f"{what}: up to 32 letters and digits must stand there.")
    return StsRecord(True, values["id"])


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file. `mx` are the patterns as written, in lower case; `max_age` in seconds, 0 where none was read."""

    mode: str = ""
    max_age: int = 0
    mx: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def parse_policy(text: str) -> Policy:
    """RFC 8461 section 3.2. Never raises. A key that stands twice counts once (not mx), an unknown one not at all."""
    values: dict[str, str] = {}
    mx: list[str] = []
    errors: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r").strip(" \t")
        if not line:
            continue
        key, colon, value = line.partition(":")
        key, value = key.rstrip(" \t"), value.strip(" \t")
        if not colon or not _KEY.match(key):
            errors.append(f"Line {number} is no “key: value”: “{clean(line, limit=60)}”.")
            break  # what is no such file is not read to its end
        if key == "mx":
            mx.append(value.lower())
        else:
            values.setdefault(key, value)
    return _checked(values, mx, errors)


def _checked(values: dict[str, str], mx: list[str], errors: list[str]) -> Policy:
    if values.get("version") != "STSv1":
        errors.append("It does not say “version: STSv1”.")
    mode = values.get("mode", "")
    if mode not in MODES:
        errors.append(f"Its mode is “{clean(mode, limit=40)}”: it must be enforce, testing or none.")
    age = values.get("max_age", "")
    seconds = int(age) if re.fullmatch(r"[0-9]{1,10}", age) else -1
    if not 0 <= seconds <= limits.MTA_STS_MAX_AGE:
        errors.append(f"Its max_age is “{clean(age, limit=40)}”: it must be 0 to {limits.MTA_STS_MAX_AGE} seconds.")
    wrong = [pattern for pattern in mx if not _PATTERN.match(pattern) or len(pattern) > 255]
    if wrong:
        errors.append(f"“mx: {clean(wrong[0], limit=80)}” names no mail server.")
    if not mx and mode in ("enforce", "testing"):
        errors.append("It names no mail server (mx).")
    patterns = tuple(dict.fromkeys(pattern for pattern in mx if pattern not in wrong))
    return Policy(mode if mode in MODES else "", max(0, min(seconds, limits.MTA_STS_MAX_AGE)), patterns, tuple(errors))


def covered(host: str, patterns: Iterable[str]) -> bool:
    """Does a pattern name this server? "*." stands for exactly one label, as in certificates (section 4.1)."""
    host = host.rstrip(".").lower()
    above = host.partition(".")[2]
    return any(
        host == pattern if not pattern.startswith("*.") else bool(above) and above == pattern[2:]
        for pattern in patterns
    )


def written(mode: str, mx: Iterable[str], max_age: int) -> str:
    """A policy file's exact text, with the line ends that the standard wants."""
    lines = ["version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in mx), f"max_age: {max_age}"]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class TlsReports:
    """The TXT set at `_smtp._tls`. `rua` are the addresses for reports."""

    present: bool
    rua: tuple[str, ...] = ()
    error: str = ""

    @property
    def valid(self) -> bool:
        return self.present and not self.error


def parse_reports(texts: Iterable[str]) -> TlsReports:
    """RFC 8460 section 3: exactly one TXT that starts with v=TLSRPTv1; and names mailto: or https: addresses."""
    texts = list(texts)
    counted = [text for text in texts if re.match(r"v=TLSRPTv1[ \t]*;", text)]
    if len(counted) > 1:
        return TlsReports(True, error=f"There are {len(counted)} of them, and then none counts.")
    if not counted:
        near = next((text for text in texts if "tlsrpt" in text.lower()), None)
        if near is None:
            return TlsReports(False)
        return TlsReports(True, error=f"It says “{clean(near, limit=60)}” and must start with “v=TLSRPTv1;”.")
    values: dict[str, str] = {}
    for part in counted[0].split(";")[1:]:
        name, sign, value = part.strip(" \t").partition("=")
        if sign:
            values.setdefault(name.rstrip(" \t"), value.strip(" \t"))
        elif name:
            return TlsReports(True, error=f"“{clean(name, limit=60)}” is no name=value.")
    addresses = tuple(part for one in values.get("rua", "").split(",") if (part := one.strip(" \t")))
    wrong = [one for one in addresses if not (_MAILTO.match(one) or _HTTPS.match(one))]
    if wrong:
        error = (
            f"Reports cannot go to {listed([f'“{clean(one, limit=80)}”' for one in wrong])}: mailto: or https: must "
        )
        return TlsReports(True, error=f"{error}stand there.")
    if not addresses:
        return TlsReports(True, error="It names no address for reports (rua).")
    return TlsReports(True, addresses)
