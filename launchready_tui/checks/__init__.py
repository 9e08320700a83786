"""The registry of checks. A check is a decorated async function; what it needs is its signature.

To add one: write the function in `checks/<stage>/<topic>.py`, its rows in `tests/checks/<stage>/test_<topic>.py`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.model import Finding, Severity, Stage

Judge = Callable[..., Awaitable[Finding]]
F = typing.TypeVar("F", bound=Judge)


@dataclass(frozen=True, slots=True)
class Need:
    """One parameter of a check: the source the engine hands in by type. Optional where the hint allows None."""

    name: str
    type: type
    optional: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A judgement and the words that go with it whatever it finds."""

    id: str
    severity: Severity
    title: str
    why: str
    minutes: int
    question: str | None
    judge: Judge
    needs: tuple[Need, ...]
    seconds: float
    derived: bool = False

    @property
    def consent(self) -> str | None:
        """What a founder must say yes to before this runs ("measure"), None where nothing."""
        said = (getattr(need.type, "consent", None) for need in self.needs)
        return next((consent for consent in said if isinstance(consent, str)), None)

    @property
    def stage(self) -> Stage:
        return Stage(self.id.split(".")[0])


REGISTRY: dict[str, Check] = {}


def needs_of(judge: Judge) -> tuple[Need, ...]:
    """Read a check's needs from its type hints. Raises TypeError where one cannot be handed in."""
    hints = typing.get_type_hints(judge)
    name = getattr(judge, "__qualname__", repr(judge))
    if hints.pop("return", None) is not Finding:
        raise TypeError(f"{name} must return Finding")
    needs: list[Need] = []
    for parameter in inspect.signature(judge).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise TypeError(f"{name}: {parameter.name} cannot be handed in")
        hint = hints.get(parameter.name)
        optional = type(None) in typing.get_args(hint)
        if optional:
            rest = [arg for arg in typing.get_args(hint) if arg is not type(None)]
            hint = rest[0] if len(rest) == 1 else None
        if not isinstance(hint, type):
            raise TypeError(f"{name}: {parameter.name} needs one class as its type, got {hint!r}")
        needs.append(Need(parameter.name, hint, optional))
    return tuple(needs)


def check(
    id: str,
    *,
    severity: Severity,
    title: str,
    why: str,
    minutes: int,
    question: str | None = None,
    seconds: float = limits.CHECK_SECONDS,
    derived: bool = False,
) -> Callable[[F], F]:
    """Register a check. `title` says what is sound when it passes, `why` what it costs a founder when it does not.

    `minutes` is the usual work, `question` the id of the question that a person can answer for it (`questions.py`),
    `seconds` its deadline. A `derived` one reads what the others found: it is judged after them, and again after every
    look. Raises ValueError for a second check of the same id.
    """

    def register(judge: F) -> F:
        is_async: bool = inspect.iscoroutinefunction(judge)  # a bool first: mypy would narrow F here
        if not is_async:
            raise TypeError(f"{id}: a check is an async function")
        if id in REGISTRY:
            raise ValueError(f"{id} is registered twice")
        REGISTRY[id] = Check(id, severity, title, why, minutes, question, judge, needs_of(judge), seconds, derived)
        return judge

    return register


def all_checks() -> tuple[Check, ...]:
    """Every check, by stage and then in the order of its module. Imports the modules on first use."""
    for stage in Stage:
        package = importlib.import_module(f"{__name__}.{stage}")
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
            importlib.import_module(f"{package.__name__}.{module.name}")
    return tuple(sorted(REGISTRY.values(), key=lambda check: check.stage.number))
