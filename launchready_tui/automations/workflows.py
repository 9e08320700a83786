"""Workflows of GitHub Actions and jobs of GitLab CI, as far as one has to know: when a job runs, and what it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.automations.model import Forge
from launchready_tui.automations.safeyaml import load

# Keys of .gitlab-ci.yml that are no jobs (docs.gitlab.com/ci/yaml, "Global keywords" and reserved names).
_NO_JOB = frozenset(
    {
        "default",
        "include",
        "stages",
        "variables",
        "workflow",
        "spec",
        "image",
        "services",
        "cache",
        "types",
        "component",
    }
    | {"before_script", "after_script", "pages:deploy"}
)


@dataclass(frozen=True, slots=True)
class Job:
    """`on` are events ("push", "schedule", "deployment_status"); `after` jobs it waits for; `text` all that it runs,
    uses and is called, in lower case; `deploys` is for the judge of whole files to say."""

    path: str
    name: str
    on: frozenset[str]
    text: str
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Workflow:
    """One file. `includes` are templates and files that it takes in (GitLab)."""

    path: str
    forge: Forge
    on: frozenset[str]
    jobs: tuple[Job, ...]
    includes: tuple[str, ...] = ()
    stages: tuple[str, ...] | None = None
    root: Mapping[str, object] | None = None


def read_github(path: str, text: str) -> Workflow:
    """A file of .github/workflows. Raises BadYaml."""
    root = _mapping(load(text))
    on = _events(root.get("on", root.get("true")))
    jobs = []
    for name, body in list(_mapping(root.get("jobs")).items())[: limits.WORKFLOW_JOBS]:
        job = _mapping(body)
        words = [name, *_words(job)]
        after = frozenset(_texts(job.get("needs")))
        jobs.append(Job(path, name, on, "\n".join(words).lower(), after))
    return Workflow(path, "github", on, tuple(jobs))


def read_gitlab(path: str, text: str) -> Workflow:
    """.gitlab-ci.yml, or a file that it takes in. Raises BadYaml."""
    root = _mapping(load(text))
    jobs = []
    everywhere = frozenset({"push", "merge_request_event", "schedule"})
    for name, body in list(root.items())[: limits.WORKFLOW_JOBS]:
        if name in _NO_JOB or name.startswith(".") or not isinstance(body, dict):
            continue
        job = _mapping(body)
        conditions = "\n".join(_words({"rules": job.get("rules"), "only": job.get("only")}))
        named = {event for event in ("push", "merge_request_event", "schedule", "trigger") if event in conditions}
        on = frozenset(named) if "pipeline_source" in conditions.lower() or "schedules" in conditions else everywhere
        after = frozenset(_texts(job.get("needs")))
        jobs.append(Job(path, name, on, "\n".join([name, *_words(job)]).lower(), after))
    include = root.get("include")
    includes = tuple(_words({"include": include}))[: limits.WORKFLOW_JOBS] if include else ()
    stages = root.get("stages")
    named_stages = tuple(_texts(stages)) if isinstance(stages, list) else None
    return Workflow(path, "gitlab", everywhere, tuple(jobs), includes, named_stages, root)


def _mapping(value: object) -> dict[str, object]:
    """Keys as text: YAML 1.1 reads `on` as true."""
    if not isinstance(value, dict):
        return {}
    return {"true" if key is True else str(key): each for key, each in value.items()}


def _events(on: object) -> frozenset[str]:
    if isinstance(on, dict):
        return frozenset(str(key) for key in on)
    return frozenset(_texts(on))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [each if isinstance(each, str) else str(_mapping(each).get("job", "")) for each in value]
    return []


def _words(value: object) -> Iterator[str]:
    """Every scalar of a job, bounded: what it is called, runs and uses."""
    stack: list[object] = [value]
    left = limits.WORKFLOW_NODES
    size = 0
    while stack and left and size < limits.WORKFLOW_BYTES:
        left -= 1
        each = stack.pop()
        if isinstance(each, dict):
            stack += [part for pair in reversed(list(each.items())) for part in (pair[1], str(pair[0]))]
        elif isinstance(each, list):
            stack += list(reversed(each))
        elif each is not None:
            size += len(str(each))
            yield str(each)
