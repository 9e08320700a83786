"""Content-Security-Policy, parsed and judged as browsers do (W3C CSP Level 3). Pure.

Several policies hold together: something is allowed only where each of them allows it. What is sent as
Content-Security-Policy-Report-Only protects nobody and is none of the policies here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_HASHES = ("'sha256-", "'sha384-", "'sha512-")
_ANYWHERE = frozenset({"*", "http:", "https:", "data:", "blob:", "filesystem:", "http://*", "https://*"})
_IN_META_IGNORED = ("frame-ancestors", "report-uri", "sandbox")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: directive name in lower case to its sources, keywords in lower case."""

    directives: Mapping[str, tuple[str, ...]]

    def sources(self, *names: str) -> tuple[str, ...] | None:
        """The sources of the first of these directives that is there; None where none restricts anything."""
        return next((self.directives[name] for name in names if name in self.directives), None)

    @property
    def scripts(self) -> tuple[str, ...] | None:
        """What governs <script> elements (section 6.8.4: script-src-elem, script-src, default-src)."""
        return self.sources("script-src-elem", "script-src", "default-src")

    @property
    def allows_inline(self) -> bool:
        """Does it let script run that stands in the page itself, as an injected one would?"""
        return _inline(self.scripts) or _inline(self.sources("script-src-attr", "script-src", "default-src"))

    @property
    def allows_eval(self) -> bool:
        sources = self.sources("script-src", "default-src")
        return sources is None or "'unsafe-eval'" in sources

    @property
    def allows_anywhere(self) -> bool:
        """May scripts be loaded from any host? 'strict-dynamic' makes browsers leave hosts and schemes aside."""
        sources = self.scripts
        if sources is None:
            return True
        return "'strict-dynamic'" not in sources and any(source in _ANYWHERE for source in sources)

    @property
    def frames_limited(self) -> bool:
        """Does frame-ancestors keep strangers from framing the page?"""
        sources = self.directives.get("frame-ancestors")
        return sources is not None and not any(source in _ANYWHERE for source in sources)


def _inline(sources: tuple[str, ...] | None) -> bool:
    """Section 6.7.3.2: 'unsafe-inline' counts only without a nonce, a hash and 'strict-dynamic'."""
    if sources is None:
        return True
    pinned = any(source.startswith(("'nonce-", *_HASHES)) or source == "'strict-dynamic'" for source in sources)
    return "'unsafe-inline'" in sources and not pinned


def parse_csp(values: Iterable[str], metas: Iterable[str] = ()) -> tuple[Policy, ...]:
    """Policies from Content-Security-Policy headers (a comma parts policies) and from <meta http-equiv>.

    Of a directive that stands twice in one policy the first counts (section 2.2.1). A <meta> cannot set
    frame-ancestors, report-uri and sandbox.
    """
    found = [_policy(text) for value in values for text in value.split(",")]
    for meta in metas:
        policy = _policy(meta)
        found.append(Policy({k: v for k, v in policy.directives.items() if k not in _IN_META_IGNORED}))
    return tuple(policy for policy in found if policy.directives)


def _policy(text: str) -> Policy:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *sources = part.split() or [""]
        name = name.lower()
        if name and name.isascii() and name not in directives:
            directives[name] = tuple(_source(source) for source in sources)
    return Policy(directives)


def _source(source: str) -> str:
    """Keywords and schemes in lower case; nonces, hashes and paths keep theirs."""
    lower = source.lower()
    if lower.startswith(("'nonce-", *_HASHES)):
        return lower[: lower.index("-")] + source[lower.index("-") :]
    return lower


def allows_inline(policies: Sequence[Policy]) -> bool:
    """True where inline script runs: no policy is there, or each of them lets it."""
    return all(policy.allows_inline for policy in policies)


def allows_eval(policies: Sequence[Policy]) -> bool:
    return all(policy.allows_eval for policy in policies)


def allows_anywhere(policies: Sequence[Policy]) -> bool:
    return all(policy.allows_anywhere for policy in policies)


def limits_frames(policies: Sequence[Policy]) -> bool:
    return any(policy.frames_limited for policy in policies)


def has(policies: Sequence[Policy], directive: str) -> bool:
    """Is the directive there in any policy ("frame-ancestors", "upgrade-insecure-requests")?"""
    return any(directive in policy.directives for policy in policies)
