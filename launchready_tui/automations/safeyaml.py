"""YAML of a repository, read with care: bounded in size, depth and nodes; no objects, no alias bombs (YAML 1.1)."""

from __future__ import annotations

from typing import Any

from launchready_tui import limits


class BadYaml(ValueError):
    """Not YAML that we read, with a plain clause why."""


def load(text: str) -> object:
    """Plain dicts, lists and scalars. Raises BadYaml. An unknown tag (!reference) becomes what it stands on."""
    import yaml  # 20 ms: imported where a workflow is read

    if len(text) > limits.WORKFLOW_BYTES:
        raise BadYaml("it is too long")
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Plain(base):  # type: ignore[misc]  # the C loader has no type
        """Everything becomes a plain value; a tag makes no object."""

    def plain(loader: Any, suffix: str, node: Any) -> object:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return str(node.value)

    Plain.add_multi_constructor("!", plain)
    Plain.add_multi_constructor("tag:", plain)
    try:
        _measure(yaml.parse(text, Loader=base), yaml)
        return yaml.load(text, Loader=Plain)
    except BadYaml:
        raise
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, OverflowError, LookupError, AttributeError) as error:
        raise BadYaml("it is no YAML") from error


def _measure(events: Any, yaml: Any) -> None:
    """Raises BadYaml for what is deep, large or full of aliases, before anything is built of it."""
    depth = aliases = documents = 0
    for nodes, event in enumerate(events):
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > limits.WORKFLOW_DEPTH:
            raise BadYaml("it is nested too deep")
        if nodes > limits.WORKFLOW_NODES:
            raise BadYaml("it is too long")
        if aliases > limits.WORKFLOW_ALIASES:
            raise BadYaml("it repeats itself with too many aliases")
        if documents > 1:
            raise BadYaml("it holds several documents")
