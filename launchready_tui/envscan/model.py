"""What the readers of a code folder hand on: a name that is read, a name that is declared. Values stay inside."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Use:
    """One place that reads a variable. `required` is False where it has a default there, or is only looked whether it
    is set. `guard` says that this place only looks."""

    name: str
    path: str
    line: int
    required: bool = True
    guard: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """One place that names a variable. `kind` is example (a file to copy), env (a file that is read as it is) or config
    (a file of the host, of a build or of compose). `value` is what stands there: it is judged, and never shown.

    `production` says that the place speaks for production.
    """

    name: str
    path: str
    line: int
    kind: str
    value: str | None = field(default=None, repr=False)
    production: bool = False
