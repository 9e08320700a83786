"""Each written step, run by bash and a real curl against the practice startup and stand-ins of the hosts' interfaces.

curl is led there by its own file, CURL_HOME/.curlrc (connect-to, cacert); the scripts are run as they are written.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.automations.model import Forge, Setup
from launchready_tui.automations.write import text_of
from launchready_tui.practice.authority import Authority
from launchready_tui.practice.startup import Practice
from launchready_tui.practice.webserver import Request, Response, WebServer
from tests.automations.running import Ran, run_github, run_gitlab

pytestmark = [
    pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs bash and curl"),
]
TOKEN = "practice-token-0f1e2d"
HOOK = "https://hook.mapleclub.example/back"
# host -> (its interface, what it lists, secrets and variables)
HOSTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "other": ("hook.mapleclub.example", "", {"LAUNCHREADY_ROLLBACK_URL": HOOK}),
    "vercel": (
        "api.vercel.com",
        json.dumps(
            {
                "deployments": [
                    {"uid": "dpl_New1", "creator": {"uid": "u1"}},
                    {"uid": "dpl_Old0", "creator": {"uid": "u2"}},
                ]
            }
        ),
        {"VERCEL_TOKEN": TOKEN, "VERCEL_PROJECT_ID": "prj_1", "VERCEL_TEAM_ID": "team_1"},
    ),
    "netlify": ("api.netlify.com", "{}", {"NETLIFY_AUTH_TOKEN": TOKEN, "NETLIFY_SITE_ID": "site-1"}),
    "render": (
        "api.render.com",
        json.dumps([{"deploy": {"id": "dep-abc123", "status": "deactivated"}, "cursor": "x"}]),
        {"RENDER_API_KEY": TOKEN, "RENDER_SERVICE_ID": "srv-1"},
    ),
    "heroku": (
        "api.heroku.com",
        json.dumps([{"version": 42, "status": "succeeded"}, {"version": 41, "status": "succeeded"}]),
        {"HEROKU_API_KEY": TOKEN, "HEROKU_APP": "maple"},
    ),
}
WROTE = {
    "other": ("POST", "/back"),
    "vercel": ("POST", "/v1/projects/prj_1/rollback/dpl_Old0?teamId=team_1"),
    "netlify": ("PUT", "/api/v1/sites/site-1/rollback"),
    "render": ("POST", "/v1/services/srv-1/rollback"),
    "heroku": ("POST", "/apps/maple/releases"),
}


class Host:
    """A host's interface on loopback: lists what it is told, takes a rollback, keeps what it was asked."""

    def __init__(self, lists: str) -> None:
        self._lists = lists
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        if request.headers.get("authorization", "") not in (f"Bearer {TOKEN}", ""):
            return Response(401)
        body = self._lists if request.method == "GET" else "{}"
        return Response(200, (("Content-Type", "application/json"),), body.encode())

    @property
    def written(self) -> list[tuple[str, str]]:
        return [(each.method, each.target) for each in self.asked if each.method != "GET"]


class Place:
    """The practice startup, a host beside it, and the environment in which curl finds both."""

    def __init__(self, practice: Practice, host: Host, folder: Path) -> None:
        self.practice, self.host, self._folder = practice, host, folder
        self.env = {"CURL_HOME": str(folder), "SMOKE_PAUSE": "0", "LAUNCHREADY_WAIT": "0"}

    def set(self, **settings: str) -> None:
        """Change what the site's settings file says: "" takes a setting away."""
        path = self._folder / "practice" / "settings.json"
        now = json.loads(path.read_text()) | settings
        path.write_text(json.dumps({name: value for name, value in now.items() if value}))

    def setup(self, forge: Forge, host: str = "other") -> Setup:
        project = self.practice.project
        pages = tuple((kind, url) for kind, url in project.urls.items() if kind != "home")
        home = project.url("home") or ""
        return Setup(
            forge, domain=project.domain, home=home, pages=pages, marker=project.marker, subs=("app", "api"), host=host
        )

    async def run(self, name: str, forge: Forge, host: str = "other", **more: str) -> Ran:
        text = text_of(name, self.setup(forge, host))
        run = run_github if forge == "github" else run_gitlab
        folder = self._folder / "work"
        folder.mkdir(exist_ok=True)
        return await asyncio.to_thread(run, text, folder, {**self.env, **more})


@asynccontextmanager
async def place(folder: Path, host: str = "other", faults: tuple[str, ...] = ()) -> AsyncIterator[Place]:
    practice = await Practice.start(folder / "practice", faults=faults)
    network = practice.project.network
    name, lists, _ = HOSTS[host]
    ours = Authority()
    stand_in = Host(lists)
    server = WebServer(stand_in.answer, ours.context([name]))
    port = await server.start("127.0.0.1")
    try:
        ca = folder / "all.pem"
        ca.write_text(Path(str(network.ca)).read_text() + ours.pem)
        lines = [f'cacert = "{ca}"', f'connect-to = "{name}:443:127.0.0.1:{port}"']
        lines += [f'connect-to = "{at}:{p}:{to}:{n}"' for (at, p), (to, n) in network.connect_to.items()]
        (folder / ".curlrc").write_text("\n".join(lines) + "\n")
        yield Place(practice, stand_in, folder)
    finally:
        await server.aclose()
        await practice.aclose()


@pytest.mark.parametrize("forge", ["github", "gitlab"])
async def test_sound_pages_pass_and_nothing_is_rolled_back(tmp_path: Path, forge: Forge) -> None:
    async with place(tmp_path) as at:
        ran = await at.run("smoke", forge, **HOSTS["other"][2])
        assert ran.status == 0, ran.out
        for page in ("home", "login", "signup", "API health"):
            assert f"sound: {page}" in ran.out
        assert at.host.asked == []


@pytest.mark.parametrize("forge", ["github", "gitlab"])
@pytest.mark.parametrize("host", HOSTS)
async def test_a_broken_login_ends_the_run_and_rolls_back(tmp_path: Path, forge: Forge, host: str) -> None:
    async with place(tmp_path, host) as at:
        at.set(**{"site.login": ""})
        ran = await at.run("smoke", forge, host, **HOSTS[host][2])
        assert ran.status == 1, ran.out
        assert "BROKEN: login: https://mapleclub.example/login answers 500." in ran.out
        assert at.host.written == [WROTE[host]], ran.out
        assert TOKEN not in ran.out
        if host != "other":
            assert {each.headers["authorization"] for each in at.host.asked} == {f"Bearer {TOKEN}"}
        if forge == "github":
            assert (
                "olled back" in ran.summary or "rolling back" in ran.summary or "rolls back was called" in ran.summary
            )


@pytest.mark.parametrize("forge", ["github", "gitlab"])
@pytest.mark.parametrize("host", [*HOSTS, "fly", "cloudflare-pages", "railway", "digitalocean"])
async def test_without_a_token_the_way_back_is_linked(tmp_path: Path, forge: Forge, host: str) -> None:
    async with place(tmp_path, host if host in HOSTS else "other") as at:
        at.set(**{"site.login": ""})
        ran = await at.run("smoke", forge, host)
        assert ran.status == 1
        assert "Put the last release back by hand: " in ran.out
        assert at.host.asked == []


async def test_a_host_that_refuses_is_said_with_the_way_by_hand(tmp_path: Path) -> None:
    async with place(tmp_path, "vercel") as at:
        at.set(**{"site.login": ""})
        ran = await at.run("smoke", "github", "vercel", **{**HOSTS["vercel"][2], "VERCEL_TOKEN": "revoked"})
        assert ran.status == 1
        assert "Vercel named no release before this one. Put the last release back by hand" in ran.out
        assert at.host.written == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"site.api": ""}, "API health"), ({"site.login": "", "site.api": ""}, "BROKEN: login")],
    ids=["api", "both"],
)
async def test_what_is_broken_is_named(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    async with place(tmp_path) as at:
        at.set(**settings)
        ran = await at.run("uptime", "github")
        assert (ran.status, says in ran.out) == (1, True), ran.out


async def test_other_words_on_the_home_page_are_a_fault(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        text = text_of("smoke", replace(at.setup("github"), marker="Birch Club"))
        ran = await asyncio.to_thread(run_github, text, tmp_path, at.env)
        assert ran.status == 1
        assert "does not contain the words" in ran.out


async def test_a_callback_that_is_not_there_is_a_fault_and_one_that_leads_away_too(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        for url, says in (
            ("https://mapleclub.example/auth/callback", "answers 404"),
            ("https://www.mapleclub.example/", "leads away"),
        ):
            setup = at.setup("github")
            setup = replace(setup, pages=(("callback", url),), hosts=("app.mapleclub.example",))
            ran = await asyncio.to_thread(run_github, text_of("uptime", setup), tmp_path, at.env)
            assert (ran.status, says in ran.out) == (1, True), ran.out


@pytest.mark.parametrize("forge", ["github", "gitlab"])
async def test_silence_is_no_proof_and_rolls_nothing_back(tmp_path: Path, forge: Forge) -> None:
    """A server that takes the connection and says nothing: the run ends as "could not tell"."""
    async with place(tmp_path) as at:

        def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()  # an end before the handshake is no alert and no refusal

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        rc = tmp_path / ".curlrc"
        rest = [line for line in rc.read_text().splitlines() if '"mapleclub.example:443:' not in line]
        rc.write_text("\n".join([*rest, f'connect-to = "mapleclub.example:443:127.0.0.1:{port}"']) + "\n")
        async with server:
            ran = await at.run("smoke", forge, **HOSTS["other"][2])
        assert ran.status == 3, ran.out
        assert "UNKNOWN: login" in ran.out
        assert "BROKEN" not in ran.out
        assert at.host.asked == []


@pytest.mark.parametrize("forge", ["github", "gitlab"])
async def test_cache_headers(tmp_path: Path, forge: Forge) -> None:
    async with place(tmp_path) as at:
        ran = await at.run("cache", forge)
        assert ran.status == 0, ran.out
        assert ran.out.count("sound: https://mapleclub.example/") >= 2
        at.set(**{"cache.static": ""})
        ran = await at.run("cache", forge)
        assert ran.status == 1
        assert "is not kept by browsers" in ran.out
        at.set(**{"cache.static": "public, max-age=60"})
        ran = await at.run("cache", forge)
        assert ran.status == 1
        assert "kept for 60 seconds" in ran.out


@pytest.mark.slow
@pytest.mark.parametrize("forge", ["github", "gitlab"])
async def test_the_daily_look_passes_when_sound_and_fails_when_not(tmp_path: Path, forge: Forge) -> None:
    bin = str(Path(sys.executable).parent)
    assert shutil.which("launchready", path=bin) is not None
    async with place(tmp_path) as at:
        words = shlex.split(at.practice.command())
        network = " ".join(words[3 : words.index("--repo")])
        env = {"PATH": f"{bin}:{os.environ['PATH']}", "LAUNCHREADY_NETWORK": network}
        ran = await at.run("daily", forge, **env)
        assert ran.status == 0, ran.out
        assert "There is no handover.toml here" in ran.out
        at.set(**{"https.redirect": ""})
        ran = await at.run("daily", forge, **env)
        assert ran.status == 1, ran.out
        assert "NOT as it should be" in ran.out


@pytest.fixture
def gitleaks(tmp_path: Path) -> str:
    """A stand-in that finds one word in the whole history: gitleaks itself is fetched by the runner."""
    bin = tmp_path / "bin"
    bin.mkdir()
    script = bin / "gitleaks"
    script.write_text('#!/bin/sh\n[ "$1" = git ] || exit 0\n! git log --all -p | grep -q practice-leak\n')
    script.chmod(0o755)
    return f"{bin}:{os.environ['PATH']}"


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_the_scan_reads_the_whole_history_or_fails(tmp_path: Path, gitleaks: str, forge: Forge) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    env = {"PATH": gitleaks, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@mapleclub.example"]

    def git(*words: str) -> None:
        subprocess.run(["git", *who, *words], cwd=repo, check=True, capture_output=True, env={**os.environ, **env})

    text = text_of("secrets", Setup(forge, domain="mapleclub.example"))
    run = run_github if forge == "github" else run_gitlab
    assert run(text, repo, env).status != 0, "no history to read is no clean history"
    git("init", "-q")
    (repo / "a").write_text("nothing")
    git("add", "a")
    git("commit", "-q", "-m", "one")
    assert run(text, repo, env).status == 0
    (repo / "a").write_text("practice-leak")
    git("commit", "-q", "-a", "-m", "two")
    (repo / "a").write_text("nothing")
    git("commit", "-q", "-a", "-m", "three")
    assert run(text, repo, env).status == 1, "it is in the history only"
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{repo}", str(shallow)], check=True, capture_output=True)
    assert run(text, shallow, env).status != 0, "a cut history is refused"


def test_gitleaks_is_taken_only_with_the_right_checksum(tmp_path: Path) -> None:
    """A curl that brings something else: nothing of it is run."""
    bin, work = tmp_path / "bin", tmp_path / "work"
    bin.mkdir()
    work.mkdir()
    for tool in ("bash", "mkdir", "tar", "sha256sum", "gzip"):
        found = shutil.which(tool)
        assert found is not None
        (bin / tool).symlink_to(found)
    curl = bin / "curl"
    curl.write_text('#!/bin/bash\nwhile [ "$1" ]; do [ "$1" = --output ] && printf evil >"$2"; shift; done; exit 0\n')
    curl.chmod(0o755)
    ran = run_github(text_of("secrets", Setup("github")), work, {"PATH": str(bin)})
    assert ran.status != 0
    assert "gitleaks.tar.gz: FAILED" in ran.out
    assert [name for name, _ in ran.steps] == ["Get gitleaks"], "what comes after is not run"
