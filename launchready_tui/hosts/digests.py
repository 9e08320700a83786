"""What may be kept of a value: a keyed digest, the database it leads to, and why it is none for production."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import unquote, urlsplit

from launchready_tui.envscan.faults import not_live
from launchready_tui.hosts.model import PRODUCTION, Setting
from launchready_tui.secret import Secret

_DATABASES = (
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "rediss",
    "libsql",
    "sqlserver",
    "cockroachdb",
    "jdbc",
)
# The same database behind a pool of connections: Neon adds this to the name, Supabase another port.
_POOLER = re.compile(r"-pooler(?=\.)")


class Digests:
    """`key` is the keyring's, or one of this look. Only digests under the same key can be compared."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.new(key, b"settings of a web host", hashlib.sha256).digest()

    def of(self, kind: str, text: str) -> str:
        return hmac.new(self._key, f"{kind}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def setting(self, name: str, target: str, value: Secret) -> Setting:
        """What may be kept of a value that the host gave."""
        text = value.reveal()
        place = database(text)
        return Setting(
            name,
            target,
            digest=self.of("value", text) if text.strip() else "",
            place=self.of("place", place) if place else "",
            read=True,
            empty=not text.strip(),
            not_live=not_live(name, text) if target == PRODUCTION else "",
        )

    def unread(self, name: str, target: str, entry: str) -> Setting:
        """A variable whose value the host keeps to itself; one entry for two targets is one value."""
        return Setting(name, target, digest=self.of("entry", entry) if entry else "")


def database(value: str) -> str:
    """User, host and name of the database that a URL leads to, without its password; "" for anything else."""
    text = value.strip().removeprefix("jdbc:")
    if "://" not in text or len(text) > 4_000:
        return ""
    try:
        parts = urlsplit(text)
        host, name = (parts.hostname or "").lower(), parts.path.strip("/")
        user = unquote(parts.username or "")
    except ValueError:
        return ""
    if not host or not parts.scheme.lower().startswith(_DATABASES):
        return ""
    return f"{user}@{_POOLER.sub('', host)}/{name}"
