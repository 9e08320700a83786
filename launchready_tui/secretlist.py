"""The product's own secrets, by name and place: what there is, who holds it, when it was made and renewed. Never a
value; what looks like one is not taken."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from launchready_tui import leaks, limits
from launchready_tui.text import clean

# name of a setting -> what it opens. Each pattern stands for a service that a founder knows by that name.
_SYSTEMS: tuple[tuple[str, str], ...] = (
    (r"STRIPE|PAYPAL|PADDLE|LEMON|BRAINTREE|ADYEN|MOLLIE|PAYMENT", "Payments"),
    (r"DATABASE|POSTGRES|PGPASS|MYSQL|MONGO|REDIS|SUPABASE|NEON|PLANETSCALE|TURSO|(?:^|_)DB(?:_|$)", "Database"),
    (r"RESEND|SENDGRID|MAILGUN|POSTMARK|MAILCHIMP|BREVO|SMTP|MAIL|(?:^|_)SES(?:_|$)", "Email sender"),
    (r"GITHUB|GITLAB|BITBUCKET|NPM|PYPI", "Repository"),
    (r"CLOUDFLARE|ROUTE53|DNS", "DNS"),
    (r"VERCEL|NETLIFY|HEROKU|RENDER|RAILWAY|(?:^|_)FLY(?:_|$)|DIGITALOCEAN", "Web host"),
    (r"SENTRY|DATADOG|LOGTAIL|HONEYCOMB|UPTIME|(?:^|_)DSN(?:_|$)", "Monitoring"),
    (r"AUTH0|CLERK|OAUTH|OIDC|GOOGLE|APPLE|FACEBOOK|SESSION|JWT|NEXTAUTH|COOKIE|(?:^|_)AUTH(?:_|$)", "Sign-in"),
    (r"OPENAI|ANTHROPIC|GEMINI|MISTRAL|HUGGING", "AI service"),
    (r"(?:^|_)(?:AWS|S3|R2|GCP|AZURE)(?:_|$)|STORAGE|BUCKET", "Storage"),
)
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:KEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS?|DSN|SALT|PEPPER|WEBHOOK_URL|"
    r"PRIVATE|APIKEY|DATABASE_URL|DB_URL|REDIS_URL|MONGO(?:DB)?_UR[IL]|POSTGRES_URL|CONNECTION_STRING)(?:_|$|[0-9])"
)
_PUBLIC_NAME = re.compile(r"(?:^|_)(?:PUBLIC|PUBLISHABLE|ANON|SITE_KEY|KEY_ID|TOKEN_URL|TOKEN_TTL|PASSWORD_MIN)(?:_|$)")
_SETTING = re.compile(r"[A-Z][A-Z0-9_]{1,80}")
_HUMAN = re.compile(r"[A-Za-z]{1,20}|[0-9]{1,8}|[A-Za-z]{1,14}[0-9]{1,4}")
_ODD = re.compile(r"[^A-Za-z0-9]+")
_STRANGE = frozenset("#$!%^&*=~")  # signs that stand in passwords, and not in the name of a place
_LONGEST_ODD = 12  # characters of a word that nobody would say: as long as that, it may be a value; ours


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """One secret by name. `location` is where its value is kept; `owner` who answers for it; `had` the people who know
    or knew the value. `exposed` is the day on which somebody left who had it, or since when it may have leaked, and
    `how` says which; a renewal on that day or later ends it."""

    name: str
    system: str = ""
    location: str = ""
    owner: str = ""
    created: dt.date | None = None
    rotate_by: dt.date | None = None
    rotated_on: dt.date | None = None
    had: tuple[str, ...] = ()
    exposed: dt.date | None = None
    how: str = ""

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, str):
                object.__setattr__(self, one.name, clean(value, limit=300).strip())
        had = (clean(each, limit=120).strip() for each in self.had)
        object.__setattr__(self, "had", tuple(dict.fromkeys(each for each in had if each)))

    @property
    def renewed(self) -> dt.date | None:
        """When its value was last made new."""
        days = [day for day in (self.created, self.rotated_on) if day is not None]
        return max(days, default=None)

    @property
    def seen_by_others(self) -> bool:
        """Was it touched by a leak or a leaving person, and not renewed since?"""
        return self.exposed is not None and (self.renewed is None or self.renewed < self.exposed)

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the list does not say of it."""
        asked = {
            "the system": self.system,
            "where it is kept": self.location,
            "an owner": self.owner,
            "the day it was made": self.created,
            "a day to renew it": self.rotate_by,
        }
        return tuple(what for what, told in asked.items() if not told)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A secret that we know of by its name, and where it was seen: ".env.example", "used in src/server.js". `leaked`
    says that a file with its value stands in git."""

    name: str
    where: str
    leaked: bool = False

    @property
    def system(self) -> str:
        return system_of(self.name)


@dataclass(frozen=True)
class SecretList:
    """What people wrote down, by name, for the checks. `none` is who said that the product has no secrets ("Ada, 3 Nov
    2026"), "" where nobody did."""

    kept: tuple[KeptSecret, ...] = ()
    none: str = ""
    names: frozenset[str] = field(init=False)

    needs = "the list of your secrets"

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(_folded(each.name) for each in self.kept))

    def lists(self, name: str) -> bool:
        """Is this one written down, whatever the case of its name?"""
        return _folded(name) in self.names


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip()).upper()


def names_a_secret(name: str) -> bool:
    """Does the name of a setting say that its value is a secret? "STRIPE_SECRET_KEY", not "NEXT_PUBLIC_SITE"."""
    upper = name.upper()
    return bool(_SETTING.fullmatch(upper) and _SECRET_NAME.search(upper) and not _PUBLIC_NAME.search(upper))


def system_of(name: str) -> str:
    """What a secret opens, by its name; "" where that does not tell."""
    upper = name.upper()
    return next((system for pattern, system in _SYSTEMS if re.search(pattern, upper)), "")


def holds_a_value(text: str) -> bool:
    """Does a text that should only name something hold what looks like a secret itself?"""
    if leaks.rules_hit(text):
        return True
    return any(_odd(word) for word in re.split(r"[\s,;()\"'“”]+", text))


def _odd(word: str) -> bool:
    """A long word that nobody would say: letters and digits mixed, and no parts that are words or short numbers."""
    word = word.strip(".:")
    if set(word) & _STRANGE and any(char.isdigit() for char in word) and leaks.random_looking(word):
        return True
    if len(word) < _LONGEST_ODD or not leaks.possible(word):
        return False
    for part in (part for part in _ODD.split(word) if part):
        if len(part) >= _LONGEST_ODD and not _HUMAN.fullmatch(part) and leaks.random_looking(part, least=_LONGEST_ODD):
            return True
    odd = "".join(part for part in _ODD.split(word) if part and not _HUMAN.fullmatch(part))
    return len(odd) >= _LONGEST_ODD and leaks.entropy(odd) >= 3.0


def proposed(found: Suggested, who: str, today: dt.date) -> KeptSecret:
    """What can be said of a secret that was found, for a person to complete. One whose file stands in git has been seen
    by everybody who has the code."""
    return KeptSecret(
        found.name,
        system=found.system,
        owner=who,
        rotate_by=today + dt.timedelta(days=limits.SECRET_DAYS_ROTATE),
        exposed=today if found.leaked else None,
        how="its value stands in git" if found.leaked else "",
    )


def missing(kept: SecretList, found: Iterable[Suggested]) -> tuple[Suggested, ...]:
    """What was found and is not written down."""
    return tuple(each for each in found if not kept.lists(each.name))
