"""Connecting a web host: the token is tried first, kept in the vault, read with, and forgotten when asked; no value of
a variable ever leaves the account."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.model import FixProblem
from launchready_tui.model import Status
from launchready_tui.project import Clock, Network, Project
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.session.keeping import tokens_of
from launchready_tui.vault import Vault
from launchready_tui.vault.choice import Vaults
from launchready_tui.workspace import Workspace
from tests.command import launchready
from tests.fakes.host_server import TOKEN, Fault
from tests.fakes.render import Render
from tests.fakes.vercel import Vercel
from tests.hosts.asked import CANARIES, DOMAIN, FAKES
from tests.world import NOW

IDS = (
    "deploy.env.required",
    "deploy.env.separated",
    "deploy.rollback.target",
    "deploy.source.ci",
    "deploy.env.live_values",
)


@contextmanager
def workspace(root: Path, code: Path | None = None) -> Iterator[Workspace]:
    found = Workspace(root)
    with found.open(DOMAIN, create=True) as store:
        network = Network(resolvers=(("127.0.0.1", 1),), private=True, registries=False)
        store.save_project(Project(DOMAIN, network=network, repo=str(code) if code else None))
    yield found


@asynccontextmanager
async def session(found: Workspace, vault: Vault | None = None, vaults: Vaults | None = None) -> AsyncIterator[Session]:
    opened = Session(found.open(DOMAIN), vault or Vault(kind="session"), clock=Clock(NOW), vaults=vaults)
    await opened.load_tokens()
    try:
        yield opened
    finally:
        await opened.aclose()


async def look(opened: Session, *ids: str) -> None:
    async with aclosing(opened.look([opened.check(id) for id in ids])) as events:
        async for _ in events:
            pass


def on_disk(root: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", FAKES)
async def test_a_token_is_tried_kept_and_read_with(kind: str, tmp_path: Path) -> None:
    with FAKES[kind]() as fake, workspace(tmp_path) as found:
        vault = Vault(kind="session")
        async with session(found, vault) as opened:
            refused = await opened.connect_host(kind, {"api": fake.base}, Secret("another-0123456789"))
            assert (refused.ok, opened.web_host) == (False, None)
            assert "another" not in refused.say
            reach = await opened.connect_host(kind, {"api": fake.base}, Secret(TOKEN))
            assert reach.ok, reach
            assert "3 variables of production and 3 releases" in reach.say
            assert opened.web_hosts()[0].kind == kind
            assert opened.connection is None  # it is no place that records could be written at
            again = await opened.host_reach()
            assert again == reach
        async with session(found, vault) as opened:  # opened anew: the token comes out of the vault
            await look(opened, *IDS)
            findings = {id: outcome.finding for id, outcome in opened.outcomes.items()}
            assert findings["deploy.rollback.target"].status is Status.PASS
            separated = findings["deploy.env.separated"].status
            assert separated is Status.UNKNOWN  # Stripe's key is not shown, or there is production alone
            said = await opened.disconnect_host()
            assert "no longer connected" in said
            assert opened.web_host is None
            assert await vault.get(f"token/{kind}/{DOMAIN}") is None
        assert fake.writes == []
        kept = on_disk(tmp_path)
        assert not [text for text in (TOKEN, *CANARIES) if text in kept]


async def test_shared_databases_and_test_values_are_seen_and_never_shown(tmp_path: Path) -> None:
    fake = Vercel()
    value = "postgres://maple:canary-one@db.neon.tech/maple"
    fake.env("DATABASE_URL", value)
    fake.env("DATABASE_URL", value + "?sslmode=require", "preview")
    fake.env("STRIPE_SECRET_KEY", "sk_" + "test_canarytwo")
    with fake, workspace(tmp_path / "w") as found:
        async with session(found) as opened:
            await opened.connect_host("vercel", {"api": fake.base}, Secret(TOKEN))
            await look(opened, *IDS)
            findings = {id: outcome.finding for id, outcome in opened.outcomes.items()}
            exported = await opened.export(tmp_path / "out")
        assert findings["deploy.env.separated"].status is Status.FAIL
        assert "DATABASE_URL" in findings["deploy.env.separated"].saw
        assert findings["deploy.env.live_values"].status is Status.FAIL
        assert "STRIPE_SECRET_KEY" in findings["deploy.env.live_values"].saw
        assert "a test key" in findings["deploy.env.live_values"].saw
        assert exported.paths
        everything = on_disk(tmp_path) + repr(findings)
        assert not [text for text in ("canary-one", "canarytwo", TOKEN) if text in everything]


async def test_what_the_code_needs_is_held_against_the_host(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "a.js").write_text("process.env.DATABASE_URL; process.env.MISSING_KEY;\n")
    for words in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "x"),
    ):
        subprocess.run(["git", "-C", str(code), *words], check=True)
    with FAKES["render"]() as fake, workspace(tmp_path / "w", code) as found:
        async with session(found) as opened:
            await opened.connect_host("render", {"api": fake.base}, Secret(TOKEN))
            await look(opened, "deploy.env.required", "audit.env.missing")
            required = opened.outcomes["deploy.env.required"].finding
            missing = opened.outcomes["audit.env.missing"].finding
    assert (required.status, required.subject) == (Status.FAIL, "MISSING_KEY")
    assert "DATABASE_URL" not in missing.saw  # the host has it, so somebody wrote it down
    assert missing.subject == "MISSING_KEY"


async def test_a_project_that_nobody_can_tell_is_asked_for(tmp_path: Path) -> None:
    fake = Render("other.example")
    with fake, workspace(tmp_path) as found:
        async with session(found) as opened:
            unsure = await opened.connect_host("render", {"api": fake.base}, Secret(TOKEN))
            assert (unsure.ok, opened.web_host) == (None, None)
            assert unsure.choose == ("maple-srv-1", "maple-srv-2")
            none = await opened.connect_host("render", {"api": fake.base, "project": "no-such"}, Secret(TOKEN))
            assert none.ok is False
            named = await opened.connect_host("render", {"api": fake.base, "project": "maple-srv-2"}, Secret(TOKEN))
            assert named.ok
            with pytest.raises(FixProblem):
                await opened.connect_host("nowhere", {}, Secret(TOKEN))


async def test_a_host_in_trouble_is_no_reason_to_throw_the_token_away_or_to_keep_it(tmp_path: Path) -> None:
    with FAKES["netlify"]() as fake, workspace(tmp_path) as found:
        async with session(found) as opened:
            fake.faults = [Fault("status", status=503)]
            reach = await opened.connect_host("netlify", {"api": fake.base}, Secret(TOKEN))
            assert (reach.ok, opened.web_host) == (None, None)
            fake.faults = [Fault("status", "/accounts", 403)]
            part = await opened.connect_host("netlify", {"api": fake.base}, Secret(TOKEN))
            assert part.ok
            assert "may not see this" in part.missing[0]
        with found.open(DOMAIN):
            reader = Session(found.open(DOMAIN), Vault(kind="session"), clock=Clock(NOW))
            with pytest.raises(WorkspaceProblem):
                await reader.connect_host("netlify", {"api": fake.base}, Secret(TOKEN))
            await reader.aclose()


async def test_the_list_of_tokens_has_it_and_takes_it_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FAKES["fly"]() as fake, workspace(tmp_path) as found:
        async with session(found) as opened:
            await opened.connect_host("fly", {"api": fake.base}, Secret(TOKEN))
            (token,) = opened.tokens()
            assert (token.name, token.provider, token.zone, token.used) == (f"token/fly/{DOMAIN}", "fly", DOMAIN, True)
            assert "deleted here" in await opened.remove_token(token.name)
            assert opened.web_host is None
        monkeypatch.setenv("LAUNCHREADY_TOKEN_FLY", TOKEN)
        (named,) = tokens_of(None)
        assert (named.name, named.provider, named.kept) == ("LAUNCHREADY_TOKEN_FLY", "fly", False)


@pytest.mark.parametrize("kind", ["vercel", "fly"])
async def test_the_command_line_connects_looks_and_forgets(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"LAUNCHREADY_TOKEN_{kind.upper()}", TOKEN)
    monkeypatch.setenv("LAUNCHREADY_VAULT", "session")
    home = tmp_path / "home"
    project = ("--project", DOMAIN)
    with FAKES[kind]() as fake, workspace(home / "launchready"):
        done = await launchready("connect", kind, *project, "--set", f"api={fake.base}", home=home)
        assert done.status == 0, done
        assert "3 variables of production" in done.out
        shown = await launchready("connect", *project, home=home)
        assert "we only read there" in shown.out
        looked = await launchready("check", DOMAIN, "--stage", "deploy", "--json", home=home)
        assert looked.findings["deploy.rollback.target"]["status"] == "pass", looked
        listed = await launchready("tokens", *project, "--json", home=home)
        assert f"token/{kind}/{DOMAIN}" in listed.out
        wrong = await launchready("connect", kind, *project, "--set", "colour=red", home=home)
        assert (wrong.status, "asks for project" in wrong.err) == (2, True)
        gone = await launchready("connect", kind, *project, "--forget", home=home)
        assert "no longer connected" in gone.out
        assert fake.writes == []
    for ran in (done, shown, looked, listed, wrong, gone):
        assert not [text for text in (TOKEN, *CANARIES) if text in ran.out + ran.err]
