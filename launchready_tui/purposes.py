"""What a DNS record is for: what it says by itself, and what a person said. Pure.

A suggestion is `certain` where the record itself says it (an SPF text, a record of a known mail host, www). Where it
does not, the words ask; they never guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from launchready_tui import known, limits
from launchready_tui.model import RecordSet
from launchready_tui.text import clean, listed

ASK = "ask what it is before you delete it"
# What stands at the start of a TXT record -> what it is for.
_TXT = {
    "v=spf1": "says who may send mail as you (SPF)",
    "v=dmarc1": "says what receivers do with mail that is not yours (DMARC)",
    "v=dkim1": "the key that proves your mail (DKIM)",
    "v=stsv1": "says that mail to you must be encrypted (MTA-STS)",
    "v=tlsrptv1": "says where reports about encrypted mail go",
    "v=bimi1": "your logo beside your mail (BIMI)",
    "google-site-verification": "proves to Google that the domain is yours",
    "ms=": "proves to Microsoft that the domain is yours",
    "facebook-domain-verification": "proves to Meta that the domain is yours",
    "apple-domain": "proves to Apple that the domain is yours",
    "stripe-verification": "proves to Stripe that the domain is yours",
    "atlassian-domain-verification": "proves to Atlassian that the domain is yours",
    "openai-domain-verification": "proves to OpenAI that the domain is yours",
    "vc-domain-verify": "proves to Vercel that the domain is yours",
    "zoho-verification": "proves to Zoho that the domain is yours",
    "protonmail-verification": "proves to Proton that the domain is yours",
    "brevo-code": "proves to Brevo that the domain is yours",
    "mailru-verification": "proves to Mail.ru that the domain is yours",
    "yandex-verification": "proves to Yandex that the domain is yours",
    "pinterest-site-verification": "proves to Pinterest that the domain is yours",
    "did=": "your domain as your name on Bluesky",
}
# The first label of a name with an underscore -> what everything at it is for.
_UNDER = {
    "_acme-challenge": "proves the domain to whoever issues the certificate",
    "_mta-sts": _TXT["v=stsv1"],
    "_dmarc": _TXT["v=dmarc1"],
    "_atproto": _TXT["did="],
    "_vercel": _TXT["vc-domain-verify"],
    "_domainconnect": "lets services set records up at your DNS host by themselves",
}
_HOSTS = {
    "autodiscover": "tells mail programs how to set themselves up",
    "autoconfig": "tells mail programs how to set themselves up",
    "mta-sts": "the page that says that mail to you must be encrypted",
}
_TYPES = {
    "CAA": "says who may issue certificates for ",
    "TLSA": "ties the certificate of a service to the domain at ",
    "SSHFP": "shows the key of the server at ",
    "HTTPS": "tells browsers how to reach ",
}
# A CNAME to below one of these is a proof for whoever issues a certificate.
_PROOFS = known.name_marks(
    ("acm-validations.aws", "sectigo.com", "comodoca.com", "digicert.com", "authorize.certificatemanager.goog")
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What somebody said that the records of one name and type are for. `text` "" takes back what was said."""

    name: str
    type: str
    text: str
    who: str = ""
    at: dt.datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", record_name(self.name))
        object.__setattr__(self, "type", clean(self.type.upper(), limit=20))
        object.__setattr__(self, "text", clean(self.text)[: limits.PURPOSE_SHOWN].strip())
        object.__setattr__(self, "who", clean(self.who, limit=120))

    @property
    def key(self) -> tuple[str, str]:
        return (self.name, self.type)


Purposes = Mapping[tuple[str, str], Purpose]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`certain` where the record says by itself what it is for."""

    text: str
    certain: bool


def record_name(name: str) -> str:
    """A record's name as it is kept and compared: clean, lower case, without the trailing dot."""
    return clean(name.strip().rstrip(".").lower(), limit=260)


def enough(text: str) -> bool:
    """Three words or more: less says nothing to whoever comes next (the catalogue's bar)."""
    return len(re.findall(r"[^\W_]+", text)) >= limits.PURPOSE_WORDS


def roles(sets: Iterable[RecordSet], domain: str) -> dict[str, str]:
    """Names that other records need -> why: the name servers and mail servers that live under the domain itself, and
    what these are aliases of."""
    out: dict[str, str] = {}
    sets = tuple(sets)
    for each in sets:
        for value in each.values:
            target = record_name(value.split()[-1]) if value.split() else ""
            if not _below(target, domain):
                continue
            if each.type == "NS":
                out.setdefault(target, f"the address of your name server {target}")
            elif each.type == "MX":
                out.setdefault(target, f"the address of your mail server {target}")
    for each in sets:
        target = record_name(each.values[0]) if each.type == "CNAME" and each.values else ""
        if _below(target, domain) and record_name(each.name) in out:
            out.setdefault(target, out[record_name(each.name)])
    return out


def suggest(
    each: RecordSet, domain: str, subs: Iterable[str] = (), needed: Mapping[str, str] | None = None
) -> Suggestion:
    """What a record set says that it is for. `subs` are the declared subdomains, `needed` comes from `roles`."""
    name, type = record_name(each.name), each.type.upper()
    label = name.removesuffix(domain).rstrip(".") if _below(name, domain) or name == domain else name
    where = {"": "your domain", "www": "www"}.get(label, label)
    values = tuple(clean(value, limit=4_000) for value in each.values)
    first = label.partition(".")[0]
    if type == "NS":
        return _name_servers(label, where, values)
    if type == "MX":
        return _mail(where, values, domain)
    if type == "DS":
        return Suggestion("signs the domain (DNSSEC)", True)
    if type in _TYPES:
        return Suggestion(_TYPES[type] + where, True)
    if type == "SRV":
        service = first.removeprefix("_") or "a service"
        return Suggestion(f"tells programs where the service {service} runs; {ASK}", False)
    if "_domainkey" in label.split("."):
        return _dkim(values)
    if label.endswith("._report._dmarc"):
        return Suggestion("lets reports about another domain's mail arrive here (DMARC)", True)
    if first in _UNDER and (type != "TXT" or first in ("_acme-challenge", "_domainconnect") or _known_texts(values)):
        return Suggestion(_UNDER[first], True)
    if first.startswith("_github"):
        return Suggestion("proves to GitHub that the domain is yours", True)
    if type == "TXT":
        return _text(values)
    if type in ("A", "AAAA", "CNAME"):
        return _address(name, label, where, type, values, frozenset(subs), needed or {})
    return Suggestion(f"a record of type {type} for {where}; {ASK}", False)


def _below(name: str, domain: str) -> bool:
    return name.endswith(f".{domain}")


def _name_servers(label: str, where: str, values: tuple[str, ...]) -> Suggestion:
    if not label:
        return Suggestion("the servers that answer for your domain", True)
    return Suggestion(f"hands {where} to other name servers; ask whose they are before you delete it", False)


def _mail(where: str, values: tuple[str, ...], domain: str) -> Suggestion:
    targets = [value.split()[-1].lower() for value in values if value.split()]
    if targets == ["."]:
        return Suggestion("takes no mail, and says so", True)
    host = known.mail_host(values)
    if host:
        return Suggestion(f"takes the mail for {where}, at {host}", True)
    own = bool(targets) and all(_below(target.rstrip("."), domain) for target in targets)
    text = f"takes the mail for {where}"
    return Suggestion(f"{text}, on a server of your own" if own else f"{text}; ask whose mail server that is", own)


@lru_cache(maxsize=4_096)  # a list is read again at every key; each look at all marks takes 0.2 ms
def _web_host(aliases: tuple[str, ...], addresses: tuple[str, ...]) -> str:
    return known.web_host(None, aliases, addresses)


@lru_cache(maxsize=4_096)
def _sender(targets: tuple[str, ...]) -> str:
    """The mail sender that one of the names is of; "" when none is known."""
    for target in targets:
        bare = target.rstrip(".").lower()
        who = known.senders(f"include:{bare}") if bare and " " not in bare else ()
        if who and who[0] != bare:
            return who[0]
    return ""


def _dkim(values: tuple[str, ...]) -> Suggestion:
    who = _sender(values)
    if who:
        return Suggestion(f"the key that proves the mail which {who} sends for you (DKIM)", True)
    return Suggestion(f"{_TXT['v=dkim1']}; ask which service signs with it", False)


def _known_texts(values: tuple[str, ...]) -> list[str]:
    """What each text is for; [] where one of them is not known."""
    said = [next((words for start, words in _TXT.items() if value.lower().startswith(start)), "") for value in values]
    return list(dict.fromkeys(said)) if said and all(said) else []


def _text(values: tuple[str, ...]) -> Suggestion:
    whole = _known_texts(values)
    if whole:
        return Suggestion("; ".join(whole), True)
    some = list(
        dict.fromkeys(words for start, words in _TXT.items() for value in values if value.lower().startswith(start))
    )
    return Suggestion("; ".join([*some, f"a note for a service; {ASK}"]), False)


def _address(
    name: str,
    label: str,
    where: str,
    type: str,
    values: tuple[str, ...],
    subs: frozenset[str],
    needed: Mapping[str, str],
) -> Suggestion:
    if label == "www":
        return Suggestion("leads people who type www to the site", True)
    if not label:
        return Suggestion("leads people who type the domain to the site", True)
    if name in needed:
        return Suggestion(needed[name], True)
    if label in _HOSTS:
        return Suggestion(_HOSTS[label], True)
    aliases = values if type == "CNAME" else ()
    sender = _sender(aliases)
    if sender:
        return Suggestion(f"lets {sender} send mail for you and hear what bounced", True)
    if any(mark.fits(value) for mark in _PROOFS for value in aliases):
        return Suggestion(_UNDER["_acme-challenge"], True)
    host = _web_host(aliases, values)
    to = f"to {host}" if host else f"to {listed(values, most=2)}"
    if label in subs:
        return Suggestion(f"leads {where} to where it runs, {to.removeprefix('to ')}", True)
    if label.startswith("*"):
        return Suggestion(f"leads every name without a record of its own {to}; ask whether that is meant", False)
    return Suggestion(f"leads {where} to where it runs, {to.removeprefix('to ')}; ask whether it is still used", False)
