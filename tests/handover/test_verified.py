"""A receiver's word, and the keys that are known: written, read back, changed, forged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.handover.knownkeys import FILE, KeyProblem, read_keys, trust
from launchready_tui.handover.signing import check_signature, digest, sign
from launchready_tui.handover.verified import NotVerified, read_verified, state_verified
from launchready_tui.vault import Vault
from tests.handover.test_signing import DATA, NOW, vault

TODAY = dt.date(2026, 11, 24)


async def test_a_word_is_read_back() -> None:
    text = await state_verified(vault(), DATA, 'Grace "H" \\ \x1b[2J', NOW, "equal")
    said = read_verified(text.encode())
    assert (said.sha256, said.at, said.result) == (digest(DATA), NOW, "equal")
    assert said.name.startswith('Grace "H"')
    assert "\x1b" not in text
    assert len(said.words.split()) == 6


async def test_without_a_keyring_it_holds_as_well() -> None:
    assert (
        read_verified((await state_verified(Vault("session"), DATA, "Grace", NOW, "drift")).encode()).result == "drift"
    )


async def test_every_changed_byte_is_refused() -> None:
    text = (await state_verified(vault(), DATA, "Grace", NOW, "equal")).encode()
    for at in range(len(text)):
        changed = bytearray(text)
        changed[at] ^= 0x01
        with pytest.raises(NotVerified):
            read_verified(bytes(changed))
    for length in range(0, len(text), 7):
        with pytest.raises(NotVerified):
            read_verified(text[:length])
    for other in (text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text, b"\x00", b"a = 1\n", b"x" * 3_000_000):
        with pytest.raises(NotVerified):
            read_verified(other)


async def test_the_words_of_two_people_do_not_mix() -> None:
    first = (await state_verified(vault(), DATA, "Grace", NOW, "equal")).splitlines()
    second = (await state_verified(vault(), DATA, "Eve", NOW, "drift")).splitlines()
    for number, (one, other) in enumerate(zip(first, second, strict=True)):
        if one != other:
            with pytest.raises(NotVerified):
                read_verified("\n".join([*first[:number], other, *first[number + 1 :], ""]).encode())


async def test_a_key_is_trusted_once_and_known_from_then_on(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    made = await sign(vault(), DATA, NOW, who="Ada")
    assert made is not None
    assert read_keys(root) == ()
    assert "known from now on" in trust(root, check_signature(DATA, made.text), TODAY)
    verdict = check_signature(DATA, made.text, read_keys(root))
    assert (verdict.outcome, verdict.known_as) == ("known", "Ada")
    assert "known already" in trust(root, verdict, TODAY)
    assert [(each.name, each.since, each.words) for each in read_keys(root)] == [("Ada", TODAY, made.words)]


async def test_another_key_does_not_take_a_name_over(tmp_path: Path) -> None:
    first, second = await sign(vault(), DATA, NOW, who="Ada"), await sign(vault(), DATA, NOW, who="ADA")
    assert first is not None
    assert second is not None
    trust(tmp_path, check_signature(DATA, first.text), TODAY)
    with pytest.raises(KeyProblem, match="another key"):
        trust(tmp_path, check_signature(DATA, second.text), TODAY)
    assert check_signature(DATA, second.text, read_keys(tmp_path)).outcome == "unknown-key"


async def test_what_does_not_hold_is_never_trusted(tmp_path: Path) -> None:
    made = await sign(vault(), DATA, NOW, who="Ada")
    assert made is not None
    for verdict in (check_signature(DATA + b"x", made.text), check_signature(DATA, None), check_signature(DATA, "x")):
        with pytest.raises(KeyProblem):
            trust(tmp_path, verdict, TODAY)
    assert not (tmp_path / FILE).exists()


def test_a_damaged_list_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[[key\n")
    with pytest.raises(WorkspaceProblem):
        read_keys(tmp_path)
    (tmp_path / FILE).write_text('key = [{name = "Ada", key = "short"}, 3, {name = 1}]\n')
    assert read_keys(tmp_path) == ()
