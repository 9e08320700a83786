"""What became of a change, judged by what is live: right after a write, or later where it was cut off. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Moved, State
from launchready_tui.text import listed


def made_of(change: Change) -> list[int]:
    """The indexes of the steps that may have been written: those known to be, all where nothing is known or a change
    was cut off in the middle."""
    known = change.done | dict(change.altered).keys()
    every = not known or change.state is ChangeState.INTENDED
    return [at for at in range(len(change.steps)) if every or at in known]


def aftermath(change: Change, live: Mapping[int, State]) -> Change:
    """The change as it ended. `live` maps the index of each step that may have been written to what is there now.

    A change that was going on with steps still to write is judged over all of its steps; an undo over those it had.
    """
    undoing = change.state is ChangeState.UNDOING
    after = frozenset(at for at, state in live.items() if change.steps[at].made(state))
    before = frozenset(at for at, state in live.items() if at not in after and change.steps[at].turned().made(state))
    if len(after) == len(live):
        state = ChangeState.APPLIED if len(live) == len(change.steps) else ChangeState.FAILED
        words = "had not been taken back when we were stopped" if undoing else "had been made when we were stopped"
    elif len(before) == len(live):
        state = ChangeState.UNDONE if undoing else ChangeState.FAILED
        words = "had been taken back when we were stopped" if undoing else "had not been made when we were stopped"
    elif after:
        state = ChangeState.FAILED
        part = "was taken back in part" if undoing else "was made in part"
        words = f"{part} when we were stopped: {len(after)} of {len(change.steps)} are there"
    else:
        state = ChangeState.FAILED
        words = "was cut off, and what it was about was changed again since: look at it by hand"
    sentence = f"Change {change.number} ({change.title}) {words}."
    return replace(change, state=state, done=after, unsure=frozenset(), say=sentence)


def read_back(
    change: Change, goal: ChangeState, live: Mapping[int, State | None], trouble: FixProblem | None, place: str
) -> Change:
    """The change as it is after a write; `say` is "" where all came out as shown.

    `live` maps the index of each step that was to be written to what is there now (None: unread), `goal` is what the
    change was to become. Where nothing was written, an undo leaves the change as it was made, and a new change has
    failed.
    """
    undoing = goal is ChangeState.UNDONE
    steps = {at: change.back(at) if undoing else change.steps[at] for at in live}
    right = frozenset(at for at, state in live.items() if state is not None and steps[at].made(state))
    earlier = frozenset[int]() if undoing else change.done - frozenset(live)
    if len(right) == len(live):
        return replace(change, state=goal, done=right | earlier, say="", unsure=frozenset())
    wrong = listed([steps[at].label for at in live if at not in right])
    if trouble is None:
        say = f"{place} took the change, but reading it back shows something else for {wrong}."
    else:
        say = trouble.sentence + (f" A part of it is written; not written: {wrong}." if right or earlier else "")
    if undoing:  # what was not brought back is still there
        left = frozenset(live) - right
        state = ChangeState.FAILED if right or change.altered else ChangeState.APPLIED
        return replace(change, state=state, done=left - dict(change.altered).keys(), say=say, unsure=frozenset())
    altered: tuple[tuple[int, State], ...] = ()
    if not isinstance(trouble, Moved):
        altered = tuple(
            (at, state)
            for at, state in live.items()
            if state is not None and at not in right and not steps[at].turned().made(state)
        )
    if altered:
        say += " Undo brings back what was there before."
    return replace(change, state=ChangeState.FAILED, done=right | earlier, altered=altered, say=say, unsure=frozenset())
