"""Ordinary source files, generated, without a secret: what a scanner has to read through."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

_NOUNS = [
    *(
        "tide",
        "harbour",
        "buoy",
        "chart",
        "vessel",
        "berth",
        "skipper",
        "voyage",
        "wind",
        "wave",
        "forecast",
        "station",
    ),
    *("reading", "alarm", "member", "invoice", "booking", "crew", "mooring", "route", "marina", "depth", "current"),
    *("notice", "sensor", "report", "account", "session", "password", "token", "key", "secret"),
]
_VERBS = [
    *("load", "save", "fetch", "render", "merge", "sort", "check", "parse", "format", "validate", "refresh"),
    *("archive", "publish", "notify", "count"),
]


def _names(rng: random.Random) -> tuple[str, str, str]:
    return rng.choice(_VERBS), rng.choice(_NOUNS), rng.choice(_NOUNS)


def _typescript(rng: random.Random) -> str:
    out = ['import { api } from "../lib/api";', ""]
    for number in range(rng.randint(5, 14)):
        verb, noun, other = _names(rng)
        out += [
            f"export async function {verb}{noun.title()}{number}({other}: string): Promise<number> {{",
            f"  const answer = await api.get(`/{noun}s/${{{other}}}`, {{ limit: {rng.randint(1, 500)} }});",
            f"  if (!answer.ok) throw new Error(`no {noun} for ${{{other}}}`);",
            f"  return answer.rows.filter((row) => row.{other} > {rng.random():.3f}).length;",
            "}",
            "",
        ]
    return "\n".join(out)


def _python(rng: random.Random) -> str:
    out = ["from __future__ import annotations", "", "from app.db import query", ""]
    for number in range(rng.randint(5, 14)):
        verb, noun, other = _names(rng)
        out += [
            "",
            f"def {verb}_{noun}_{number}({other}: str, limit: int = {rng.randint(5, 900)}) -> list[dict[str, object]]:",
            f'    """{verb.title()} every {noun} of one {other}."""',
            f'    rows = query("SELECT * FROM {noun}s WHERE {other} = %s", {other})',
            f'    return [row for row in rows if row["{noun}"]][:limit]',
            "",
        ]
    return "\n".join(out)


def _go(rng: random.Random) -> str:
    out = ["package service", "", 'import "context"', ""]
    for number in range(rng.randint(4, 10)):
        verb, noun, other = _names(rng)
        out += [
            f"func (s *Service) {verb.title()}{noun.title()}{number}(ctx context.Context, {other} string) error {{",
            f'\tif {other} == "" {{',
            f'\t\treturn errMissing("{other}")',
            "\t}",
            f"\treturn s.store.{verb.title()}(ctx, {other}, {rng.randint(1, 9999)})",
            "}",
            "",
        ]
    return "\n".join(out)


def _stylesheet(rng: random.Random) -> str:
    return "\n".join(
        f".{rng.choice(_NOUNS)}-{number} {{ color: #{rng.getrandbits(24):06x}; margin: {rng.randint(0, 48)}px; }}"
        for number in range(rng.randint(20, 60))
    )


def _markdown(rng: random.Random) -> str:
    out = [f"# {rng.choice(_NOUNS).title()}", ""]
    for _ in range(rng.randint(6, 20)):
        verb, noun, other = _names(rng)
        out += [f"To {verb} a {noun}, open the {other} page and choose the {noun} by its {other}.", ""]
    return "\n".join(out)


def _json(rng: random.Random) -> str:
    rows = {f"{rng.choice(_NOUNS)}.{n}": " ".join(rng.choices(_NOUNS, k=5)) for n in range(rng.randint(10, 40))}
    return json.dumps(rows, indent=2)


def _migration(rng: random.Random) -> str:
    out = []
    for number in range(rng.randint(3, 9)):
        _, noun, other = _names(rng)
        out += [f"ALTER TABLE {noun}s ADD COLUMN {other}_{number} VARCHAR({rng.randint(16, 512)});"]
        out += [f"CREATE INDEX {noun}_{other}_{number} ON {noun}s ({other}_{number});"]
    return "\n".join(out)


_KINDS: tuple[tuple[str, str, Callable[[random.Random], str]], ...] = (
    ("apps/web/src", ".ts", _typescript),
    ("apps/web/src/components", ".tsx", _typescript),
    ("backend/app", ".py", _python),
    ("services/gateway/internal", ".go", _go),
    ("apps/web/styles", ".css", _stylesheet),
    ("docs/pages", ".md", _markdown),
    ("locales/parts", ".json", _json),
    ("db/migrations/more", ".sql", _migration),
)


def ordinary(number: int, seed: str, version: int = 0) -> tuple[str, str]:
    """Path and text of the ordinary file of this number; a later version has other text at the same path."""
    rng = random.Random(f"{seed}:path:{number}")
    folder, ending, write = _KINDS[number % len(_KINDS)]
    verb, noun, _ = _names(rng)
    path = f"{folder}/{noun}/{verb}_{noun}_{number}{ending}"
    return path, write(random.Random(f"{seed}:text:{number}:{version}")) + "\n"
