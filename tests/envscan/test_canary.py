"""Values of the code folder reach no finding, JSON, journal or export: a canary in every place that is read."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import aclosing
from pathlib import Path

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Network, Project
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.command import launchready
from tests.promises.canaries import files_under, seen

CANARY = "Wq7nCanary4711Kx"
ONLY = (
    "audit.env.missing",
    "audit.secrets.publicprefix",
    "audit.logs.redaction",
    "deploy.env.live_values",
    "deploy.secrets.injected",
    "deploy.build.pinned",
)
FILES = {
    ".env.example": f"LISTED_KEY={CANARY}\n",
    ".env.production": f"APP_URL=http://localhost/{CANARY}\nSTRIPE_SECRET_KEY={'sk_' + 'test_'}{CANARY}\n",
    "Dockerfile": f"FROM node:24\nENV API_SECRET={CANARY}\nARG NPM_TOKEN={CANARY}\n",
    "compose.yml": f"services:\n  a:\n    environment:\n      DB_PASSWORD: {CANARY}\n",
    ".github/workflows/a.yml": f"on: push\nenv:\n  DEPLOY_TOKEN: {CANARY}\n",
    "fly.toml": f"[env]\nDEBUG = 'true'\nHOOK = 'https://localhost/{CANARY}'\n",
    "vercel.json": json.dumps({"env": {"NEXT_PUBLIC_ADMIN_SECRET": CANARY}}),
    "src/a.js": f"console.log(req, password, '{CANARY}');\nf(process.env.NOT_LISTED, process.env.X ?? '{CANARY}');\n",
    "package.json": json.dumps({"dependencies": {"next": "15"}, "scripts": {"build": f"X={CANARY} next build"}}),
}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_no_value_leaves_the_folder(tmp_path: Path) -> None:
    code, home = tmp_path / "code", tmp_path / "home"
    for path, text in FILES.items():
        (code / path).parent.mkdir(parents=True, exist_ok=True)
        (code / path).write_text(text)
    for words in (("init", "-q"), ("add", "-A")):
        subprocess.run(["git", "-C", str(code), *words], check=True, capture_output=True)
    only = [word for id in ONLY for word in ("--only", id)]
    options = ("--repo", str(code), "--resolver", "127.0.0.1:9", "--no-registries", "--private-network")
    ran = await launchready("check", "good.example", *options, *only, "--json", home=home)
    assert {id for id, finding in ran.findings.items() if finding["status"] == "fail"} == set(ONLY)
    assert "STRIPE_SECRET_KEY" in ran.out
    assert not seen({"stdout": ran.out.encode(), "stderr": ran.err.encode()}, (CANARY,))

    store = Workspace(home).open("good.example", create=True)
    network = Network(resolvers=(("127.0.0.1", 9),), private=True, registries=False)
    project = Project("good.example", repo=str(code), network=network)
    session = Session(store, Vault(kind="session"), project=project)
    try:
        async with aclosing(session.look([session.check(id) for id in ONLY])) as events:
            async for _ in events:
                pass
        assert {session.findings[id].status for id in ONLY} == {Status.FAIL}
        exported = await session.export(tmp_path / "out")
    finally:
        await session.aclose()
    assert exported.paths
    written = files_under(home) | files_under(tmp_path / "out")
    assert any(b"deploy.secrets.injected" in data for data in written.values())
    assert not seen(written, (CANARY,))
