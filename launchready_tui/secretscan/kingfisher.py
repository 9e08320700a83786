"""The other engine: kingfisher's library, in this process and offline, with our own rules beside its own.

It is there with the extra `secrets`. Only its scanner is used: what it could ask providers is never touched.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from launchready_tui import limits
from launchready_tui.secretrules import Rule, load
from launchready_tui.secretscan import matching, telling
from launchready_tui.secretscan.matching import Hit
from launchready_tui.secretscan.values import Around, made_up, published, what_it_is

NAME = "kingfisher"
_AROUND = 600
# Names of accounts, addresses and ids: helpers of its other rules, no secrets.
_NO_SECRET = re.compile(
    r"(?:client-id|-url|-host|-name|app(?:lication)?-id|tenant-id|account-id|public|-pub-|kubernetes-secret-yaml|-domain|username)"
)
# Its rule -> ours where both know the form: then ours says what it is and what it is called.
_OURS = {
    "jwt": "jwt",
    "jwt-base64": "jwt",
    "gcp-api-key": "google-api-key",
    "gcp-gemini-api": "google-api-key",
    "private-key": "private-key",
    "generic-credential-uri": "url-password",
    "mongodb-connection-string": "url-password",
    "algolia-api-key": "algolia-key",
    "mapbox-api-token": "mapbox-token",
    "openai-api-key": "openai-key",
    "posthog-project-api-key": "posthog-public",
    "curl-auth-header": "authorization",
    "npm-access-token": "npm-token",
    "github-pat": "github-token",
    "github-oauth": "github-token",
    "github-app-token": "github-token",
}


def installed() -> bool:
    """True where the library is there; it is not loaded for that."""
    return importlib.util.find_spec("kingfisher_sdk") is not None


class Kingfisher:
    """Its compiled rules, made once. `cache` is a folder of ours where it keeps them compiled.

    It works on a thread beside our own rules: its part is native, and holds Python up for neither loading nor matching.
    """

    def __init__(self, cache: str) -> None:
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="kingfisher")
        self._loaded = self._beside.submit(self._load, cache)

    def _load(self, cache: str) -> tuple[Any, Any]:
        sdk: Any = importlib.import_module("kingfisher_sdk")
        os.makedirs(cache, mode=0o700, exist_ok=True)
        rules = sdk.Rules(confidence="medium", cache=True, cache_dir=cache)
        policy = sdk.DetectionPolicy(inline_ignores=True)
        return sdk.Scanner(rules, base64=True, policy=policy), sdk.ScanInput

    def _theirs(self, text: str, path: str) -> list[Any]:
        scanner, given = self._loaded.result()
        one = given(path=path, data=text.encode("utf-8", "replace"))
        return list(scanner.scan_input(one, timeout=limits.SECRETS_SECONDS))

    def start(self, text: str, path: str) -> Callable[[], list[Hit]]:
        """Begin with a text; what comes back waits for the rest."""
        theirs = self._beside.submit(self._theirs, text, path)
        ours, refused = matching.looked(text, path)
        return lambda: self._joined(text, path, ours, refused, theirs.result())

    def scan(self, text: str, path: str) -> list[Hit]:
        return self.start(text, path)()

    def _joined(
        self, text: str, path: str, ours: list[Hit], refused: list[tuple[int, int]], theirs: list[Any]
    ) -> list[Hit]:
        """Its hits and ours in a text; where both see the same place ours has the word."""
        places = [*refused, *((hit.start, hit.end) for hit in ours)]
        hits = list(ours)
        for finding in theirs:
            hit = self._read(finding, text, path)
            if hit is not None and not any(hit.start < end and start < hit.end for start, end in places):
                places.append((hit.start, hit.end))
                hits.append(hit)
        return sorted(hits, key=lambda hit: hit.start)

    def _read(self, finding: Any, text: str, path: str) -> Hit | None:
        if not finding.visible or _NO_SECRET.search(finding.rule_id):
            return None
        value = finding.secret
        line = int(finding.location["line"])
        start = text.find(value, _offset(text, line))
        if start < 0:
            return None
        known = finding.rule_id.partition(".")[2]
        rule = load().by_id.get(_OURS.get(known, ""))
        around = Around(
            text[max(0, start - _AROUND) : start], text[start + len(value) : start + len(value) + _AROUND], path
        )
        if rule is None:
            if telling.quiet(path) or made_up(value) or published(value):
                return None
            rule, what = _rule_of(finding.rule_id), "secret"
        else:
            what = what_it_is(rule, value, around)
        return Hit(rule, start, start + len(value), line, value, what) if what else None


def _rule_of(id: str) -> Rule:
    """A rule of theirs in our form: its name is made of its id, and what to do is what one does anywhere."""
    name = re.sub(r"\.\d+$", "", id).rpartition(".")[2].rpartition("/")[2].replace("-", " ")
    return replace(load().by_id["secret-value"], id=id, name=name, kind="", keywords=())


def _offset(text: str, line: int) -> int:
    at = 0
    for _ in range(max(0, line - 1)):
        following = text.find("\n", at)
        if following < 0:
            return 0
        at = following + 1
    return at
