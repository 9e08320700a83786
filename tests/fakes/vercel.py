"""Vercel's interface on loopback. Schemas: those of its REST reference and of vercel/sdk, as far as we use them."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.host_server import HostServer, Refusal, many, one_of, thing

_TARGET = one_of("production", "preview", "development")
_ENV = thing(
    "key type",
    id="string",
    key="string",
    type=one_of("system", "encrypted", "plain", "sensitive", "secret"),
    value="string",
    decrypted="boolean",
    target={"anyOf": [_TARGET, many(_TARGET)]},
    gitBranch="string",
    customEnvironmentIds=many({"type": "string"}),
)
_STATE = one_of("BLOCKED", "BUILDING", "CANCELED", "DELETED", "ERROR", "INITIALIZING", "QUEUED", "READY")
_DEPLOYMENT = thing(
    "uid name projectId url created readyState type creator inspectorUrl",
    uid="string",
    name="string",
    projectId="string",
    url="string",
    created="number",
    createdAt="number",
    state=_STATE,
    readyState=_STATE,
    readySubstate=one_of("STAGED", "ROLLING", "PROMOTED"),
    source=one_of(
        *("api-trigger-git-deploy", "cli", "clone/repo", "drop", "git", "git-deploy-hook"),
        *("import", "import/repo", "redeploy", "v0-web"),
    ),
    type=one_of("LAMBDAS"),
    creator=thing("uid", uid="string", username="string", email="string", githubLogin="string"),
    inspectorUrl=["string", "null"],
    meta={"type": "object", "additionalProperties": {"type": "string"}},
    target={"type": ["string", "null"]},
    isRollbackCandidate=["boolean", "null"],
)
_PAGING = thing("count next prev", count="number", next=["number", "null"], prev=["number", "null"])
_ALIAS = thing(
    "alias created deploymentId projectId uid",
    alias="string",
    created="string",
    deploymentId=["string", "null"],
    projectId=["string", "null"],
    uid="string",
)


class Vercel(HostServer):
    """One project of one team. `envs` are rows as `env` makes them, `deployments` newest first."""

    def __init__(self, domain: str = "good.example") -> None:
        super().__init__()
        self.domain, self.project, self.team = domain, "prj_1", "team_1"
        self.name = "maple-club"
        self.envs: list[dict[str, Any]] = []
        self.values: dict[str, str] = {}
        self.deployments: list[dict[str, Any]] = []
        self.live = ""
        self.older: int | None = None
        self.lists_teams = True

    def env(self, key: str, value: str, *targets: str, type: str = "encrypted") -> str:
        id = f"env_{len(self.envs)}"
        shown = value if type == "plain" else "" if type == "sensitive" else "eyJ2IjoidjIi"
        where = list(targets or ("production",))
        self.envs.append({"id": id, "key": key, "type": type, "target": where, "value": shown})
        self.values[id] = value
        return id

    def deploy(self, id: str, at: float, source: str = "git", **more: Any) -> None:
        """`at` in seconds since 1970."""
        sha = more.pop("sha", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")
        who = more.pop("who", "ada")
        meta = {"gitCommitSha": sha} if source == "cli" else {"githubCommitSha": sha, "githubCommitRef": "main"}
        self.deployments.append(
            {
                "uid": id,
                "name": self.name,
                "projectId": self.project,
                "url": f"{id}.vercel.app",
                "created": at * 1000,
                "createdAt": at * 1000,
                "state": "READY",
                "readyState": "READY",
                "readySubstate": "PROMOTED",
                "source": source,
                "type": "LAMBDAS",
                "creator": {"uid": f"u_{who}", "username": who},
                "inspectorUrl": None,
                "meta": {**meta, **more.pop("meta", {})},
                "target": "production",
                **more,
            }
        )

    def answer(self, path: str, query: dict[str, str], body: Any) -> tuple[Any, dict[str, Any]]:
        ours = query.get("teamId") == self.team
        if path == "/v2/teams":
            if not self.lists_teams:
                raise Refusal(403)
            teams = [{"id": self.team, "slug": "maple", "name": "Maple"}]
            return {"teams": teams, "pagination": _pages()}, thing("teams pagination", pagination=_PAGING)
        if path == "/v10/projects":
            rows = [{"id": self.project, "name": self.name, "accountId": self.team}] if ours else []
            return {"projects": rows, "pagination": _pages()}, thing("projects pagination", projects="array")
        if not ours:
            raise Refusal(404)
        if path.startswith("/v4/aliases/"):
            if path.rpartition("/")[2] not in (self.domain, f"www.{self.domain}"):
                raise Refusal(404)
            alias = {"alias": self.domain, "created": "2026-11-01T00:00:00Z", "uid": "a_1"}
            return {**alias, "deploymentId": self.live or None, "projectId": self.project}, _ALIAS
        if path == "/v6/deployments":
            if query.get("projectId") != self.project:
                raise Refusal(404)
            rows = [each for each in self.deployments if each["target"] == query.get("target")]
            cut = rows[: int(query.get("limit", "20"))]
            return (
                {"deployments": cut, "pagination": _pages(self.older)},
                thing("deployments pagination", deployments=many(_DEPLOYMENT), pagination=_PAGING),
            )
        found = re.fullmatch(r"/v\d+/projects/([^/]+)(/env)?(?:/([^/]+))?", path)
        if found is None or found[1] not in (self.project, self.name):
            raise Refusal(404)
        if not found[2]:
            return {"id": self.project, "name": self.name, "accountId": self.team}, thing("id name", id="string")
        if not found[3]:
            return {"envs": self.envs}, thing("envs", envs=many(_ENV))
        row = next((each for each in self.envs if each["id"] == found[3]), None)
        if row is None:
            raise Refusal(404)
        value = {} if row["type"] == "sensitive" else {"value": self.values[row["id"]]}
        told = {key: kept for key, kept in row.items() if key != "value"}
        return {**told, "decrypted": row["type"] != "sensitive", **value}, {**_ENV, "required": ["decrypted", "key"]}


def _pages(older: int | None = None) -> dict[str, Any]:
    return {"count": 1, "next": older, "prev": None}
