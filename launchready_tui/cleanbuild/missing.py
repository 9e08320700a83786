"""Which file a failed build asked for: one that lies in the founder's folder and is not committed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from launchready_tui.cleanbuild.model import Missing, Order
from launchready_tui.sources.git import NoGit, git

_TROUBLE = re.compile(
    r"(?i)no such file|not found|cannot find|can't find|can't open|cannot open|can't resolve|cannot resolve|enoent"
    r"|could not (?:find|open|read|resolve|load|import)|failed to (?:open|read|load|resolve|import|find)"
    r"|does not exist|doesn't exist"
    r"|no module named|cannot load such file|missing|unable to (?:find|open|read|load|resolve)|no rule to make target"
    r"|couldn't (?:find|open|read|resolve)|failed opening|unresolved|is required|filenotfound"
)
_TOKEN = re.compile(r"[^\s'\"`‘’“”()\[\]{}<>,;|*?]+")
_MODULE = re.compile(r"(?i)no module named '?\"?([\w.]+)")
_ENDS = ("", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".json", ".py", ".rb", ".php", "/index.js", "/index.ts")
_INSTALLED = re.compile(r"(?:^|/)(?:node_modules|\.venv|venv|\.git|__pycache__)(?:/|$)")
_LAST = 200  # lines from the end that are read; ours
_TOKENS = 600  # words of them that may be paths; ours
_MOST = 5  # files that are named; ours


async def missing_files(order: Order, clone: str, lines: Iterable[str]) -> tuple[Missing, ...]:
    """The files, most certain first. Nothing where git cannot be asked."""
    said = await git(order.top, "ls-files", "-z", "--others", "--exclude-standard", "--directory")
    every = await git(order.top, "ls-files", "-z", "--others", "--directory")
    if isinstance(every, NoGit) or every.code or isinstance(said, NoGit) or said.code:
        return ()
    lists = [{os.fsdecode(path) for path in each.out.split(b"\0") if path} for each in (every, said)]
    staged = await _staged(order.top)
    found: dict[str, Missing] = {}
    for path in _asked(lines, order, clone):
        if len(found) == _MOST:
            break
        known = path in lists[0] or path in staged or any(_above(path, one) for one in lists[0] if one.endswith("/"))
        inside = os.path.join(order.top, *path.split("/"))
        if (
            path in found
            or not known
            or _INSTALLED.search(path)
            or not os.path.isfile(inside)
            or _is_out(inside, order.top)
        ):
            continue
        listed = path in lists[1] or path in staged or any(_above(path, one) for one in lists[1] if one.endswith("/"))
        found[path] = Missing(path, ignored=not listed)
    return tuple(found.values())


async def _staged(top: str) -> frozenset[str]:
    """What stands in the index and in no commit yet."""
    said = await git(top, "diff-index", "--cached", "--name-only", "-z", "--diff-filter=A", "--no-ext-diff", "HEAD")
    if isinstance(said, NoGit) or said.code:
        return frozenset()
    return frozenset(os.fsdecode(path) for path in said.out.split(b"\0") if path)


def _above(path: str, folder: str) -> bool:
    return path.startswith(folder)


def _is_out(path: str, top: str) -> bool:
    root = os.path.realpath(top)
    return os.path.commonpath((os.path.realpath(path), root)) != root


def _asked(lines: Iterable[str], order: Order, clone: str) -> Iterator[str]:
    """Paths from the top that the log's complaints may mean, the last complaint first."""
    roots = {clone, os.path.realpath(clone)}
    count = 0
    for line in reversed(list(lines)[-_LAST:]):
        if not _TROUBLE.search(line):
            continue
        words = [word.rstrip(".:!") for word in _TOKEN.findall(line)]
        words += [module.replace(".", "/") for module in _MODULE.findall(line)]
        for word in words:
            count += 1
            if count > _TOKENS:
                return
            for root in roots:
                if word.startswith(f"{root}/"):
                    word = "/" + word[len(root) + 1 :]
                    break
            yield from _spelled(word, order.folder)


def _spelled(word: str, folder: str) -> Iterator[str]:
    """A word as a path from the top: from the top, from the built folder, from its usual source folders."""
    if not word or len(word) > 300 or "\0" in word or "://" in word:
        return
    here = f"{folder}/" if folder else ""
    bare = word.lstrip("/")
    while bare.startswith(("./", "../", "@/", "~/")):
        bare = bare.partition("/")[2]
    if not bare or bare in (".", ".."):
        return
    bases = ("",) if word.startswith("/") else dict.fromkeys((here, "", f"{here}src/", f"{here}app/", f"{here}config/"))
    for base in bases:
        path = os.path.normpath(f"{base}{bare}").replace(os.sep, "/")
        if path.startswith(("..", "/")):
            continue
        for end in _ENDS:
            yield f"{path}{end}"
