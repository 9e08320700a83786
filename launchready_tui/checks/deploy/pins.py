"""What pins a build, language by language: lock files, version files, exact images. Pure: text in, verdicts out.

Which lock files there are stands in platforms.toml; whether one fits its manifest, lockdrift.py says.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.model import FileChange
from launchready_tui.platforms import managers

TOO_LONG = 5_000_000  # bytes of a lock file that we read; a longer one is taken as it is
_TOML_MOST = 600_000  # characters; more would hold the screen for longer than a blink
_DOTS = 200  # in one line of TOML: a dotted key of thousands of parts takes the parser seconds
_LINE = 2_000  # characters of one line of a requirements file
# What we propose where nothing else is known; the long-term releases of November 2026.
_NODE = "24"
_PYTHON = "3.13"


@dataclass(frozen=True, slots=True)
class Language:
    """Where a language says what it installs (`manifests`), which files lock it, which pin its runtime.

    `relocks` maps a lock file, or a manifest that can be its own, to the command that writes it; "" is the usual one.
    `ask` prints the runtime's version.
    """

    name: str
    manifests: tuple[str, ...]
    locks: tuple[str, ...]
    pins: tuple[str, ...]
    relocks: Mapping[str, str]
    ask: str
    pin_file: FileChange

    def relock(self, lock: str) -> str:
        return self.relocks.get(lock.rpartition("/")[2], self.relocks[""])


def _locks(language: str) -> tuple[str, ...]:
    """The lock files of a language's package managers."""
    return tuple(name for manager in managers() if manager.language == language for name in manager.locks)


_SHARED = (".tool-versions", "mise.toml", ".mise.toml")
LANGUAGES = (
    Language(
        "Node",
        ("package.json",),
        _locks("node"),
        (".nvmrc", ".node-version", *_SHARED),
        {
            "": "npm install --package-lock-only",
            "pnpm-lock.yaml": "pnpm install --lockfile-only",
            "yarn.lock": "yarn install",
            "bun.lock": "bun install",
        },
        "node --version",
        FileChange(".nvmrc", f"{_NODE}\n"),
    ),
    Language(
        "Python",
        ("pyproject.toml", "Pipfile", "requirements.txt"),
        (*(name for name in _locks("python") if name != "requirements.txt"), "pylock.toml"),
        (".python-version", "runtime.txt", *_SHARED),
        {
            "": "uv lock",
            "requirements.txt": "pip freeze > requirements.txt",
            "poetry.lock": "poetry lock",
            "pdm.lock": "pdm lock",
            "Pipfile.lock": "pipenv lock",
        },
        "python --version",
        FileChange(".python-version", f"{_PYTHON}\n"),
    ),
    Language(
        "Ruby",
        ("Gemfile",),
        _locks("ruby"),
        (".ruby-version", *_SHARED),
        {"": "bundle lock"},
        "ruby --version",
        FileChange(".ruby-version", None),
    ),
    Language(
        "PHP",
        ("composer.json",),
        _locks("php"),
        (".php-version", *_SHARED),
        {"": "composer update --lock"},
        "php --version",
        FileChange(".php-version", None),
    ),
    Language("Go", ("go.mod",), _locks("go"), _SHARED, {"": "go mod tidy"}, "go version", FileChange("go.mod", None)),
    Language(
        "Rust",
        ("Cargo.toml",),
        _locks("rust"),
        ("rust-toolchain.toml", "rust-toolchain", *_SHARED),
        {"": "cargo generate-lockfile"},
        "rustc --version",
        FileChange("rust-toolchain.toml", None),
    ),
    Language(
        "Elixir",
        ("mix.exs",),
        _locks("elixir"),
        _SHARED,
        {"": "mix deps.get"},
        "elixir --version",
        FileChange(".tool-versions", None),
    ),
)
_IN_SHARED = {"Node": "node", "Python": "python", "Ruby": "ruby", "PHP": "php", "Go": "go", "Rust": "rust"}


def _json(text: str) -> dict[str, object]:
    try:
        found = json.loads(text) if len(text) < TOO_LONG else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _toml(text: str) -> dict[str, object]:
    if len(text) > _TOML_MOST or any(line.count(".") > _DOTS for line in text.splitlines()):
        return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _table(thing: object, *names: str) -> dict[str, object]:
    for name in names:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing if isinstance(thing, dict) else {}


def needs_lock(manifest: str, text: str) -> bool:
    """False where the manifest names no package to install."""
    if manifest == "package.json":
        document = _json(text)
        named = any(_table(document, name) for name in ("dependencies", "devDependencies"))
        return named or (not document and "".join(text.split()) != "{}")  # what cannot be read is not taken for empty
    if manifest == "pyproject.toml":
        document = _toml(text)
        listed = _table(document, "project").get("dependencies")
        poetry = set(_table(document, "tool", "poetry", "dependencies")) - {"python"}
        return not document or bool(listed or poetry or document.get("dependency-groups"))
    if manifest == "requirements.txt":
        return bool(_requirements(text))
    if manifest == "go.mod":
        return re.search(r"^[ \t]*require\b", text, re.MULTILINE) is not None
    return True


def _requirements(text: str) -> list[str]:
    lines = (line[:_LINE].split(" #")[0].strip() for line in text.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def all_exact(requirements: str) -> bool:
    """True for a requirements file that names one exact version for each package (or a hash): it is its own lock."""
    lines = _requirements(requirements)
    return bool(lines) and all(re.search(r"===?\s*[^\s*]+(?:\s|;|$)|@\s*\S+", line) for line in lines)


def names_version(language: Language, file: str, text: str) -> bool:
    """True where a version file pins something: ".nvmrc" with "lts/*" or "node" does not."""
    if file in _SHARED:
        word = _IN_SHARED.get(language.name, language.name.lower())
        return (
            re.search(rf"^[ \t]*\"?{word}(?:js)?\"?[ \t]*=?[ \t]*\W?\d", text, re.MULTILINE | re.IGNORECASE) is not None
        )
    if file.startswith("rust-toolchain"):
        return re.search(r"\d+\.\d+|nightly-\d", text) is not None
    return re.search(r"\d", text.splitlines()[0] if text.strip() else "") is not None or "lts/" in text.replace(
        "lts/*", ""
    )


def manifest_pins(manifest: str, text: str) -> bool:
    """True where the manifest itself says which runtime it needs."""
    if manifest == "package.json":
        document = _json(text)
        wanted = [_table(document, "engines").get("node"), _table(document, "volta").get("node")]
        return any(isinstance(each, str) and re.search(r"\d", each) for each in wanted)
    if manifest == "pyproject.toml":
        document = _toml(text)
        wanted = [_table(document, "project").get("requires-python")]
        wanted.append(_table(document, "tool", "poetry", "dependencies").get("python"))
        return any(isinstance(each, str) and re.search(r"\d", each) for each in wanted)
    if manifest == "composer.json":
        return bool(re.search(r"\d", str(_table(_json(text), "require").get("php", ""))))
    pattern = {
        "Gemfile": r"^[ \t]*ruby[ \t]+[\"'(]",
        "Pipfile": r"^[ \t]*python_(?:full_)?version[ \t]*=",
        "go.mod": r"^go[ \t]+\d",
        "Cargo.toml": r"^[ \t]*rust-version[ \t]*=",
        "mix.exs": r"elixir:\s*\"[^\"]*\d",
    }.get(manifest)
    return pattern is not None and re.search(pattern, text, re.MULTILINE) is not None


_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S{1,200}[ \t]+)*(\S{1,500})(?:[ \t]+AS[ \t]+(\S{1,200}))?", re.MULTILINE | re.IGNORECASE
)


def image_pinned(dockerfile: str) -> bool:
    """True where every image of a Dockerfile has a digest, or a tag that is not "latest"."""
    stages: set[str] = {"scratch"}
    images: list[str] = []
    for match in _FROM.finditer(dockerfile):
        if match[1].lower() not in stages:
            images.append(match[1])
        if match[2]:
            stages.add(match[2].lower())

    def exact(image: str) -> bool:
        if "@sha256:" in image:
            return True
        tag = image.rsplit("/", 1)[-1].partition(":")[2]
        return bool(re.search(r"\d", tag)) and not tag.startswith("$")

    return bool(images) and all(map(exact, images))
