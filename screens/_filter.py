"""The last door before the terminal: every line of every widget passes here, so that no text from outside acts."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from launchready_tui.mask import spans

# C0, DEL and C1 controls, and the characters that reorder a line. All have no width of their own, so that
# leaving them out moves nothing.
_DROPPED = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


class Safe(LineFilter):
    """Drops control characters, control segments and links; hides addresses and names where `masked`.

    Strips remember what a filter made of them by its identity: change the masking by making a new one.
    """

    def __init__(self, *, masked: bool = False, names: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.masked = masked
        self._names = names

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        safe: list[Segment] = []
        for text, style, control in segments:
            if control:
                continue
            if style is not None and style.link:
                style = style.update_link(None)
            shown = text if text.isascii() and text.isprintable() else text.translate(_DROPPED)
            safe.append(Segment(shown, style))
        return self._hide(safe) if self.masked else safe

    def _hide(self, segments: list[Segment]) -> list[Segment]:
        line = "".join(segment.text for segment in segments)
        hidden = spans(line, self._names)
        if not hidden:
            return segments
        chars = list(line)
        for start, end in hidden:
            chars[start:end] = ["•" * cell_len(char) for char in line[start:end]]
        out: list[Segment] = []
        at = 0
        for segment in segments:
            out.append(Segment("".join(chars[at : at + len(segment.text)]), segment.style))
            at += len(segment.text)
        return out
