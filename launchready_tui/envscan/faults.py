"""What is wrong between the variables that code reads and those that are declared. Pure; no value is handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui.envscan.given import read_elsewhere, set_by
from launchready_tui.envscan.model import Declared, Use
from launchready_tui.envscan.survey import Survey


@dataclass(frozen=True, slots=True)
class Lack:
    """A name that code reads and nothing declares: its first places, and whether the product needs it to run."""

    name: str
    required: bool
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A declaration at fault: its name, where it stands, and why in a few words. Never its value."""

    name: str
    path: str
    line: int
    why: str


def missing(found: Survey, host: frozenset[str] = frozenset()) -> tuple[Lack, ...]:
    """Names that are read, and neither declared, nor set by an image, a platform or the host (`host`: its names).

    A package with an example file of its own is held against that and those above it; other code against all.
    """
    own: dict[str, set[str]] = {}
    sets = tuple(each for each in found.sets if each.kind == "image" or each.value is not None)
    for each in (*found.declared, *sets):
        own.setdefault(found.package_of(each.path), set()).add(each.name)
    listed = {found.package_of(each.path) for each in found.declared if each.kind == "example"}
    anywhere = frozenset(each.name for each in (*found.declared, *sets)) | host
    lacking: dict[str, list[Use]] = {}
    for use in found.uses:
        package = found.package_of(use.path)
        known = _above(package, own) | host | own.get("", set()) if package in listed and package else anywhere
        if use.name not in known and not set_by(use.name):
            lacking.setdefault(use.name, []).append(use)
    return tuple(
        Lack(name, any(use.required for use in uses), tuple(dict.fromkeys(f"{u.path}:{u.line}" for u in uses))[:3])
        for name, uses in sorted(lacking.items())
    )


def _above(package: str, own: dict[str, set[str]]) -> set[str]:
    names: set[str] = set()
    while package:
        names |= own.get(package, set())
        package = package.rpartition("/")[0]
    return names


def unused(found: Survey) -> tuple[Place, ...]:
    """Names in example files that no code reads, and no library or platform by itself."""
    used = {use.name for use in found.uses}
    texts = {each.value or "" for each in found.declared if each.kind in ("example", "env")}
    within = set(re.findall(r"\$\{?([A-Za-z_]\w*)", "\n".join(texts)))
    return tuple(
        Place(each.name, each.path, each.line, "nothing reads it")
        for each in _firsts(found.declared)
        if each.kind == "example" and each.name not in used | within and not read_elsewhere(each.name)
    )


def _firsts(declared: tuple[Declared, ...]) -> Iterator[Declared]:
    seen: set[str] = set()
    for each in declared:
        if each.kind == "example" and each.name not in seen:
            seen.add(each.name)
            yield each


_PLACEHOLDER = re.compile(
    r"change[-_ ]?(?:me|this|it)\w*|replace[-_ ]?(?:me|this|with)?.*|to[-_ ]?do|tbd|fix[-_ ]?me|x{3,}|\*{3,}|"
    r"\.{3,}|-{3,}|(?:your|my|insert|enter|put|add|the|some|a|an)[-_ ].*|<[^>]*>|\[[^\]]*\]|\{\{[^}]*\}\}|"
    r"(?:placeholder|dummy|fake|example|sample|secret|password|passwd|test|value|string|null|none|undefined).{0,3}|"
    r"(?:dummy|fake|build[-_ ]?time|not[-_]?(?:a[-_])?(?:real|used|needed))[\w-]*|"
    r"(?:key|token).{0,3}|"
    r"(?:[a-z]{2,8}[-_])+(?:x{3,}|\.{3,}|your.*|change.*|\*{3,}|abc123|123+)|.*(?:_here|-here)|.*x{6,}.*|.*\.\.\.|.*…",
    re.IGNORECASE,
)
_INNER = re.compile(
    r"(?:your|change|replace|insert)[-_ ]?(?:me|this|own|key|secret|token|password|api|project|domain|username)",
    re.IGNORECASE,
)


def is_placeholder(value: str | None) -> bool:
    """True for a value that a person was to replace: changeme, xxx, your-key, <...>."""
    text = (value or "").strip()
    return (
        bool(text) and len(text) < 300 and (_PLACEHOLDER.fullmatch(text) is not None or _INNER.search(text) is not None)
    )


def placeholders(found: Survey) -> tuple[Place, ...]:
    """Placeholders where they would be used as they stand: files that are read as they are, and those of hosts. In a
    file to copy they belong."""
    return tuple(
        Place(each.name, each.path, each.line, "a placeholder stands there")
        for each in found.declared
        if each.kind != "example" and not _interpolates(each.value) and is_placeholder(each.value)
    )


def _interpolates(value: str | None) -> bool:
    return "${" in (value or "") or (value or "").startswith("$")


PUBLIC = (
    "NEXT_PUBLIC_", "VITE_", "REACT_APP_", "PUBLIC_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "VUE_APP_", "NG_APP_",
)  # fmt: skip
_NOT_FOR_ALL = ("SECRET", "SERVICE_ROLE", "PRIVATE", "PASSWORD", "ADMIN")


def public_secret(name: str) -> str:
    """The prefix by which a name that says "secret" is printed into every visitor's browser; "" where it is not."""
    prefix = next((each for each in PUBLIC if name.startswith(each)), "")
    rest = name[len(prefix) :]
    return prefix if prefix and any(word in rest for word in _NOT_FOR_ALL) else ""


def public_secrets(found: Survey) -> tuple[Place, ...]:
    """Such names wherever they are read or declared, each once."""
    places: dict[str, Place] = {}
    every: tuple[Use | Declared, ...] = (*found.uses, *found.declared, *found.sets)
    for each in every:
        prefix = public_secret(each.name)
        if prefix:
            places.setdefault(each.name, Place(each.name, each.path, each.line, prefix))
    return tuple(places[name] for name in sorted(places))


_TEST_KEY = re.compile(r"\b[srp]k_test_|\bwhsec_test_|\brzp_test_|\btest_[a-z]{2,10}_key")
_LOCAL = re.compile(r"(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?![\w.-])")
_TUNNEL = re.compile(r"\.(?:ngrok(?:-free)?\.(?:app|io|dev)|trycloudflare\.com|loca\.lt|serveo\.net|lhr\.life)\b")
_PREVIEW = re.compile(
    r"-git-[\w-]+\.vercel\.app|deploy-preview-\d+--|\b[0-9a-f]{8}\.[\w-]+\.pages\.dev|-pr-\d+\.onrender\.com|"
    r"\b(?:staging|preview|dev|sandbox)[.-][\w.-]+\.\w{2,}|\.preview\.\w|\.replit\.dev|\.lovableproject\.com"
)
_TRUE = frozenset({"1", "true", "yes", "on", "t", "y"})
# A server listens at these on purpose.
_LISTENS = re.compile(r"(?:^|_)(?:HOST|HOSTNAME|BIND|BIND_ADDR|ADDRESS|ADDR|LISTEN|ALLOWED_HOSTS|INTERFACE)$")


def not_live(name: str, value: str | None) -> str:
    """Why a value is not one for production, in a few words without it; "" where nothing says so."""
    text = (value or "").strip()
    upper = name.upper()
    if not text or _interpolates(text):
        return ""
    if _TEST_KEY.search(text):
        return "a test key"
    if _TUNNEL.search(text.lower()):
        return "a tunnel to somebody's laptop"
    if _LOCAL.search(text.lower()) and not (_LISTENS.search(upper) and "0.0.0.0" in text):
        return "this very machine (localhost)"
    if _PREVIEW.search(text.lower()):
        return "a preview's or staging address"
    if (upper == "DEBUG" or upper.endswith("_DEBUG")) and text.lower() in _TRUE:
        return "debugging is on"
    if upper in ("NODE_ENV", "RAILS_ENV", "RACK_ENV", "APP_ENV", "MIX_ENV", "FLASK_ENV", "DJANGO_ENV"):
        return "" if text.lower() in ("production", "prod") else "it is not “production”"
    return ""


def test_values(found: Survey) -> tuple[Place, ...]:
    """Values in files that speak for production, and that are none for it."""
    return tuple(
        Place(each.name, each.path, each.line, why)
        for each in (*found.declared, *found.sets)
        if each.production and (why := not_live(each.name, each.value))
    )


def production_values(found: Survey) -> int:
    """How many values for production stand in the code folder."""
    return sum(1 for each in (*found.declared, *found.sets) if each.production and each.value)
