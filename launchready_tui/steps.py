"""What to do for each check in a few words, and what has to be sound before it is worth doing.

The one line at the top of the wizard says "Next: point www at your host (5 min)". A check without words here is named
by its title; one without a place in AFTER depends on nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

# check id -> the step in the words of a to-do list, after "Next: ".
WORDS: dict[str, str] = {
    "audit.domain.registered": "register the domain, or renew it",
    "audit.domain.expiry": "renew the domain",
    "audit.domain.status": "ask your registrar to lift the hold on the domain, or lock it",
    "audit.registrar.access": "sign in where the domain is registered",
    "audit.registrar.protection": "switch on auto-renew and a second factor at your registrar",
    "audit.dns.inventory": "add the records that are missing",
    "audit.url.single": "send every address to one",
    "audit.map.complete": "name what the product runs on, and who owns it",
    "audit.env.tracked": "take the .env file out of git",
    "audit.env.missing": "write down the settings that the code needs",
    "audit.secrets.publicprefix": "take the public prefix off the secret",
    "audit.logs.redaction": "keep passwords and people out of the logs",
    "audit.secrets.worktree": "take the keys out of your code, and make new ones",
    "audit.secrets.history": "make new keys for those in your history",
    "audit.secrets.bundle": "take the secret key out of what browsers get",
    "audit.secrets.chat": "make new keys for those that were sent to somebody",
    "audit.exposed.files": "close the files that anyone can download",
    "audit.email.ready": "add the missing mail records",
    "dns.ns.healthy": "repair the name servers",
    "dns.apex.resolves": "point your domain at your host",
    "dns.www.resolves": "point www at your host",
    "dns.redirect.canonical": "redirect every address to one https host",
    "dns.redirect.hops": "shorten the redirects",
    "dns.redirect.path": "keep the path when redirecting",
    "dns.sub.declared": "repair the subdomain that does not answer",
    "dns.cname.dangling": "remove the record that points at nothing",
    "dns.records.legal": "repair the records that DNS does not allow",
    "dns.apex.target": "point your domain where your host asks for",
    "dns.records.stale": "take out the records of the old host",
    "dns.ipv6.works": "repair the IPv6 address, or take it out",
    "dns.preview.indexed": "hide the platform's own address from search",
    "dns.dnssec.sane": "repair the domain's signature (DNSSEC)",
    "dns.caa.permits": "let your certificate's company issue (CAA)",
    "dns.records.wildcard": "say whether made-up names should lead to you",
    "dns.sub.undeclared": "decide about the names that nobody listed",
    "dns.change.propagation": "see the changed records arrive",
    "dns.records.purpose": "write down what each record is for",
    "dns.entry.reachable": "make signup and login reachable",
    "edge.tls.valid": "get a valid certificate",
    "edge.tls.expiry": "renew the certificate",
    "edge.https.forced": "send http to https",
    "edge.https.hsts": "switch on HSTS",
    "edge.https.mixed": "load every part of the page over https",
    "edge.headers.security": "add the security headers",
    "edge.cdn.proxied": "put a shield before your server",
    "deploy.smoke.home": "get the home page to answer",
    "deploy.smoke.login": "get the login page to answer",
    "deploy.smoke.api": "get the API's health page to answer",
    "deploy.env.live_values": "put live values into production",
    "deploy.secrets.injected": "move the keys to the host's settings",
    "deploy.build.pinned": "pin the versions that your build uses",
    "deploy.rollback.rehearsed": "rehearse a rollback",
    "performance.p95.public": "make the public pages faster",
    "performance.cache.static": "let browsers keep scripts and styles",
    "performance.compress.text": "switch on compression",
    "performance.images.size": "shrink the large images",
    "email.mx.present": "put the mail server records right",
    "email.mx.starttls": "let your mail server speak TLS",
    "email.spf.single": "put the SPF record right",
    "email.spf.policy": "end the SPF record with ~all",
    "email.dmarc.record": "put the DMARC record right",
    "email.dmarc.policy": "set the DMARC policy",
    "handover.access.registrar": "sign in at your registrar",
    "handover.access.dns": "sign in where the DNS records are kept",
    "handover.access.hosting": "sign in where the site is hosted",
    "handover.access.rest": "sign in at every other account",
    "handover.owner.primary": "name an owner for every system",
    "handover.owner.backup": "name a backup owner for every critical system",
    "handover.owner.loop": "move the registrar's login mail off your own domain",
    "handover.journal.changes": "export the handover anew",
    "handover.risks.open": "put a name beside each risk that is left",
    "handover.vault.keyring": "give the wizard a keyring to store in",
    "handover.secrets.inventory": "write down which keys and passwords there are",
    "handover.secrets.rotated": "renew the keys that others have seen",
    "handover.export.clean": "take the secret out of the handover",
    "handover.runbook.rollback": "write down the ways back",
    "handover.runbook.verify": "have the handover verified by whoever receives it",
    "handover.runbook.drift": "look at what changed since the handover",
    "handover.actions.next": "set three dated next actions",
}

_NAME = ("audit.domain.registered", "audit.domain.expiry", "audit.domain.status")
_SERVERS = (*_NAME, "dns.ns.healthy")
_ADDRESSES = (*_SERVERS, "dns.apex.resolves", "dns.www.resolves", "dns.records.legal", "audit.dns.inventory")
_CERTIFICATE = (*_ADDRESSES, "edge.tls.valid", "edge.tls.expiry")
_HTTPS = (*_CERTIFICATE, "edge.https.forced", "audit.url.single", "dns.redirect.canonical")
_RECORDS = (*_SERVERS, "dns.records.legal")

# check id -> what comes first: the name, its servers, addresses, the certificate, one https host, and then the rest.
AFTER: dict[str, tuple[str, ...]] = {
    "dns.ns.healthy": _NAME,
    "dns.records.legal": _SERVERS,
    "dns.change.propagation": _SERVERS,
    "dns.cname.dangling": _SERVERS,
    "dns.dnssec.sane": _NAME,
    "dns.caa.permits": _SERVERS,
    "dns.records.wildcard": _SERVERS,
    "dns.sub.undeclared": _SERVERS,
    "dns.records.purpose": (*_SERVERS, "dns.records.legal"),
    "dns.apex.resolves": (*_SERVERS, "dns.records.legal"),
    "dns.www.resolves": (*_SERVERS, "dns.records.legal"),
    "dns.apex.target": (*_SERVERS, "dns.records.legal"),
    "dns.records.stale": _ADDRESSES,
    "dns.ipv6.works": _ADDRESSES,
    "dns.preview.indexed": _CERTIFICATE,
    "audit.dns.inventory": (*_SERVERS, "dns.apex.resolves", "dns.www.resolves", "dns.records.legal"),
    "edge.tls.valid": _ADDRESSES,
    "edge.tls.expiry": _ADDRESSES,
    "dns.sub.declared": _SERVERS,
    "edge.https.forced": _CERTIFICATE,
    "audit.url.single": _CERTIFICATE,
    "dns.redirect.canonical": (*_CERTIFICATE, "edge.https.forced"),
    "dns.redirect.hops": _HTTPS,
    "dns.redirect.path": _HTTPS,
    "edge.https.mixed": _CERTIFICATE,
    "edge.https.hsts": (*_HTTPS, "edge.https.mixed"),
    "edge.headers.security": _HTTPS,
    "edge.cdn.proxied": _CERTIFICATE,
    "deploy.smoke.home": _CERTIFICATE,
    "deploy.smoke.login": _CERTIFICATE,
    "deploy.smoke.api": _CERTIFICATE,
    "dns.entry.reachable": (*_CERTIFICATE, "deploy.smoke.login"),
    "performance.p95.public": (*_CERTIFICATE, "deploy.smoke.home"),
    "performance.cache.static": _CERTIFICATE,
    "performance.compress.text": _CERTIFICATE,
    "performance.images.size": _CERTIFICATE,
    "audit.exposed.files": _CERTIFICATE,
    "audit.secrets.bundle": _CERTIFICATE,
    "email.mx.present": _RECORDS,
    "email.spf.single": _RECORDS,
    "email.spf.policy": (*_RECORDS, "email.spf.single"),
    "email.dmarc.record": _RECORDS,
    "email.dmarc.policy": (*_RECORDS, "email.dmarc.record"),
    "audit.email.ready": _RECORDS,
    "handover.secrets.rotated": ("handover.secrets.inventory",),
}


def after(check_ids: Iterable[str]) -> frozenset[str]:
    """The ids of the checks that should be sound before any of these is worth doing, themselves not among them."""
    ids = frozenset(check_ids)
    return frozenset(first for id in ids for first in AFTER.get(id, ())) - ids
