"""handover.md: the handover for a wiki or a repository. Text from outside stays text: nothing in it is Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from launchready_tui.handover.blocks import Block, Cell, Facts, Heading, Listing, Table, cell
from launchready_tui.handover.document import Handover
from launchready_tui.handover.views import sections
from launchready_tui.text import clean

MARKDOWN_FILE = "handover.md"
# Everything to which CommonMark, GitHub's tables and its formulas give a meaning.
_MEANT = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&$])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")


def escaped(text: str) -> str:
    """One line that Markdown shows as it is."""
    return _NUMBERED.sub(r"\1\\\2", _MEANT.sub(r"\\\1", clean(text, limit=len(text) + 1)))


def to_markdown(whole: Handover) -> str:
    """The whole file."""
    name = whole.product.name or whole.product.domain
    out = [f"# Handover: {escaped(cell(name).text)}", ""]
    for section in sections(whole):
        out += [f"## {escaped(section.title)}", ""]
        if section.say:
            out += [escaped(section.say), ""]
        out += drawn(section.blocks)
    return "\n".join(out).rstrip("\n") + "\n"


def drawn(blocks: Iterable[Block]) -> list[str]:
    """Blocks as lines, an empty one after each."""
    return [line for block in blocks for line in (*_block(block), "")]


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table(block.head, block.rows, block.none)
    elif isinstance(block, Facts):
        yield from (f"- **{escaped(label)}**: {_cell(value)}" for label, value in block.pairs)
    elif isinstance(block, Heading):
        yield f"### {_cell(block.text)}"
        if block.say:
            yield from ("", escaped(block.say))
    else:
        yield from _listing(block)


def _listing(block: Listing) -> Iterator[str]:
    if block.code:  # a fence longer than any inside it: nothing between the two is Markdown
        runs = (len(run) for item in block.items for run in re.findall(r"`+", item.text))
        fence = "`" * max(3, 1 + max(runs, default=0))
        yield from (fence, *(item.text for item in block.items), fence)
        return
    for number, item in enumerate(block.items, 1):
        yield f"{number}. {_cell(item)}" if block.numbered else f"- {_cell(item)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]], none: str) -> Iterator[str]:
    body = ["| " + " | ".join(_cell(each) or " " for each in row) + " |" for row in rows]
    if not body:
        yield escaped(none)
        return
    yield "| " + " | ".join(escaped(each) for each in head) + " |"
    yield "|" + "---|" * len(head)
    yield from body


def _cell(value: Cell) -> str:
    return f"<{value.href}>" if value.href and not re.search(r"[<>|\\`]", value.href) else escaped(value.text)
