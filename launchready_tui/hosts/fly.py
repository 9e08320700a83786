"""Fly.io's GraphQL interface, read only (its questions as flyctl asks them: github.com/superfly/fly-go).

Fly gives no value of a secret, ever: names alone. What fly.toml sets is read in the code folder.
"""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui import limits
from launchready_tui.hosts.account import Client, Found, Host
from launchready_tui.hosts.asking import Asking, Json, Trouble, maybe, moment, part
from launchready_tui.hosts.digests import Digests
from launchready_tui.hosts.model import PRODUCTION, NoHost, Release, Releases, Settings

_APPS = "query($first: Int!) { apps(first: $first) { nodes { name certificates { nodes { hostname } } } } }"
_SECRETS = "query($appName: String!) { app(name: $appName) { secrets { name digest createdAt } } }"
_RELEASES = (
    "query($appName: String!, $limit: Int!) { app(name: $appName) { releases: releasesUnprocessed(first: $limit) { "
    "nodes { id version description reason status imageRef stable user { id email name } createdAt } } } }"
)
_DONE = ("succeeded", "complete")


class Fly(Client):
    def __init__(self, ask: Asking) -> None:
        self._ask = ask

    async def find(self, domain: str, named: str) -> tuple[Found, ...]:
        told = await self._ask.graph(_APPS, {"first": limits.HOST_SERVICES})
        apps = self._ask.rows(part(told, "apps"), "nodes")
        if named:
            if any(maybe(each, "name") == named for each in apps):
                return (Found({"project": named}, named),)
            await self._app(_SECRETS, {"appName": named})  # a token of one app alone may not list them
            return (Found({"project": named}, named),)
        names = {domain, f"www.{domain}"}
        fitting = [
            each
            for each in apps
            if any(maybe(one, "hostname") in names for one in self._ask.rows(part(each, "certificates"), "nodes"))
        ]
        return tuple(
            Found({"project": self._ask.text(each, "name")}, maybe(each, "name"), bool(fitting))
            for each in fitting or apps
        )

    async def _app(self, query: str, variables: Mapping[str, object]) -> Json:
        told = await self._ask.graph(query, variables)
        app = told.get("app")
        if app is None and "app" in told:
            raise Trouble(NoHost("Fly.io shows this token no such app.", "a token for Fly.io that sees the app"), 404)
        if not isinstance(app, dict):
            raise self._ask.changed()
        return app

    async def settings(self, ids: Mapping[str, str], digests: Digests) -> Settings:
        app = await self._app(_SECRETS, {"appName": ids["project"]})
        names = [self._ask.text(each, "name") for each in self._ask.rows(app, "secrets")]
        return Settings(tuple(digests.unread(name, PRODUCTION, name) for name in names), frozenset({PRODUCTION}))

    async def releases(self, ids: Mapping[str, str], domain: str) -> Releases:
        app = await self._app(_RELEASES, {"appName": ids["project"], "limit": limits.HOST_RELEASES})
        rows = self._ask.rows(part(app, "releases"), "nodes")
        live = next((self._ask.text(each, "id") for each in rows if _done(each)), "")
        return Releases(tuple(self._release(each, live) for each in rows), len(rows) < limits.HOST_RELEASES)

    def _release(self, each: Json, live: str) -> Release:
        id, user = self._ask.text(each, "id"), part(each, "user")
        done = _done(each)
        return Release(
            id,
            moment(each.get("createdAt")),
            who=maybe(user, "email", "name"),
            ok=done,
            live=id == live,
            back=done and bool(maybe(each, "imageRef")),  # fly deploy --image takes it
        )


def _done(each: Json) -> bool:
    return maybe(each, "status").lower() in _DONE


HOST = Host(
    kind="fly",
    name="Fly.io",
    base="https://api.fly.io",
    secret="Access token",
    page="https://fly.io/dashboard/personal/tokens",
    path="the dashboard, Tokens; or in a terminal: fly tokens create readonly",
    scopes=("a token that only reads: fly tokens create readonly <organisation>",),
    open=Fly,
    project="App",
)
