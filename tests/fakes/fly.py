"""Fly.io's GraphQL interface on loopback: the three questions that flyctl's library asks too, and no other.

Its schema is not published as a file that we have; the forms are those that superfly/fly-go reads.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.host_server import HostServer, many, thing

_RELEASE = thing(
    "id version status createdAt",
    id="string",
    version="integer",
    status="string",
    imageRef=["string", "null"],
    stable="boolean",
    user={"type": ["object", "null"]},
    createdAt="string",
)


class Fly(HostServer):
    """One app. `secrets` are names, `releases` newest first."""

    def __init__(self, domain: str = "good.example") -> None:
        super().__init__()
        self.domain, self.app = domain, "maple-club"
        self.secrets: list[str] = []
        self.releases: list[dict[str, Any]] = []
        self.error: dict[str, Any] | None = None

    def release(
        self, id: str, at: str, status: str = "complete", image: str | None = "registry.fly.io/maple:1"
    ) -> None:
        self.releases.append(
            {
                "id": id,
                "version": len(self.releases) + 1,
                "description": "Release",
                "reason": "deploy",
                "status": status,
                "imageRef": image,
                "stable": True,
                "user": {"id": "u", "email": "ada@good.example", "name": "Ada"},
                "createdAt": at,
            }
        )

    def answer(self, path: str, query: dict[str, str], body: Any) -> tuple[Any, dict[str, Any]]:
        if self.error is not None:
            return {"errors": [self.error], "data": None}, thing("errors", errors="array")
        asked, variables = body["query"], body["variables"]
        if "apps(" in asked:
            nodes = [
                {"name": "maple-api", "certificates": {"nodes": []}},
                {"name": self.app, "certificates": {"nodes": [{"hostname": self.domain}]}},
            ]
            return {"data": {"apps": {"nodes": nodes}}}, thing("data", data="object")
        if variables["appName"] != self.app:
            return {"data": {"app": None}}, thing("data", data="object")
        if "secrets" in asked:
            rows = [
                {"name": name, "digest": "9f86d081884c7d65", "createdAt": "2026-11-01T00:00:00Z"}
                for name in self.secrets
            ]
            secret = thing("name digest createdAt", name="string", digest="string", createdAt="string")
            return {"data": {"app": {"secrets": rows}}}, _app(thing("secrets", secrets=many(secret)))
        nodes = self.releases[: variables["limit"]]
        return {"data": {"app": {"releases": {"nodes": nodes}}}}, _app(
            thing("releases", releases=thing("nodes", nodes=many(_RELEASE)))
        )


def _app(schema: dict[str, Any]) -> dict[str, Any]:
    return thing("data", data=thing("app", app=schema))
