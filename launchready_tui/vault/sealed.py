"""The bytes of the encrypted file: a header that is checked before it is used, and what it guards.

Argon2id (RFC 9106) makes the key out of the passphrase, AES-256-GCM (NIST SP 800-38D) seals with it, and the whole
header is authenticated as associated data. Salt and nonce are new at every writing, so no key seals twice.

    "launchready vault\\n"                                   18 bytes
    version                                                 2, big-endian as all numbers here
    memory in KiB, iterations, lanes of Argon2id            4 each
    salt                                                    16
    nonce                                                   12
    what was sealed, and its tag                            the rest; the tag is 16
"""

from __future__ import annotations

import os
import struct
import unicodedata
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.secret import Secret
from launchready_tui.vault import trouble
from launchready_tui.vault.trouble import VaultProblem

MAGIC, VERSION = b"launchready vault\n", 1
_HEADER = struct.Struct(f">{len(MAGIC)}sHIII16s12s")
HEADER_BYTES = _HEADER.size
_TAG = 16
_KEY = 32


@dataclass(frozen=True, slots=True)
class Parameters:
    """What Argon2id is asked for; `memory` is in KiB. Raises ValueError outside what we bear."""

    memory: int = limits.VAULT_MEMORY_KIB[1]
    iterations: int = limits.VAULT_ITERATIONS[1]
    lanes: int = limits.VAULT_LANES[1]

    def __post_init__(self) -> None:
        bounds = (limits.VAULT_MEMORY_KIB, limits.VAULT_ITERATIONS, limits.VAULT_LANES)
        for value, (least, _, most) in zip((self.memory, self.iterations, self.lanes), bounds, strict=True):
            if not least <= value <= most:
                raise ValueError("outside what we bear")


class Sealer:
    """Seals and opens with one passphrase; keeps the last key, so that reading twice costs one derivation."""

    def __init__(self, passphrase: Secret, parameters: Parameters | None = None) -> None:
        self._passphrase = passphrase
        self._parameters = parameters or Parameters()
        self._last: tuple[bytes, Parameters, bytes] | None = None

    def seal(self, plain: bytes) -> bytes:
        """A whole file, with a new salt and a new nonce."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        made, salt, nonce = self._parameters, os.urandom(16), os.urandom(12)
        header = _HEADER.pack(MAGIC, VERSION, made.memory, made.iterations, made.lanes, salt, nonce)
        return header + AESGCM(self._key(salt, made)).encrypt(nonce, plain, header)

    def open(self, data: bytes) -> bytes:
        """What was sealed. Raises VaultProblem: a wrong passphrase and every kind of damage in the same words, and a
        newer version in its own. Parameters that are out of bounds are refused before any work is done with them."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(data) < HEADER_BYTES + _TAG or len(data) > limits.VAULT_FILE_BYTES:
            raise trouble.sealed()
        header = data[:HEADER_BYTES]
        magic, version, memory, iterations, lanes, salt, nonce = _HEADER.unpack(header)
        if magic != MAGIC:
            raise trouble.sealed()
        if version > VERSION:
            raise VaultProblem(
                "sealed",
                "The encrypted file was written by a newer launchready, or it is damaged. Update launchready, then "
                "open it again. Nothing in it was changed.",
            )
        try:
            asked = Parameters(memory, iterations, lanes)
            if version < 1:
                raise ValueError
            return AESGCM(self._key(salt, asked)).decrypt(nonce, data[HEADER_BYTES:], header)
        except (ValueError, InvalidTag):
            raise trouble.sealed() from None

    def _key(self, salt: bytes, parameters: Parameters) -> bytes:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        if self._last is not None and self._last[:2] == (salt, parameters):
            return self._last[2]
        # One spelling of an accented letter, whichever keyboard it was typed on (Unicode TR15).
        typed = unicodedata.normalize("NFC", self._passphrase.reveal()).encode("utf-8", "surrogatepass")
        key = Argon2id(
            salt=salt,
            length=_KEY,
            iterations=parameters.iterations,
            lanes=parameters.lanes,
            memory_cost=parameters.memory,
        ).derive(typed)
        self._last = (salt, parameters, key)
        return key
