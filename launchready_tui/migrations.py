"""Migrations of a repository that take something away, so that the version before may not run on what they leave. Pure.

Read as text: Rails, Django, Prisma, Drizzle, Alembic, Laravel, Knex, Supabase and plain SQL. What undoes a migration
(its "down" part) is left out: that runs only when somebody goes back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_PLACES = (
    ("rails", re.compile(r"(?:.*/)?db/migrate/[^/]+\.rb")),
    ("prisma", re.compile(r"(?:.*/)?prisma/(?:.*/)?migrations/[^/]+/migration\.sql")),
    ("laravel", re.compile(r"(?:.*/)?database/migrations/[^/]+\.php")),
    ("alembic", re.compile(r"(?:.*/)?(?:alembic|migrations)/versions/[^/]+\.py")),
    ("django", re.compile(r"(?:.*/)?migrations/(?!__init__)[^/]+\.py")),
    ("knex", re.compile(r"(?:.*/)?migrations/[^/]+\.[cm]?[jt]s")),
    ("sql", re.compile(r"(?:.*/)?(?:migrations?|drizzle|db/migrate|flyway|sql)/(?:[^/]+/)?[^/]+\.sql")),
)
# What follows is the way back; each ends its file's "up" part.
_DOWN = {
    "sql": re.compile(r"(?im)^\s*--\s*(?:migrate:\s*down|\+goose\s+down|\+migrate\s+down|down\b|rollback\b)"),
    "rails": re.compile(r"(?m)^\s*def\s+(?:self\.)?down\b"),
    "laravel": re.compile(r"\bfunction\s+down\s*\("),
    "alembic": re.compile(r"(?m)^def\s+downgrade\b"),
    "knex": re.compile(
        r"\bexports\.down\b|\bexport\s+(?:async\s+)?(?:function|const)\s+down\b|\basync\s+down\s*\(|\bdown\s*[:=]"
    ),
}
_COMMENT = {
    "sql": re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL),
    "rails": re.compile(r"(?m)^\s*#[^\n]*"),
    "django": re.compile(r"(?m)^\s*#[^\n]*"),
    "alembic": re.compile(r"(?m)^\s*#[^\n]*"),
    "laravel": re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL),
    "knex": re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL),
}
_NAME = r"[`\"\[]?([\w.$]+(?:[`\"\]]?\.[`\"\[]?[\w$]+)?)[`\"\]]?"
_SQL: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME}", re.I), "drops the table {0}"),
    (re.compile(rf"\bDROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?{_NAME}", re.I), "drops the column {0}"),
    (re.compile(rf"\bDROP\s+(?:VIEW|TYPE|SCHEMA|DATABASE)\s+(?:IF\s+EXISTS\s+)?{_NAME}", re.I), "drops {0}"),
    (re.compile(rf"\bTRUNCATE\s+(?:TABLE\s+)?{_NAME}", re.I), "empties the table {0}"),
    (re.compile(rf"\bRENAME\s+COLUMN\s+{_NAME}\s+TO\b", re.I), "renames the column {0}"),
    (re.compile(rf"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME}\s+RENAME\s+TO\b", re.I), "renames the table {0}"),
    (re.compile(rf"\bRENAME\s+TABLE\s+{_NAME}", re.I), "renames the table {0}"),
    (re.compile(rf"\bALTER\s+(?:COLUMN\s+)?{_NAME}\s+SET\s+NOT\s+NULL", re.I), "makes {0} required"),
    (
        re.compile(
            rf"\bADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s+"
            r"(?![^,;]{0,200}\bDEFAULT\b)[^,;]{0,200}\bNOT\s+NULL",
            re.I,
        ),
        "adds {0}, which is required and has no default",
    ),
)
_RUBY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bdrop_table[ (]+:?[\"']?(\w+)"), "drops the table {0}"),
    (
        re.compile(r"\bremove_(?:column|columns|reference|belongs_to)[ (]+:?[\"']?\w+[\"']?,\s*:?[\"']?(\w+)"),
        "drops the column {0}",
    ),
    (re.compile(r"\bt\.remove[ (]+:?[\"']?(\w+)"), "drops the column {0}"),
    (re.compile(r"\brename_column[ (]+:?[\"']?\w+[\"']?,\s*:?[\"']?(\w+)"), "renames the column {0}"),
    (re.compile(r"\brename_table[ (]+:?[\"']?(\w+)"), "renames the table {0}"),
    (
        re.compile(r"\bchange_column_null[ (]+:?[\"']?\w+[\"']?,\s*:?[\"']?(\w+)[\"']?,\s*false\s*\)?\s*$", re.M),
        "makes {0} required",
    ),
    (
        re.compile(
            r"\badd_column[ (]+:?[\"']?\w+[\"']?,\s*:?[\"']?(\w+)(?![^\n]{0,300}\bdefault:)[^\n]{0,300}\bnull:\s*false"
        ),
        "adds {0}, which is required and has no default",
    ),
)
_DJANGO: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bDeleteModel\(\s*(?:name=)?[\"'](\w+)"), "drops the table of {0}"),
    (re.compile(r"\bRemoveField\([^)]{0,300}?\bname=[\"'](\w+)"), "drops the column {0}"),
    (re.compile(r"\bRenameField\([^)]{0,300}?\bold_name=[\"'](\w+)"), "renames the column {0}"),
    (re.compile(r"\bRenameModel\([^)]{0,300}?\bold_name=[\"'](\w+)"), "renames the table of {0}"),
)
_ALEMBIC: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bop\.drop_table\(\s*[\"'](\w+)"), "drops the table {0}"),
    (re.compile(r"\b(?:op|batch_op)\.drop_column\(\s*(?:[\"']\w+[\"'],\s*)?[\"'](\w+)"), "drops the column {0}"),
    (re.compile(r"\bop\.rename_table\(\s*[\"'](\w+)"), "renames the table {0}"),
    (
        re.compile(r"\balter_column\(\s*(?:[\"']\w+[\"'],\s*)?[\"'](\w+)[\"'][^)]{0,200}?\bnew_column_name="),
        "renames the column {0}",
    ),
    (
        re.compile(r"\balter_column\(\s*(?:[\"']\w+[\"'],\s*)?[\"'](\w+)[\"'][^)]{0,200}?\bnullable=False"),
        "makes {0} required",
    ),
    (
        re.compile(
            r"\badd_column\([^\n]{0,100}?Column\(\s*[\"'](\w+)[\"'](?![^\n]{0,300}server_default)[^\n]{0,300}nullable=False"
        ),
        "adds {0}, which is required and has no default",
    ),
)
_LARAVEL: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bSchema::drop(?:IfExists)?\(\s*[\"'](\w+)"), "drops the table {0}"),
    (re.compile(r"->dropColumn\(\s*\[?\s*[\"'](\w+)"), "drops the column {0}"),
    (re.compile(r"->renameColumn\(\s*[\"'](\w+)"), "renames the column {0}"),
    (re.compile(r"\bSchema::rename\(\s*[\"'](\w+)"), "renames the table {0}"),
)
_KNEX: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.dropTable(?:IfExists)?\(\s*[\"'`](\w+)"), "drops the table {0}"),
    (re.compile(r"\.dropColumns?\(\s*[\"'`](\w+)"), "drops the column {0}"),
    (re.compile(r"\.renameColumn\(\s*[\"'`](\w+)"), "renames the column {0}"),
    (re.compile(r"\.renameTable\(\s*[\"'`](\w+)"), "renames the table {0}"),
    (re.compile(r"\.dropNullable\(\s*[\"'`](\w+)"), "makes {0} required"),
)
_RULES = {
    "sql": _SQL,
    "prisma": _SQL,
    "rails": (*_RUBY, *_SQL),
    "django": (*_DJANGO, *_SQL),
    "alembic": (*_ALEMBIC, *_SQL),
    "laravel": (*_LARAVEL, *_SQL),
    "knex": (*_KNEX, *_SQL),
}
_MOST = 20  # things named of one file; ours
_TEXT = 100_000  # characters read of one; ours


@dataclass(frozen=True, slots=True)
class Taking:
    """A migration that takes something away, and what, in short clauses."""

    path: str
    what: tuple[str, ...]


def kind_of(path: str) -> str:
    """Which tool's migration a path is, "" for none."""
    return next((kind for kind, place in _PLACES if place.fullmatch(path)), "")


def newest(paths: Iterable[str], most: int) -> tuple[str, ...]:
    """The newest migrations: their names begin with a day or a number, the same tool's together."""
    found = [path for path in paths if kind_of(path)]
    return tuple(sorted(found, key=lambda path: _order(path), reverse=True)[:most])


def _order(path: str) -> tuple[int, str]:
    parts = path.split("/")
    name = parts[-2] if kind_of(path) == "prisma" else parts[-1]
    number = re.match(r"[VU]?(\d+)", name)
    return int(number[1]) if number and len(number[1]) < 20 else -1, name


def taking(paths: Iterable[str], read: Callable[[str], str | None], most: int) -> tuple[tuple[Taking, ...], int]:
    """(those of the newest migrations that take something away, the newest first; how many were read)."""
    out: list[Taking] = []
    chosen = newest(paths, most)
    for path in chosen:
        what = destructive(path, read(path) or "")
        if what:
            out.append(Taking(path, what))
    return tuple(out), len(chosen)


def destructive(path: str, text: str) -> tuple[str, ...]:
    """What a migration takes away on its way up."""
    kind = kind_of(path)
    if not kind:
        return ()
    text = text[:_TEXT]
    ends = _DOWN.get("sql" if kind == "prisma" else kind)
    if ends is not None and (down := ends.search(text)):
        rest = text[down.end() :]
        up = re.search(r"(?im)^\s*--\s*(?:migrate:\s*up|\+goose\s+up)", rest) if kind in ("sql", "prisma") else None
        text = text[: down.start()] + (rest[up.start() :] if up else "")
    comment = _COMMENT.get("sql" if kind == "prisma" else kind)
    text = comment.sub(" ", text) if comment is not None else text
    made = {name.lower() for name in re.findall(rf"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}", text, re.I)}
    found: dict[str, None] = {}
    for pattern, words in _RULES[kind]:
        for match in pattern.finditer(text):
            if words.startswith("drops the table") and match[1].lower() in made and "IF EXISTS" in match[0].upper():
                continue  # dropped to be made anew in the same file
            found.setdefault(words.format(match[1]), None)
    return tuple(found)[:_MOST]
