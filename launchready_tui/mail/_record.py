"""DMARC records as RFC 9989 reads them (it obsoletes RFC 7489). Pure: nothing here asks the DNS."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_WSP = " \t"
_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")  # the name in any case, the value in this one (4.8)
_TAG = re.compile(r"([A-Za-z]+)[ \t]*=[ \t]*(.*)\Z", re.DOTALL)
_VALUE = re.compile(r"[\x20-\x3a\x3c-\x7e]+\Z")
_URI = re.compile(  # RFC 3986 without commas and exclamation marks, which must be encoded (4.8)
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+;=-]|%[0-9A-Fa-f]{2})+\Z"
)
_MAILTO = re.compile(r"mailto:[^@?/#]+@([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?:\?.*)?\Z", re.IGNORECASE)
_SIZE = re.compile(r"!\d+[kmgt]?\Z", re.IGNORECASE)

_MOST = 40  # warnings of one record; ours
POLICIES = ("none", "quarantine", "reject")
OBSOLETE = ("pct", "rf", "ri")  # RFC 9989 appendix: removed
_CHOICES: dict[str, tuple[str, ...]] = {
    "p": POLICIES,
    "sp": POLICIES,
    "np": POLICIES,
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
}
_DEFAULTS = {"adkim": "r", "aspf": "r", "fo": "0", "psd": "u", "t": "n"}
_KNOWN = (*_CHOICES, "fo", "rua", "ruf", "v")


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A record read. `tags` are the values in effect, defaults included; `stated` what stands in the record.

    `valid` says that receivers take it for a DMARC record and that nothing in it makes them ignore it. `errors` say why
    not, `warnings` what they overlook or what no longer counts. `applies` is False where a valid record still asks for
    nothing: no policy and no address for reports (4.10.1).
    """

    text: str
    valid: bool
    tags: dict[str, str] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    applies: bool = True

    @property
    def rua(self) -> tuple[str, ...]:
        """The addresses for daily reports, in order."""
        return tuple(self.tags["rua"].split(",")) if self.tags.get("rua") else ()

    @property
    def acts_as(self) -> str:
        """What receivers do with mail that fails: `p`, one step milder while t=y is on (4.7)."""
        policy = self.tags.get("p", "none")
        if self.tags.get("t") == "y":
            return {"reject": "quarantine", "quarantine": "none"}.get(policy, policy)
        return policy


def is_dmarc(txt: str) -> bool:
    """True for a TXT that receivers take for a DMARC record: it starts with v=DMARC1 (4.8)."""
    return _VERSION.match(txt) is not None


def uri_host(uri: str) -> str:
    """The domain of a mailto: URI in lower case, "" for every other URI."""
    found = _MAILTO.match(uri)
    return found.group(1).lower() if found else ""


def parse(txt: str) -> DmarcRecord:
    """Read one TXT value, its strings joined. Never raises.

    Tags that are unknown, broken or out of date are overlooked with a warning (4.7, 4.8). A name that stands twice
    makes the list invalid (RFC 6376 section 3.2, whose syntax it is). A policy that cannot be read becomes p=none where
    there is an address for reports, and otherwise ends DMARC for the domain (4.10.1).
    """
    if not is_dmarc(txt):
        return DmarcRecord(txt, False, errors=(_no_version(txt),), applies=False)
    warnings: list[str] = []
    stated, twice = _split(txt, warnings)
    if twice:
        names = ", ".join(twice)
        return DmarcRecord(
            txt, False, stated=stated, errors=(f"The tag {names} stands more than once.",), warnings=tuple(warnings)
        )
    tags = {"v": "DMARC1"} | _DEFAULTS
    for name in ("rua", "ruf"):
        if name in stated and (uris := _uris(name, stated[name], warnings)):
            tags[name] = ",".join(uris)
    _simple_values(stated, tags, warnings)
    return _with_policy(txt, stated, tags, warnings)


def _no_version(txt: str) -> str:
    if txt != txt.strip() and is_dmarc(txt.strip()):
        return "A space stands before v=DMARC1: receivers do not see the record."
    if re.match(r"\s*v\s*=\s*dmarc1\b", txt, re.IGNORECASE):
        return "It must start with v=DMARC1, in capitals, and a semicolon after it."
    return "It does not start with v=DMARC1."


def _split(txt: str, warnings: list[str]) -> tuple[dict[str, str], list[str]]:
    """The tags as written, by lower-case name, and the known names that stand twice."""
    stated = {"v": "DMARC1"}
    twice: list[str] = []
    parts = [part.strip(_WSP) for part in txt.split(";")]
    for position, part in enumerate(parts[1:], 1):
        if not part:
            if position < len(parts) - 1:
                warnings.append("Two semicolons stand together; one is enough.")
            continue
        found = _TAG.match(part)
        if found is None:
            warnings.append(f"“{part}” is not a tag with a value and is overlooked.")
            continue
        name, value = found.group(1).lower(), found.group(2).strip(_WSP)
        if name in _KNOWN and not _VALUE.match(value) and name not in ("p", "sp", "np"):
            warnings.append(f"The value of {name} cannot be read and is overlooked.")
            continue
        if name in OBSOLETE:
            warnings.append(f"The tag {name} was removed by RFC 9989 and no longer counts.")
        elif name not in _KNOWN:
            warnings.append(f"The tag {name} is unknown and is overlooked.")
            continue
        if name in stated:
            twice.append(name)
        else:
            stated[name] = value if name in ("rua", "ruf") else value.lower()
    return stated, list(dict.fromkeys(twice))


def _uris(name: str, value: str, warnings: list[str]) -> list[str]:
    """The usable URIs of a list; what cannot be read is overlooked (4.7)."""
    good: list[str] = []
    for written in (part.strip(_WSP) for part in value.split(",")):
        uri = _SIZE.sub("", written)
        if uri != written:
            warnings.append(f"The size limit in “{written}” was removed by RFC 9989 and is overlooked.")
        if not _URI.match(uri) or (uri.lower().startswith("mailto:") and not uri_host(uri)):
            hint = " It must start with mailto:." if "@" in uri and ":" not in uri else ""
            warnings.append(f"“{written}” in {name} is not an address for reports.{hint}")
            continue
        if not uri.lower().startswith("mailto:"):
            warnings.append(f"“{written}” in {name} is not a mail address; most receivers send reports by mail only.")
        good.append(uri)
    return good


def _simple_values(stated: dict[str, str], tags: dict[str, str], warnings: list[str]) -> None:
    """The tags whose wrong value falls back to the default (4.8)."""
    for name in ("adkim", "aspf", "psd", "t"):
        if name in stated and stated[name] not in _CHOICES[name]:
            warnings.append(f"{name}={stated[name]} is not a value of {name}; {tags[name]} counts instead.")
        elif name in stated:
            tags[name] = stated[name]
    if "fo" in stated:
        options = [option.strip(_WSP) for option in stated["fo"].split(":")]
        both = "0" in options and "1" in options
        if both or len(set(options)) < len(options) or not set(options) <= {"0", "1", "d", "s"}:
            warnings.append(f"fo={stated['fo']} is not a value of fo; 0 counts instead.")
        else:
            tags["fo"] = ":".join(options)
        if "ruf" not in tags:
            warnings.append("fo counts only together with ruf.")


def _with_policy(txt: str, stated: dict[str, str], tags: dict[str, str], warnings: list[str]) -> DmarcRecord:
    bad = [name for name in ("p", "sp", "np") if name in stated and stated[name] not in POLICIES]
    reported = "rua" in tags
    errors: list[str] = []
    applies = True
    if bad:
        said = " and ".join(f"{name}={stated[name]}" for name in bad)
        wrong = f"{said} is none of none, quarantine and reject"
        if reported:
            warnings.append(f"{wrong}; receivers act as if it said p=none.")
        else:
            errors.append(f"{wrong}, and without rua receivers ignore the whole record.")
        tags |= {"p": "none", "sp": "none", "np": "none"}
    else:
        tags["p"] = stated.get("p", "none")
        tags["sp"] = stated.get("sp", tags["p"])
        tags["np"] = stated.get("np", tags["sp"])
        if "p" not in stated:
            applies = reported
            warnings.append(
                "There is no p; receivers act as if it said p=none."
                if reported
                else "There is neither p nor rua: receivers do nothing with it."
            )
    if not reported:
        warnings.append("There is no address for reports (rua).")
    warnings = list(dict.fromkeys(warnings))[:_MOST]
    return DmarcRecord(txt, not errors, tags, stated, tuple(errors), tuple(warnings), applies and not errors)
