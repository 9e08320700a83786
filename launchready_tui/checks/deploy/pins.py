"""What pins a build, language by language: lock files, version files, exact images. Pure: text in, verdicts out.

A lock file out of step is found where the text alone shows it (npm, uv); other managers' lock files are taken as they
are, since only their own tools could tell, and we run nothing from a repository.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.model import FileChange

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
        return self.relocks.get(lock, self.relocks[""])


_SHARED = (".tool-versions", "mise.toml", ".mise.toml")
LANGUAGES = (
    Language(
        "Node",
        ("package.json",),
        ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"),
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
        ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"),
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
        ("Gemfile.lock",),
        (".ruby-version", *_SHARED),
        {"": "bundle lock"},
        "ruby --version",
        FileChange(".ruby-version", None),
    ),
    Language(
        "PHP",
        ("composer.json",),
        ("composer.lock",),
        (".php-version", *_SHARED),
        {"": "composer update --lock"},
        "php --version",
        FileChange(".php-version", None),
    ),
    Language("Go", ("go.mod",), ("go.sum",), _SHARED, {"": "go mod tidy"}, "go version", FileChange("go.mod", None)),
    Language(
        "Rust",
        ("Cargo.toml",),
        ("Cargo.lock",),
        ("rust-toolchain.toml", "rust-toolchain", *_SHARED),
        {"": "cargo generate-lockfile"},
        "rustc --version",
        FileChange("rust-toolchain.toml", None),
    ),
    Language(
        "Elixir",
        ("mix.exs",),
        ("mix.lock",),
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


def drift(lock: str, manifest: str, text: str) -> str:
    """What of the manifest the lock file does not have, as a plain clause; "" where they fit or we cannot tell."""
    if lock in ("package-lock.json", "npm-shrinkwrap.json"):
        return _npm_drift(_json(manifest), _json(text))
    if lock == "uv.lock":
        return _uv_drift(_toml(manifest), _toml(text))
    return ""


def _npm_drift(manifest: dict[str, object], lock: dict[str, object]) -> str:
    """npm's own rule for `npm ci`: the ranges the lock file was made for are those of package.json."""
    root = _table(lock, "packages", "")
    if not root or not manifest:
        return ""  # version 1 of the format does not repeat the ranges
    for kind in ("dependencies", "devDependencies", "optionalDependencies"):
        wanted, locked = _table(manifest, kind), _table(root, kind)
        for name in sorted(wanted.keys() | locked.keys()):
            if wanted.get(name) != locked.get(name):
                return f"{name} is {wanted.get(name, 'absent')} in one and {locked.get(name, 'absent')} in the other"
    return ""


def _uv_drift(manifest: dict[str, object], lock: dict[str, object]) -> str:
    project = _table(manifest, "project")
    packages = lock.get("package")
    wanted = project.get("dependencies")
    if not isinstance(packages, list) or not isinstance(wanted, list):
        return ""
    own = next((p for p in packages if isinstance(p, dict) and p.get("name") == _plain(str(project.get("name")))), None)
    if own is None:
        return ""
    locked = _table(own, "metadata").get("requires-dist")
    entries = locked if isinstance(locked, list) else []
    names = {_plain(str(each.get("name"))) for each in entries if isinstance(each, dict)}
    for each in wanted:
        name = _plain(re.split(r"[\s\[<>=!~;@(]", str(each).strip(), maxsplit=1)[0])
        if name and name not in names:
            return f"{name} is not in the lock file"
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


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
