"""One HTTP session for the libraries that speak to providers: nothing from the environment, and an end to everything.

Certificates are verified, no proxy and no netrc are looked up, no redirect is followed (a token must not travel), every
answer is bounded, and a reading or writing ends by its deadline. Imported where it is used: requests takes 60 ms.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from launchready_tui import limits

_READS = ("GET", "HEAD")
_AGAIN = (500, 502, 503, 504)
_NOT_REACHED = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)
_NO_CONNECTION = ("NewConnectionError", "NameResolutionError")  # urllib3's, inside what requests raises
_REASON = 200  # characters of a provider's own words that we repeat; ours
_SECRET = 7  # a shorter part of a header is no secret; ours


class Ended(requests.exceptions.RequestException):
    """No answer that we can use: silence, a connection cut off, our deadline, an answer too large."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that went out: its method, its path, and the status of the answer; None where none came.

    `reached` is False where no connection was made, so that nothing can have arrived.
    """

    method: str
    path: str
    status: int | None
    reached: bool = True
    retry_after: float | None = None
    codes: tuple[int, ...] = ()  # numbers of errors in a refusal: {"errors": [{"code": …}]}
    reason: str = ""  # the provider's own words for a refusal, without anything that we sent as a secret

    @property
    def writes(self) -> bool:
        return self.method not in _READS


class CalmSession(requests.Session):
    """`ca` is a PEM file that is trusted in place of the public roots, `instead` the base that stands for every
    provider's own address (tests, a founder's staging). `tell` hears sentences about waiting, on our thread."""

    def __init__(self, *, ca: str = "", instead: str = "", tell: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca or True
        self.stopped = threading.Event()
        self.sent: list[Sent] = []
        self.writes_again = True  # False where a write that was refused as too early is looked at anew first
        self.instead, self._tell = instead.rstrip("/"), tell
        self._origin: tuple[str, str] | None = None
        self._end = time.monotonic() + limits.PROVIDER_SECONDS

    @property
    def left(self) -> float:
        """Seconds until our deadline."""
        return self._end - time.monotonic()

    def until(self, seconds: float) -> None:
        """Begin a reading or a writing that ends in `seconds`."""
        self._end = time.monotonic() + seconds

    def take_over(self, other: Any) -> CalmSession:
        """Send what another session would send with every request: its headers, with the token, and its sign-in."""
        self.headers.update(other.headers)
        self.auth = other.auth
        return self

    def request(self, method: str, url: str, **given: Any) -> Any:  # type: ignore[override]  # as providers call it
        """Raises Ended where no usable answer came in time."""
        given = {key: value for key, value in given.items() if key in ("params", "data", "json", "headers")}
        for attempt in range(1, limits.PROVIDER_TRIES + 1):
            last = attempt == limits.PROVIDER_TRIES
            try:
                answer = self._once(method.upper(), self._moved(url), given)
            except Ended:
                if last or method.upper() not in _READS:
                    raise
                self._pause(limits.PROVIDER_PAUSE_SECONDS * 2 ** (attempt - 1))
                continue
            wait = self._wait(method.upper(), answer, attempt)
            if wait is None or last:
                return answer
            self._pause(wait)
        raise AssertionError  # pragma: no cover  # the last try returns or raises

    def _moved(self, url: str) -> str:
        parts = urlsplit(url)
        origin = (parts.scheme, parts.netloc)
        self._origin = self._origin or origin
        if origin != self._origin:
            raise Ended("another host than the one that the token is for")
        if not self.instead:
            return url
        return self.instead + parts.path + (f"?{parts.query}" if parts.query else "")

    def _once(self, method: str, url: str, given: dict[str, Any]) -> Any:
        seconds = min(self.left, limits.PROVIDER_TRY_SECONDS)
        path = urlsplit(url).path
        if seconds <= 0 or self.stopped.is_set():
            raise Ended("our time is over")
        self.sent.append(Sent(method, path, None))  # before it goes: whoever gives up in the middle must know of it
        try:
            answer = super().request(method, url, allow_redirects=False, stream=True, timeout=seconds, **given)
            with answer:
                _load(answer, time.monotonic() + seconds)
        except Ended:
            raise
        except (requests.exceptions.RequestException, OSError) as error:
            if isinstance(error, _NOT_REACHED) or any(name in repr(error) for name in _NO_CONNECTION):
                self.sent[-1] = Sent(method, path, None, reached=False)
            raise Ended(type(error).__name__) from None  # without its cause, which may hold the request
        reason, codes = self._refusal(answer, given.get("headers") or {})
        self.sent[-1] = Sent(method, path, answer.status_code, True, _retry_after(answer), codes, reason)
        if 300 <= answer.status_code < 400:
            raise Ended("a redirect, which we do not follow")
        return answer

    def _refusal(self, answer: Any, headers: Mapping[str, Any]) -> tuple[str, tuple[int, ...]]:
        """A refusal in the provider's words, and its numbers. What it repeats of our headers, the token is one of them,
        is taken out."""
        if not 400 <= answer.status_code < 500 or len(answer.content) > limits.READ_BYTES:
            return "", ()
        try:
            body = answer.json()
        except ValueError:
            return "", ()
        said = _words(body)
        ours = {
            part
            for value in (*self.headers.values(), *headers.values())
            for part in str(value).split()
            if len(part) > _SECRET
        }
        for part in sorted(ours, key=len, reverse=True):
            said = said.replace(part, "•••")
        return said[:_REASON], _numbers(body)

    def _wait(self, method: str, answer: Any, attempt: int) -> float | None:
        """Seconds to wait before the same request is sent again, None where it is not."""
        if answer.status_code == 429 and (method in _READS or self.writes_again):
            said = _retry_after(answer) or 0.0
            return said if said <= min(limits.PROVIDER_WAIT_SECONDS, self.left) else None
        if answer.status_code in _AGAIN and method in _READS:
            return float(limits.PROVIDER_PAUSE_SECONDS * 2 ** (attempt - 1))
        return None

    def pause_for(self, seconds: float) -> bool:
        """Wait as a provider asked us to; False where that is longer than we wait."""
        if seconds > min(limits.PROVIDER_WAIT_SECONDS, self.left):
            return False
        self._pause(seconds)
        return True

    def _pause(self, seconds: float) -> None:
        if self._tell is not None and seconds >= 1:
            self._tell(f"The provider asks us to wait {seconds:.0f} seconds. We wait and go on by ourselves.")
        if self.stopped.wait(min(seconds, max(self.left, 0))):
            raise Ended("we were told to stop")


def _words(said: Any) -> str:
    """The message in a refusal, as providers write it: {"error": …}, {"message": …}, {"errors": [{"message": …}]}."""
    for key in ("errors", "error", "message", "detail"):
        if isinstance(said, dict) and said.get(key):
            return _words(said[key])
    if isinstance(said, list) and said:
        return _words(said[0])
    return said if isinstance(said, str) else ""


def _numbers(said: Any) -> tuple[int, ...]:
    """Error numbers as Cloudflare writes them: {"errors": [{"code": 6003, "error_chain": [{"code": 6111}]}]}."""
    errors = said.get("errors") or said.get("error_chain") if isinstance(said, dict) else None
    out: list[int] = []
    for error in errors if isinstance(errors, list) else ():
        code = error.get("code") if isinstance(error, dict) else None
        out += [code] if isinstance(code, int) else []
        out += _numbers(error)
    return tuple(out)


def _retry_after(answer: Any) -> float | None:
    """Seconds from a Retry-After header; a date is read as no number, and so as too long."""
    said = answer.headers.get("Retry-After")
    if said is None:
        return 1.0 if answer.status_code == 429 else None
    return float(said) if str(said).isdigit() and len(said) < 9 else limits.PROVIDER_SECONDS


def _load(answer: Any, end: float) -> None:
    """Read a body piece by piece: requests has no limit of its own for its size or for the time it takes."""
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_content(limits.READ_BYTES):
        size += len(part)
        if size > limits.PROVIDER_BYTES or time.monotonic() > end:
            raise Ended("an answer too large or too slow")
        parts.append(part)
    answer._content = b"".join(parts)
