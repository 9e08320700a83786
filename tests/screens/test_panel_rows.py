"""The rows of a DNS panel in the detail pane: columns at 80 cells, box by box in a narrow pane beside the list."""

from __future__ import annotations

from launchready_tui.model import AtPanel, Typed
from screens._detail import Lines, at_panel

AT = AtPanel(
    "at Namecheap",
    ("Domain List", "Manage", "Advanced DNS"),
    ("Host", "Value"),
    (
        Typed("A", "www", "93.184.215.20", act="delete"),
        Typed("CNAME", "www", "cname.vercel-dns-0.com", ttl="Automatic"),
    ),
    ("A note for this panel.",),
)


def pane(width: int, at: AtPanel = AT) -> list[str]:
    lines = Lines(width)
    at_panel(lines, at)
    return lines.content().plain.splitlines()


def test_columns_stand_beside_the_label_where_they_fit() -> None:
    assert pane(78) == [
        "To type         At Namecheap: Domain List, Manage, Advanced DNS",
        "                        Type   Host  Value                   TTL",
        "                Delete  A      www   93.184.215.20",
        "                Add     CNAME  www   cname.vercel-dns-0.com  Automatic",
        "                A note for this panel.",
    ]


def test_columns_take_the_whole_width_before_they_are_given_up() -> None:
    assert pane(60)[2:5] == [
        "        Type   Host  Value                   TTL",
        "Delete  A      www   93.184.215.20",
        "Add     CNAME  www   cname.vercel-dns-0.com  Automatic",
    ]


def test_box_by_box_in_a_narrow_pane() -> None:
    assert pane(40)[2:10] == [
        "  Advanced DNS",
        "  Delete A",
        "    Host   www",
        "    Value  93.184.215.20",
        "  Add CNAME",
        "    Host   www",
        "    Value  cname.vercel-dns-0.com",
        "    TTL    Automatic",
    ]
    assert max(len(line) for line in pane(40)) <= 40


def test_where_nothing_can_be_typed_the_note_says_what_to_do() -> None:
    assert pane(78, AtPanel("at GoDaddy", notes=("It has no alias for the domain itself.",))) == [
        "To type         At GoDaddy",
        "                It has no alias for the domain itself.",
    ]
