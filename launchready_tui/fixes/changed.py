"""The record sets that changes left, as the checks see them."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.changed import Changed, ChangedSet
from launchready_tui.fixes.model import Change, ChangeState, State, Step
from launchready_tui.fixes.watch import wanted_of

_LIVE = (ChangeState.APPLIED, ChangeState.BY_HAND, ChangeState.UNDONE, ChangeState.FAILED)


def changed_sets(changes: Iterable[Change]) -> Changed:
    """What every change that was made, in part or taken back, should have left. What was never written is not there."""
    return Changed(one for change in changes if change.state in _LIVE for one in _sets(change))


def _sets(change: Change) -> Iterable[ChangedSet]:
    by_hand = change.state is ChangeState.BY_HAND
    for at, step in enumerate(change.steps):
        if step.kind != "records":
            continue
        if by_hand or at in change.done:
            yield _set(change, step.turned() if change.state is ChangeState.UNDONE else step, by_hand=by_hand)


def _set(change: Change, step: Step, *, by_hand: bool) -> ChangedSet:
    before: State = step.before
    wanted = wanted_of(step)
    return ChangedSet(
        name=step.name,
        type=step.type,
        values=step.after.values,
        was=before.values,
        old_ttl=before.ttl if before.values else None,
        at=change.ended or change.at,
        number=change.number,
        shielded=wanted.shielded,
        by_hand=by_hand,
        bare=wanted.bare,
    )
