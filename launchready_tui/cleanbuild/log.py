"""What a build writes, in bounded memory: counted, its last lines kept, cleaned and without secrets when shown."""

from __future__ import annotations

import re
import time
from collections import deque

from launchready_tui import limits
from launchready_tui.cleanbuild.reasons import plain
from launchready_tui.leaks import redact
from launchready_tui.text import clean

_WARNING = re.compile(r"(?i)^\W*(?:\w+ )?warn(?:ing)?\b(?!s?:? *0\b)|\bwarning(?:\[\w+\])?:|\s⚠")
_KEEP = 300  # lines kept for finding out why; ours


class Log:
    """What the build writes, in bounded memory."""

    def __init__(self, end: bytes) -> None:
        self._end, self._rest = end, b""
        self.kept: deque[str] = deque(maxlen=_KEEP)
        self.bytes = self.lines = self.warnings = 0
        self.last = time.monotonic()

    def take(self, data: bytes) -> bool:
        """More output. True where the command's own output is over."""
        self.last = time.monotonic()
        *lines, self._rest = re.split(rb"[\r\n]+", self._rest + data)
        if len(self._rest) > 65_536:  # one endless line: its start is enough
            lines.append(self._rest)
            self._rest = b""
        over = False
        for raw in lines:
            if raw == self._end:
                over = True
            elif raw.strip():
                self.bytes += len(raw)
                self.lines += 1
                text = plain(raw[: limits.BUILD_LINE * 4].decode("utf-8", "replace"))
                self.warnings += _WARNING.search(text) is not None
                self.kept.append(text)
        return over

    def tail(self, most: int = limits.BUILD_TAIL) -> tuple[str, ...]:
        return tuple(clean(redact(line), limit=limits.BUILD_LINE) for line in list(self.kept)[-most:])
