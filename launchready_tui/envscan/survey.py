"""One pass over a code folder: which variables are read, which are declared, where. Plain functions; nothing is run."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.envscan import compiled, declared, javascript, python, rubyphp, shellish
from launchready_tui.envscan.model import Declared, Use
from launchready_tui.envscan.walk import is_test, own
from launchready_tui.envscan.words import words

Read = Callable[[str], str | None]
Reader = Callable[[str, str], Iterator[Use]]

_MANIFESTS = words(
    "package.json pyproject.toml requirements.txt Pipfile Gemfile composer.json go.mod Cargo.toml mix.exs pom.xml "
    "build.gradle build.gradle.kts deno.json wrangler.toml wrangler.jsonc manage.py"
)
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r".*\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx)", re.IGNORECASE), javascript.read),
    (re.compile(r".*\.pyi?", re.IGNORECASE), python.read),
    (
        re.compile(r".*\.(?:rb|rake|ru|gemspec|erb)|(?:.*/)?(?:Gemfile|Rakefile|Capfile)|(?:.*/)?config/[^/]+\.ya?ml"),
        rubyphp.read_ruby,
    ),
    (re.compile(r".*\.php|(?:.*/)?artisan"), rubyphp.read_php),
    (re.compile(r"(?:.*/)?config/(?:.*/)?[^/]+\.(?:ya?ml|xml|php)"), rubyphp.read_symfony),
    (re.compile(r".*\.go"), compiled.read_go),
    (re.compile(r".*\.rs"), compiled.read_rust),
    (re.compile(r".*\.(?:exs?|heex|eex)"), compiled.read_elixir),
    (re.compile(r".*\.(?:java|kts?|scala|groovy|gradle|cs)"), compiled.read_jvm),
    (re.compile(r"(?:.*/)?(?:application|bootstrap)[\w-]*\.(?:ya?ml|properties|conf)"), compiled.read_properties),
    (re.compile(r".*\.(?:sh|bash|zsh|ksh)"), shellish.read_shell),
    (re.compile(r".*\.prisma|(?:.*/)?supabase/config\.toml"), shellish.read_prisma),
    (re.compile(r"(?:.*/)?package\.json"), shellish.read_scripts),
)
_SCRIPT = re.compile(
    r"(?:.*/)?(?:bin|scripts?|\.husky|ops|deploy|docker)/[\w-]+|(?:.*/)?(?:entrypoint|run|start|build|deploy)"
)
_SHEBANG = re.compile(r"#!\s*\S*/(?:env\s+)?(?:ba|z|da|k)?sh\b")
_MINIFIED = re.compile(
    r"\.min\.[cm]?js$|[.-]bundle\.js$|\.d\.ts$|(?:^|/)(?:_nuxt|assets)/[^/]+-[\w-]{8,}\.js$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a code folder reads and declares. `cut` says in a plain clause what was left out, "" where nothing was.

    `packages` are the folders with a manifest of their own, "" for the top. `sets` is what images set by themselves.
    """

    uses: tuple[Use, ...]
    declared: tuple[Declared, ...]
    sets: tuple[Declared, ...]
    packages: tuple[str, ...]
    files: int
    cut: str = ""

    @property
    def used_names(self) -> tuple[str, ...]:
        return tuple(sorted({use.name for use in self.uses}))

    @property
    def declared_names(self) -> tuple[str, ...]:
        return tuple(sorted({each.name for each in self.declared}))

    def package_of(self, path: str) -> str:
        """The nearest folder above a path that has a manifest; "" for the top."""
        folder = path.rpartition("/")[0]
        while folder and folder not in self.packages:
            folder = folder.rpartition("/")[0]
        return folder


def survey(paths: Iterable[str], read: Read, *, cut: bool = False, stop: Callable[[], bool] = lambda: False) -> Survey:
    """Read the files of a code folder. `read` gives a file's text or None. Blocks for a few seconds at most: give it a
    thread. `stop` is asked between two files."""
    kept, left = own(paths)
    uses: list[Use] = []
    found: list[Declared] = []
    sets: list[Declared] = []
    bound: set[str] = set()
    packages = tuple(sorted({path.rpartition("/")[0] for path in kept if path.rpartition("/")[2] in _MANIFESTS}))
    why = f"only the first {limits.ENV_FILES:,} files were read" if left or cut else ""
    until, count = time.monotonic() + limits.ENV_SECONDS, 0
    for path in kept:
        if stop():
            break
        if time.monotonic() > until:
            why = f"reading stopped after {limits.ENV_SECONDS:.0f} seconds, at {count:,} of {len(kept):,} files"
            break
        count += 1
        time.sleep(0)  # the loop's thread may take its turn
        readers = _readers(path)
        declares = declared.declares(path)
        if not readers and not declares and not _SCRIPT.fullmatch(path):
            continue
        text = read(path)
        if not text:
            continue
        if declares and not (is_test(path) and not declared.is_example(path)):
            found += declared.read(path, text)
            bound.update(declared.bindings(path, text))
        if is_test(path) or _MINIFIED.search(path):
            continue
        if declared.is_dockerfile(path):
            sets += declared.set_by_image(path, text)
        if not readers and _SHEBANG.match(text):
            readers = (shellish.read_shell,)
        for reader in readers:
            uses += reader(path, text)
    # A name that ends in "_" is the beginning of others ("TOKEN_" + name).
    uses = [use for use in uses if use.name not in bound and not use.name.endswith("_")]
    return Survey(tuple(dict.fromkeys(uses)), tuple(found), tuple(sets), packages, count, why)


def _readers(path: str) -> tuple[Reader, ...]:
    if declared.is_dockerfile(path):
        return (shellish.read_dockerfile,)
    if declared.is_compose(path):
        return (shellish.read_compose,)
    return tuple(reader for pattern, reader in _READERS if pattern.fullmatch(path))
