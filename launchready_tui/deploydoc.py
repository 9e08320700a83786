"""The deploy document: recognised where it is written already, and a first text of it where it is not. Pure.

What makes one (roadmap, stage 4): build, environment, deploy, verify, roll back, in five steps or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.text import clean

PATH = "DEPLOY.md"
# topic -> what it is called, in English, German, French and Spanish; parts of words, since headings are written freely.
TOPICS: dict[str, tuple[str, str]] = {
    "build": (
        "build",
        r"build|bauen|kompilier|compil|construir|construc|construi|installier|install|setup|einricht|prérequis|requis",
    ),
    "environment": (
        "environment",
        r"env(?:ironment|ironnement)?\b|variable|umgebung|einstellung|settings|config|konfig|entorno|secrets?|geheim",
    ),
    "deploy": (
        "deploy",
        r"deploy|release|go(?:ing)? live|publish|ausliefer|veröffentlich|bereitstell|live (?:gehen|stellen)|déploi|"
        r"mise en (?:ligne|production)|publier|despleg|despliegue|publica|lanza|produc",
    ),
    "verify": (
        "verify",
        r"verif|check|smoke|test|health|prüf|kontroll|vérif|contrôl|comprob|comprueb|confirm|"
        r"after (?:the )?(?:deploy|release)",
    ),
    "rollback": (
        "roll back",
        r"roll(?:ing)?[\s-]?back|revert|undo|go(?:ing)? back|way back|zurück|rückgäng|retour|revenir|annul|"
        r"volver|deshacer|restaur",
    ),
}
_WORDS = {topic: re.compile(pattern, re.IGNORECASE) for topic, (_, pattern) in TOPICS.items()}
_FILES = re.compile(
    r"(?:docs?/|documentation/|\.github/|ops/|wiki/)?(?:deploy(?:ing|ment|ments)?|releas(?:e|es|ing)|rollout|runbook|operations|"
    r"bereitstellung|deploiement|déploiement|despliegue)(?:[._-][\w-]+)?\.(?:md|markdown|mdx|rst|txt|adoc)",
    re.IGNORECASE,
)
_README = re.compile(r"readme(?:[._-][\w-]+)?(?:\.(?:md|markdown|rst|txt|adoc))?", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}(#{1,6}|={1,6})\s+(.{1,200}?)\s*[#=]*\s*$")
_BOLD = re.compile(r"^ {0,3}\*\*(.{1,120}?):?\*\*:?\s*$")
_ITEM = re.compile(r"^\s*(?:\d{1,3}[.)]|[-*+])\s+\S")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_READ = 200_000  # characters read of one file; ours


@dataclass(frozen=True, slots=True)
class Document:
    """A deploy document that was found. `where` is the file, and the section of it where it is only a part."""

    path: str
    section: str
    steps: int
    topics: frozenset[str]

    @property
    def where(self) -> str:
        return f"{self.path}, “{self.section}”" if self.section else self.path

    @property
    def missing(self) -> tuple[str, ...]:
        """The topics that no heading is about, as people say them."""
        return tuple(name for topic, (name, _) in TOPICS.items() if topic not in self.topics)

    @property
    def whole(self) -> bool:
        return not self.missing and self.steps >= limits.DOCUMENT_STEPS


@dataclass(slots=True)
class _Part:
    level: int
    title: str
    lines: list[str] = field(default_factory=list)


def places(paths: Iterable[str]) -> tuple[str, ...]:
    """The files that may hold one: DEPLOY.md and its like first, then READMEs."""
    found = [path for path in paths if _FILES.fullmatch(path)]
    found.sort(key=lambda path: (path.upper() != PATH, path.count("/"), path))
    readmes = sorted((path for path in paths if _README.fullmatch(path)), key=len)
    return (*found[:8], *readmes[:4])


def read(path: str, text: str) -> Document | None:
    """What a file says of putting the product live; None where it says nothing of it."""
    parts = _parts(text[:_READ])
    if _FILES.fullmatch(path):
        document = _document(path, "", parts)
        return document if document.topics or document.steps else None
    best: Document | None = None
    for at, part in enumerate(parts):
        if not part.level or not _WORDS["deploy"].search(part.title):
            continue
        inside = [part]
        for other in parts[at + 1 :]:
            if other.level <= part.level:
                break
            inside.append(other)
        found = _document(path, clean(part.title, limit=80), inside)
        if best is None or (len(found.topics), found.steps) > (len(best.topics), best.steps):
            best = found
    return best


def _document(path: str, section: str, parts: list[_Part]) -> Document:
    topics: set[str] = set()
    for part in parts:
        # One heading is about one thing, the first that fits: "Roll back a release" is about the way back.
        for topic in ("rollback", "environment", "verify", "build", "deploy"):
            if part.level and _WORDS[topic].search(part.title):
                topics.add(topic)
                break
    return Document(path, section, sum(_steps(part.lines) for part in parts), frozenset(topics))


def _parts(text: str) -> list[_Part]:
    """Headings with what is below each; bold lines and lines underlined are headings too."""
    parts = [_Part(0, "")]
    fenced = False
    before = ""
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            heading, bold = _HEADING.match(line), _BOLD.match(line)
            if heading:
                parts.append(_Part(len(heading[1]), heading[2]))
                before = ""
                continue
            if bold:
                parts.append(_Part(7, bold[1]))
                before = ""
                continue
            if before.strip() and len(before) < 120 and re.fullmatch(r"\s{0,3}(?:=+|-{3,})\s*", line):
                parts[-1].lines.pop()
                parts.append(_Part(1 if "=" in line else 2, before.strip()))
                before = ""
                continue
        parts[-1].lines.append(line)
        before = "" if fenced else line
    return parts


def _steps(lines: Iterable[str]) -> int:
    """Items of lists; where a part has none, its lines of commands."""
    items = commands = 0
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            commands += bool(line.strip()) and not line.lstrip().startswith("#")
        elif _ITEM.match(line):
            items += 1
    return items or commands


@dataclass(frozen=True, slots=True)
class Told:
    """What a document is written from: all that is known of the launch, "" and () where nothing is."""

    product: str
    domain: str
    host: str = ""
    page: str = ""
    folder: str = ""
    install: str = ""
    build: str = ""
    start: str = ""
    examples: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)
    way: tuple[str, ...] = ()
    not_restored: tuple[str, ...] = ()
    owner: str = ""
    backup: str = ""
    branch: str = "main"


_EXPECT = {
    "home": "the home page, over https",
    "login": "the login form",
    "signup": "the signup form",
    "api": "an answer that says that all is well",
}
_NAMES = 40  # variables named one by one; ours


def compose(told: Told) -> str:
    """A first text, one page; a person changes it before it is written."""

    def safe(text: str) -> str:
        return clean(text, limit=400).replace("`", "'").replace("\n", " ").strip()

    product, host = safe(told.product or told.domain), safe(told.host)
    out = [f"# Deploy {product}", ""]
    out += [f"How {product} ({safe(told.domain)}) goes live, and how the last version comes back.", ""]
    out += ["## Build", ""]
    where = f" and go to `{safe(told.folder)}`" if told.folder else ""
    steps = [f"Clone the repository afresh{where}."]
    steps += [f"Run `{safe(told.install)}`."] if told.install else []
    steps += [f"Run `{safe(told.build)}`. It ends without an error."] if told.build else []
    if not told.install and not told.build:
        steps.append("There is nothing to build: the files go live as they are.")
    out += [f"{number}. {step}" for number, step in enumerate(steps, 1)]
    out += ["", "## Environment", ""]
    at = f"at {host}" if host else "at the web host"
    if told.variables:
        example = f" `{safe(told.examples[0])}` lists them with made-up values." if told.examples else ""
        out += [f"Production has these variables, set {at}, never in the code.{example}", ""]
        out += [f"- `{safe(name)}`" for name in told.variables[:_NAMES]]
        left = len(told.variables) - _NAMES
        out += [f"- and {left} more, listed in the example file"] if left > 0 else []
    else:
        out += [f"1. Open the page for variables {at}, and see that production needs none that is not set."]
    out += ["", "## Deploy", ""]
    page = f" ({safe(told.page)})" if told.page else ""
    out += [
        "1. Tell the team that a release begins.",
        f"2. Merge into `{safe(told.branch)}` and push.",
        f"3. Open the deployments {at}{page}. Wait until the new one is live; where it fails, read its log first.",
    ]
    out += ["", "## Verify", ""]
    looks = [f"Open <{safe(url)}>: {_EXPECT.get(kind, 'it opens')}." for kind, url in told.urls.items() if url] or [
        f"Open <https://{safe(told.domain)}/>: the home page, over https."
    ]
    looks.append(f"Run `launchready check {safe(told.domain)} --stage deploy`, where it is installed.")
    out += [f"{number}. {look}" for number, look in enumerate(looks, 1)]
    out += ["", "## Roll back", ""]
    out += ["When sign-in, signup or the home page broke and the repair is not minutes away:", ""]
    way = told.way or ("Open the list of deployments at the web host, and put the one before the last live again.",)
    out += [f"{number}. {safe(step)}" for number, step in enumerate((*way, "Verify as above."), 1)]
    if told.not_restored:
        out += ["", f"This does not bring back: {'; '.join(safe(each) for each in told.not_restored)}."]
    out += ["", "## Who", ""]
    out += [f"- Deploys: {safe(told.owner) or '(name)'}", f"- Stands in: {safe(told.backup) or '(name)'}"]
    return "\n".join(out) + "\n"
