"""A public key as six words that two people can compare over the phone: 66 bits of its SHA-256."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

WORDS = 6
_BITS = 11  # of a word: the list has 2,048
_LIST = Path(__file__).with_name("words.txt")


@lru_cache(maxsize=1)
def word_list() -> tuple[str, ...]:
    """The 2,048 words, in their order; where they come from stands above them in the file."""
    lines = _LIST.read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def six_words(public: bytes) -> str:
    """The words of a public key (32 bytes), in lower case with spaces between."""
    number = int.from_bytes(hashlib.sha256(public).digest()) >> (256 - WORDS * _BITS)
    words = word_list()
    return " ".join(words[(number >> (_BITS * place)) & (2**_BITS - 1)] for place in reversed(range(WORDS)))
