"""Netlify's REST interface, read only (github.com/netlify/open-api, swagger.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from launchready_tui import limits
from launchready_tui.hosts.account import Client, Found, Host
from launchready_tui.hosts.asking import Asking, Json, Trouble, commit, maybe, moment, part, within
from launchready_tui.hosts.digests import Digests
from launchready_tui.hosts.model import DEVELOPMENT, PREVIEW, PRODUCTION, Release, Releases, Setting, Settings
from launchready_tui.secret import Secret

# Netlify's contexts, each in our words; "branch" is one named branch, a preview like the others.
_CONTEXTS = {
    "production": (PRODUCTION,),
    "deploy-preview": (PREVIEW,),
    "branch-deploy": (PREVIEW,),
    "branch": (PREVIEW,),
    "preview-server": (PREVIEW,),
    "dev": (DEVELOPMENT,),
    "dev-server": (DEVELOPMENT,),
    "all": (PRODUCTION, PREVIEW, DEVELOPMENT),
}
_PAGE = 100


class Netlify(Client):
    def __init__(self, ask: Asking) -> None:
        self._ask = ask

    async def find(self, domain: str, named: str) -> tuple[Found, ...]:
        sites: list[Json] = []
        for page in range(1, limits.HOST_PAGES + 1):
            told = await self._ask.get("/sites", {"filter": "all", "per_page": str(_PAGE), "page": str(page)})
            rows = self._ask.rows(told)
            sites += rows
            if len(rows) < _PAGE:
                break
        if named:
            return tuple(self._found(each) for each in sites if named in (maybe(each, "id"), maybe(each, "name")))
        fitting = [each for each in sites if {domain, f"www.{domain}"} & _domains(each)]
        return tuple(self._found(each, bool(fitting)) for each in fitting or sites)

    def _found(self, each: Json, fits: bool = True) -> Found:
        id = self._ask.text(each, "id")
        account = self._ask.text(each, "account_id", "account_slug")
        return Found({"project": id, "account": account}, maybe(each, "name") or id, fits)

    async def settings(self, ids: Mapping[str, str], digests: Digests) -> Settings:
        path = f"/accounts/{within(ids['account'])}/env"
        own = self._ask.rows(await self._ask.get(path, {"site_id": ids["project"]}))
        cut = ""
        try:
            shared = self._ask.rows(await self._ask.get(path))
        except Trouble as trouble:
            if trouble.status not in (403, 404):
                raise
            shared, cut = [], "the token does not show the variables that the whole team shares"
        names = {maybe(each, "key") for each in own}
        found: list[Setting] = []
        for each in (*own, *(each for each in shared if maybe(each, "key") not in names)):
            found += self._of(each, digests)
        return Settings(tuple(found), frozenset({PRODUCTION, PREVIEW, DEVELOPMENT}), cut)

    def _of(self, each: Json, digests: Digests) -> list[Setting]:
        name = self._ask.text(each, "key")
        found: dict[str, Setting] = {}
        # A context of its own comes before the value for all.
        for value in sorted(self._ask.rows(each, "values"), key=lambda told: told.get("context") != "all"):
            text, id = value.get("value"), maybe(value, "id")
            hidden = each.get("is_secret") is True or not isinstance(text, str)
            for target in _CONTEXTS.get(maybe(value, "context"), ()):
                found[f"{target} {id if value.get('context') == 'branch' else ''}"] = (
                    digests.unread(name, target, id) if hidden else digests.setting(name, target, Secret(str(text)))
                )
        return list(found.values())

    async def releases(self, ids: Mapping[str, str], domain: str) -> Releases:
        site = await self._ask.get(f"/sites/{within(ids['project'])}")
        if not isinstance(site, dict):
            raise self._ask.changed()
        live = maybe(part(site, "published_deploy"), "id")
        query = {"production": "true", "per_page": str(limits.HOST_RELEASES)}
        rows = self._ask.rows(await self._ask.get(f"/sites/{within(ids['project'])}/deploys", query))
        production = [each for each in rows if maybe(each, "context") in ("production", "")]
        return Releases(tuple(self._release(each, live) for each in production), len(rows) < limits.HOST_RELEASES)

    def _release(self, each: Json, live: str) -> Release:
        id = self._ask.text(each, "id")
        ready = maybe(each, "state") == "ready" and each.get("draft") is not True and each.get("skipped") is not True
        # Netlify builds what git brings; a folder that somebody sends has no build there.
        built = bool(maybe(each, "build_id"))
        return Release(
            id,
            moment(each.get("created_at")),
            commit=commit(maybe(each, "commit_ref")),
            branch=maybe(each, "branch"),
            by="git" if built else "hand",
            who=maybe(each, "committer") if built else maybe(each, "user_id"),
            ok=ready,
            live=bool(live) and id == live,
            back=ready,  # any finished deploy of production can be published again
        )


def _domains(each: Mapping[str, Any]) -> set[str]:
    aliases = each.get("domain_aliases")
    more = [alias for alias in aliases if isinstance(alias, str)] if isinstance(aliases, list) else []
    return {name.lower() for name in (maybe(each, "custom_domain"), *more)}


HOST = Host(
    kind="netlify",
    name="Netlify",
    base="https://api.netlify.com/api/v1",
    secret="Personal access token",
    page="https://app.netlify.com/user/applications#personal-access-tokens",
    path="User settings, Applications, Personal access tokens, New access token",
    scopes=("Expiration: 30 days", "an account that may see the project's variables"),
    open=Netlify,
    ids=("project", "account"),
)
