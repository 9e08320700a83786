"""The practice startup's code: a git repository with a tracked .env, planted fake keys and no pinned runtime.

The keys are put together here and open nothing, so that no scanner trips over this source.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from launchready_tui.secretrules import checksum

GIT_SECONDS = 10.0
_AT = "2026-10-01T09:00:00+0000"
_AUTHOR = "Practice Founder"
_MAIL = "founder@mapleclub.example"


class NoGit(Exception):
    """Git is not installed or did not do what it was asked; str() is a plain clause."""


def fake_key(kind: str) -> str:
    """A key in the shape that a provider gives ("stripe", "github"), of a value that is made up. A scan finds the one
    of GitHub, whose checksum is right; the other one is plainly nobody's."""
    body = f"practice{hashlib.sha256(_MAIL.encode()).hexdigest()[:22]}"
    shapes = {
        "stripe": ("sk", "live", "practice0000000000000000"),
        "github": ("ghp", body + checksum(body)),
    }
    return "_".join(shapes[kind])


PLANS = "config/plans.json"  # what the build needs, and what the fault leaves out of git
_BUILD = f"""#!/bin/sh
# Puts the public pages together.
set -eu
mkdir -p dist
cat {PLANS} > dist/plans.json
echo "built dist/plans.json"
"""
_DOCUMENT = """# Deploy Maple Club

## Build

1. Clone the repository afresh.
2. Run `sh build.sh`. It ends without an error.

## Environment

- `DATABASE_HOST` and `STRIPE_KEY`, set at the web host, never in the code.

## Deploy

1. Merge into `main` and push.
2. Wait until the host says that it is live.

## Verify

1. Open <https://mapleclub.example/> and <https://mapleclub.example/login>.

## Roll back

1. Put the version before the last live again at the host, and verify as above.
"""


def files(
    *,
    pinned: bool = False,
    env: bool = True,
    key: bool = True,
    scanned: bool = False,
    tried: bool = False,
    document: bool = True,
) -> dict[str, str]:
    """The files by path. `pinned` names the runtime's version, `env` leaves .env among them and not ignored, `key` a
    key in the code; `scanned` and `tried` have a workflow that scans each push and one that asks after each deploy;
    `document` is the page that says how it goes live."""
    deploy = f"token: '{fake_key('github')}'" if key else "target: 'production'"
    package: dict[str, object] = {
        "name": "maple-club",
        "version": "1.0.0",
        "private": True,
        "scripts": {"build": "sh build.sh", "start": "node server.js"},
    }
    root = {key: package[key] for key in ("name", "version")}
    lock: dict[str, object] = {
        "name": "maple-club",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": root},
    }
    secrets = "" if env else ".env\n.env.*\n!.env.example\n*.pem\n*.key\nservice-account*.json\n"
    found = {
        "README.md": "# Maple Club\n\nThe practice startup of launchready. Run `npm ci`, then `npm start`.\n",
        "package.json": json.dumps(package, indent=2) + "\n",
        "package-lock.json": json.dumps(lock, indent=2) + "\n",
        ".gitignore": f"node_modules/\ndist/\n{secrets}",
        ".nvmrc": "22.11.0\n" if pinned else "lts/*\n",
        ".env.example": "DATABASE_HOST=\nSTRIPE_KEY=\n",
        "nixpacks.toml": '[phases.build]\ncmds = ["sh build.sh"]\n',
        "build.sh": _BUILD,
        PLANS: '{"member": 9, "sugarhouse": 49}\n',
        "server.js": "const http = require('node:http');\n\nhttp.createServer().listen(process.env.PORT || 3000);\n",
        ".github/pull_request_template.md": "What changes for members?\n",
        "src/deploy.js": f"// left from the first weekend\nmodule.exports = {{ {deploy} }};\n",
    }
    if scanned:
        found[".github/workflows/scan.yml"] = _workflow("scan", "push", "gitleaks git --redact .")
    if tried:
        run = "curl --fail https://mapleclub.example/login || ./rollback"
        found[".github/workflows/smoke.yml"] = _workflow("smoke", "deployment_status", run)
    if document:
        found["DEPLOY.md"] = _DOCUMENT
    if env:
        found[".env"] = f"DATABASE_HOST=localhost\nSTRIPE_KEY={fake_key('stripe')}\n"
    return found


def _workflow(name: str, event: str, run: str) -> str:
    job = f"  {name}:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: {run}\n"
    return f"name: {name}\non: {event}\npermissions: {{}}\njobs:\n{job}"


async def make(
    folder: Path,
    *,
    pinned: bool = False,
    env: bool = True,
    key: bool = True,
    scanned: bool = False,
    tried: bool = False,
    document: bool = True,
    loose: bool = False,
) -> str:
    """Write the repository into `folder`, which must not be there yet, and commit it; all but PLANS where `loose`.

    Returns a sentence where the files stand without git, else "". Always the same commits: author and dates are fixed.
    """
    for path, text in files(pinned=pinned, env=env, key=key, scanned=scanned, tried=tried, document=document).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    try:
        await _git(folder, "init", "--quiet", "--template=", "--initial-branch=main")
        await _git(folder, "add", "--all", "--force")
        if loose:
            await _git(folder, "rm", "--quiet", "--cached", PLANS)
        await _git(folder, "commit", "--quiet", "--no-verify", "--message", "First weekend")
    except NoGit as problem:
        shutil.rmtree(folder / ".git", ignore_errors=True)
        return f"The practice code folder is there, but not as a git repository: {problem}."
    return ""


async def commit_staged(folder: Path) -> bool:
    """Commit what stands in the index and in no commit yet, as a colleague would. True where there was something.

    It works on a copy of the index, so that a change that is being written there never finds it locked.
    """
    index, copy = folder / ".git" / "index", folder / ".git" / "index.colleague"
    try:
        shutil.copyfile(index, copy)
        tree = await _git(folder, "write-tree", index=copy)
        if tree == await _git(folder, "rev-parse", "HEAD^{tree}"):
            return False
        commit = await _git(folder, "commit-tree", "-p", "HEAD", "-m", "As decided in the wizard", tree)
        await _git(folder, "update-ref", "HEAD", commit)
    except (NoGit, OSError):
        return False  # half way through a change: the next look at it finds it whole
    finally:
        copy.unlink(missing_ok=True)
    return True


async def _git(folder: Path, *arguments: str, index: Path | None = None) -> str:
    """Run git with nothing of the person's own configuration, signing and hooks included; what it says."""
    program = shutil.which("git")
    if program is None:
        raise NoGit("git is not installed")
    own = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LAUNCHREADY_"))}
    environment = own | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": _AUTHOR,
        "GIT_AUTHOR_EMAIL": _MAIL,
        "GIT_AUTHOR_DATE": _AT,
        "GIT_COMMITTER_NAME": _AUTHOR,
        "GIT_COMMITTER_EMAIL": _MAIL,
        "GIT_COMMITTER_DATE": _AT,
    }
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            "core.autocrlf=false",
            *arguments,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise NoGit(f"git could not be started ({error.strerror})") from error
    try:
        async with asyncio.timeout(GIT_SECONDS):
            out, said = await process.communicate()
    except (TimeoutError, asyncio.CancelledError) as stop:
        with suppress(ProcessLookupError):  # it ended in this very moment; the stop must not be taken for that
            process.kill()
        await process.wait()
        if isinstance(stop, asyncio.CancelledError):
            raise
        raise NoGit(f"git {arguments[0]} did not end within {GIT_SECONDS:.0f} seconds") from stop
    if process.returncode:
        raise NoGit(f"git {arguments[0]} said “{said.decode(errors='replace').strip()[:120]}”")
    return out.decode(errors="replace").strip()
