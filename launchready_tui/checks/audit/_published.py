"""Files that stand in a folder which gets published, and should be seen by nobody: dumps, keys, settings, backups."""

from __future__ import annotations

import re
from collections.abc import Iterable

from launchready_tui.checks.audit.env import is_env
from launchready_tui.model import Evidence, Finding, Fix, failed
from launchready_tui.text import clean, listed, plural

# Folders whose files a build or a web server hands out as they are: Next, Vite, Nuxt, Rails and Laravel (public),
# SvelteKit and Hugo (static), Angular (src/assets), plain hosts (public_html, htdocs, www, wwwroot), built ones (dist).
_PUBLISHED = re.compile(r"(?i)(?:^|/)(?:public|static|public_html|htdocs|www|wwwroot|web_root|dist|src/assets)/")
_NOT = re.compile(r"(?i)(?:^|/)(?:tests?|fixtures|examples?|node_modules|vendor|docs)/")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a copy of a database",
        re.compile(r"(?i)\.(?:sql|dump|pgdump|bson|rdb|sqlite3?|db|mdb)(?:\.(?:gz|bz2|xz|zst|zip))?$"),
    ),
    (
        "a private key",
        re.compile(r"(?i)(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|key|p12|pfx|jks|ppk|keystore))$"),
    ),
    ("a service account", re.compile(r"(?i)(?:^|/)(?:service[-_]?account|firebase[-_]?admin|credentials)[^/]*\.json$")),
    (
        "a backup",
        re.compile(r"(?i)(?:\.(?:bak|backup|old|orig|swp)|(?:^|/)[^/]*backup[^/]*\.(?:zip|tar|tgz|gz|7z|rar))$|~$"),
    ),
    ("settings", re.compile(r"(?i)(?:^|/)(?:\.npmrc|\.pypirc|\.netrc|\.htpasswd|\.pgpass|wp-config\.php[^/]+)$")),
)
_PUBLIC_PEM = re.compile(r"(?i)(?:^|/)(?:\.well-known/|[^/]*(?:public|pub|cert|ca|chain)[^/]*\.pem$)")


def kind_of(path: str) -> str:
    """What a path in a published folder gives away; "" for one that may be there."""
    if not _PUBLISHED.search(path) or _NOT.search(path) or _PUBLIC_PEM.search(path):
        return ""
    if is_env(path):
        return "settings with their passwords"
    return next((what for what, pattern in _KINDS if pattern.search(path)), "")


def judge_paths(paths: Iterable[str]) -> Finding | None:
    """The finding where one of the tracked paths would be published; None where none is."""
    found = [(path, what) for path in sorted(paths) if (what := kind_of(path))]
    if not found:
        return None
    names = [clean(path, limit=100) for path, _ in found]
    whats = list(dict.fromkeys(what for _, what in found))
    first = names[0]
    return failed(
        f"{listed(names, most=3)} {'stands' if len(found) == 1 else 'stand'} in a folder that gets published: "
        f"{listed(whats)}.",
        Fix(
            "steps",
            f"Move {'it' if len(found) == 1 else 'them'} out of that folder (git mv {first} private/), commit and "
            "deploy. "
            "Whoever had the address may have it already: make a new key for every value in there, at the service it "
            "is "
            "for. The history keeps the file, so the keys in it count as seen.",
            minutes=20,
            who="Whoever writes your app",
        ),
        evidence=[Evidence("git ls-files", f"{path}: {what}") for path, what in found[:12]]
        + ([Evidence("git ls-files", plural(len(found) - 12, "more", "more"))] if len(found) > 12 else []),
        subject=found[0][0],
        cause=f"published:{found[0][0]}",
    )
