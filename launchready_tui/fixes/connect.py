"""Finds the place where a step can be made: what the project is connected to, with its secret from the vault.

A connection is a small table in the project: {"kind": "rfc2136", "zone": …, "server": …, "key": …, "secret": name in
the vault}, or {"kind": "settings-file", "path": …}. What a kind asks for stands in providers/. The code folder is a
place by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from launchready_tui.fixes.model import Kind
from launchready_tui.fixes.place import DnsPlace, Place
from launchready_tui.project import Project
from launchready_tui.secret import Secret


class Places:
    """`project` is asked anew each time, since a founder may connect something in the middle."""

    def __init__(self, project: Callable[[], Project], secrets: Mapping[str, Secret]) -> None:
        self._project, self._secrets = project, secrets
        self._opened: dict[tuple[tuple[str, str], ...], tuple[Secret, DnsPlace]] = {}

    def find(self, kind: Kind, name: str) -> Place | None:
        """The place that takes a change of `kind` to the thing called `name`; None where none is connected."""
        project = self._project()
        if kind == "file":
            from launchready_tui.fixes.providers.files import CodeFolder

            return CodeFolder(Path(project.repo)) if project.repo else None
        if kind == "records":
            return self.zone_of(name)
        for connection in project.connections:
            if connection.get("kind") == "settings-file" and connection.get("path"):
                from launchready_tui.fixes.providers.settings_file import SettingsFile

                return SettingsFile(Path(connection["path"]))
        return None

    def zone_of(self, name: str) -> DnsPlace | None:
        """The connected place that keeps the records of `name`: the one with the longest zone that holds it."""
        zones = [one for one in self._project().connections if one.get("zone") and _inside(name, one["zone"])]
        for connection in sorted(zones, key=lambda one: -len(one["zone"])):
            if (place := self._connected(connection)) is not None:
                return place
        return None

    def _connected(self, connection: Mapping[str, str]) -> DnsPlace | None:
        """A place is opened once, and again when its secret is another: it may remember what it read for one plan."""
        secret = self._secrets.get(connection.get("secret", ""))
        if secret is None:
            return None
        key = tuple(sorted(connection.items()))
        known = self._opened.get(key)
        if known is not None and known[0] == secret:
            return known[1]
        try:
            place = open_place(connection, secret, private=self._project().network.private)
        except (KeyError, ValueError, ImportError):
            return None  # somebody edited project.toml, or took a package away: half a connection is none
        self._opened[key] = (secret, place)
        return place


def open_place(connection: Mapping[str, str], secret: Secret, *, private: bool) -> DnsPlace:
    """The place of a connection. "api", another address of the provider's interface, counts only on the founder's own
    network. Raises KeyError for a kind or a field that is not there, ValueError with a sentence for what cannot be,
    ImportError where the provider's package is not installed."""
    from launchready_tui.fixes.providers import provider

    given = {key: value for key, value in connection.items() if key != "api" or private}
    return provider(connection["kind"]).open(given, secret)


def _inside(name: str, zone: str) -> bool:
    name = name.rstrip(".").lower()  # a name has no case (RFC 4343)
    return name == zone or name.endswith(f".{zone}")
