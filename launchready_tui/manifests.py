"""What the manifests of a code folder ask for: package names by ecosystem. Pure: text in, names out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from launchready_tui.envscan.documents import items, read_json, read_toml, table

MANIFESTS = re.compile(
    r"package\.json|pyproject\.toml|requirements[\w.-]*\.txt|Pipfile|Gemfile|composer\.json|go\.mod|Cargo\.toml|mix\.exs|"
    r"pom\.xml|build\.gradle(?:\.kts)?|deno\.jsonc?"
)
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]{0,100})\s*(?:\[[^\]]{0,200}\])?", re.MULTILINE)
_GEM = re.compile(r"^[ \t]*gem[ \t]*\(?[ \t]*[\"']([\w./-]{1,100})[\"']", re.MULTILINE)
_GO = re.compile(r"^[ \t]*(?:require[ \t]+)?([\w.-]+\.[a-z]{2,}/[\w./~-]{1,200})[ \t]+v\d", re.MULTILINE)
_MIX = re.compile(r"\{:(\w{1,80})\s*,")
_GROUP = re.compile(
    r"<groupId>\s*([\w.-]{1,100})\s*</groupId>|id\s*\(?\s*[\"']([\w.-]{1,100})[\"']|[\"']([\w.-]{1,100}):[\w.-]+(?::[^\"']*)?[\"']"
)


def plain(name: str) -> str:
    """A Python package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text: str) -> str:
    """The package's name in a requirement ("Django[argon2]>=5" is "django"); "" where there is none."""
    match = _REQUIREMENT.match(text)
    return plain(match[1]) if match else ""


def requires(path: str, text: str) -> Iterator[str]:
    """Each package as "npm:next" or "py:django"."""
    name = path.rpartition("/")[2]
    if name == "package.json":
        document = read_json(text)
        for kind in ("dependencies", "devDependencies", "optionalDependencies"):
            yield from (f"npm:{each}" for each in table(document, kind))
    elif name == "pyproject.toml" or name == "Pipfile":
        yield from (f"py:{each}" for each in _python(read_toml(text)))
    elif name.endswith(".txt"):
        lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "-")))
        yield from (f"py:{requirement(line)}" for line in lines)
    elif name == "Gemfile":
        yield from (f"gem:{match[1]}" for match in _GEM.finditer(text))
    elif name == "composer.json":
        document = read_json(text)
        yield from (f"php:{each}" for kind in ("require", "require-dev") for each in table(document, kind))
    elif name == "go.mod":
        yield from (f"go:{match[1]}" for match in _GO.finditer(text))
    elif name == "Cargo.toml":
        document = read_toml(text)
        for kind in ("dependencies", "build-dependencies"):
            yield from (f"rs:{each}" for each in table(document, kind))
        yield from (f"rs:{each}" for each in table(document, "workspace", "dependencies"))
    elif name == "mix.exs":
        yield from (f"ex:{match[1]}" for match in _MIX.finditer(text))
    elif name == "pom.xml" or name.startswith("build.gradle"):
        yield from (f"jvm:{next(group for group in match.groups() if group)}" for match in _GROUP.finditer(text))


def _python(document: dict[str, object]) -> Iterator[str]:
    listed = list(items(table(document, "project"), "dependencies"))
    for group in (
        *table(document, "project", "optional-dependencies").values(),
        *table(document, "dependency-groups").values(),
    ):
        listed += group if isinstance(group, list) else []
    yield from (requirement(each) for each in listed if isinstance(each, str))
    yield from (plain(each) for each in table(document, "tool", "poetry", "dependencies"))
    for group in table(document, "tool", "poetry", "group").values():
        yield from (plain(each) for each in table(group, "dependencies"))
    yield from (plain(each) for each in table(document, "packages"))  # a Pipfile
