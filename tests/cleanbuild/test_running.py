"""A clean build that passes, one that needs an untracked file, one that hangs, floods, forks; and what is left of each.

Real processes: what a build starts writes its number to a file of the test, which is looked for afterwards.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from launchready_tui.cleanbuild import network
from launchready_tui.cleanbuild.model import Built, Caps, Progress
from launchready_tui.cleanbuild.running import PREFIX, Build, sweep
from tests.cleanbuild.shop import alive, built, git, left_on_disk, order, repository
from tests.world import NOW

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="builds of these tests are shell scripts")
CANARY = "canary-7f3a9c51e0d24b68"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux adopts what leaves its session")


@pytest.fixture
def under(tmp_path: Path) -> Path:
    folder = tmp_path / "under"
    folder.mkdir()
    return folder


async def test_one_that_passes(tmp_path: Path, under: Path) -> None:
    shop = repository(
        tmp_path / "shop",
        'echo "CI is $CI"; test -f page.html && mkdir dist && cp page.html dist/',
        {"page.html": "<p>"},
    )
    done, _ = await built(shop, under)
    assert (done.outcome, done.code, done.left, done.missing) == ("passed", 0, (), ())
    assert done.commit == git(shop, "rev-parse", "HEAD")
    assert done.tail == ("CI is 1",)
    assert not (shop / "dist").exists(), "the founder's own folder is not touched"
    assert left_on_disk(under) == []


async def test_one_that_needs_an_untracked_file(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "cat config/site.json keys/private.txt", {".gitignore": "keys/\n"})
    (shop / "config").mkdir()
    (shop / "config" / "site.json").write_text("{}")
    (shop / "keys").mkdir()
    (shop / "keys" / "private.txt").write_text("x")
    done, _ = await built(shop, under)
    assert done.outcome == "failed"
    assert done.code == 1
    assert {(each.path, each.ignored) for each in done.missing} == {
        ("config/site.json", False),
        ("keys/private.txt", True),
    }
    assert left_on_disk(under) == []


@pytest.mark.parametrize(
    ("says", "path"),
    [
        ("Error: Cannot find module './settings.local'", "src/settings.local.js"),
        ("ModuleNotFoundError: No module named 'app.local_settings'", "app/local_settings.py"),
        ("Module not found: Can't resolve '@/lib/prices'", "src/lib/prices.ts"),
        ("ENOENT: no such file or directory, open '$PWD/data/plans.csv'", "data/plans.csv"),
        ("make: *** No rule to make target 'schema.sql', needed by 'all'.  Stop.", "schema.sql"),
        ("cannot load such file -- $PWD/config/secrets.rb (LoadError)", "config/secrets.rb"),
    ],
)
async def test_the_missing_file_is_named_in_many_tongues(tmp_path: Path, under: Path, says: str, path: str) -> None:
    shop = repository(tmp_path / "shop", f'echo "{says}" >&2; exit 2')
    target = shop / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("x")
    done, _ = await built(shop, under)
    assert [each.path for each in done.missing] == [path]


async def test_a_file_that_nobody_has_is_not_named(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "cat nowhere.txt", {"there.txt": "x"})
    (tmp_path / "nowhere.txt").write_text("outside of the folder")
    done, _ = await built(shop, under)
    assert (done.outcome, done.missing) == ("failed", ())


async def test_one_that_hangs(tmp_path: Path, under: Path) -> None:
    pid = tmp_path / "pid"
    shop = repository(tmp_path / "shop", f"echo $$ > {pid}; echo begun; sleep 600")
    began = time.monotonic()
    done, _ = await built(shop, under, Caps(seconds=1.2))
    assert done.outcome == "hung"
    assert done.tail == ("begun",)
    assert time.monotonic() - began < 4
    assert not alive(pid)
    assert left_on_disk(under) == []


async def test_one_that_floods_the_log(tmp_path: Path, under: Path) -> None:
    pid = tmp_path / "pid"
    shop = repository(tmp_path / "shop", f"echo $$ > {pid}; yes 'the same line again and again'")
    done, _ = await built(shop, under, Caps(output=2_000_000))
    assert done.outcome == "flooded"
    assert len(done.tail) <= 14
    assert not alive(pid)
    assert left_on_disk(under) == []


async def test_one_that_floods_without_a_line_end(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "tr '\\0' 'x' < /dev/zero")
    done, _ = await built(shop, under, Caps(output=2_000_000))
    assert done.outcome == "flooded"
    assert left_on_disk(under) == []


@linux
async def test_one_that_forks_away(tmp_path: Path, under: Path) -> None:
    """A daemon in a session of its own, twice forked, with nothing of our environment."""
    pid = tmp_path / "pid"
    daemon = (
        "import os, sys, time\n"
        "if os.fork(): os._exit(0)\n"
        "os.setsid()\n"
        "if os.fork(): os._exit(0)\n"
        f"open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "os.execve('/bin/sleep', ['sleep', '600'], {})\n"
    )
    script = f"{sys.executable} daemon.py; while ! test -s {pid}; do sleep 0.01; done; echo done"
    shop = repository(tmp_path / "shop", script, {"daemon.py": daemon})
    done, _ = await built(shop, under)
    assert done.outcome == "passed"
    assert done.left == ("sleep",)
    assert not alive(pid)
    assert left_on_disk(under) == []


@linux
async def test_one_that_forks_without_end(tmp_path: Path, under: Path) -> None:
    pid = tmp_path / "pid"
    script = f"echo $$ > {pid}; i=0; while test $i -lt 300; do sleep 600 & i=$((i+1)); done; wait"
    shop = repository(tmp_path / "shop", script)
    done, _ = await built(shop, under, Caps(processes=60))
    assert done.outcome == "forked"
    assert not alive(pid)
    assert left_on_disk(under) == []


async def test_stop_ends_the_whole_group_within_a_second(tmp_path: Path, under: Path) -> None:
    pids = [tmp_path / name for name in ("one", "two")]
    script = (
        f"(trap '' TERM HUP INT; echo $$ > {pids[0]}; sleep 600) & (sh -c 'echo $$ > {pids[1]}; exec sleep 600') & wait"
    )
    shop = repository(tmp_path / "shop", script)
    events = Build(order(shop), NOW, under=str(under)).run()
    async for _ in events:
        if all(pid.exists() and pid.read_text().strip() for pid in pids):
            break
    began = time.monotonic()
    await events.aclose()
    assert time.monotonic() - began < 1
    assert not any(map(alive, pids))
    assert left_on_disk(under) == []


async def test_a_cancelled_task_leaves_nothing(tmp_path: Path, under: Path) -> None:
    pid = tmp_path / "pid"
    shop = repository(tmp_path / "shop", f"echo $$ > {pid}; sleep 600")
    started = asyncio.Event()

    async def run() -> None:
        async with aclosing(Build(order(shop), NOW, under=str(under)).run()) as events:
            async for _ in events:
                if pid.exists() and pid.read_text().strip():
                    started.set()

    task = asyncio.create_task(run())
    await started.wait()
    began = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert time.monotonic() - began < 1
    assert not alive(pid)
    assert left_on_disk(under) == []


@linux
async def test_killed_with_the_wizard_the_build_ends_all_the_same(tmp_path: Path, under: Path) -> None:
    """kill -9 on whoever started the build: the keeper sees its input end, ends the build and takes the folder away."""
    pid = tmp_path / "pid"
    shop = repository(tmp_path / "shop", f"echo $$ > {pid}; sleep 600")
    code = (
        "import asyncio, datetime as dt\n"
        "from launchready_tui.cleanbuild.running import Build\n"
        "from launchready_tui.cleanbuild.model import Order\n"
        "async def main():\n"
        f"    order = Order({str(shop)!r}, '', 'sh build.sh')\n"
        f"    async for _ in Build(order, dt.datetime.now(dt.UTC), under={str(under)!r}).run(): pass\n"
        "asyncio.run(main())\n"
    )
    wizard = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=Path(__file__).parents[2])
    async with asyncio.timeout(20):
        while not (pid.exists() and pid.read_text().strip()):  # noqa: ASYNC110  another process writes it
            await asyncio.sleep(0.02)
        wizard.send_signal(signal.SIGKILL)
        await wizard.wait()
        while alive(pid) or left_on_disk(under):  # noqa: ASYNC110  another process ends it
            await asyncio.sleep(0.02)


async def test_nothing_of_our_environment_is_seen(tmp_path: Path, under: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAUNCHREADY_TOKEN_CLOUDFLARE", "AWS_SECRET_ACCESS_KEY", "NPM_TOKEN", "CI_JOB_TOKEN", "STRIPE_KEY"):
        monkeypatch.setenv(name, CANARY)
    script = "env; cat /proc/$PPID/environ /proc/$PPID/cmdline 2>/dev/null | tr '\\0' '\\n'; cat ~/.npmrc; true"
    shop = repository(tmp_path / "shop", script, {".env.example": "STRIPE_KEY=from-the-example\nPATH=/nowhere\n"})
    (shop / ".env").write_text(f"STRIPE_KEY={CANARY}\n")
    seen: list[str] = []
    build = Build(order(shop, examples=(".env.example",)), NOW, under=str(under))
    async with aclosing(build.run()) as events:
        async for event in events:
            if isinstance(event, Built):
                seen = list(build._log.kept)
                assert event.outcome == "passed", event
    text = "\n".join(seen)
    assert CANARY not in text
    assert "STRIPE_KEY=from-the-example" in seen
    assert "CI=1" in seen
    assert f"HOME={under}/{PREFIX}" in text
    assert "PATH=/nowhere" not in seen


async def test_only_what_is_committed(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "ls; cat page.html", {"page.html": "committed"})
    (shop / "page.html").write_text("changed since")
    (shop / "staged.txt").write_text("x")
    git(shop, "add", "staged.txt")
    done, _ = await built(shop, under)
    assert "committed" in done.tail
    assert "staged.txt" not in done.tail


async def test_a_file_that_is_only_staged_is_named(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "cat staged.txt")
    (shop / "staged.txt").write_text("x")
    git(shop, "add", "staged.txt")
    done, _ = await built(shop, under)
    assert [each.path for each in done.missing] == ["staged.txt"]


async def test_the_way_back_to_the_founders_folder_is_gone(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "git remote -v; git push origin HEAD:evil && exit 9; true")
    done, _ = await built(shop, under)
    assert done.outcome == "passed"
    assert "evil" not in git(shop, "branch", "--all")


async def test_no_hook_and_no_filter_of_the_repository_runs(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "cat page.html", {".gitattributes": "*.html filter=evil\n", "page.html": "hi"})
    trap = tmp_path / "sprung"
    git(shop, "config", "filter.evil.smudge", f"touch {trap}; cat")
    git(shop, "config", "uploadpack.packObjectsHook", f"touch {trap}; git")
    git(shop, "config", "core.fsmonitor", f"touch {trap}")
    (shop / ".git" / "hooks").mkdir(exist_ok=True)
    hook = shop / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
    hook.chmod(0o755)
    done, _ = await built(shop, under)
    assert done.outcome == "passed"
    assert not trap.exists()


async def test_warnings_are_counted(tmp_path: Path, under: Path) -> None:
    script = "i=0; while test $i -lt 60; do echo \"npm warn deprecated $i\"; i=$((i+1)); done; echo 'warnings: 0'"
    done, _ = await built(repository(tmp_path / "shop", script), under)
    assert done.warnings == 60
    assert done.lines == 61


async def test_an_install_that_fails_is_said_to_be_the_install(tmp_path: Path, under: Path) -> None:
    shop = repository(tmp_path / "shop", "echo never")
    done, _ = await built(shop, under, install="echo sorry; exit 4")
    assert (done.outcome, done.phase, done.code, done.command) == ("failed", "install", 4, "echo sorry; exit 4")


@pytest.mark.parametrize(
    ("command", "outcome", "says"),
    [
        ("no-such-program-here build", "absent", "no-such-program-here"),
        ("true && no-such-program-here", "absent", "no-such-program-here"),
        ("echo 'npm error code ENOTFOUND registry.npmjs.org'; exit 1", "offline", "ENOTFOUND"),
        ("echo 'npm error code E401'; exit 1", "offline", "wants a token"),
        ("echo 'write error: No space left on device'; exit 1", "machine", "disk is full"),
        ("kill -9 $$", "machine", "want of memory"),
    ],
)
async def test_what_says_nothing_about_the_build(
    tmp_path: Path, under: Path, command: str, outcome: str, says: str
) -> None:
    done, _ = await built(repository(tmp_path / "shop", ""), under, build=command)
    assert done.outcome == outcome
    assert says in done.said


async def test_a_repository_without_a_commit(tmp_path: Path, under: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "--template=")
    done, _ = await built(folder, under)
    assert (done.outcome, done.said) == ("uncopied", "nothing is committed yet")
    assert left_on_disk(under) == []


async def test_a_part_of_a_larger_repository(tmp_path: Path, under: Path) -> None:
    shop = repository(
        tmp_path / "shop",
        "exit 9",
        {"apps/web/build.sh": "echo $NAME from $(basename $PWD)", "apps/web/.env.example": "NAME=web"},
    )
    done, _ = await built(shop, under, folder="apps/web", examples=("apps/web/.env.example",))
    assert done.tail == ("web from web",)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux cuts one program off")
async def test_without_network(tmp_path: Path, under: Path) -> None:
    if await network.cut() is None:
        pytest.skip(f"the network cannot be cut here: {network.why_not()}")
    shop = repository(tmp_path / "shop", "cat /proc/net/dev | grep -v lo: | grep -c : ; true")
    done, _ = await built(shop, under, network=False)
    assert done.outcome == "passed"
    assert done.tail == ("0",), "no interface but the loopback"
    assert not done.network


async def test_where_the_network_cannot_be_cut_nothing_runs(
    tmp_path: Path, under: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "ran"

    async def never() -> None:
        return None

    monkeypatch.setattr(network, "cut", never)
    done, _ = await built(repository(tmp_path / "shop", f"touch {trap}"), under, network=False)
    assert done.outcome == "uncut"
    assert not trap.exists()


async def test_read_only_folders_go_too(tmp_path: Path, under: Path) -> None:
    script = "mkdir -p ~/go/pkg/mod/x; touch ~/go/pkg/mod/x/y; chmod -R a-w ~/go"
    await built(repository(tmp_path / "shop", script), under)
    assert left_on_disk(under) == []


def test_what_a_power_cut_left_is_swept(under: Path) -> None:
    gone, mine = under / f"{PREFIX}999999999-abc", under / f"{PREFIX}{os.getpid()}-abc"
    gone.mkdir()
    mine.mkdir()
    sweep(str(under))
    assert not gone.exists()
    assert mine.exists(), "its keeper lives"


async def test_progress_is_shown_and_clean(tmp_path: Path, under: Path) -> None:
    go_on = tmp_path / "go-on"
    shown = "\\033[31mred\\033[0m \\033]0;title\\007 \\342\\200\\256evil\\n"
    script = f"printf '{shown}'; while ! test -e {go_on}; do sleep 0.02; done"
    shop = repository(tmp_path / "shop", script)
    seen: list[Progress] = []
    async with aclosing(Build(order(shop), NOW, under=str(under)).run()) as events:
        async for event in events:
            if isinstance(event, Progress):
                seen.append(event)
                if event.tail:
                    go_on.touch()
    assert any(each.phase == "build" and each.command == "sh build.sh" for each in seen)
    text = "\n".join(line for each in seen for line in each.tail)
    assert "red" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
