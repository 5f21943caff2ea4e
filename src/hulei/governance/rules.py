"""When a resolution is open or overdue and when an assignment is complete. Pure; the day is passed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from hulei.governance.terms import ResolutionState, Standing, Step

# Local choice: a week is the span in which a unit can still act before its deadline.
DUE_SOON_DAYS = 7


def is_done(state: str, done_on: date | None, as_of: date) -> bool:
    """Whether a resolution was done by the end of ``as_of``.

    A resolution recorded as done without a date is taken as done on every day: the ledger vouches
    for the fact, not for its day.
    """
    return state == ResolutionState.DONE and (done_on is None or done_on <= as_of)


def is_open(state: str, done_on: date | None, as_of: date) -> bool:
    """Whether a resolution was still to be done at the end of ``as_of``: not withdrawn, not done by then."""
    return state != ResolutionState.WITHDRAWN and not is_done(state, done_on, as_of)


def is_overdue(state: str, due_on: date | None, done_on: date | None, as_of: date) -> bool:
    """Open on ``as_of`` with its deadline before that day; on the day of the deadline it is still in time."""
    return due_on is not None and due_on < as_of and is_open(state, done_on, as_of)


def standing(state: str, due_on: date | None, done_on: date | None, as_of: date) -> Standing:
    """The one word shown for a resolution on a day."""
    if state == ResolutionState.WITHDRAWN:
        return Standing.WITHDRAWN
    if is_done(state, done_on, as_of):
        return Standing.DONE
    if is_overdue(state, due_on, done_on, as_of):
        return Standing.OVERDUE
    soon = due_on is not None and due_on <= as_of + timedelta(days=DUE_SOON_DAYS)
    return Standing.DUE_SOON if soon else Standing.OPEN


def recorded_state(word: str | None) -> ResolutionState:
    """The stored state of a ledger's word: "overdue" is a resolution in hand, the day makes it overdue."""
    return ResolutionState(word) if word in set(ResolutionState) else ResolutionState.OPEN


def missing_steps(dates: Mapping[Step, date | None], as_of: date) -> tuple[Step, ...]:
    """The steps without a date, or with one after ``as_of``, in their order."""
    return tuple(step for step in Step if (day := dates.get(step)) is None or day > as_of)


def is_complete(dates: Mapping[Step, date | None], as_of: date) -> bool:
    """Whether all four steps are dated by the end of ``as_of``."""
    return not missing_steps(dates, as_of)


def backwards(dates: Mapping[Step, date | None]) -> tuple[tuple[Step, Step], ...]:
    """The steps that stand before the step that should precede them, as (earlier step, later step).

    Steps without a date are passed over.
    """
    dated = [(step, day) for step in Step if (day := dates.get(step)) is not None]
    return tuple((before, step) for (before, first), (step, day) in pairwise(dated) if day < first)
