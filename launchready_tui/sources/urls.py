"""Addresses as typed, linked and sent in a Location: made one spelling, or refused with a reason. Pure.

RFC 3986, and the parts of the WHATWG URL standard that browsers need (backslashes, tabs, blanks around).
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit

import idna

from launchready_tui import limits

PORTS = {"http": 80, "https": 443}
# Ports that the Fetch standard keeps browsers from: a web address that leads to a mail server is not followed.
_BAD_PORTS = frozenset(
    {1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110}
    | {111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531}
    | {532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190}
    | {5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
_PATH_SAFE = "/%:@!$&'()*+,;=-._~|^[]{}"


class BadUrl(Exception):
    """An address we do not ask for. `kind` as NoPage's, `say` a plain clause."""

    def __init__(self, kind: Literal["policy", "broken"], say: str) -> None:
        super().__init__(say)
        self.kind: Literal["policy", "broken"] = kind
        self.say = say


def host_of(url: str) -> str:
    """The host of an absolute URL, in lower case; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def origin(url: str) -> tuple[str, str, int]:
    """(scheme, host, port) of a URL that normal() gave."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)


@lru_cache(maxsize=256)
def ascii_host(host: str) -> str:
    """A host as an A-label in lower case without the trailing dot, or an IP. Raises BadUrl."""
    host = host.rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError as error:
            raise BadUrl("broken", "is not a host name") from error
    labels = host.split(".")
    sound = all(0 < len(label) < 64 and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    if not sound or len(host) > 253 or labels[-1][0].isdigit():  # 0x7f.1, 2130706433: numbers that hide an IP
        raise BadUrl("broken", "is not a host name")
    return host


@lru_cache(maxsize=256)
def normal(url: str) -> str:
    """One spelling of an http or https URL: host in lower case, default port and fragment dropped, "/" on a bare host.

    Raises BadUrl: "policy" for another scheme, for a user name in it and for a port that browsers refuse, "broken" for
    what is no URL.
    """
    if len(url) > limits.URL_CHARACTERS:
        raise BadUrl("broken", f"is an address of more than {limits.URL_CHARACTERS:,} characters")
    text = "".join(char for char in url.strip(" \t\r\n\f\x00") if char not in "\t\r\n")
    head, mark, tail = _split_query(text)
    text = head.replace("\\", "/") + mark + tail
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadUrl("broken", "is not a web address") from error
    if parts.scheme not in PORTS:
        raise BadUrl("policy", "is not a web address (http or https)")
    if parts.username is not None or parts.password is not None:
        raise BadUrl("policy", "is an address with a user name in it, which we do not send")
    if not parts.hostname:
        raise BadUrl("broken", "is an address without a host")
    if port == 0 or port in _BAD_PORTS:
        raise BadUrl("policy", f"is an address on port {port}, which browsers refuse")
    host = ascii_host(parts.hostname)
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != PORTS[parts.scheme]:
        host = f"{host}:{port}"
    path = quote(parts.path, safe=_PATH_SAFE, errors="replace") or "/"
    query = "?" + quote(parts.query, safe=_PATH_SAFE + "?", errors="replace") if parts.query else ""
    return f"{parts.scheme}://{host}{path}{query}"


def _split_query(text: str) -> tuple[str, str, str]:
    for index, char in enumerate(text):
        if char in "?#":
            return text[:index], char, text[index + 1 :]
    return text, "", ""


def join(base: str, reference: str) -> str | None:
    """Where a link or a Location on `base` leads, as an absolute http(s) URL; None where it leads nowhere.

    A user name in it stays: whoever asks for it meets the policy.
    """
    reference = reference.strip(" \t\r\n\f\x00")
    if len(reference) > limits.URL_CHARACTERS:
        return None
    try:
        whole = urljoin(base, reference.replace("\\", "/") if "?" not in reference else reference)
    except ValueError:
        return None
    try:
        return normal(whole)
    except BadUrl as bad:
        is_web = whole.lower().startswith(("http://", "https://"))
        return whole if bad.kind == "policy" and is_web and whole.isprintable() else None
