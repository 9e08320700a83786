"""The rows of a panel as lines: aligned columns where they fit, box by box where they do not."""

from __future__ import annotations

import pytest

from launchready_tui.model import AtPanel, Typed
from launchready_tui.panel_text import heading, lines, rows

ROWS = (
    Typed("A", "www", "93.184.215.20", act="delete"),
    Typed("CNAME", "www", "cname.vercel-dns-0.com", ttl="Automatic"),
    Typed("MX", "@", "mx.mail.example", "10", "Automatic", act="change", was="5 old.example"),
)
AT = AtPanel("at Namecheap", ("Domain List", "Manage", "Advanced DNS"), ("Host", "Value"), ROWS, ("A note.",))


def test_columns_are_aligned_and_named_as_the_panel_names_them() -> None:
    assert rows(AT, 100) == [
        "        Type   Host  Value                   Priority  TTL",
        "Delete  A      www   93.184.215.20",
        "Add     CNAME  www   cname.vercel-dns-0.com            Automatic",
        "Change  MX     @     mx.mail.example         10        Automatic",
        "                     now: 5 old.example",
    ]
    assert heading(AT) == "At Namecheap: Domain List, Manage, Advanced DNS"
    assert lines(AT, 100)[-1] == "A note."


def test_box_by_box_where_columns_do_not_fit() -> None:
    assert rows(AT, 40) == [
        "Delete A",
        "  Host   www",
        "  Value  93.184.215.20",
        "Add CNAME",
        "  Host   www",
        "  Value  cname.vercel-dns-0.com",
        "  TTL    Automatic",
        "Change MX",
        "  Host      @",
        "  Now       5 old.example",
        "  Value     mx.mail.example",
        "  Priority  10",
        "  TTL       Automatic",
    ]


@pytest.mark.parametrize("width", [24, 30, 40, 60, 79, 120])
def test_nothing_is_wider_than_there_is_room(width: int) -> None:
    long = AtPanel("at deSEC", (), ("Subname", "Content"), (Typed("TXT", "k._domainkey", '"v=DKIM1; p=' + "A" * 400),))
    for at in (AT, long):
        assert max(len(line) for line in rows(at, width)) <= width
    assert "".join(line.strip() for line in rows(long, width)).count("A") >= 400


def test_an_empty_box_says_so_and_no_row_is_no_line() -> None:
    at = AtPanel("at Name.com", (), ("Host", "Answer"), (Typed("A", "", "93.184.215.14", ttl="300"),))
    assert rows(at, 80)[1].split() == ["Add", "A", "(empty)", "93.184.215.14", "300"]
    assert rows(AtPanel("at GoDaddy"), 80) == []


def test_a_panel_that_we_do_not_know_is_named_in_general_words() -> None:
    assert heading(AtPanel("where your DNS records are kept")) == "In your DNS panel"
    assert heading(AtPanel("at Small Registrar")) == "At Small Registrar"
