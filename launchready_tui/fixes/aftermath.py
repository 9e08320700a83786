"""What became of a change that was cut off, judged by what is live. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from launchready_tui.fixes.model import Change, ChangeState, State


def made_of(change: Change) -> list[int]:
    """The indexes of the steps that may have been written: those known to be, all where nothing is known or a change
    was cut off in the middle."""
    every = not change.done or change.state is ChangeState.INTENDED
    return [at for at in range(len(change.steps)) if every or at in change.done]


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
