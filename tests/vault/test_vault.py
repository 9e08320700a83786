"""The vault against every way a keyring fails, and what it never does: hold the screen, hold the exit, show a value."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.core
import keyring.errors
import pytest

from launchready_tui import limits
from launchready_tui.secret import Secret
from launchready_tui.vault import Vault, VaultProblem, token_entry
from launchready_tui.vault.backend import Store, is_unsafe, name_of, system_store
from launchready_tui.vault.look import VaultSight
from tests.vault.fakes import Clinging, Forgetting, Good, Hanging, Lying, MyPlaintextThing, Raising

VALUE = Secret("hunter2-the-value")


def vault_of(store: Store, limit: float = 5.0) -> Vault:
    return Vault(find=lambda: store, limit=limit)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    store = Hanging()
    yield store
    store.answer.set()


@pytest.fixture
def set_keyring() -> Iterator[Callable[[keyring.backend.KeyringBackend], None]]:
    before = keyring.core._keyring_backend
    yield keyring.set_keyring
    keyring.core._keyring_backend = before


async def test_what_is_put_is_got_and_deleted() -> None:
    store = Good()
    vault = vault_of(store)
    assert await vault.get("x") is None
    await vault.put("x", VALUE)
    assert await vault.get("x") == VALUE
    assert store.kept == {("launchready", "x"): VALUE.reveal()}
    await vault.delete("x")
    await vault.delete("x")
    assert await vault.get("x") is None
    assert store.calls.count("delete") == 1


async def test_put_reads_back() -> None:
    store = Good()
    await vault_of(store).put("x", VALUE)
    assert store.calls == ["set", "get"]


async def test_probe_leaves_nothing() -> None:
    store = Good()
    state = await vault_of(store).probe()
    assert (state.kind, state.ok, state.problem) == ("keyring", True, None)
    assert state.backend == "tests.vault.fakes.Good"
    assert "written, read back and deleted" in state.say
    assert store.kept == {}
    assert store.calls == ["set", "get", "delete", "get"]


class PromptDismissedException(Exception):
    """As secretstorage's: known by its name, since it is only there on Linux."""


@pytest.mark.parametrize(
    ("store", "kind", "says"),
    [
        (Lying(), "lying", "gave back something else"),
        (Forgetting(), "lying", "gave back something else"),
        (Raising(keyring.errors.NoKeyringError("x")), "none", "no keyring that we can use"),
        (
            Raising(keyring.errors.InitError("Failed: Prompt dismissed..")),
            "dismissed",
            "You closed the keyring's window",
        ),
        (Raising(PromptDismissedException()), "dismissed", "You closed the keyring's window"),
        (Raising(keyring.errors.InitError("Failed to unlock")), "locked", "could not be opened"),
        (Raising(keyring.errors.KeyringLocked("x")), "locked", "stayed locked"),
        (Raising(keyring.errors.PasswordSetError(VALUE.reveal())), "broken", "(PasswordSetError)"),
        (Raising(ConnectionResetError(VALUE.reveal())), "broken", "(ConnectionResetError)"),
        (Raising(TimeoutError("its own")), "broken", "(TimeoutError)"),
        (Raising(SystemExit(3)), "broken", "(RuntimeError)"),
        (Raising(UnicodeDecodeError("utf-8", b"\xff", 0, 1, VALUE.reveal())), "broken", "(UnicodeDecodeError)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_failure_is_its_own_sentence(store: Good, kind: str, says: str) -> None:
    vault = vault_of(store)
    with pytest.raises(VaultProblem) as caught:
        await vault.put("x", VALUE)
    assert caught.value.kind == kind
    assert says in caught.value.sentence
    assert caught.value.__cause__ is None
    assert "hunter2" not in caught.value.sentence
    state = await vault.probe()
    assert (state.ok, state.problem, state.say) == (False, kind, caught.value.sentence)


async def test_a_delete_that_deletes_nothing_is_said() -> None:
    vault = vault_of(Clinging())
    await vault.put("x", VALUE)
    with pytest.raises(VaultProblem, match="still has it"):
        await vault.delete("x")
    assert not (await vault.probe()).ok


async def test_a_keyring_that_does_not_open() -> None:
    def find() -> Store:
        raise ModuleNotFoundError("No module named 'nosuch'")

    state = await Vault(find=find).probe()
    assert (state.ok, state.problem, state.backend) == (False, "broken", "")


async def test_slow_is_given_up_and_no_second_thread_is_started(hanging: Hanging) -> None:
    vault = vault_of(hanging, limit=0.05)
    for _ in range(5):
        with pytest.raises(VaultProblem) as caught:
            await vault.put("x", VALUE)
        assert caught.value.kind == "slow"
        assert "within 0.05 seconds" in caught.value.sentence
    assert len(hanging.threads) == 1
    assert sum(thread.name == "launchready-keyring" for thread in threading.enumerate()) == 1


async def test_slow_and_then_answered_goes_on(hanging: Hanging) -> None:
    """The password is typed at last: the next call waits for the one that hangs, then has its turn."""
    slow = vault_of(hanging, limit=0.05)
    with pytest.raises(VaultProblem):
        await slow.put("x", VALUE)
    slow._limit = 5.0
    waiting = asyncio.create_task(slow.get("x"))
    await asyncio.sleep(0)
    hanging.answer.set()
    assert await waiting == VALUE


async def test_the_loop_runs_on_while_a_keyring_hangs(hanging: Hanging) -> None:
    task = asyncio.create_task(vault_of(hanging).get("x"))
    await asyncio.to_thread(hanging.reached.wait, 5)
    began = time.perf_counter()
    for _ in range(100):
        await asyncio.sleep(0)
    assert time.perf_counter() - began < 0.5
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_two_calls_at_once_take_turns() -> None:
    store = Good()
    vault = vault_of(store)
    await asyncio.gather(*(vault.put(f"n{number}", VALUE) for number in range(20)))
    assert len(store.kept) == 20
    assert store.calls == ["set", "get"] * 20


def test_a_hanging_keyring_does_not_hold_the_exit() -> None:
    code = (
        "import asyncio, threading\n"
        "from launchready_tui.secret import Secret\n"
        "from launchready_tui.vault import Vault\n"
        "def find():\n"
        "    threading.Event().wait()\n"
        "state = asyncio.run(Vault(find=find, limit=0.2).probe())\n"
        "print(state.problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr, done.returncode) == ("slow\n", "", 0)


def test_keyring_is_imported_on_its_own_thread() -> None:
    code = (
        "import asyncio, sys, threading\n"
        "from launchready_tui.vault import Vault\n"
        "vault = Vault()\n"
        "assert 'keyring' not in sys.modules\n"
        "seen = []\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'keyring': seen.append(threading.current_thread().name)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "asyncio.run(vault.probe())\n"
        "print(seen)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "['launchready-keyring']\n"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (keyring.backends.fail.Keyring, "none"),
        (keyring.backends.null.Keyring, "unsafe"),
        (MyPlaintextThing, "unsafe"),
    ],
)
async def test_what_keeps_nothing_or_plain_text_is_refused(
    set_keyring: Callable[[keyring.backend.KeyringBackend], None],
    make: Callable[[], keyring.backend.KeyringBackend],
    kind: str,
) -> None:
    backend = make()
    set_keyring(backend)
    vault = Vault()
    with pytest.raises(VaultProblem) as caught:
        await vault.put("x", VALUE)
    assert caught.value.kind == kind
    assert not getattr(backend, "kept", {})
    view = await VaultSight(vault).state()
    assert view.kind == ("unsafe" if kind == "unsafe" else "unknown")
    assert not view.ok


def test_alternative_backends_are_unsafe() -> None:
    for module in ("keyrings.alt.file", "keyrings.cryptfile.cryptfile", "keyring.backends.null"):
        store = type("Keyring", (Good,), {"__module__": module})()
        assert is_unsafe(store)
    derived = type("Mine", (type("Keyring", (Good,), {"__module__": "keyrings.alt.file"}),), {"__module__": "mine"})()
    assert is_unsafe(derived)
    assert not is_unsafe(Good())


def test_of_a_chain_the_first_safe_one_is_used(set_keyring: Callable[[keyring.backend.KeyringBackend], None]) -> None:
    good = Good()

    class Chain(keyring.backends.chainer.ChainerBackend):
        backends = [MyPlaintextThing(), good]  # noqa: RUF012  stands in for keyring's class property

    make: Callable[[], keyring.backend.KeyringBackend] = Chain
    set_keyring(make())
    assert system_store() is good
    Chain.backends = [MyPlaintextThing()]
    with pytest.raises(VaultProblem) as caught:
        system_store()
    assert caught.value.kind == "unsafe"
    Chain.backends = []
    with pytest.raises(VaultProblem) as caught:
        system_store()
    assert caught.value.kind == "none"


def test_names_of_the_systems_keyrings() -> None:
    for module, name in (
        ("keyring.backends.macOS", "macOS Keychain"),
        ("keyring.backends.SecretService", "Secret Service"),
    ):
        assert name_of(type("Keyring", (Good,), {"__module__": module})()) == name


async def test_session_only_says_so_and_ends_with_it() -> None:
    vault = Vault(kind="session")
    await vault.put("x", VALUE)
    assert await vault.get("x") == VALUE
    state = await vault.probe()
    assert (state.kind, state.ok) == ("session", True)
    assert "until you close this window" in state.say
    assert await Vault(kind="session").get("x") is None
    view = await VaultSight(vault).state()
    assert view.kind == "session"


def test_session_only_touches_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    asyncio.run(Vault(kind="session").put("x", VALUE))
    assert list(tmp_path.iterdir()) == []


async def test_what_cannot_be_kept_everywhere_is_refused() -> None:
    store = Good()
    vault = vault_of(store)
    await vault.put("x", Secret("y" * limits.VAULT_ENTRY_CHARACTERS))
    for value in ("", "y" * (limits.VAULT_ENTRY_CHARACTERS + 1), "😀" * (limits.VAULT_ENTRY_CHARACTERS // 2 + 1)):
        with pytest.raises(VaultProblem) as caught:
            await vault.put("z", Secret(value))
        assert caught.value.kind == "refused"
    assert list(store.kept) == [("launchready", "x")]


async def test_token_of_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    vault = vault_of(Good())
    assert await vault.token("some-host") is None
    await vault.put(token_entry("Some-Host"), VALUE)
    assert await vault.token("some-host") == VALUE
    monkeypatch.setenv("LAUNCHREADY_TOKEN_SOME_HOST", " from the environment ")
    assert await vault.token("some-host") == Secret("from the environment")
    monkeypatch.setenv("LAUNCHREADY_TOKEN_SOME_HOST", "  ")
    assert await vault.token("some-host") == VALUE
