"""Why a TLS handshake failed, in plain words: what OpenSSL says, translated. Pure."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

# OpenSSL's X509_V_ERR numbers, with what a founder reads.
_VERIFY = {
    9: "shows a certificate that is not valid yet",
    10: "shows a certificate that has expired",
    18: "shows a certificate that it signed itself",
    19: "shows a certificate from an authority that browsers do not know",
    20: "shows a certificate whose link to a trusted authority is missing",
    21: "shows a certificate whose link to a trusted authority is missing",
    23: "shows a certificate that was revoked",
    62: "shows a certificate made for another name",
    64: "shows a certificate made for another address",
    66: "shows a certificate with a key that is too weak",
    67: "shows a certificate from an authority with a key that is too weak",
    68: "shows a certificate with a signature that is too weak",
}
_REASONS = (
    (
        ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"),
        "does not speak HTTPS there",
    ),
    (("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION"), "offers only old encryption that browsers refuse"),
    (("UNRECOGNIZED_NAME",), "says that it serves no site of this name"),
    (("ALERT", "HANDSHAKE_FAILURE"), "turned down a secure connection"),
    (("KEY_TOO_SMALL", "DIGEST_TOO_WEAK", "MD_TOO_WEAK"), "offers only weak encryption that browsers refuse"),
)


@dataclass(frozen=True, slots=True)
class TlsFault:
    """`say` is a plain clause about the host, `reason` OpenSSL's own words."""

    say: str
    reason: str


def explain(error: ssl.SSLError) -> TlsFault | None:
    """What a failed handshake says; None where the connection merely broke off, which says nothing."""
    if isinstance(error, ssl.SSLCertVerificationError):
        say = _VERIFY.get(error.verify_code, "shows a certificate that browsers do not accept")
        return TlsFault(say, f"{error.verify_message} (X.509 error {error.verify_code})")
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return None
    reason = error.reason or ""
    for words, say in _REASONS:
        if any(word in reason for word in words):
            return TlsFault(say, reason)
    return TlsFault("could not agree with us on a secure connection", reason or str(error))
