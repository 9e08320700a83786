"""What files that leaked look like, and what pages show that a server talks too much. Data; judged in `exposed`.

Paths as in the catalogue (after Nuclei's exposure templates); a status of 200 alone is no sign, since a single-page app
answers everything with its home page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A path, and what its content begins with or holds when it is the real file. `what` reads on in a sentence."""

    path: str
    what: str
    content: re.Pattern[bytes]
    secret: bool = True


# Every pattern is anchored or bounded: the other side chooses the text that it runs over.
FILES: tuple[Mark, ...] = (
    Mark(
        "/.env",
        "your settings with their passwords",
        re.compile(rb"^[ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*=", re.MULTILINE),
    ),
    Mark("/.git/HEAD", "your source code's history", re.compile(rb"\A(?:ref: refs/|[0-9a-f]{40}\s*\Z)")),
    Mark("/.git/config", "your source code's history", re.compile(rb"^[ \t]*\[core\]", re.MULTILINE)),
    Mark("/.DS_Store", "the list of your folder's files", re.compile(rb"\A\x00\x00\x00\x01Bud1"), secret=False),
    Mark("/backup.zip", "a backup", re.compile(rb"\APK(?:\x03\x04|\x05\x06|\x07\x08)")),
    Mark(
        "/dump.sql",
        "a copy of your database",
        re.compile(
            rb"^[ \t]*(?:CREATE (?:TABLE|DATABASE|SCHEMA)|INSERT INTO|DROP TABLE|COPY \S+ .*FROM stdin|"
            rb"PRAGMA foreign_keys|-- (?:MySQL|MariaDB|PostgreSQL) (?:database )?dump)",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    Mark(
        "/wp-config.php.bak",
        "your database password",
        re.compile(rb"\A\s*<\?php.*?\bDB_(?:NAME|USER|PASSWORD)\b", re.DOTALL),
    ),
)

# A path that nothing should be at. Fixed, so that a second look asks the same thing.
PROBE = "/launchready-404-probe"

# (whose page it is, what it holds)
DEBUG: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Django", re.compile(r"You(?:'|&#39;|&#x27;|’)re seeing this error because you have <code>DEBUG = True")),
    ("Flask", re.compile(r"Werkzeug Debugger|__debugger__=yes")),
    ("Python", re.compile(r"Traceback \(most recent call last\):")),
    ("Rails", re.compile(r"<h1>Routing Error</h1>|Rails\.root:")),
    ("Laravel", re.compile(r"Whoops! There was an error|laravel/ignition|Ignition Solutions|window\.ignite")),
    ("Symfony", re.compile(r"sf-dump|Symfony Exception|/_profiler/")),
    (
        "PHP",
        re.compile(r"(?:Fatal error|Warning|Notice)(?:</b>)?: .{0,300}? in (?:<b>)?/[^\s<]{1,300}\.php", re.DOTALL),
    ),
    ("Node.js", re.compile(r"\bat .{1,200}? \(?(?:file://)?/[^\s()]{1,300}\.[cm]?[jt]sx?:\d{1,7}:\d{1,7}")),
    ("Java", re.compile(r"\bat [\w.$]{1,300}\([A-Z]\w{0,100}\.java:\d{1,7}\)")),
    ("ASP.NET", re.compile(r"Server Error in '.{0,200}' Application\.")),
    ("Go", re.compile(r"goroutine \d+ \[running\]:")),
)

_SOURCES = re.compile(rb'"sourcesContent"\s{0,9}:\s{0,9}\[\s{0,9}"')


def is_html(body: bytes) -> bool:
    """True for a page, or any other markup: what a single-page app or a soft 404 answers for every path.

    None of the files begins with a tag, and PHP's own is no tag.
    """
    start = body[:4_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and not start.startswith(b"<?php")


def holds_source(body: bytes) -> bool:
    """True for a source map (ECMA-426) that carries the source itself in its sourcesContent."""
    start = body.lstrip()
    if start.startswith(b")]}'"):  # a guard line that the format allows
        start = start.partition(b"\n")[2].lstrip()
    return start.startswith(b"{") and _SOURCES.search(start) is not None


def leaked(mark: Mark, body: bytes) -> bool:
    """True where the body is the file that the mark describes, and not a page."""
    return not is_html(body) and mark.content.search(body) is not None


def debug_page(text: str) -> str:
    """Whose debug page or stack trace a text holds ("Django"); "" where it holds none."""
    return next((name for name, pattern in DEBUG if pattern.search(text)), "")
