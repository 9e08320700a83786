"""The words that a founder may not know, each in one to three plain sentences. The exact term stands once, here."""

from __future__ import annotations

import re
from functools import cache

# term -> what it is. The term as it is written in a sentence; ALIASES has other spellings and plurals.
TERMS: dict[str, str] = {
    "A record": "The DNS record that gives a name its address in the old form of four numbers, such as 93.184.215.14.",
    "AAAA record": "The DNS record that gives a name its address in the new, long form (IPv6).",
    "apex": "Your domain without anything before it: good.example, and not www.good.example.",
    "API": "The part of your product that programs talk to: your app, your pages, other services.",
    "ARC": ("Seals that servers put on a mail which they pass on, with what they saw. They do not prove who wrote it."),
    "auto-renew": (
        "Your registrar renews the domain by itself and charges the card on file. When the card has run out, so "
        "does the domain."
    ),
    "backup owner": "The person who can sign in when the owner is ill or away.",
    "baseline": "The numbers of today, written down, so that you can tell later whether it got slower.",
    "cache": "A copy that is kept close to the visitor, so that it need not be fetched again.",
    "BIMI": "A DNS record that names your logo. Some inboxes show it beside mail that is proved to be yours.",
    "CAA": "A DNS record that says which companies may issue certificates for your domain.",
    "canonical": "The one address that counts, such as https://good.example. All others should lead to it.",
    "CDN": (
        "A network of servers all over the world that keeps copies of your pages near your visitors, and takes the"
        " blow when too many come at once."
    ),
    "TLS certificate": (
        "The proof that a site is who it says it is. It belongs to a name and runs out; then browsers show a "
        "warning instead of your site."
    ),
    "certificate log": (
        "A public list of every certificate that was ever issued. It shows each name that once had a site of its own."
    ),
    "ANAME": "A record that works like a CNAME and may stand at the domain itself. Some DNS hosts call it ALIAS.",
    "CNAME": "The DNS record that says: this name is another name for that one. Hosts ask for it for www.",
    "compression": "Text is sent packed, in a third of the size or less. Every browser unpacks it.",
    "CSP": (
        "A header that tells the browser where your page may load things from. It makes stolen sessions less likely."
    ),
    "DANE": (
        "A way to say in the signed DNS which key a mail server has. Senders that know it then need no certificate "
        "from a known company."
    ),
    "dangling record": (
        "A DNS record that points at something you no longer have. Whoever takes that thing gets a page on your name."
    ),
    "DDoS": "A flood of requests that is meant to take a site down.",
    "deploy": "Putting a new version of your product live.",
    "DKIM": "A signature on each mail that proves it comes from you. Its public half stands in DNS.",
    "DMARC": (
        "A DNS record that tells inboxes what to do with mail that only pretends to be from you, and where to send"
        " reports."
    ),
    "DNS": "The address book of the internet: it turns names into the addresses of servers.",
    "DNSSEC": "A signature on your DNS records, so that nobody can send your visitors elsewhere by a forged answer.",
    "DS record": "The line at the registry that says which key signs your DNS records. It must fit that key.",
    "encrypted file": (
        "A file that nobody can read without its passphrase. It stands in for a keyring where there is none."
    ),
    "environment variable": (
        "A setting that the host hands to your product when it starts, such as the database's address. It is not "
        "part of the code."
    ),
    "fingerprint": (
        "A piece of a file's name that changes with its content, such as site.8f4af7b0.css. So a browser may keep the "
        "file for a year, and still gets the new one."
    ),
    "handover": "The file that says who owns what, what was changed and how to check it, for whoever comes after you.",
    "header": "A line that your server sends before the page itself; browsers read it, visitors do not see it.",
    "HSTS": "A header that makes browsers use only https with your site, for as long as it says.",
    "HTTPS": "The encrypted way to load a page. Without it, anybody on the same wifi can read along.",
    "keyring": (
        "The place where your computer keeps passwords safe: Keychain on a Mac, Credential Manager on Windows, the"
        " Secret Service on Linux."
    ),
    "latency": "The time between asking and the first answer.",
    "lockfile": (
        "A file that pins the exact version of everything your code is built from, so that tomorrow's build is the"
        " same as today's."
    ),
    "logs": "What a program writes down while it runs: each request, each error. Your host shows them in its panel.",
    "mixed content": "A page over https that loads a part of itself without encryption. Browsers block it or warn.",
    "MTA-STS": (
        "A small file and a record by which you ask others to send you mail only encrypted, and only to the mail "
        "servers that the file names. A wrong one turns mail away."
    ),
    "MX": "The DNS record that says which server takes mail for your domain.",
    "name server": (
        "A server that answers for your domain. Your registrar says which ones they are; your DNS records live there."
    ),
    "NXDOMAIN": "The answer of a name server that says: there is no such name.",
    "one-click unsubscribe": (
        "The button beside the sender of a newsletter that ends it at once. Gmail and Yahoo ask for it from those who "
        "send to many."
    ),
    "origin": "The server on which your product really runs, behind the CDN.",
    "passphrase": (
        "A password of several words. Nobody can reset the one of the encrypted file, so keep it where you keep your "
        "others."
    ),
    "p95": (
        "Of a hundred requests, ninety-five were at least this fast. It says more than an average, which hides the"
        " slow ones."
    ),
    "port": "A numbered door of a server. Pages come through door 443 with https, and through door 80 without.",
    "proxy": "A server that stands before yours, takes the visitors' requests and passes on the good ones.",
    "quarantine": "What a DMARC policy asks for in the middle: mail that only pretends to be yours goes to spam.",
    "rate limit": "A bound on how often somebody may try something, such as signing in.",
    "RDAP": "The public record of who registered a domain where, until when, and how it is locked. It replaced WHOIS.",
    "recovery codes": (
        "One-time codes that let you in when the phone with your second factor is gone. Keep them where the team "
        "finds them, not on that phone."
    ),
    "redirect": (
        "An answer that sends the browser on to another address. 301 and 308 mean for good, 302 and 307 for now."
    ),
    "registrar": "The company where your domain is registered and paid for, such as Namecheap or Gandi.",
    "repository": "The folder with your code and its history, usually at GitHub or GitLab.",
    "resolver": (
        "A server that looks names up for people, such as 1.1.1.1. It keeps an old answer until the TTL has run out."
    ),
    "return path": (
        "The address that a mail which cannot be delivered goes back to. SPF is asked about its domain, and many "
        "services use one of their own there."
    ),
    "rollback": "Putting the last version back when the new one is broken.",
    "recovery mail": (
        "The mail address that gets the code when a password is lost. Whoever reads it can take the account, and where "
        "it is on the domain itself, nobody gets the code once the domain is broken."
    ),
    "second factor": "A code or a key beside the password, so that a stolen password alone lets nobody in.",
    "secret": "A password, key or token that lets a program in. Whoever has it can do what the program can.",
    "selector": (
        "The name under which one DKIM key stands in DNS, before “._domainkey”. A mail says in “s=” which one it is."
    ),
    "SPF look-up": (
        "A question to the DNS that a receiver must ask to read your SPF record to its end. It asks ten at most, and "
        "every include costs at least one."
    ),
    "STARTTLS": "The word with which two mail servers turn to encryption, before any mail is handed over.",
    "SPF": "A DNS record that lists who may send mail as you. There must be exactly one.",
    "status code": (
        "The number that a server answers with. 200 is a page, 301 sends on to another address, 404 is not found; 500 "
        "and above say that the server itself failed."
    ),
    "subdomain": "A name in front of your domain: app.good.example.",
    "TLS-RPT": "A DNS record that says who is told when mail for you could not be encrypted.",
    "TTL": (
        "How long others may keep a DNS answer before they ask again, in seconds. A change is seen everywhere when"
        " it has run out."
    ),
    "TXT": "A DNS record that holds a note for programs, such as SPF, DMARC, or the proof that the domain is yours.",
    "token": (
        "A long password that a service makes for a program, with a list of what it may do (its scopes). You can "
        "delete it there at any time, and it stops working."
    ),
    "transfer lock": "A lock at the registrar: nobody can move the domain away while it is on.",
    "wildcard": "A DNS record (*) that answers for every name that has no record of its own, made-up ones too.",
    "zone": "All DNS records of a domain together.",
}

# Another way to write it -> the term above, both as they stand in texts.
ALIASES: dict[str, str] = {
    "alias": "CNAME",
    "API token": "token",
    "API key": "token",
    "TSIG": "token",
    "scopes": "token",
    "aliases": "CNAME",
    "gzip": "compression",
    "Brotli": "compression",
    "301": "redirect",
    "answers 404": "status code",
    "answers 500": "status code",
    "answers 502": "status code",
    "answers 503": "status code",
    "fingerprints": "fingerprint",
    "certificate": "TLS certificate",
    "certificates": "TLS certificate",
    "certificate logs": "certificate log",
    "DS": "DS record",
    "TLS": "TLS certificate",
    "SSL": "TLS certificate",
    "2FA": "second factor",
    "MFA": "second factor",
    "two-factor": "second factor",
    "A records": "A record",
    "AAAA": "AAAA record",
    "bare domain": "apex",
    "root domain": "apex",
    "cached": "cache",
    "caching": "cache",
    "caches": "cache",
    "compressed": "compression",
    "content network": "CDN",
    "shield": "CDN",
    "dangling": "dangling record",
    "deploys": "deploy",
    "deployment": "deploy",
    "domain lock": "transfer lock",
    "environment variables": "environment variable",
    "headers": "header",
    "keychain": "keyring",
    "IPv6": "AAAA record",
    "name servers": "name server",
    "nameserver": "name server",
    "nameservers": "name server",
    "NS": "name server",
    "proxied": "proxy",
    "rate limits": "rate limit",
    "recovery code": "recovery codes",
    "login mail": "recovery mail",
    "redirects": "redirect",
    "redirected": "redirect",
    "repositories": "repository",
    "resolvers": "resolver",
    "roll back": "rollback",
    "rollbacks": "rollback",
    "secrets": "secret",
    "subdomains": "subdomain",
    "WHOIS": "RDAP",
    "Content-Security-Policy": "CSP",
    "Strict-Transport-Security": "HSTS",
    "MX record": "MX",
    "TXT record": "TXT",
}

_BY_LOWER = {term.lower(): term for term in TERMS} | {alias.lower(): term for alias, term in ALIASES.items()}


def lookup(term: str) -> str | None:
    """What a term means; None where we do not explain it. Case and spelling (2FA, MFA, second factor) do not matter."""
    known = _BY_LOWER.get(" ".join(term.split()).lower())
    return TERMS[known] if known else None


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_BY_LOWER, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(re.escape(word) for word in words)})s?(?![\w-])", re.IGNORECASE)


def terms_in(text: str) -> tuple[str, ...]:
    """The terms of a text that the glossary explains, each once, in the order in which they come."""
    found = [(match.start(), _BY_LOWER[match[1].lower()]) for match in _pattern().finditer(text)]
    return tuple(dict.fromkeys(term for _, term in sorted(found)))
