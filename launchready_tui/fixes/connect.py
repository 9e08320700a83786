"""Finds the place where a step can be made: what the project is connected to, with its secret from the vault.

A connection is a small table in the project: {"kind": "rfc2136", "server": …, "port": …, "zone": …, "key": …, "secret":
name in the vault}, or {"kind": "settings-file", "path": …}. The code folder is a place by itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from pathlib import Path

from launchready_tui.fixes.model import Kind
from launchready_tui.fixes.place import Place
from launchready_tui.project import Project
from launchready_tui.secret import Secret


class Places:
    """`project` is asked anew each time, since a founder may connect something in the middle."""

    def __init__(self, project: Callable[[], Project], secrets: Mapping[str, Secret]) -> None:
        self._project, self._secrets = project, secrets

    def find(self, kind: Kind, name: str) -> Place | None:
        """The place that takes a change of `kind` to the thing called `name`; None where none is connected."""
        project = self._project()
        if kind == "file":
            from launchready_tui.fixes.providers.files import CodeFolder

            return CodeFolder(Path(project.repo)) if project.repo else None
        for connection in project.connections:
            try:
                place = self._connected(connection, kind, name)
            except (KeyError, ValueError):
                continue  # somebody edited project.toml: half a connection is none
            if place is not None:
                return place
        return None

    def _connected(self, connection: Mapping[str, str], kind: Kind, name: str) -> Place | None:
        """Raises KeyError and ValueError for a connection that lacks something."""
        if kind == "setting" and connection["kind"] == "settings-file":
            from launchready_tui.fixes.providers.settings_file import SettingsFile

            return SettingsFile(Path(connection["path"]))
        if kind == "records" and connection["kind"] == "rfc2136" and _inside(name, connection["zone"]):
            secret = self._secrets.get(connection["secret"])
            if secret is None:
                return None
            from launchready_tui.fixes.providers.rfc2136 import NameServerPlace

            server = str(ipaddress.ip_address(connection["server"]))
            return NameServerPlace(server, int(connection["port"]), connection["zone"], connection["key"], secret)
        return None


def _inside(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")
