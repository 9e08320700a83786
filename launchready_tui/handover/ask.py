"""`launchready ask`, kind "export": any JSON facts -> TOML, by the same rules as the handover."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui import limits
from launchready_tui.handover.document import SCHEMA_VERSION
from launchready_tui.handover.selfscan import scan
from launchready_tui.handover.toml import dump
from launchready_tui.text import listed, plural

DEPTH = 64  # tables in tables; no handover has more than four, and readers of TOML recurse


class SecretInFacts(ValueError):
    """The facts hold a secret; the text names the fields, never a value."""


def _deep(value: object, room: int = DEPTH) -> bool:
    if room == 0:
        return True
    if isinstance(value, Mapping):
        return any(_deep(each, room - 1) for each in value.values())
    return isinstance(value, list) and any(_deep(each, room - 1) for each in value)


def facts_toml(facts: Mapping[str, object]) -> str:
    """Facts as TOML, every value as it was given. A null is left out, and schema_version is added where it is missing.

    Raises SecretInFacts, and ValueError with a sentence for facts that are too deep or too large.
    """
    if _deep(facts):
        raise ValueError(f"facts is nested more than {plural(DEPTH, 'level')} deep.")
    version = facts.get("schema_version")
    named = isinstance(version, int) and not isinstance(version, bool)
    found = scan(facts)
    if found:
        raise SecretInFacts(f"Not exported: {listed(found, most=8)}.")
    try:
        text = dump({"schema_version": version if named else SCHEMA_VERSION, **_others(facts)})
    except ValueError as error:  # a whole number of more digits than Python writes out
        raise ValueError("facts holds a number that is too large to write.") from error
    if len(text) > limits.DOCUMENT_BYTES:
        raise ValueError(f"facts is larger than {plural(limits.DOCUMENT_BYTES, 'character')}.")
    return text


def _others(facts: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in facts.items() if key != "schema_version"}


async def export(args: Mapping[str, object]) -> dict[str, object]:
    """{"facts": {…}} -> {"toml": "…"}. Raises SecretInFacts and ValueError, each with a sentence."""
    facts = args.get("facts")
    if not isinstance(facts, Mapping):
        raise ValueError("facts is an object.")
    return {"toml": facts_toml(facts)}
