"""A plan shows every line that goes and comes, and nothing that only a machine reads."""

from __future__ import annotations

from launchready_tui.fixes.model import Plan, State, Step
from launchready_tui.fixes.planning import merged


def test_a_file_that_git_stops_tracking_and_tracks_again_is_said_in_words() -> None:
    step = Step("file", ".env", "tracked", State(("100644 ecdfa529",)), State())
    plan = Plan("audit.env.tracked", "No passwords in git", "your code folder", (step,))
    back = Plan("audit.env.tracked", "No passwords in git", "your code folder", (step.turned(),))
    assert plan.lines() == [("-", ".env   git stops tracking it; the file stays on your disk")]
    assert back.lines() == [("+", ".env   git tracks it")]


def test_a_new_file_taken_back_is_taken_away() -> None:
    step = Step("file", "robots.txt", "text", State(("User-agent: *\n",)), State())
    [(sign, text)] = Plan("edge.headers.security", "Headers", "your code folder", (step,)).lines()
    assert (sign, text.split("   ")[0]) == ("-", "robots.txt")


def shown(before: str, after: str) -> list[tuple[str, str]]:
    step = Step("file", ".gitignore", "text", State((before,) if before else ()), State((after,)))
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


def test_the_summary_counts_what_it_is_about() -> None:
    states = State(("10 mx.good.example.",)), State(("10 mail.good.example.", "20 b.good.example."))
    step = Step("records", "good.example", "MX", *states)
    assert (
        Plan("c", "t", "Cloudflare", (step,), 1).summary
        == "At Cloudflare: 2 records added, 1 removed, 1 left as it is."
    )
    gone = Step("file", ".env", "tracked", State(("yes",)), State(()))
    assert Plan("c", "t", "your code folder", (gone,)).summary == "At your code folder: 1 file no longer tracked."
    assert Plan("c", "t", "Cloudflare", ()).summary == "At Cloudflare: nothing to change."


def test_a_text_that_a_fix_did_not_know_of_stays_when_all_that_it_knew_of_goes() -> None:
    step = Step("records", "good.example", "TXT", State(("miro=1", "v=spf1 -all"), 600), State(), drops=("miro=1",))
    kept, notes = merged(step)
    assert (kept.after.values, kept.after.ttl) == (("v=spf1 -all",), 600)
    assert notes == ("1 other TXT record at good.example stays: v=spf1 -all.",)
    alone, _ = merged(Step("records", "good.example", "TXT", State(("miro=1",), 600), State(), drops=("miro=1",)))
    assert alone.after.values == ()
