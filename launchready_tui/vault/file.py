"""The encrypted file that stands in for a keyring, where somebody chose it. Everything here blocks and runs on Aside's
thread; no name and no value of it is ever on the disk in plain text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from launchready_tui import disk, limits, system
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.secret import Secret
from launchready_tui.vault import trouble
from launchready_tui.vault.sealed import Parameters, Sealer
from launchready_tui.vault.trouble import VaultProblem

_LOCK = ".lock"


class _Kept(msgspec.Struct):
    """What is sealed: service -> name -> value."""

    kept: dict[str, dict[str, str]] = {}
    schema_version: int = 1


class EncryptedFile:
    """A Store in one sealed file. `passphrase` None: nobody has typed it yet, and every call says so.

    Read and write raise VaultProblem. Two windows may write: each takes the lock, reads what is there, and puts the
    whole new file in its place in one step.
    """

    def __init__(self, path: Path, passphrase: Secret | None, parameters: Parameters | None = None) -> None:
        self.path = path
        self._sealer = Sealer(passphrase, parameters) if passphrase else None

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().kept.get(service, {}).get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        def put(kept: _Kept) -> None:
            kept.kept.setdefault(service, {})[username] = password

        self._change(put)

    def delete_password(self, service: str, username: str) -> None:
        self._change(lambda kept: kept.kept.get(service, {}).pop(username, None))

    def rewrite(self, passphrase: Secret) -> None:
        """Seal all that is there with another passphrase."""
        new = Sealer(passphrase)
        self._change(lambda kept: None, new)
        self._sealer = new

    # ---- the file ----
    def _opened(self) -> Sealer:
        if self._sealer is None:
            raise trouble.waiting()
        return self._sealer

    def _read(self) -> _Kept:
        sealer = self._opened()
        try:
            data = disk.read_capped(self.path, limits.VAULT_FILE_BYTES)
        except FileNotFoundError:
            return _Kept()
        except WorkspaceProblem as problem:
            raise VaultProblem("broken", problem.sentence) from None
        try:
            return msgspec.json.decode(sealer.open(data), type=_Kept)
        except (msgspec.DecodeError, RecursionError):
            raise trouble.sealed() from None  # sealed by us, and yet not ours: as good as damaged

    def _change(self, change: Callable[[_Kept], object], sealer: Sealer | None = None) -> None:
        import filelock  # 5 ms: where no file was chosen, nothing waits for it

        used = sealer or self._opened()
        try:
            if not self.path.parent.is_dir():
                system.private_folder(self.path.parent)
            lock = filelock.FileLock(
                self.path.with_name(self.path.name + _LOCK), mode=system.PRIVATE_FILE, thread_local=False
            )
            with lock.acquire(timeout=limits.VAULT_LOCK_SECONDS):
                kept = self._read()
                change(kept)
                data = used.seal(msgspec.json.encode(kept))
                if len(data) > limits.VAULT_FILE_BYTES:
                    raise VaultProblem(
                        "refused", "The encrypted file is full. Remove what nobody needs, then try again."
                    )
                for left in self.path.parent.glob(f".{self.path.name}-*"):
                    left.unlink(missing_ok=True)  # half written by a window that was killed; sealed, and in the way
                disk.write_private(self.path, data)
        except filelock.Timeout:
            raise VaultProblem(
                "busy", "Another window is writing the encrypted file, so nothing was stored. Try again in a moment."
            ) from None
        except WorkspaceProblem as problem:
            raise VaultProblem("broken", problem.sentence) from None
        except OSError as error:
            raise VaultProblem("broken", disk.problem(error, self.path).sentence) from None


def passphrase_problem(typed: Secret, again: Secret | None = None) -> str:
    """What keeps a new passphrase from being taken, as a sentence; "" where nothing does."""
    least, most = limits.VAULT_PASSPHRASE
    text = typed.reveal()
    if len(text) < least:
        return f"Make the passphrase longer: {least} characters at least. Four or five words in a row are good."
    if len(text) > most:
        return f"Make the passphrase shorter: {most:,} characters at most."
    if len(set(text)) < 4:
        return "That passphrase is too easy to guess. Four or five words in a row are good."
    if again is not None and again != typed:
        return "The two are not the same. Type it again."
    return ""
