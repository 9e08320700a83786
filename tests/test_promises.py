"""The ten promises of the design, and the tests that hold each. A test that is renamed or lost is missed here."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
PROMISES: dict[str, tuple[str, ...]] = {
    "1: unknown is never called bad, and never good": (
        "promises/test_silence.py::test_where_nobody_answers_nothing_is_bad_and_nothing_is_good",
        "promises/test_silence.py::test_a_name_server_that_says_nothing_useful",
        "promises/test_silence.py::test_no_exception_is_a_verdict",
        "test_engine.py::test_an_exception_is_unknown_and_never_bad",
        "test_cli.py::test_silence_is_status_3_and_never_a_failure",
        "test_registry.py",  # every check has a row of its table for what cannot be told
    ),
    "2: nothing is changed without the change shown and a yes; what is applied is what was shown": (
        "fixes/test_shown.py::test_a_zone_changes_by_the_steps_shown_and_nothing_else",
        "fixes/test_shown.py::test_a_ttl_that_changes_is_shown",
        "fixes/test_shown.py::test_what_takes_much_away_wants_the_zone_typed",
        "fixes/test_cycle.py::test_what_moved_since_the_plan_is_not_written",
        "fixes/test_cycle.py::test_the_server_compares_too",
        "fixes/test_cut_off.py::test_nothing_is_written_where_the_old_state_cannot_be_written_down",
        "fixes/test_cut_off.py::test_a_disk_that_fills_up_in_the_middle_loses_no_undo",
        "fixes/test_cut_off.py::test_two_plans_of_one_thing_and_only_the_first_is_made",
        "promises/test_wizard.py::test_what_moved_while_the_plan_was_shown_is_not_written",
        "promises/test_wizard.py::test_the_dialog_shows_every_line_of_the_plan",
        "screens/test_dialogs.py::test_a_plan_that_nobody_agreed_to_changes_nothing",
    ),
    "3: done means read back and seen at every authoritative server": (
        "fixes/test_cycle.py::test_watching_tells_wrong_from_wait_from_done",
        "fixes/test_cut_off.py::test_a_place_that_falls_silent_after_the_write_is_neither_done_nor_failed",
        "fixes/test_cut_off.py::test_an_undo_made_in_part_can_be_finished",
    ),
    "4: no secret value reaches anything that is seen or kept": (
        "promises/test_secrets.py::test_who_reveals_is_who_may",
        "promises/test_secrets.py::test_nowhere_in_a_whole_launch",
        "promises/test_secrets.py::test_nowhere_in_what_commands_say",
        "handover/test_selfscan.py::test_a_vault_value_is_found_in_every_form",
        "screens/test_window.py::test_a_fault_of_ours_leaves_kind_and_place_and_no_value",
    ),
    "5: no text from outside acts": (
        "promises/test_tampered.py::test_what_is_read_back_is_clean",
        "promises/test_tampered.py::test_on_every_screen",
        "promises/test_tampered.py::test_on_stdout",
        "promises/test_tampered.py::test_in_an_export",
        "screens/test_no_markup.py::test_screens_hand_no_bare_text_to_textual",
        "screens/test_hostile.py::test_what_is_sent_to_the_terminal_holds_no_sequence_from_outside",
        "test_hostile_check.py::test_in_words_for_a_person",
        "fixes/test_shown.py::test_whatever_is_told_of_a_change_is_clean",
    ),
    "6: every probe ends by its deadline in bounded memory; cancel answers within a second": (
        "promises/test_silence.py::test_stopping_in_the_middle_of_a_hostile_look",
        "test_hostile_check.py::test_as_json",
        "test_hostile_check.py::test_a_byte_a_second_ends_by_the_deadline_of_a_check",
        "sources/test_hostile_web.py::test_a_gzip_bomb_is_cut_in_bounded_memory",
        "screens/test_look.py::test_leaving_while_looking_answers_within_a_second",
        "bench/blocked.py::main",  # the screen never blocks: a bench, since a busy machine blocks every test
    ),
    "7: kill -9 at any instant loses at most the keystroke in flight": (
        "promises/test_kill.py::test_a_session_killed_at_random_moments",
        "test_journal.py::test_kill_9_loses_nothing_that_was_acknowledged",
        "test_workspace.py::test_kill_9_in_the_middle_of_writes",
        "test_resume.py::test_killed_in_the_middle_and_opened_again",
    ),
    "8: reading a repository runs no code from it": (
        "sources/test_repo.py::test_nothing_planted_runs",
        "fixes/test_code_folder.py::test_nothing_planted_runs",
        "fixes/test_code_folder.py::test_gits_own_files_and_ways_out_are_never_written",
    ),
    "9: requests go only to hosts that were named": (
        "promises/test_where_requests_go.py::test_a_whole_look_reaches_what_was_named_and_nothing_else",
        "promises/test_where_requests_go.py::test_without_registries_no_registry_is_asked",
        "promises/test_where_requests_go.py::test_nothing_is_sent_before_a_look",
        "promises/test_where_requests_go.py::test_redirects_and_embedded_things_are_followed_and_links_are_not",
        "test_requests.py::test_a_whole_look_stays_within_what_was_measured",
        "sources/test_gate.py::test_so_many_a_second_hold_over_looks_that_share_a_pace",
    ),
    "10: works at 80x24, without colour, with the keyboard alone, and with the mouse": (
        "promises/test_wizard.py::test_with_the_mouse_alone",
        "promises/test_wizard.py::test_no_color_sends_no_colour_and_every_state_has_its_sign",
        "screens/test_window.py::test_every_stage_fits_every_size",
        "screens/test_window.py::test_the_buttons_of_every_dialog_are_in_sight",
        "screens/test_window.py::test_no_color_leaves_every_state_with_its_sign",
        "test_walk.py::test_from_home_to_an_exported_handover",
    ),
}


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_is_held_by_tests_that_are_there(promise: str) -> None:
    assert PROMISES[promise]
    for held in PROMISES[promise]:
        name, _, function = held.partition("::")
        assert (ROOT / name).is_file(), held
        assert not function or function in functions(ROOT / name), held


def test_there_are_ten() -> None:
    assert [int(promise.split(":")[0]) for promise in PROMISES] == list(range(1, 11))
