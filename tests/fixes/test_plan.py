"""A plan shows every line that goes and comes, and nothing that only a machine reads."""

from __future__ import annotations

from launchready_tui.fixes.model import Plan, State, Step


def shown(before: str, after: str) -> list[tuple[str, str]]:
    step = Step("file", ".gitignore", "", State((before,) if before else ()), State((after,)))
    return list(Plan("audit.env.tracked", "No passwords in git", "your code folder", (step,)).lines())


def test_a_file_shows_its_lines_without_the_marks_of_a_diff() -> None:
    before = "".join(f"{number}\n" for number in range(9))
    after = before.replace("1\n", "one\n").replace("7\n", "7\n.env\n")
    assert shown(before, after) == [
        (" ", ".gitignore"),
        (" ", "0"),
        ("-", "1"),
        ("+", "one"),
        (" ", "2"),
        (" ", "…"),
        (" ", "7"),
        ("+", ".env"),
        (" ", "8"),
    ]


def test_a_new_file_is_shown_whole() -> None:
    assert shown("", ".env\n") == [(" ", ".gitignore"), ("+", ".env")]


def test_lines_that_look_like_a_diff_are_shown_too() -> None:
    assert shown("-- old\n++ kept\n", "++ kept\n-- new\n++ more\n@@ x\n") == [
        (" ", ".gitignore"),
        ("-", "-- old"),
        (" ", "++ kept"),
        ("+", "-- new"),
        ("+", "++ more"),
        ("+", "@@ x"),
    ]
