from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.dropped import is_message, message_bytes, path_of
from launchready_tui.saying import Problem

MESSAGE = "Return-Path: <a@b.example>\nFrom: Ada <a@b.example>\nSubject: Hello\n\nHello.\n"


@pytest.mark.parametrize(
    "typed",
    [
        "{path}",
        "  {path}\n",
        "'{path}'",
        '"{path}"',
        "{escaped}",
        "file://{quoted}",
        "file://localhost{quoted}",
    ],
)
def test_a_dropped_file_is_found_however_the_terminal_writes_it(tmp_path: Path, typed: str) -> None:
    path = tmp_path / "my mail (1) ü & co.eml"
    path.write_bytes(b"x")
    from urllib.parse import quote

    escaped = "".join(f"\\{char}" if char in " ()&" else char for char in str(path))
    assert path_of(typed.format(path=path, escaped=escaped, quoted=quote(str(path)))) == path


def test_a_name_with_quotes_and_backslashes_of_its_own(tmp_path: Path) -> None:
    for name in ("it's.eml", 'say "hi".eml', "back\\slash.eml", "100%.eml"):
        path = tmp_path / name
        path.write_bytes(b"x")
        assert path_of(str(path)) == path
    assert path_of(str(tmp_path / "it'll not be there.eml")) == tmp_path / "it'll not be there.eml"


def test_home_and_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert path_of("~/reset.eml") == tmp_path / "reset.eml"
    assert str(path_of('"C:\\Users\\Ada Lovelace\\reset.eml"', windows=True)) == "C:\\Users\\Ada Lovelace\\reset.eml"
    assert str(path_of("file:///C:/Users/Ada%20L/reset.eml", windows=True)) == "C:/Users/Ada L/reset.eml"


def test_what_is_no_path_is_said(tmp_path: Path) -> None:
    one, two = tmp_path / "a.eml", tmp_path / "b.eml"
    one.write_bytes(b"x")
    two.write_bytes(b"x")
    for typed, why in (
        ("  ", "type it, paste it, or drop"),
        (f"{one} {two}", "2 files"),
        ("file://elsewhere/home/a.eml", "another machine"),
        ("file://", "no file"),
        ("~nobody-of-this-name/a.eml", "not known here"),
    ):
        with pytest.raises(Problem, match=why):
            path_of(typed)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (MESSAGE, True),
        ("\n\n" + MESSAGE, True),
        (MESSAGE.replace("\n", "\r\n"), True),
        (MESSAGE.replace("\n", "\r"), True),
        (MESSAGE.replace("\n", "\r\r"), True),
        ("From ada@b.example Tue Nov 24\n" + MESSAGE, True),
        ("/home/ada/reset.eml", False),
        ("/home/ada/reset.eml\n", False),
        ("note: buy milk\nand eggs\n\n", False),
        ("From: me", False),
        ("", False),
    ],
)
def test_a_pasted_message_is_told_from_a_path(text: str, is_one: bool) -> None:
    assert is_message(text) is is_one


def test_a_pasted_message_has_the_line_ends_of_mail() -> None:
    for end in ("\n", "\r\n", "\r", "\r\r"):
        data = message_bytes(end + MESSAGE.replace("\n", end))
        assert data == MESSAGE.replace("\n", "\r\n").encode()
    with pytest.raises(Problem, match="more than a message"):
        message_bytes("x" * (limits.MESSAGE_BYTES + 1))
