"""A set of words out of a text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
