"""Netlify's interface on loopback. Schemas: its published swagger.yml (definitions site, deploy, envVar)."""

from __future__ import annotations

from typing import Any

from tests.fakes.host_server import HostServer, Refusal, many, one_of, thing

# The published enum of contexts; "branch" and the servers' ones came later and are in its reference alone.
_VALUE = thing(
    "",
    id="string",
    value="string",
    context=one_of("all", "dev", "branch-deploy", "deploy-preview", "production", "branch", "dev-server"),
)
_ENV = thing("", key="string", scopes=many({"type": "string"}), values=many(_VALUE), is_secret="boolean")
_DEPLOY = thing(
    "",
    id="string",
    site_id="string",
    user_id=["string", "null"],
    build_id=["string", "null"],
    state="string",
    branch="string",
    commit_ref=["string", "null"],
    created_at="string",
    published_at=["string", "null"],
    context="string",
    draft=["boolean", "null"],
    skipped=["boolean", "null"],
    locked=["boolean", "null"],
)
_SITE = thing(
    "",
    id="string",
    name="string",
    custom_domain=["string", "null"],
    domain_aliases=many({"type": "string"}),
    account_slug="string",
    published_deploy=_DEPLOY,
)


class Netlify(HostServer):
    """One site of one team. `envs` are its variables, `shared` those of the whole team, `deploys` newest first."""

    base_path = "/api/v1"

    def __init__(self, domain: str = "good.example") -> None:
        super().__init__()
        self.domain, self.site, self.account = domain, "site-1", "maple"
        self.envs: list[dict[str, Any]] = []
        self.shared: list[dict[str, Any]] = []
        self.deploys: list[dict[str, Any]] = []
        self.live = ""
        self.shows_shared = True

    def env(self, key: str, secret: bool = False, shared: bool = False, **values: str) -> None:
        """Values by context, "_" for "-"."""
        rows = [
            {"id": f"{key}-{context}", "value": value, "context": context.replace("_", "-")}
            for context, value in values.items()
        ]
        (self.shared if shared else self.envs).append(
            {"key": key, "values": rows, "is_secret": secret, "scopes": ["builds"]}
        )

    def deploy(self, id: str, at: str, build: str | None = "b", **more: Any) -> None:
        sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b" if build else None
        self.deploys.append(
            {
                "id": id,
                "site_id": self.site,
                "user_id": "u_ada",
                "build_id": build,
                "state": "ready",
                "branch": "main",
                "commit_ref": sha,
                "created_at": at,
                "context": "production",
                "draft": None,
                **more,
            }
        )

    def _site(self) -> dict[str, Any]:
        live = next((each for each in self.deploys if each["id"] == self.live), {"id": self.live})
        return {
            "id": self.site,
            "name": "maple-club",
            "custom_domain": self.domain,
            "domain_aliases": [f"www.{self.domain}"],
            "account_slug": self.account,
            "published_deploy": live,
        }

    def answer(self, path: str, query: dict[str, str], body: Any) -> tuple[Any, dict[str, Any]]:
        if path == "/sites":
            return [self._site()], many(_SITE)
        if path == f"/sites/{self.site}":
            return self._site(), _SITE
        if path == f"/sites/{self.site}/deploys":
            return self.deploys[: int(query["per_page"])], many(_DEPLOY)
        if path == f"/accounts/{self.account}/env":
            if query.get("site_id") == self.site:
                return self.envs, many(_ENV)
            if "site_id" in query or not self.shows_shared:
                raise Refusal(403)
            return self.shared, many(_ENV)
        raise Refusal(404)
