"""The encrypted file: every byte of it is guarded, nothing hostile in it is acted on, and old ones still open."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import stat
import struct
import sys
import threading
from pathlib import Path
from typing import Any

import filelock
import pytest

from launchready_tui import disk, limits
from launchready_tui.secret import Secret
from launchready_tui.vault import Vault, VaultProblem, Vaults
from launchready_tui.vault.file import EncryptedFile, passphrase_problem
from launchready_tui.vault.look import VaultSight
from launchready_tui.vault.sealed import HEADER_BYTES, MAGIC, Parameters, Sealer
from tests.promises.canaries import files_under, seen

VECTORS = Path(__file__).with_name("vectors")
PASSPHRASE = Secret("correct horse battery staple")
LEAST = Parameters(limits.VAULT_MEMORY_KIB[0], limits.VAULT_ITERATIONS[0], limits.VAULT_LANES[0])
VALUE = "cnry-Kd83hT0ken-é"


def small(path: Path) -> EncryptedFile:
    return EncryptedFile(path, PASSPHRASE, LEAST)


def refusal(data: bytes, passphrase: Secret = PASSPHRASE) -> str:
    with pytest.raises(VaultProblem) as caught:
        Sealer(passphrase).open(data)
    assert caught.value.kind == "sealed"
    assert caught.value.__cause__ is None
    return caught.value.sentence


SEALED = Sealer(PASSPHRASE, LEAST).seal(b'{"kept":{}}')
ALIKE = refusal(SEALED, Secret("another passphrase"))


def header(
    *, magic: bytes = MAGIC, version: int = 1, memory: int = 8_192, iterations: int = 1, lanes: int = 1
) -> bytes:
    """A file that asks for these parameters, its numbers written as C would: a negative one as its two's complement."""
    numbers = (each & 0xFFFFFFFF for each in (memory, iterations, lanes))
    return magic + struct.pack(">HIII", version, *numbers) + bytes(28) + bytes(64)


async def test_what_is_put_is_got_by_another_window(tmp_path: Path) -> None:
    path = tmp_path / "workspace" / "vault.sealed"
    one = Vault("file", find=lambda: small(path))
    await one.put("token/x", Secret(VALUE))
    await one.put("good.example/owner/dns", Secret("Åda 😀"))
    other = Vault("file", find=lambda: small(path))
    assert await other.get("token/x") == Secret(VALUE)
    assert await other.get("good.example/owner/dns") == Secret("Åda 😀")
    await other.delete("token/x")
    assert await one.get("token/x") is None
    assert seen(files_under(tmp_path), [VALUE, "Åda 😀", "token/x", "good.example"]) == []
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_probe_and_the_check_say_what_it_is(tmp_path: Path) -> None:
    vault = Vault("file", find=lambda: small(tmp_path / "vault.sealed"))
    state = await vault.probe()
    assert (state.kind, state.ok, state.backend) == ("file", True, "the encrypted file")
    view = await VaultSight(vault).state()
    assert (view.kind, view.ok) == ("encrypted-file", True)
    waiting = await VaultSight(Vault("file", find=lambda: EncryptedFile(tmp_path / "vault.sealed", None))).state()
    assert (waiting.kind, waiting.ok) == ("encrypted-file", False)
    assert "waits for its passphrase" in waiting.say


def test_every_byte_flipped_is_refused() -> None:
    """At the smallest allowed parameters. Each bit of the header, and a whole byte of what it guards."""
    for at in range(len(SEALED)):
        for mask in (1 << bit for bit in range(8)) if at < HEADER_BYTES - 28 else (0xFF,):
            changed = bytearray(SEALED)
            changed[at] ^= mask
            said = refusal(bytes(changed))
            assert said == ALIKE or at in (len(MAGIC), len(MAGIC) + 1), at  # a higher version has its own words


def test_every_truncation_and_every_tail_is_refused() -> None:
    for length in range(len(SEALED)):
        assert refusal(SEALED[:length]) == ALIKE
    for tail in (b"\0", b"\n", SEALED):
        assert refusal(SEALED + tail) == ALIKE
    assert refusal(b"\xef\xbb\xbf" + SEALED) == ALIKE
    assert refusal(SEALED.replace(b"\n", b"\r\n", 1)) == ALIKE


def test_a_wrong_passphrase_and_damage_are_told_alike() -> None:
    damaged = bytearray(SEALED)
    damaged[-1] ^= 1
    assert refusal(bytes(damaged)) == ALIKE
    assert "passphrase" in ALIKE
    assert "damaged" in ALIKE


HOSTILE: list[dict[str, Any]] = [
    {name: value} for name in ("memory", "iterations", "lanes") for value in (0, -1, -(2**31), 2**31 - 1, 2**32 - 1)
] + [
    {"memory": limits.VAULT_MEMORY_KIB[0] - 1},
    {"memory": limits.VAULT_MEMORY_KIB[2] + 1},
    {"memory": 2**31 // 1024, "iterations": 1_000_000, "lanes": 2**24 - 1},
    {"iterations": limits.VAULT_ITERATIONS[2] + 1},
    {"lanes": limits.VAULT_LANES[2] + 1},
    {"version": 0},
    {"magic": b"launchready vault\r"},
]


@pytest.mark.parametrize("asked", HOSTILE, ids=str)
def test_hostile_parameters_are_refused_before_they_are_used(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.hazmat.primitives.kdf import argon2

    def never(*_: object, **__: object) -> None:
        raise AssertionError("Argon2id was asked for what we do not bear")

    monkeypatch.setattr(argon2, "Argon2id", never)
    assert refusal(header(**asked)) == ALIKE


def test_a_newer_version_says_so_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    path.write_bytes(header(version=2))
    before = path.read_bytes()
    with pytest.raises(VaultProblem, match="newer launchready"):
        small(path).set_password("launchready", "x", "y")
    assert path.read_bytes() == before


def test_salt_and_nonce_are_new_at_every_writing(tmp_path: Path) -> None:
    path, salts = tmp_path / "vault.sealed", set()
    store = small(path)
    for number in range(20):
        store.set_password("launchready", "x", f"{number % 2}")
        salts.add(path.read_bytes()[HEADER_BYTES - 28 : HEADER_BYTES])
    assert len({each[:16] for each in salts}) == 20
    assert len({each[16:] for each in salts}) == 20


@pytest.mark.parametrize("vector", sorted(VECTORS.glob("*.sealed")), ids=lambda path: path.stem)
def test_old_files_still_open(vector: Path, tmp_path: Path) -> None:
    """Written once, never again: what a founder has on the disk opens with every later version."""
    told = json.loads(vector.with_suffix(".json").read_text("utf-8"))
    store = EncryptedFile(vector, Secret(told["passphrase"]))
    for service, names in told["kept"].items():
        for name, value in names.items():
            assert store.get_password(service, name) == value
    copy = tmp_path / "vault.sealed"
    copy.write_bytes(vector.read_bytes())
    EncryptedFile(copy, Secret(told["passphrase"]), LEAST).set_password("launchready", "new", "value")
    assert EncryptedFile(copy, Secret(told["passphrase"])).get_password("launchready", "new") == "value"


def test_there_are_vectors_of_every_version() -> None:
    versions = {struct.unpack_from(">H", path.read_bytes(), len(MAGIC))[0] for path in VECTORS.glob("*.sealed")}
    assert versions == {1}
    assert len(list(VECTORS.glob("*.sealed"))) >= 3


def test_another_passphrase_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    store = small(path)
    store.set_password("launchready", "x", VALUE)
    store.rewrite(Secret("a whole new passphrase"))
    assert store.get_password("launchready", "x") == VALUE
    assert EncryptedFile(path, Secret("a whole new passphrase")).get_password("launchready", "x") == VALUE
    assert refusal(path.read_bytes()) == ALIKE


def test_one_spelling_of_an_accent(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    EncryptedFile(path, Secret("caf\u00e9 caf\u00e9 cafe"), LEAST).set_password("s", "x", "1")
    assert EncryptedFile(path, Secret("cafe\u0301 cafe\u0301 cafe")).get_password("s", "x") == "1"


@pytest.mark.parametrize(
    ("typed", "says"),
    [("short", "longer"), ("x" * 1_001, "shorter"), ("abababababab", "easy to guess"), ("correct horse battery", "")],
)
def test_passphrases(typed: str, says: str) -> None:
    said = passphrase_problem(Secret(typed))
    assert says in said
    assert bool(said) is bool(says)


def test_the_same_twice() -> None:
    assert "not the same" in passphrase_problem(PASSPHRASE, Secret("correct horse battery stable"))
    assert passphrase_problem(PASSPHRASE, Secret(PASSPHRASE.reveal())) == ""


# ---- the disk ----


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    path.write_bytes(SEALED + bytes(limits.VAULT_FILE_BYTES))
    with pytest.raises(VaultProblem) as caught:
        small(path).get_password("s", "x")
    assert caught.value.kind == "broken"


def test_a_full_file_takes_no_more_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vault.sealed"
    store = small(path)
    store.set_password("s", "x", "1")
    before = path.read_bytes()
    monkeypatch.setattr(limits, "VAULT_FILE_BYTES", 300)
    with pytest.raises(VaultProblem, match="full"):
        store.set_password("s", "y", "2" * 400)
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(SEALED)
    (tmp_path / "vault.sealed").symlink_to(target)
    with pytest.raises(VaultProblem) as caught:
        small(tmp_path / "vault.sealed").get_password("s", "x")
    assert caught.value.kind == "broken"
    assert target.read_bytes() == SEALED


def test_a_disk_that_refuses_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vault.sealed"
    store = small(path)
    store.set_password("s", "x", "1")

    def full(path: Path, data: bytes) -> None:
        raise disk.problem(OSError(28, os.strerror(28)), path)

    monkeypatch.setattr(disk, "write_private", full)
    with pytest.raises(VaultProblem, match="disk is full"):
        store.set_password("s", "x", "2")
    assert store.get_password("s", "x") == "1"


def test_a_second_writer_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vault.sealed"
    small(path).set_password("s", "x", "1")
    monkeypatch.setattr(limits, "VAULT_LOCK_SECONDS", 0.05)
    with filelock.FileLock(path.with_name("vault.sealed.lock"), thread_local=False):
        with pytest.raises(VaultProblem) as caught:
            small(path).set_password("s", "x", "2")
        assert caught.value.kind == "busy"
        assert small(path).get_password("s", "x") == "1"
    small(path).set_password("s", "x", "3")
    assert small(path).get_password("s", "x") == "3"


def _write_many(path: str, who: str) -> None:
    for number in range(10):
        small(Path(path)).set_password("s", f"{who}{number}", "kept")


def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(str(path), who)) for who in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    store = small(path)
    for who, number in itertools.product("ab", range(10)):
        assert store.get_password("s", f"{who}{number}") == "kept"


def test_two_threads_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    threads = [threading.Thread(target=_write_many, args=(str(path), who)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert small(path).get_password("s", "a9") == small(path).get_password("s", "b9") == "kept"


# ---- choosing ----


async def test_a_new_file_wants_a_passphrase_that_is_not_easy(tmp_path: Path) -> None:
    state = await Vaults(tmp_path, "file", Secret("hunter2")).open().probe()
    assert (state.ok, state.problem) == (False, "refused")
    assert list(tmp_path.iterdir()) == []


async def test_without_a_passphrase_nothing_is_made(tmp_path: Path) -> None:
    vaults = Vaults(tmp_path, "file")
    assert vaults.asks
    state = await vaults.open().probe()
    assert (state.ok, state.problem) == (False, "waiting")
    assert list(tmp_path.iterdir()) == []


def test_what_is_told_counts_first_then_the_environment_then_what_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Vaults(tmp_path).chosen is None
    Vaults(tmp_path).index.choose("session")
    assert Vaults(tmp_path).chosen == "session"
    monkeypatch.setenv("LAUNCHREADY_VAULT", "file")
    assert Vaults(tmp_path).chosen == "file"
    assert Vaults(tmp_path, "keyring").chosen == "keyring"
    monkeypatch.setenv("LAUNCHREADY_VAULT", "a cupboard")
    with pytest.raises(ValueError, match="keyring, file, session"):
        Vaults(tmp_path)


async def test_a_passphrase_of_the_environment_is_for_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PASSPHRASE.reveal())
    vaults = Vaults(tmp_path, "file")
    assert not vaults.asks
    await vaults.open().put("token/cloudflare/good.example", Secret(VALUE))
    vaults.remember()
    monkeypatch.delenv("LAUNCHREADY_VAULT_PASSPHRASE")
    assert Vaults(tmp_path).asks
    assert Vaults(tmp_path).index.read().entries["token/cloudflare/good.example"].place == "file"


# ---- killed while writing ----


def _write_for_ever(path: str, begun: Any) -> None:
    store = small(Path(path))
    for number in itertools.count():
        store.set_password("s", "x", f"{number}")
        begun.set()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is Unix's")
def test_killed_at_any_moment_the_file_opens_and_takes_more(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    context = multiprocessing.get_context("spawn")
    small(path).set_password("s", "kept", "before")
    for _ in range(4):
        begun = context.Event()
        writer = context.Process(target=_write_for_ever, args=(str(path), begun))
        writer.start()
        assert begun.wait(60)
        writer.kill()
        writer.join(60)
        store = small(path)
        assert store.get_password("s", "kept") == "before"
        assert (store.get_password("s", "x") or "").isdigit()
    (tmp_path / ".vault.sealed-left.tmp").write_bytes(b"half")
    small(path).set_password("s", "x", "after")
    assert small(path).get_password("s", "x") == "after"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["vault.sealed", "vault.sealed.lock"]
