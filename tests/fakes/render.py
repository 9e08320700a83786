"""Render's interface on loopback. Schemas: its published OpenAPI (deploy, envVar, service, customDomain, envGroup)."""

from __future__ import annotations

from typing import Any

from tests.fakes.host_server import HostServer, Refusal, many, one_of, thing

_DEPLOY = thing(
    "id",
    id="string",
    commit=thing("", id="string", message="string", createdAt="string"),
    status=one_of(
        *("created", "queued", "build_in_progress", "update_in_progress", "live", "deactivated"),
        *("build_failed", "update_failed", "canceled", "pre_deploy_in_progress", "pre_deploy_failed"),
    ),
    trigger=one_of(
        *("api", "blueprint_sync", "deploy_hook", "deployed_by_render", "manual"),
        *("other", "new_commit", "rollback", "service_resumed", "service_updated"),
    ),
    createdAt="string",
    finishedAt="string",
)
_ENV = thing("key value", key="string", value="string")
_SERVICE = thing("id name type", id="string", name="string", type="string", branch="string", serviceDetails="object")


def _rows(key: str, schema: dict[str, Any]) -> dict[str, Any]:
    return many(thing(f"{key} cursor", cursor="string", **{key: schema}))


class Render(HostServer):
    """Two services, the second with the domain. `envs` are its own variables, `group` those of a linked group."""

    base_path = "/v1"

    def __init__(self, domain: str = "good.example") -> None:
        super().__init__()
        self.domain, self.service = domain, "srv-2"
        self.envs: dict[str, str] = {}
        self.group: dict[str, str] = {}
        self.deploys: list[dict[str, Any]] = []
        self.shows_groups = True
        self.page = 100

    def deploy(self, id: str, at: str, status: str = "deactivated", trigger: str = "new_commit") -> None:
        commit = {"id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "message": "one more"}
        self.deploys.append({"id": id, "commit": commit, "status": status, "trigger": trigger, "createdAt": at})

    def _service(self, id: str, type: str = "web_service") -> dict[str, Any]:
        details = {"url": f"https://{id}.onrender.com"}
        return {"id": id, "name": f"maple-{id}", "type": type, "branch": "main", "serviceDetails": details}

    def answer(self, path: str, query: dict[str, str], body: Any) -> tuple[Any, dict[str, Any]]:
        if path == "/services":
            services = [self._service("srv-1"), self._service(self.service), self._service("srv-3", "cron_job")]
            return _paged("service", services), _rows("service", _SERVICE)
        if path == "/services/srv-1/custom-domains":
            return [], many({})
        if path == f"/services/{self.service}/custom-domains":
            domains = [{"id": "d1", "name": self.domain}, {"id": "d2", "name": f"www.{self.domain}"}]
            return _paged("customDomain", domains), _rows("customDomain", thing("id name", id="string", name="string"))
        if path == f"/services/{self.service}":
            return self._service(self.service), _SERVICE
        if path == f"/services/{self.service}/env-vars":
            envs = [{"key": key, "value": value} for key, value in self.envs.items()]
            begin = int(query.get("cursor") or 0)
            return _paged("envVar", envs[begin : begin + self.page], begin), _rows("envVar", _ENV)
        if path == f"/services/{self.service}/deploys":
            return _paged("deploy", self.deploys[: int(query["limit"])]), _rows("deploy", _DEPLOY)
        if path.startswith("/env-groups"):
            if not self.shows_groups:
                raise Refusal(403)
            group = {"id": "evg-1", "name": "shared", "serviceLinks": [{"id": self.service, "name": "maple"}]}
            if path == "/env-groups":
                return _paged("envGroup", [group] if self.group else []), _rows("envGroup", thing("id", id="string"))
            envs = [{"key": key, "value": value} for key, value in self.group.items()]
            return {**group, "envVars": envs}, thing("envVars", envVars=many(_ENV))
        raise Refusal(404)


def _paged(key: str, rows: list[dict[str, Any]], begin: int = 0) -> list[dict[str, Any]]:
    return [{key: each, "cursor": str(begin + at)} for at, each in enumerate(rows, 1)]
