"""Vercel's REST interface, read only (vercel.com/docs/rest-api; its OpenAPI as published in vercel/sdk)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from launchready_tui import limits
from launchready_tui.hosts.account import Client, Found, Host
from launchready_tui.hosts.asking import Asking, Json, Trouble, commit, maybe, moment, part, within
from launchready_tui.hosts.digests import Digests
from launchready_tui.hosts.kinds import kind_of
from launchready_tui.hosts.model import DEVELOPMENT, PREVIEW, PRODUCTION, Release, Releases, Setting, Settings
from launchready_tui.secret import Secret

_TARGETS = (PRODUCTION, PREVIEW, DEVELOPMENT)
_GIT = frozenset({"git", "git-deploy-hook", "api-trigger-git-deploy"})
_HAND = frozenset({"cli", "drop", "v0-web"})
_COMMITS = ("githubCommitSha", "gitlabCommitSha", "bitbucketCommitSha", "gitCommitSha")
_BRANCHES = ("githubCommitRef", "gitlabCommitRef", "bitbucketCommitRef", "gitCommitRef")


class Vercel(Client):
    def __init__(self, ask: Asking) -> None:
        self._ask = ask

    # ---- which project ----

    async def find(self, domain: str, named: str) -> tuple[Found, ...]:
        for team in ("", *await self._teams()):
            if named:
                try:
                    return (self._found(await self._ask.get(f"/v9/projects/{within(named)}", {"teamId": team}), team),)
                except Trouble as trouble:
                    if trouble.status not in (403, 404):
                        raise
                    continue
            for name in (domain, f"www.{domain}"):
                alias = await self._alias(name, team)
                if alias and (project := maybe(alias, "projectId")):
                    told = await self._ask.get(f"/v9/projects/{within(project)}", {"teamId": team})
                    return (self._found(told, team),)
        return () if named else await self._all()

    def _found(self, told: Any, team: str) -> Found:
        if not isinstance(told, dict):
            raise self._ask.changed()
        id = self._ask.text(told, "id")
        return Found({"project": id, "team": team}, maybe(told, "name") or id)

    async def _all(self) -> tuple[Found, ...]:
        found: list[Found] = []
        for team in ("", *await self._teams()):
            told = await self._ask.get("/v10/projects", {"teamId": team, "limit": "50"})
            rows = self._ask.rows(told, "projects" if isinstance(told, dict) else "")
            found += [replace(self._found(each, team), fits=False) for each in rows]
        return tuple(found)

    async def _teams(self) -> list[str]:
        """A token of one team alone may not list teams: then there is nothing more to look in."""
        try:
            told = await self._ask.get("/v2/teams", {"limit": "50"})
        except Trouble as trouble:
            if trouble.status in (403, 404):
                return []
            raise
        return [self._ask.text(each, "id") for each in self._ask.rows(told, "teams")]

    async def _alias(self, name: str, team: str) -> Json:
        try:
            told = await self._ask.get(f"/v4/aliases/{within(name)}", {"teamId": team})
        except Trouble as trouble:
            if trouble.status in (403, 404):
                return {}
            raise
        if isinstance(told, list):  # the documentation's example shows a list of one
            told = told[0] if told else {}
        return told if isinstance(told, dict) else {}

    # ---- settings ----

    async def settings(self, ids: Mapping[str, str], digests: Digests) -> Settings:
        path, team = f"/projects/{within(ids['project'])}/env", {"teamId": ids["team"]}
        told = await self._ask.get(f"/v10{path}", team)
        rows = self._ask.rows(told, "envs") if isinstance(told, dict) and "envs" in told else self._ask.rows([told])
        wanted = [each for each in rows if _worth_reading(each)]
        values = await self._values(f"/v1{path}", team, wanted[: limits.HOST_VALUES])
        found: list[Setting] = []
        for each in rows:
            name, id = self._ask.text(each, "key"), maybe(each, "id")
            value = values.get(id)
            if value is None and each.get("type") == "plain" and isinstance(each.get("value"), str):
                value = Secret(each["value"])
            for target in _targets(each):
                if value is not None:
                    found.append(digests.setting(name, target, value))
                else:
                    found.append(digests.unread(name, target, id))
        paging = part(told, "pagination") if isinstance(told, dict) else {}
        return Settings(tuple(found), frozenset(_TARGETS), "the list goes on" if paging.get("next") else "")

    async def _values(self, path: str, team: Mapping[str, str], rows: list[Json]) -> dict[str, Secret]:
        """Values by the entry's id, as far as the host gives them. A refusal of one is no trouble."""

        async def one(id: str) -> Secret | None:
            try:
                told = await self._ask.get(f"{path}/{within(id)}", team)
            except Trouble as trouble:
                if trouble.status in (401, 403, 404):
                    return None
                raise
            if not isinstance(told, dict):
                raise self._ask.changed()
            value = told.get("value")
            return Secret(value) if isinstance(value, str) and told.get("decrypted") is not False else None

        ids = [self._ask.text(each, "id") for each in rows]
        tasks = [asyncio.ensure_future(one(id)) for id in ids]
        try:
            found = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return {id: value for id, value in zip(ids, found, strict=True) if value is not None}

    # ---- releases ----

    async def releases(self, ids: Mapping[str, str], domain: str) -> Releases:
        query = {"projectId": ids["project"], "teamId": ids["team"], "target": PRODUCTION}
        told = await self._ask.get("/v6/deployments", {**query, "limit": str(limits.HOST_RELEASES)})
        rows = self._ask.rows(told, "deployments")
        alias = await self._alias(domain, ids["team"])
        ready = [each for each in rows if _state(each) == "READY"]
        live = maybe(alias, "deploymentId") or next(
            (maybe(each, "uid") for each in ready if each.get("readySubstate") != "STAGED"), ""
        )
        before = _before(rows, live)
        found = [self._release(each, live, before) for each in rows]
        paging = part(told, "pagination") if isinstance(told, dict) else {}
        return Releases(tuple(found), whole=not paging.get("next"))

    def _release(self, each: Json, live: str, before: str) -> Release:
        meta, creator = part(each, "meta"), part(each, "creator")
        id, source = self._ask.text(each, "uid"), maybe(each, "source")
        sha = commit(maybe(meta, *_COMMITS))
        pushed = any(maybe(meta, key) for key in _COMMITS[:3])
        by = "git" if source in _GIT or (source and source not in _HAND and pushed) else "hand" if source else ""
        candidate = each.get("isRollbackCandidate")
        return Release(
            id,
            moment(each.get("createdAt", each.get("created"))),
            commit=sha,
            branch=maybe(meta, *_BRANCHES),
            by=by,
            who=maybe(creator, "username", "githubLogin", "email", "uid"),
            ok=_state(each) == "READY",
            live=bool(live) and id == live,
            # The one before the live one is eligible on every plan, Hobby included; of the others Vercel tells.
            back=id == before if candidate is None else candidate is True,
            dirty=maybe(meta, "gitDirty") == "1",
        )


def _worth_reading(each: Json) -> bool:
    """Values that a rule is about: all of production, and the three of the others. Sensitive ones are never given."""
    if each.get("type") not in ("encrypted", "secret"):
        return False
    return PRODUCTION in _targets(each) or bool(kind_of(str(each.get("key", ""))))


def _targets(each: Json) -> tuple[str, ...]:
    told = each.get("target")
    found = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    return tuple(target for target in _TARGETS if target in found)


def _state(each: Json) -> str:
    return maybe(each, "readyState", "state")


def _before(rows: list[Json], live: str) -> str:
    """The finished deployment right before the live one, by the list's order, newest first."""
    after = False
    for each in rows:
        if after and _state(each) == "READY":
            return maybe(each, "uid")
        after = after or maybe(each, "uid") == live
    return ""


HOST = Host(
    kind="vercel",
    name="Vercel",
    base="https://api.vercel.com",
    secret="Access token",
    page="https://vercel.com/account/settings/tokens",
    path="Account Settings, Tokens, Create",
    scopes=("Scope: the team that has the project", "Expiration: 30 days"),
    open=Vercel,
    ids=("project", "team"),
)
