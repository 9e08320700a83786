"""Secrets by name, in the operating system's keyring, in the encrypted file, or in memory. Whatever is stored is read
back and compared."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from launchready_tui import limits
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.secret import Secret
from launchready_tui.vault import trouble
from launchready_tui.vault.aside import Aside, Slow
from launchready_tui.vault.backend import Store, name_of, system_store
from launchready_tui.vault.file import EncryptedFile
from launchready_tui.vault.index import VaultIndex
from launchready_tui.vault.trouble import Kind, VaultProblem

T = TypeVar("T")
VaultPlace = Literal["keyring", "file", "session"]
FILE_NAME = "the encrypted file"


@dataclass(frozen=True, slots=True)
class VaultState:
    """How the vault is. `backend` is its name, `ok` whether a test entry came back as it was given, `say` one sentence.

    `problem` is what was wrong where `ok` is False; one of trouble.Kind.
    """

    kind: VaultPlace
    backend: str
    ok: bool
    say: str
    problem: Kind | None = None


class Vault:
    """Secrets by name. `kind` "keyring" is the operating system's; "file" the encrypted file that `find` opens;
    "session" is memory, gone when the program ends.

    Every call into a store runs on a daemon thread and ends within `limit` seconds; `find` opens the store and runs
    there too. `index` takes down the names of what is kept. Raises VaultProblem, never anything of keyring's.
    """

    def __init__(
        self,
        kind: VaultPlace = "keyring",
        service: str = "launchready",
        *,
        find: Callable[[], Store] = system_store,
        limit: float = limits.KEYRING_SECONDS,
        index: VaultIndex | None = None,
    ) -> None:
        self.kind: VaultPlace = kind
        self.service = service
        self.index = index if kind != "session" else None
        self._find = find if kind != "session" else _Memory
        self._limit = limit
        self._store: Store | None = None
        self._aside = Aside()

    async def probe(self) -> VaultState:
        """Write a test entry, read it back, delete it. Raises nothing."""
        name, value = f"probe-{secrets.token_hex(8)}", secrets.token_hex(16)

        def round_trip(store: Store) -> bool:  # one call, so that giving up half-way leaves no test entry behind
            store.set_password(self.service, name, value)
            read = store.get_password(self.service, name)
            if read is None:
                return False
            store.delete_password(self.service, name)
            return read == value and store.get_password(self.service, name) is None

        try:
            if not await self._call(round_trip):
                raise trouble.lying()
        except VaultProblem as problem:
            backend = self._name()
            return VaultState(self.kind, backend, False, problem.sentence, problem.kind)
        if self.kind == "session" or self._store is None:
            return VaultState(
                "session", "memory", True, "Names and tokens are kept until you close this window, no longer."
            )
        if self.kind == "file":
            return VaultState(
                "file",
                FILE_NAME,
                True,
                "Names and tokens are kept in the encrypted file; your passphrase opens it.",
            )
        backend = self._name()
        return VaultState(
            "keyring", backend, True, f"{backend} works: a test entry was written, read back and deleted."
        )

    def _name(self) -> str:
        if self.kind == "file":
            return FILE_NAME
        return name_of(self._store) if self._store is not None else ""

    async def get(self, name: str) -> Secret | None:
        """None where nothing is stored under this name."""
        found = await self._call(lambda store: store.get_password(self.service, name))
        return None if found is None else Secret(found)

    async def put(self, name: str, value: Secret) -> None:
        """Store, read back, compare. Raises VaultProblem, also for a value that is empty or too long for Windows."""
        given = value.reveal()
        if not given:
            raise VaultProblem("refused", "There is nothing to keep: the value is empty.")
        if _units(given) > limits.VAULT_ENTRY_CHARACTERS:
            most = f"{limits.VAULT_ENTRY_CHARACTERS:,}"
            raise VaultProblem("refused", f"That is {_units(given):,} characters long; a keyring keeps at most {most}.")

        def store_and_compare(store: Store) -> bool:
            store.set_password(self.service, name, given)
            read = store.get_password(self.service, name)
            return read is not None and Secret(read) == value

        # Its name first: what is stored and named nowhere could not be found again.
        known = await self._note(lambda index: name in index.read().entries)
        await self._note(lambda index: index.add(name, self._place(), dt.datetime.now(dt.UTC)))
        try:
            if not await self._call(store_and_compare):
                raise trouble.lying()
        except VaultProblem:
            if known is False:
                await self._note(lambda index: index.drop(name))
            raise

    async def delete(self, name: str) -> None:
        """Delete; nothing happens where nothing is stored. Raises VaultProblem where it is still there afterwards."""

        def delete_and_look(store: Store) -> bool:
            if store.get_password(self.service, name) is None:
                return True
            store.delete_password(self.service, name)
            return store.get_password(self.service, name) is None

        if not await self._call(delete_and_look):
            raise VaultProblem(
                "lying", "The keyring says that it deleted the value, but still has it. Delete it by hand."
            )
        await self._note(lambda index: index.drop(name))

    def _place(self) -> Literal["keyring", "file"]:
        return "file" if self.kind == "file" else "keyring"

    async def _note(self, change: Callable[[VaultIndex], T]) -> T | None:
        """Something done with the list of names, where there is one; it waits for other windows, so not on the loop."""
        index = self.index
        if index is None:
            return None
        try:
            return await self._aside.run(lambda: change(index), self._limit)
        except Slow:
            raise trouble.slow(self._limit, file=True) from None
        except WorkspaceProblem as problem:
            raise VaultProblem("broken", problem.sentence) from None

    async def reached(self, name: str, say: str) -> None:
        """Take down what a token was just seen to reach. A list that cannot be written costs nothing else."""
        try:
            await self._note(lambda index: index.reached(name, say, dt.datetime.now(dt.UTC)))
        except VaultProblem:
            pass  # it is only shown in the list of tokens

    async def renew(self, passphrase: Secret) -> None:
        """Seal the encrypted file with another passphrase. Raises VaultProblem, also for any other kind of vault."""

        def rewrite(store: Store) -> None:
            if not isinstance(store, EncryptedFile):
                raise VaultProblem("refused", "Only the encrypted file has a passphrase of its own.")
            store.rewrite(passphrase)

        await self._call(rewrite)

    async def token(self, provider: str, entry: str = "") -> Secret | None:
        """A provider's token: LAUNCHREADY_TOKEN_<PROVIDER> of the environment first, then the vault (`entry`)."""
        variable = "LAUNCHREADY_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", provider.upper())
        if told := os.environ.get(variable, "").strip():
            return Secret(told)
        return await self.get(entry or token_entry(provider))

    async def _call(self, use: Callable[[Store], T]) -> T:
        def work() -> T:
            if self._store is None:
                self._store = self._find()
            return use(self._store)

        try:
            return await self._aside.run(work, self._limit)
        except Slow:
            raise trouble.slow(self._limit, file=self.kind == "file") from None
        except VaultProblem:
            raise
        except Exception as error:  # noqa: BLE001  backends raise what their desktops raise; `of` tells them apart
            raise trouble.of(error) from None


class _Memory:
    """A Store that ends with the program."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._kept.pop((service, username), None)


def token_entry(provider: str) -> str:
    """The name under which a provider's token is stored."""
    return f"token/{provider.lower()}"


def _units(text: str) -> int:
    """Length as Windows counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
