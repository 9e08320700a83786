"""The redirect matrix: every address that a visitor may type, what is expected, what the last look saw, and the curl
line that proves it. It asks nothing: it reads what the checks of the stage saw off their evidence.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.checks.dns._words import FOREVER, host_of, variants
from launchready_tui.checks.dns.paths import PROBE, PROBE_QUERY
from launchready_tui.handover.sections import canonical
from launchready_tui.leaks import redact
from launchready_tui.model import Finding, Status
from launchready_tui.project import Project
from launchready_tui.stored import show_connect_to
from launchready_tui.text import clean, plural

# Whose evidence is read, the first to have seen an address counts. Most say the whole way in one line ("301 → URL,
# 200"), those of the edge one line a step ("301 to URL").
_SOURCES = ("dns.redirect.canonical", "dns.redirect.path", "dns.redirect.hops", "dns.sub.declared", "edge.https.forced")
_ASKED = re.compile(r"GET (https?://\S+)")
_STEP = re.compile(r"(\d{3}) (?:→|to) (\S+)")
_STATUS = re.compile(r"(\d{3})(?: \(\S+\))?")
_NOWHERE = ("nowhere", "an")  # "→ nowhere", "to an address that leads nowhere"
_AGAIN = ("and round again", "and further")

Verdict = Literal["right", "long", "wrong", "unclear", "unseen"]
VERDICTS: dict[Verdict, str] = {
    "right": "right",
    "long": "right, and could be better",
    "wrong": "wrong",
    "unclear": "no answer",
    "unseen": "not looked at yet",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One answer: its URL, status, and where it leads; `said` in its place where no answer came (`status` 0)."""

    url: str
    status: int
    location: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """One row of the matrix. `steps` are as seen; `why` is a clause where the verdict is not simply right; `curl` is
    the line that shows the same to anybody."""

    url: str
    kind: Literal["site", "link", "subdomain", "old"]
    expected: str
    steps: tuple[Step, ...]
    verdict: Verdict
    why: str
    curl: str

    @property
    def hops(self) -> int:
        """How many redirects were followed."""
        return sum(1 for step in self.steps if step.location)

    @property
    def status(self) -> int:
        """The first answer's status, 0 where none came."""
        return self.steps[0].status if self.steps else 0

    @property
    def location(self) -> str:
        return self.steps[0].location if self.steps else ""

    @property
    def seen(self) -> str:
        """The way in one line: "301 → https://good.example/, 200"."""
        said = [
            f"{step.status} → {step.location}" if step.location else step.said or str(step.status)
            for step in self.steps
        ]
        return ", ".join(said) or VERDICTS["unseen"]


def matrix(project: Project, findings: Mapping[str, Finding]) -> tuple[Leg, ...]:
    """The four addresses of the site, the same with a link's path, the declared subdomains, the old addresses."""
    known = _steps(findings)
    site = host_of(canonical(project, findings)) or project.domain
    end = f"https://{site}/"
    probe = f"{PROBE}?{PROBE_QUERY}"
    legs = []
    for url in variants(project):
        own = url == end
        expected = "200, the site itself" if own else f"301 → {end}"
        legs.append(_leg(project, known, url, "site", expected, site))
    for url in variants(project):
        if url != end:
            legs.append(_leg(project, known, url.rstrip("/") + probe, "link", f"301 → {end.rstrip('/')}{probe}", site))
    for sub in project.subs or ():
        host = f"{sub}.{project.domain}"
        legs.append(_leg(project, known, f"https://{host}/", "subdomain", "an answer below 500", host))
        legs.append(_leg(project, known, f"http://{host}/", "subdomain", f"301 → https://{host}/", host))
    for path in project.old_paths:
        legs.append(
            _leg(project, known, f"https://{site}{path}", "old", "a page, or 301 → the page that took its place", site)
        )
    return tuple(legs)


# ---- what was seen ----
def _steps(findings: Mapping[str, Finding]) -> dict[str, Step]:
    """Every answer that the checks saw, by its URL."""
    known: dict[str, Step] = {}
    for id in _SOURCES:
        for evidence in findings[id].evidence if id in findings else ():
            asked = _ASKED.fullmatch(evidence.source)
            if asked is None:
                continue
            for step in _read(_plain(asked[1]), evidence.text):
                known.setdefault(step.url, step)
    return known


def _read(url: str, text: str) -> Iterable[Step]:
    """The steps in one line of evidence. What is none of our words is why no answer came."""
    parts = text.split(", ")
    for at, part in enumerate(parts):
        if part.startswith(_AGAIN):
            return
        step = _STEP.match(part)
        if step is not None and step[2] not in _NOWHERE and not step[2].endswith("…"):
            to = _plain(step[2])
            yield Step(url, int(step[1]), to)
            url = to
            continue
        status = _STATUS.fullmatch(part)
        if step is not None and step[2] in _NOWHERE:
            yield Step(url, int(step[1]), said=f"{step[1]}, and it leads nowhere")
        elif status is not None:
            yield Step(url, int(status[1]))
        else:
            yield Step(url, 0, said=redact(re.sub(r" \(https?://\S+\)$", "", ", ".join(parts[at:]))))
        return


def _plain(url: str) -> str:
    """A URL without a secret that stands in it: a redirect may carry a token, and this is handed on."""
    return redact(url).replace(" ", "%20")


def _way(known: Mapping[str, Step], url: str) -> tuple[tuple[Step, ...], bool]:
    """The steps from a URL on, and whether they turn in a circle or never end."""
    out: list[Step] = []
    been: set[str] = set()
    while url in known and len(out) <= limits.REDIRECTS:
        if url in been:
            return tuple(out), True
        been.add(url)
        out.append(known[url])
        if not known[url].location:
            return tuple(out), False
        url = known[url].location
    return tuple(out), len(out) > limits.REDIRECTS


# ---- what it comes to ----
def _leg(
    project: Project,
    known: Mapping[str, Step],
    url: str,
    kind: Literal["site", "link", "subdomain", "old"],
    expected: str,
    site: str,
) -> Leg:
    steps, endless = _way(known, url)
    verdict, why = _judge(url, kind, steps, site, endless=endless)
    return Leg(url, kind, expected, steps, verdict, why, curl_line(project, url, steps))


def _judge(url: str, kind: str, steps: tuple[Step, ...], site: str, *, endless: bool) -> tuple[Verdict, str]:
    if endless:
        return "wrong", "it never shows a page: its redirects go in a circle, or on and on"
    if not steps:
        return "unseen", ""
    last = steps[-1]
    if last.location:
        return "unclear", "the look did not go on to the end"
    if last.said and last.status:
        return "wrong", "its redirect leads nowhere"
    if last.said:
        return "unclear", last.said
    if kind == "link":
        return _link(steps, site)
    if urlsplit(last.url).scheme != "https":
        return "wrong", "it ends on http, without protection"
    if last.status >= (500 if kind == "subdomain" else 400):
        return "wrong", f"it ends on {last.status}"
    if kind == "old":
        return _old(url, last)
    if kind == "site" and not any(host_of(step.url) == site and step.url.startswith("https://") for step in steps):
        return "wrong", f"it ends on {host_of(last.url)}"
    return _manner(steps)


def _link(steps: tuple[Step, ...], site: str) -> tuple[Verdict, str]:
    """A link arrives with its path and query; what the site does with it after that is its own."""
    arrived = [step.url for step in steps if step.url.startswith(f"https://{site}/")]
    if not arrived:
        where = "it does not lead to" if len(steps) == 1 else f"it ends on {host_of(steps[-1].url)}, not on"
        return "wrong", f"{where} https://{site}/"
    parts = urlsplit(arrived[0])
    if parts.path.rstrip("/") != PROBE or PROBE_QUERY not in parts.query.split("&"):
        return "wrong", "the rest of the link is lost"
    return _manner(steps)


def _old(url: str, last: Step) -> tuple[Verdict, str]:
    if urlsplit(last.url).path in ("", "/") and last.url != url:
        return "wrong", "it ends on the front page"
    return "right", ""


def _manner(steps: tuple[Step, ...]) -> tuple[Verdict, str]:
    """Short, and for good where it goes to https or to another host."""
    hops = sum(1 for step in steps if step.location)
    if hops > limits.REDIRECT_HOPS_SOUND:
        return "long", f"{plural(hops, 'redirect')} (aim: {limits.REDIRECT_HOPS_SOUND} at most)"
    for step in steps:
        moved = step.location and urlsplit(step.url)[:2] != urlsplit(step.location)[:2]
        if moved and step.status not in FOREVER:
            return "long", f"{step.status} is for a while only; 301 is for good"
    return "right", ""


# ---- the line that proves it ----
def curl_line(project: Project, url: str, steps: tuple[Step, ...] = ()) -> str:
    """The curl command that shows a row to anybody, quoted for a POSIX shell. Several hops are followed (-L)."""
    urls = [url, *(step.location for step in steps if step.location)]
    follow = len(urls) > 2
    urls = urls if follow else urls[:1]
    words = ["curl", "-sIL" if follow else "-sI"]
    for end in dict.fromkeys(end for each in urls if (end := _end(each)) is not None):
        to = project.network.connect_to.get(end)
        if to is not None:
            words += ["--connect-to", show_connect_to(end, to)]
    if project.network.ca and any(each.startswith("https:") for each in urls):
        words += ["--cacert", clean(project.network.ca, limit=1_000)]
    return " ".join(shlex.quote(word) for word in [*words, url])


def _end(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return None
    return ((parts.hostname or "").rstrip("."), port)


def problems(legs: Iterable[Leg]) -> int:
    """How many rows are wrong."""
    return sum(leg.verdict == "wrong" for leg in legs)


def state_word(verdict: Verdict) -> str:
    """A verdict in the words that the handover uses for every check."""
    words: dict[Verdict, Status] = {
        "right": Status.PASS,
        "long": Status.WARN,
        "wrong": Status.FAIL,
        "unclear": Status.UNKNOWN,
        "unseen": Status.UNKNOWN,
    }
    return words[verdict].value
