"""What is wrong with the practice startup: every planted fault, the check that sees it, and what heals it there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from launchready_tui.model import RecordSet, Stage
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.letters import KEY_NAME
from launchready_tui.practice.zones import GONE, HOME, OLD_SENDER

Heals = Literal["records", "setting", "file", "answer", "owner", "purpose", "secret", "key"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `what` says it plainly; `heals` names what takes it away, `how` which one: a record, a setting's name,
    a file, a question's id, a system's owner, a record to explain, a secret to write down, the
    file with a key that is made new.

    `records` stand in the zone instead of the sound ones while it is there.
    """

    id: str
    check_id: str
    what: str
    heals: Heals
    how: str
    records: tuple[RecordSet, ...] = ()

    @property
    def stage(self) -> Stage:
        return Stage(self.check_id.split(".")[0])


# What settings.json holds where the site is sound. A setting that is missing there is a fault.
SOUND_SETTINGS: dict[str, str] = {
    "redirects.canonical": DOMAIN,
    "redirects.path": "keep",
    "https.redirect": "301",
    "https.hsts": "max-age=31536000",
    "headers.security": "on",
    "mixed.upgrade": "on",
    "cdn.proxy": "on",
    "cache.static": "public, max-age=31536000, immutable",
    "compression.text": "on",
    "images.optimise": "on",
    "files.exposed": "closed",
    "certificate.renew": "on",
    "mail.links": DOMAIN,
    "mail.signing": "on",
    "site.login": "up",
    "site.api": "up",
}

CUT_KEY = "cut-key"

FAULTS: tuple[Fault, ...] = (
    Fault("env-tracked", "audit.env.tracked", "The file .env, with passwords in it, is in git.", "file", ".gitignore"),
    Fault("key-in-code", "audit.secrets.worktree", "A GitHub token stands in the code.", "key", "src/deploy.js"),
    Fault("key-in-history", "audit.secrets.history", "It is in the history too.", "key", "src/deploy.js"),
    Fault("env-exposed", "audit.exposed.files", "Anyone can download /.env.", "setting", "files.exposed"),
    Fault(
        "domain-expiring",
        "audit.domain.expiry",
        "The domain runs out in 45 days, and nobody knows whether it renews by itself.",
        "answer",
        "registrar.protection",
    ),
    Fault("registrar-access", "audit.registrar.access", "Nobody said who can sign in.", "answer", "access.registrar"),
    Fault(
        "registrar-protection",
        "audit.registrar.protection",
        "Nobody looked whether auto-renew and a second factor are on.",
        "answer",
        "registrar.protection",
    ),
    Fault("map-unnamed", "audit.map.complete", "Nobody wrote down what the product runs on.", "owner", "every system"),
    Fault(
        "www-gone",
        "dns.cname.dangling",
        "www is an alias of a host that is gone, so it has no address and a stranger may claim it.",
        "records",
        f"www.{DOMAIN}",
        (RecordSet(f"www.{DOMAIN}", "CNAME", (f"mapleclub.gone-host.{DOMAIN.partition('.')[2]}.",)),),
    ),
    Fault(
        "api-missing",
        "dns.sub.declared",
        "api has no address.",
        "records",
        f"api.{DOMAIN}",
        (RecordSet(f"api.{DOMAIN}", "A", ()),),
    ),
    Fault(
        "mx-alias",
        "dns.records.legal",
        "The first mail server's name is an alias, which mail does not allow.",
        "records",
        f"MX {DOMAIN}",
        (
            RecordSet(DOMAIN, "MX", (f"10 mx.{DOMAIN}.", f"20 mail2.{DOMAIN}.")),
            RecordSet(f"mx.{DOMAIN}", "CNAME", (f"mail.{DOMAIN}.",)),
        ),
    ),
    Fault(
        "old-address",
        "dns.records.stale",
        "Beside the site's address stands one of an old server, where nobody answers.",
        "records",
        f"A {DOMAIN}",
        (RecordSet(DOMAIN, "A", (HOME, GONE)),),
    ),
    Fault("host-unsaid", "dns.apex.target", "Nobody said what the host asks for.", "answer", "host.target"),
    Fault(
        "old-name",
        "dns.sub.undeclared",
        "A test site of two years ago still answers at old, and nobody remembers it.",
        "records",
        f"old.{DOMAIN}",
        (RecordSet(f"old.{DOMAIN}", "A", ("127.0.0.1",)),),
    ),
    Fault(
        "note-unknown",
        "dns.records.purpose",
        "A TXT record is there, and nobody knows what it is for.",
        "purpose",
        f"TXT partner.{DOMAIN}",
        (RecordSet(f"partner.{DOMAIN}", "TXT", ("maple-partner=north",)),),
    ),
    Fault("two-addresses", "dns.redirect.canonical", "Several addresses serve.", "setting", "redirects.canonical"),
    Fault("path-dropped", "dns.redirect.path", "Old links end on the front page.", "setting", "redirects.path"),
    Fault("certificate-old", "edge.tls.expiry", "The certificate ends in five days.", "setting", "certificate.renew"),
    Fault("http-open", "edge.https.forced", "http serves the site unprotected.", "setting", "https.redirect"),
    Fault("no-hsts", "edge.https.hsts", "Browsers are not told to stay on https.", "setting", "https.hsts"),
    Fault("mixed-script", "edge.https.mixed", "A script is loaded over http.", "setting", "mixed.upgrade"),
    Fault("no-headers", "edge.headers.security", "No security header is sent.", "setting", "headers.security"),
    Fault("no-shield", "edge.cdn.proxied", "The one server faces the world alone.", "setting", "cdn.proxy"),
    Fault("login-broken", "deploy.smoke.login", "The login page answers 500.", "setting", "site.login"),
    Fault("api-broken", "deploy.smoke.api", "The API has lost its database.", "setting", "site.api"),
    Fault("runtime-loose", "deploy.build.pinned", "The version of Node is whatever is newest.", "file", ".nvmrc"),
    Fault(
        "no-scan",
        "deploy.secrets.ci_scan",
        "Nothing looks for keys when code is pushed.",
        "file",
        ".github/workflows/launchready-secrets.yml",
    ),
    Fault(
        "no-smoke",
        "deploy.smoke.auto",
        "Nothing asks the pages after a deploy.",
        "file",
        ".github/workflows/launchready-smoke.yml",
    ),
    Fault(
        "build-loose",
        "deploy.build.clean",
        "The build needs a file that only one laptop has.",
        "file",
        "config/plans.json",
    ),
    Fault("no-document", "deploy.doc.tenminute", "No page says how it goes live.", "file", "DEPLOY.md"),
    Fault("rollback-data", "deploy.rollback.data", "Nobody knows what a way back leaves.", "answer", "rollback.data"),
    Fault("no-restore", "audit.backup.restore", "Nobody ever restored a backup.", "answer", "backup.restore"),
    Fault("rollback", "deploy.rollback.rehearsed", "Nobody tried to go back.", "answer", "rollback.rehearsal"),
    Fault("not-cached", "performance.cache.static", "Browsers fetch the same files again.", "setting", "cache.static"),
    Fault("not-compressed", "performance.compress.text", "Text is sent at full length.", "setting", "compression.text"),
    Fault("huge-picture", "performance.images.size", "The cover is 3,000 pixels wide.", "setting", "images.optimise"),
    Fault(
        "old-sender",
        "email.spf.approved",
        "A newsletter service that nobody uses any more may still send as the domain.",
        "records",
        f"TXT {DOMAIN}",
        (RecordSet(DOMAIN, "TXT", (f"v=spf1 mx include:{OLD_SENDER} ~all",)),),
    ),
    Fault(
        "two-spf",
        "email.spf.single",
        "There are two SPF records, so receivers count none of them.",
        "records",
        f"TXT {DOMAIN}",
        (RecordSet(DOMAIN, "TXT", ("v=spf1 mx ~all", f"v=spf1 include:{OLD_SENDER} ?all")),),
    ),
    Fault(
        "no-dmarc",
        "email.dmarc.record",
        "There is no DMARC record.",
        "records",
        f"TXT _dmarc.{DOMAIN}",
        (RecordSet(f"_dmarc.{DOMAIN}", "TXT", ()),),
    ),
    Fault(
        CUT_KEY,
        "email.dkim.key",
        "The key that signs the mail was cut into two records, so no receiver can read it.",
        "records",
        f"TXT {KEY_NAME}",
    ),
    Fault(
        "local-links",
        "email.eml.content",
        "The links in the product's mails lead to a developer's machine.",
        "setting",
        "mail.links",
    ),
    Fault("unsigned", "email.eml.dkim", "The product's mails are not signed.", "setting", "mail.signing"),
    Fault("dns-access", "handover.access.dns", "Nobody said who can change records.", "answer", "access.dns"),
    Fault("host-access", "handover.access.hosting", "Nobody said who can deploy.", "answer", "access.hosting"),
    Fault("no-owners", "handover.owner.primary", "No system has an owner.", "owner", "every critical system"),
    Fault("no-sign-ins", "handover.access.rest", "Nobody signed in at the other accounts.", "owner", "every system"),
    Fault("way-in-untold", "handover.owner.loop", "Nobody said which mail lets you back in.", "owner", "registrar"),
    Fault(
        "unlisted-key", "handover.secrets.inventory", "Nobody wrote down which keys there are.", "secret", "STRIPE_KEY"
    ),
    Fault("undated-key", "handover.secrets.rotated", "Nobody knows how old the keys are.", "secret", "STRIPE_KEY"),
    Fault("no-backups", "handover.owner.backup", "Nobody stands in for an owner.", "owner", "every critical system"),
)
IDS = frozenset(fault.id for fault in FAULTS)


def chosen(ids: Iterable[str] | None) -> tuple[Fault, ...]:
    """All faults, or those of `ids`. Raises ValueError for an id that is none."""
    if ids is None:
        return FAULTS
    wanted = frozenset(ids)
    if wanted - IDS:
        raise ValueError(f"no such fault: {', '.join(sorted(wanted - IDS))}")
    return tuple(fault for fault in FAULTS if fault.id in wanted)


def records(faults: Iterable[Fault], dkim: str = "") -> tuple[RecordSet, ...]:
    """What the faults put into the zone. `dkim` is the record of the practice key, which is new with every folder."""
    chosen = tuple(faults)
    put = [record for fault in chosen for record in fault.records]
    if dkim and any(fault.id == CUT_KEY for fault in chosen):
        put.append(RecordSet(KEY_NAME, "TXT", (dkim[:255], dkim[255:])))
    return tuple(put)


def settings(faults: Iterable[Fault]) -> dict[str, str]:
    """What settings.json holds while the faults are there."""
    missing = {fault.how for fault in faults if fault.heals == "setting"}
    return {name: value for name, value in SOUND_SETTINGS.items() if name not in missing}
