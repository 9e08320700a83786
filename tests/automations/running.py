"""Runs the steps of a written workflow in bash, as the runner would: environment, outputs, what follows a failure."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_FAILED = "failure() && steps.smoke.outputs.verdict == 'broken'"


@dataclass
class Ran:
    """`steps` are (name, exit status), `out` all that was printed, `summary` what the run's page would show."""

    steps: list[tuple[str, int]] = field(default_factory=list)
    out: str = ""
    summary: str = ""

    @property
    def status(self) -> int:
        """The first exit status that is not 0."""
        return next((code for _, code in self.steps if code), 0)


def run_github(text: str, folder: Path, env: Mapping[str, str], *, event: str = "workflow_dispatch") -> Ran:
    """The steps of the only job, in bash -e as GitHub has it. `env` holds secrets and variables too."""
    (job,) = yaml.safe_load(text)["jobs"].values()
    ran, output, summary, path = Ran(), folder / "output", folder / "summary", folder / "path"
    for file in (output, summary, path):
        file.write_text("")
    for step in job["steps"]:
        if "run" not in step:
            continue
        condition = step.get("if", "")
        broken = ran.status != 0 and "verdict=broken" in output.read_text()
        if not {"": ran.status == 0, "github.event_name == 'push'": event == "push", _FAILED: broken}[condition]:
            continue
        given = {name: _value(str(value), env) for name, value in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_PATH": str(path)}
        out, code = _bash(str(step["run"]), folder, {**env, **files, **given}, "-e")
        ran.steps.append((step["name"], code))
        ran.out += out
    ran.summary = summary.read_text()
    return ran


def run_gitlab(text: str, folder: Path, env: Mapping[str, str]) -> Ran:
    """before_script and script in one shell, then after_script in another, whatever became of the first."""
    (job,) = (body for name, body in yaml.safe_load(text).items() if name.startswith("launchready:"))
    given = {name: str(value).replace("$$", "$") for name, value in job.get("variables", {}).items()}
    given = {**given, "SMOKE_VERDICT": str(folder / "verdict")} if "SMOKE_VERDICT" in given else given
    ran = Ran()
    lines = "\n".join([*job.get("before_script", ()), *job["script"]])
    out, code = _bash(lines, folder, {**given, **env}, "-e")
    ran.steps.append(("script", code))
    ran.out += out
    if "after_script" in job:
        out, code = _bash("\n".join(job["after_script"]), folder, {**given, **env})
        ran.steps.append(("after_script", code))
        ran.out += out
    return ran


def _value(value: str, env: Mapping[str, str]) -> str:
    """${{ secrets.X }} and ${{ vars.X || 'y' }} as the forge fills them in; anything else as it stands."""
    if not value.startswith("${{"):
        return value
    inner = value.removeprefix("${{").removesuffix("}}").strip()
    name, _, default = inner.partition(" || ")
    return env.get(name.partition(".")[2].strip(), default.strip("'"))


def _bash(script: str, folder: Path, env: Mapping[str, str], *flags: str) -> tuple[str, int]:
    own: dict[str, Any] = {"PATH": env.get("PATH", os.environ["PATH"]), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    ran = subprocess.run(
        ["bash", *flags, "-c", script],
        cwd=folder,
        env={**own, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return ran.stdout.decode("utf-8", "replace"), ran.returncode
