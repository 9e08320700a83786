"""Which of the automations a repository's own workflows do already, whoever wrote them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui.automations.workflows import Job, Workflow

_PUSHED = frozenset({"push", "pull_request", "pull_request_target", "merge_request_event"})
_DEPLOYED = frozenset({"deployment_status", "deployment", "repository_dispatch", "workflow_run", "workflow_call"})
_SCANNER = re.compile(
    r"gitleaks|betterleaks|trufflehog|ggshield|gitguardian|detect-secrets|kingfisher|git-secrets|talisman|"
    r"whispers|secret-detection|secret_detection|secretlint|noseyparker"
)
_SMOKE = re.compile(r"smoke|checkly|health[-_ ]?check")
_WAY_BACK = re.compile(r"roll[-_ ]?back|\brevert\b|releases:promote|promote (?:the )?previous")
_DEPLOYS = re.compile(
    r"(?:vercel|netlify|flyctl|fly|wrangler|firebase|railway|eb|serverless|sst|kamal|cap) "
    r"(?:pages )?(?:deploy|up|publish)|vercel[^\n]{0,80}--prod|"
    r"git push (?:heroku|dokku)|heroku container:release|kubectl (?:apply|rollout)|helm upgrade|"
    r"deploy-pages@|amplify-|docker compose[^\n]{0,80}up -d|rsync |appleboy/ssh-action|api\.render\.com/deploy|"
    r"(?:^|\n)deploy(?:ment)?(?:[-_: ](?:to )?(?:prod|production|live))?(?:\n|$)"
)
_DNS = re.compile(r"launchready check|dnscontrol|octodns-|checkdmarc|\bdig \+|hickory|zonemaster")
_UPTIME = re.compile(r"upptime|checkly|launchready watch|uptime")


@dataclass(frozen=True, slots=True)
class Tested:
    """A job that tests what was deployed; `back`: its failure rolls back, or says how to."""

    job: Job
    back: bool


def scans(workflows: Iterable[Workflow]) -> tuple[str, str] | None:
    """Where secrets are looked for on each push, as (path, name); None where nothing is seen to do it."""
    for workflow in workflows:
        for job in workflow.jobs:
            if job.on & _PUSHED and _SCANNER.search(job.text):
                return workflow.path, job.name
        if any(_SCANNER.search(each.lower()) for each in workflow.includes):
            return workflow.path, "include"
    return None


def tests_deploys(workflows: Iterable[Workflow], domain: str) -> Tested | None:
    """A job that asks the live site after each deploy; one whose failure leads back is preferred."""
    found: Tested | None = None
    for workflow in workflows:
        deploying = {job.name for job in workflow.jobs if _DEPLOYS.search(job.text)}
        for job in workflow.jobs:
            after = bool(job.on & _DEPLOYED) or bool(job.after & deploying) or job.name in deploying
            ours = job.name.startswith("launchready:")
            if not (after or ours or workflow.forge == "gitlab") or not _asks(job, domain):
                continue
            whole = "\n".join(each.text for each in workflow.jobs)
            back = _WAY_BACK.search(whole) is not None
            if job.on == {"schedule"} or job.name.endswith((":uptime", ":cache", ":daily")):
                continue
            if found is None or (back and not found.back):
                found = Tested(job, back)
    return found


def _asks(job: Job, domain: str) -> bool:
    if _SMOKE.search(job.text):
        return True
    return bool(re.search(r"\b(?:curl|wget|http)\b", job.text)) and domain.lower() in job.text


def watches(workflows: Iterable[Workflow], domain: str) -> tuple[str, str] | None:
    """A schedule that asks whether the site is up."""
    return _scheduled(workflows, lambda job: bool(_UPTIME.search(job.text)) or _asks(job, domain))


def looks_daily(workflows: Iterable[Workflow]) -> tuple[str, str] | None:
    """A schedule that looks at the DNS."""
    return _scheduled(workflows, lambda job: bool(_DNS.search(job.text)))


def tests_cache(workflows: Iterable[Workflow]) -> tuple[str, str] | None:
    """A job that looks at cache headers."""
    for workflow in workflows:
        for job in workflow.jobs:
            if "cache-control:" in job.text and re.search(r"\b(?:curl|wget|http)\b", job.text):
                return workflow.path, job.name
    return None


def _scheduled(workflows: Iterable[Workflow], fits: object) -> tuple[str, str] | None:
    assert callable(fits)
    for workflow in workflows:
        for job in workflow.jobs:
            if "schedule" in job.on and fits(job):
                return workflow.path, job.name
    return None
