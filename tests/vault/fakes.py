"""Keyrings that fail, each in its own way. They stand where a backend of keyring stands."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend


class Good(KeyringBackend):
    """Keeps what it is given. `calls` says which of our calls reached it."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it without types
        self.kept: dict[tuple[str, str], str] = {}
        self.calls: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.calls.append("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls.append("set")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.calls.append("delete")
        del self.kept[service, username]


class MyPlaintextThing(Good):
    """Named for what it does, as keyrings.alt's is."""


class Lying(Good):
    """Gives back something else."""

    def get_password(self, service: str, username: str) -> str | None:
        kept = super().get_password(service, username)
        return kept and kept.upper() + "?"


class Forgetting(Good):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls.append("set")


class Clinging(Good):
    """Says that it deleted, and did not."""

    def delete_password(self, service: str, username: str) -> None:
        self.calls.append("delete")


class Raising(Good):
    """Raises what it is made with, at every call."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


class Hanging(Good):
    """Waits, as for a password that nobody types, until `answer` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()
        self.answer = threading.Event()
        self.threads: set[int] = set()

    def _wait(self) -> None:
        self.threads.add(threading.get_ident())
        self.reached.set()
        self.answer.wait()

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        super().set_password(service, username, password)
