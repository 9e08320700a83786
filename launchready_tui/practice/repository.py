"""The practice startup's code: a git repository with a tracked .env, planted fake keys and no pinned runtime.

The keys are put together here and open nothing, so that no scanner trips over this source.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
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


def files(*, pinned: bool = False, env: bool = True, key: bool = True) -> dict[str, str]:
    """The files by path. `pinned` names the runtime's version, `env` leaves .env among them and not ignored, `key` a
    key in the code."""
    deploy = f"token: '{fake_key('github')}'" if key else "target: 'production'"
    express = {
        "version": "4.21.2",
        "resolved": "https://registry.npmjs.org/express/-/express-4.21.2.tgz",
        "license": "MIT",
    }
    package: dict[str, object] = {
        "name": "maple-club",
        "version": "1.0.0",
        "private": True,
        "scripts": {"build": "node build.js", "start": "node server.js"},
        "dependencies": {"express": "4.21.2"},
    }
    root = {key: package[key] for key in ("name", "version", "dependencies")}
    lock: dict[str, object] = {
        "name": "maple-club",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": root, "node_modules/express": express},
    }
    secrets = "" if env else ".env\n.env.*\n!.env.example\n*.pem\n*.key\nservice-account*.json\n"
    found = {
        "README.md": "# Maple Club\n\nThe practice startup of launchready. Run `npm ci`, then `npm start`.\n",
        "package.json": json.dumps(package, indent=2) + "\n",
        "package-lock.json": json.dumps(lock, indent=2) + "\n",
        ".gitignore": f"node_modules/\ndist/\n{secrets}",
        ".nvmrc": "22.11.0\n" if pinned else "lts/*\n",
        ".env.example": "DATABASE_HOST=\nSTRIPE_KEY=\n",
        "build.js": "console.log('nothing to build');\n",
        "server.js": "const express = require('express');\n\nexpress().listen(process.env.PORT || 3000);\n",
        "src/deploy.js": f"// left from the first weekend\nmodule.exports = {{ {deploy} }};\n",
    }
    if env:
        found[".env"] = f"DATABASE_HOST=localhost\nSTRIPE_KEY={fake_key('stripe')}\n"
    return found


async def make(folder: Path, *, pinned: bool = False, env: bool = True, key: bool = True) -> str:
    """Write the repository into `folder`, which must not be there yet, and commit it.

    Returns a sentence where the files stand without git, else "". Always the same commits: author and dates are fixed.
    """
    for path, text in files(pinned=pinned, env=env, key=key).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    try:
        await _git(folder, "init", "--quiet", "--template=", "--initial-branch=main")
        await _git(folder, "add", "--all", "--force")
        await _git(folder, "commit", "--quiet", "--no-verify", "--message", "First weekend")
    except NoGit as problem:
        shutil.rmtree(folder / ".git", ignore_errors=True)
        return f"The practice code folder is there, but not as a git repository: {problem}."
    return ""


async def _git(folder: Path, *arguments: str) -> None:
    """Run git with nothing of the person's own configuration, signing and hooks included."""
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
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            "core.autocrlf=false",
            *arguments,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise NoGit(f"git could not be started ({error.strerror})") from error
    try:
        async with asyncio.timeout(GIT_SECONDS):
            _, said = await process.communicate()
    except (TimeoutError, asyncio.CancelledError) as stop:
        process.kill()
        await process.wait()
        if isinstance(stop, asyncio.CancelledError):
            raise
        raise NoGit(f"git {arguments[0]} did not end within {GIT_SECONDS:.0f} seconds") from stop
    if process.returncode:
        raise NoGit(f"git {arguments[0]} said “{said.decode(errors='replace').strip()[:120]}”")
