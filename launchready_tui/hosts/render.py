"""Render's REST interface, read only (api-docs.render.com, its OpenAPI)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.hosts.account import Client, Found, Host
from launchready_tui.hosts.asking import Asking, Json, Trouble, commit, maybe, moment, part, within
from launchready_tui.hosts.digests import Digests
from launchready_tui.hosts.model import PRODUCTION, Release, Releases, Setting, Settings
from launchready_tui.secret import Secret

_PAGE = 100
_SITES = ("web_service", "static_site")
# What brings a release: a push, or what Render does by itself; a click in its panel; the rest it does not tell apart.
_GIT = frozenset({"new_commit", "blueprint_sync", "deploy_hook", "deployed_by_render", "service_resumed"})
_HAND = frozenset({"manual"})


class Render(Client):
    def __init__(self, ask: Asking) -> None:
        self._ask = ask

    async def find(self, domain: str, named: str) -> tuple[Found, ...]:
        services = [part(each, "service") for each in (await self._pages("/services", {"includePreviews": "false"}))[0]]
        if named:
            return tuple(self._found(each) for each in services if named in (maybe(each, "id"), maybe(each, "name")))
        sites = [each for each in services if maybe(each, "type") in _SITES]
        for each in sites[: limits.HOST_SERVICES]:
            if await self._serves(each, {domain, f"www.{domain}"}):
                return (self._found(each),)
        return tuple(self._found(each, False) for each in sites)

    async def _serves(self, service: Json, names: set[str]) -> bool:
        if urlsplit(maybe(part(service, "serviceDetails"), "url")).hostname in names:
            return True
        rows, _ = await self._pages(f"/services/{within(self._ask.text(service, 'id'))}/custom-domains", {})
        return any(maybe(part(each, "customDomain"), "name").lower() in names for each in rows)

    def _found(self, each: Json, fits: bool = True) -> Found:
        id = self._ask.text(each, "id")
        return Found({"project": id}, maybe(each, "name") or id, fits)

    async def _pages(self, path: str, query: Mapping[str, str]) -> tuple[list[Json], bool]:
        """(rows, is that all): pages by their cursor."""
        found: list[Json] = []
        cursor = ""
        for _ in range(limits.HOST_PAGES):
            told = await self._ask.get(path, {**query, "limit": str(_PAGE), "cursor": cursor})
            rows = self._ask.rows(told)
            found += rows
            cursor = maybe(rows[-1], "cursor") if rows else ""
            if len(rows) < _PAGE or not cursor:
                return found, True
        return found, False

    async def settings(self, ids: Mapping[str, str], digests: Digests) -> Settings:
        service = ids["project"]
        rows, whole = await self._pages(f"/services/{within(service)}/env-vars", {})
        values: dict[str, str] = {}
        cut = "" if whole else "the list goes on"
        try:
            values.update(await self._groups(service))
        except Trouble as trouble:
            if trouble.status not in (403, 404):
                raise
            cut = "the token does not show the groups of variables"
        for each in rows:  # the service's own come before those of a group
            one = part(each, "envVar")
            values[self._ask.text(one, "key")] = self._value(one)
        found: list[Setting] = [digests.setting(name, PRODUCTION, Secret(value)) for name, value in values.items()]
        return Settings(tuple(found), frozenset({PRODUCTION}), cut)

    async def _groups(self, service: str) -> dict[str, str]:
        values: dict[str, str] = {}
        for each in (await self._pages("/env-groups", {}))[0]:
            group = part(each, "envGroup")
            links = group.get("serviceLinks")
            if isinstance(links, list) and any(isinstance(one, dict) and one.get("id") == service for one in links):
                told = await self._ask.get(f"/env-groups/{within(self._ask.text(group, 'id'))}")
                for one in self._ask.rows(told, "envVars"):
                    values[self._ask.text(one, "key")] = self._value(one)
        return values

    def _value(self, one: Json) -> str:
        if not isinstance(one.get("value"), str):
            raise self._ask.changed()
        return str(one["value"])

    async def releases(self, ids: Mapping[str, str], domain: str) -> Releases:
        service = within(ids["project"])
        told = await self._ask.get(f"/services/{service}")
        branch = maybe(told, "branch") if isinstance(told, dict) else ""
        path, query = f"/services/{service}/deploys", {"limit": str(limits.HOST_RELEASES)}
        rows = [part(each, "deploy") for each in self._ask.rows(await self._ask.get(path, query))]
        return Releases(tuple(self._release(each, branch) for each in rows), len(rows) < limits.HOST_RELEASES)

    def _release(self, each: Json, branch: str) -> Release:
        status, trigger = maybe(each, "status"), maybe(each, "trigger")
        return Release(
            self._ask.text(each, "id"),
            moment(each.get("createdAt")),
            commit=commit(maybe(part(each, "commit"), "id")),
            branch=branch,
            by="git" if trigger in _GIT else "hand" if trigger in _HAND else "",
            ok=status in ("live", "deactivated"),
            live=status == "live",
            back=status == "deactivated",  # it was live once, and its build is kept
        )


HOST = Host(
    kind="render",
    name="Render",
    base="https://api.render.com/v1",
    secret="API key",
    page="https://dashboard.render.com/u/settings#api-keys",
    path="Account Settings, API Keys, Create API Key",
    scopes=("an account of the workspace that has the service (Render's keys see all that you see)",),
    open=Render,
    project="Service",
)
