"""Must-show: every byte flipped, swapped signatures, other keys, CRLF, BOM, truncation: the right outcome each."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.handover.fingerprint import six_words, word_list
from launchready_tui.handover.signing import KEY_ENTRY, KnownKey, check_signature, sign
from launchready_tui.secret import Secret
from launchready_tui.vault import Vault
from tests.vault.fakes import Good

NOW = dt.datetime(2026, 11, 24, 12, 0, 5, tzinfo=dt.UTC)
DATA = (
    b'#:schema ./handover.schema.json\n# Handover of good.example\n\nschema_version = 1\n\n[product]\ndomain = "good"\n'
)


def vault() -> Vault:
    store = Good()
    return Vault("keyring", find=lambda: store)


async def signed(data: bytes = DATA, mine: Vault | None = None, who: str = "Ada") -> bytes:
    made = await sign(mine or vault(), data, NOW, who=who)
    assert made is not None
    return made.text.encode()


def known(signature: bytes, name: str = "Ada") -> tuple[KnownKey, ...]:
    key = next(line for line in signature.decode().splitlines() if line.startswith("key: "))
    return (KnownKey(name, key.removeprefix("key: ed25519 ")),)


async def test_known_and_unknown_keys_are_kept_apart() -> None:
    signature = await signed()
    stranger = check_signature(DATA, signature)
    friend = check_signature(DATA, signature, known(signature))
    assert (stranger.outcome, friend.outcome) == ("unknown-key", "known")
    assert stranger.valid
    assert "do not know" in stranger.say
    assert stranger.words in stranger.say
    assert len(stranger.words.split()) == 6
    assert (friend.by, friend.known_as, friend.at) == ("Ada", "Ada", NOW)
    assert check_signature(DATA, signature, known(signature, "Ada L.")).say.endswith("whom you know as Ada L..")


async def test_one_key_a_vault_made_once_after_saying_so() -> None:
    mine, said = vault(), list[str]()
    first = await sign(mine, DATA, NOW, who="Ada", say=said.append)
    second = await sign(mine, DATA + b"x", NOW, who="Ada", say=said.append)
    assert first is not None
    assert second is not None
    assert (first.made, second.made) == (True, False)
    assert first.words == second.words
    assert len(said) == 1
    assert "made now" in said[0]
    kept = await mine.get(KEY_ENTRY)
    assert isinstance(kept, Secret)
    assert kept.reveal() not in first.text


async def test_where_no_key_can_be_kept_nothing_is_signed() -> None:
    assert await sign(Vault("session"), DATA, NOW) is None
    assert check_signature(DATA, None).outcome == "unsigned"
    assert check_signature(DATA, b"").outcome == "unsigned"


async def test_a_foreign_entry_is_not_overwritten() -> None:
    mine = vault()
    await mine.put(KEY_ENTRY, Secret("not a key"))
    with pytest.raises(ValueError, match="no signing key"):
        await sign(mine, DATA, NOW)


async def test_every_flipped_byte_of_the_file_is_altered() -> None:
    signature = await signed()
    for at in range(len(DATA)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(DATA)
            changed[at] ^= flip
            assert check_signature(bytes(changed), signature, known(signature)).outcome == "altered", at


async def test_every_flipped_byte_of_the_signature_is_seen() -> None:
    signature = await signed()
    for at in range(len(signature)):
        for bit in range(8):
            changed = bytearray(signature)
            changed[at] ^= 1 << bit
            assert check_signature(DATA, bytes(changed), known(signature)).outcome in ("altered", "malformed"), at


async def test_every_truncation_is_seen() -> None:
    signature = await signed()
    for length in range(1, len(signature)):
        assert check_signature(DATA, signature[:length]).outcome == "malformed", length
    for length in range(len(DATA)):
        assert check_signature(DATA[:length], signature).outcome == "altered", length
    for more in (b"\n", b" ", b"x"):
        assert check_signature(DATA, signature + more).outcome == "malformed"
        assert check_signature(DATA + more, signature).outcome == "altered"


async def test_swapped_signatures_are_altered() -> None:
    mine = vault()
    other = DATA.replace(b"good", b"evil")
    first, second = await signed(DATA, mine), await signed(other, mine)
    assert check_signature(DATA, second, known(first)).outcome == "altered"
    assert check_signature(other, first, known(first)).outcome == "altered"


async def test_parts_of_two_signatures_do_not_fit_together() -> None:
    """Another's name, day, key or signature under the same file."""
    mine = vault()
    first, second = await signed(DATA, mine), await signed(DATA, vault(), who="Eve")
    lines, others = first.decode().splitlines(), second.decode().splitlines()
    for number in range(1, len(lines)):
        if lines[number] == others[number]:
            continue
        mixed = "\n".join([*lines[:number], others[number], *lines[number + 1 :]]) + "\n"
        assert check_signature(DATA, mixed, known(first)).outcome in ("altered", "malformed"), lines[number]


async def test_another_key_is_never_the_known_one() -> None:
    signature, eve = await signed(), await signed(who="Ada")
    verdict = check_signature(DATA, eve, known(signature))
    assert (verdict.outcome, verdict.by) == ("unknown-key", "Ada")


async def test_crlf_and_bom_are_named() -> None:
    signature = await signed()
    crlf, bom = DATA.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + DATA
    assert check_signature(crlf, signature).outcome == "altered"
    assert "CRLF" in check_signature(crlf, signature).say
    assert check_signature(bom, signature).outcome == "altered"
    assert "BOM" in check_signature(bom, signature).say
    assert check_signature(DATA, signature.replace(b"\n", b"\r\n")).outcome == "malformed"
    assert "CRLF" in check_signature(DATA, signature.replace(b"\n", b"\r\n")).say
    assert check_signature(DATA, b"\xef\xbb\xbf" + signature).outcome == "malformed"


@pytest.mark.parametrize(
    "raw",
    [b"\x00", b"\xff" * 64, b"x" * 1_000_000, b"-----BEGIN PGP SIGNATURE-----\n", b"launchready signature 1\n" * 500],
)
async def test_anything_else_is_malformed(raw: bytes) -> None:
    assert check_signature(DATA, raw).outcome == "malformed"


async def test_a_newer_one_says_so() -> None:
    newer = (await signed()).replace(b"signature 1\n", b"signature 2\n")
    verdict = check_signature(DATA, newer)
    assert verdict.outcome == "malformed"
    assert "newer" in verdict.say


async def test_a_hostile_name_stays_one_quiet_line() -> None:
    signature = await signed(who="Eve\x1b[2J\nkey: \u202eAda" + "x" * 500)
    verdict = check_signature(DATA, signature)
    assert verdict.outcome == "unknown-key"
    assert "\x1b" not in verdict.say
    assert "\u202e" not in verdict.say
    assert signature.count(b"\n") == 7


def test_the_word_list() -> None:
    words = word_list()
    assert len(set(words)) == len(words) == 2_048
    assert len({word[:4] for word in words}) == 2_048
    assert all(word.isalpha() and word.islower() and 3 <= len(word) <= 8 for word in words)


def test_the_words_of_a_key_stay_the_same() -> None:
    """A vector: with another list or another cut, words that were read out once would not fit any more."""
    assert six_words(bytes(32)) == VECTOR
    assert six_words(bytes(31) + b"\x01") != VECTOR


VECTOR = "grid duck problem valid cloth roof"
