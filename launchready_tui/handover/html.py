"""handover.html: one file to read and to print. No script, no request to anywhere, and no text in it is markup."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.handover.blocks import Facts, Heading, Listing, Table, cell
from launchready_tui.handover.document import Handover
from launchready_tui.handover.views import sections
from launchready_tui.text import day

if TYPE_CHECKING:
    import jinja2

HTML_FILE = "handover.html"
_TEMPLATE = Path(__file__).with_name("handover.html.j2")


def _kind(block: object) -> str:
    kinds = {Table: "table", Facts: "facts", Listing: "listing", Heading: "heading"}
    return kinds[type(block)]


def to_html(whole: Handover) -> str:
    """The whole file, the same for the same document."""
    written = whole.product.written_at
    return _template().render(
        name=cell(whole.product.name or whole.product.domain).text,
        domain=cell(whole.product.domain).text,
        ready=whole.product.ready,
        standing=cell(whole.product.standing).text,
        written=day(written) if written is not None else "",
        sections=sections(whole),
    )


@cache
def _template() -> jinja2.Template:
    import jinja2  # when used only: 30 ms

    made = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.tests["table"] = lambda block: _kind(block) == "table"
    made.tests["facts"] = lambda block: _kind(block) == "facts"
    made.tests["listing"] = lambda block: _kind(block) == "listing"
    return made.from_string(_TEMPLATE.read_text(encoding="utf-8"))
