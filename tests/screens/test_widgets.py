"""The small parts: rows, folded text, masks, words, what the terminal can do."""

from __future__ import annotations

import datetime as dt
import webbrowser

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from launchready_tui.mask import mask
from launchready_tui.text import clock_of
from screens import _terminal
from screens._faces import short
from screens._words import ago, fold
from screens.widgets.rows import Row, Rows, fit

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("width", [4, 10, 17, 40])
@pytest.mark.parametrize(
    "text",
    [
        "short",
        "many words that go on and on",
        "v=DKIM1;p=" + "A" * 90,
        "日本語の長い名前 and more",
        "  indented\nlines\n",
        "",
    ],
)
def test_fold_never_passes_the_width_and_loses_nothing(text: str, width: int) -> None:
    lines = fold(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(("text", "width"), [("abc", 5), ("abcdef", 4), ("日本語", 4), ("", 3), ("x", 0)])
def test_fit_is_exact(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ada@hub.example now", "write to •••@••••••••••• now"),
        ("at 93.184.215.14.", "at •••••••••••••."),
        ("asked 1.1.1.1", "asked 1.1.1.1"),
        ("2001:db8::1 answers", "••••••••••• answers"),
        ("version 1.2.3 at 09:41:07", "version 1.2.3 at 09:41:07"),
        ("account ada-hub", "account •••••••"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text, ["ada-hub"]) == masked


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (5, "just now"),
        (125, "2 min ago"),
        (7_300, "2 h ago"),
        (90_000, "yesterday"),
        (200_000, "2 days ago"),
        (864_000, "14 Nov 2026"),
    ],
)
def test_ago(back: int, words: str) -> None:
    assert ago(NOW - dt.timedelta(seconds=back), NOW) == words


def test_clock() -> None:
    assert [clock_of(seconds) for seconds in (-3, 0, 59.6, 192, 3725)] == [
        "00:00",
        "00:00",
        "01:00",
        "03:12",
        "1:02:05",
    ]


@pytest.mark.parametrize(
    ("env", "takes"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-256color", "WT_SESSION": "x"}, True),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, False),
        ({}, False),
    ],
)
def test_copied_is_only_said_where_it_is_known(env: dict[str, str], takes: bool) -> None:
    assert _terminal.takes_copy(env) is takes


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", "https://x\x1b", "http://[", ""]
)
def test_only_pages_are_opened(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: pytest.fail("no browser is asked"))
    assert not _terminal.open_page(address, {"DISPLAY": ":0"})


def test_a_text_browser_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("w3m"))
    assert not _terminal.open_page("https://good.example/", {"DISPLAY": ":0"})


def test_a_browser_is_started_where_one_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    monkeypatch.setattr(webbrowser, "get", Browser)
    assert _terminal.open_page("https://good.example/", {"DISPLAY": ":0"})
    assert opened == ["https://good.example/"]
    assert not _terminal.open_page("https://good.example/", {"DISPLAY": ":0", "SSH_CONNECTION": "x"})


class Listed(App[None]):
    def compose(self) -> ComposeResult:
        yield Rows()


async def test_a_row_changes_in_place_and_the_cursor_stays_on_its_row() -> None:
    app = Listed()
    async with app.run_test(size=(60, 10)) as pilot:
        rows = app.query_one(Rows)
        rows.show([Row("head", title="All", heading=True), *(Row(f"{at}", title=f"row {at}") for at in range(30))])
        assert rows.current == "0"  # a heading is never chosen
        await pilot.press("down", "down", "up")
        assert rows.current == "1"
        rows.change(Row("1", title="changed", right="5 min"))
        rows.change(Row("gone", title="not here"))
        assert rows.rows[2].title == "changed"
        rows.show(reversed([Row(f"{at}", title=f"row {at}") for at in range(30)]))
        assert rows.current == "1"
        await pilot.press("end")
        assert rows.current == "0"
        assert rows.scroll_y > 0
        await pilot.press("home")
        assert rows.current == "29"
        assert not rows.go("none")
        rows.show([])
        assert not rows.current
        await pilot.press("down", "up", "end", "home", "pagedown")


async def test_where_one_of_title_and_note_fits_a_fault_is_told_by_what_we_saw() -> None:
    app = Listed()
    async with app.run_test(size=(60, 10)) as pilot:
        fault = Row("a", "✗", "HIGH", "bad", "www has an address", "www has no address: it does not exist.", noted=True)
        sound = Row("b", "✓", "sound", "good", "The domain is registered", "It is registered and served.")
        app.query_one(Rows).show([fault, sound])
        await pilot.pause()
        words = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "HIGH     www has no address" in words
        assert "sound    The domain is registered" in words


@pytest.mark.parametrize(
    ("saw", "said"),
    [
        ("www.good.example has no address.", "www has no address."),
        ("There is none at _dmarc.good.example. Gmail asks.", "There is none at _dmarc. Gmail asks."),
        ("The page (https://good.example/login) answers 500.", "The page (/login) answers 500."),
        ("It ends on https://good.example/: the rest is lost.", "It ends on https://good.example/: the rest is lost."),
        ("https://app.good.example/health and good.example", "https://app.good.example/health and good.example"),
        ("www.good.example.evil.example, a@www.good.example", "www.good.example.evil.example, a@www.good.example"),
    ],
)
def test_names_of_the_launch_are_short_in_a_row(saw: str, said: str) -> None:
    assert short(saw, "good.example") == said
