"""When a resolution is overdue and an assignment complete, as tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.governance import rules
from hulei.governance.terms import ResolutionState, Standing, Step

AS_OF = date(2023, 12, 29)
DAYS = st.dates(date(2023, 1, 1), date(2024, 12, 31))
STATES = st.sampled_from(ResolutionState)

TABLE = [
    # state, deadline, done, standing on 2023-12-29
    ("open", date(2023, 12, 28), None, Standing.OVERDUE),
    ("open", date(2023, 12, 29), None, Standing.DUE_SOON),
    ("open", date(2024, 1, 5), None, Standing.DUE_SOON),
    ("open", date(2024, 1, 6), None, Standing.OPEN),
    ("open", None, None, Standing.OPEN),
    ("done", date(2023, 12, 1), date(2023, 12, 29), Standing.DONE),
    ("done", date(2023, 12, 1), date(2023, 12, 30), Standing.OVERDUE),
    ("done", date(2024, 3, 1), date(2023, 12, 30), Standing.OPEN),
    ("done", date(2023, 12, 1), None, Standing.DONE),
    ("withdrawn", date(2023, 1, 1), None, Standing.WITHDRAWN),
]


@pytest.mark.parametrize(("state", "due_on", "done_on", "expected"), TABLE)
def test_standing(state: str, due_on: date | None, done_on: date | None, expected: Standing) -> None:
    assert rules.standing(state, due_on, done_on, AS_OF) is expected
    assert rules.is_overdue(state, due_on, done_on, AS_OF) is (expected is Standing.OVERDUE)


@given(state=STATES, due_on=st.none() | DAYS, done_on=st.none() | DAYS, as_of=DAYS)
def test_overdue_implies_open_and_open_excludes_done(
    state: ResolutionState, due_on: date | None, done_on: date | None, as_of: date
) -> None:
    still_open = rules.is_open(state, done_on, as_of)
    if rules.is_overdue(state, due_on, done_on, as_of):
        assert still_open
    assert not (still_open and rules.is_done(state, done_on, as_of))
    assert still_open or rules.is_done(state, done_on, as_of) or state is ResolutionState.WITHDRAWN


@given(state=STATES, due_on=DAYS, done_on=st.none() | DAYS, as_of=DAYS)
def test_once_done_never_overdue_again(
    state: ResolutionState, due_on: date, done_on: date | None, as_of: date
) -> None:
    if rules.is_done(state, done_on, as_of):
        assert not rules.is_overdue(state, due_on, done_on, as_of + timedelta(days=400))


@pytest.mark.parametrize(
    ("word", "expected"),
    [("done", "done"), ("open", "open"), ("overdue", "open"), ("withdrawn", "withdrawn"), (None, "open")],
)
def test_a_ledgers_word_for_the_state(word: str | None, expected: str) -> None:
    assert rules.recorded_state(word) == expected


def _dates(*days: date | None) -> dict[Step, date | None]:
    return dict(zip(Step, days, strict=True))


def test_complete_takes_all_four_steps_by_the_day() -> None:
    january = [date(2023, 1, day) for day in (5, 10, 20)]
    assert not rules.is_complete(_dates(*january, None), AS_OF)
    assert rules.missing_steps(_dates(*january, None), AS_OF) == (Step.APPRAISED,)
    whole = _dates(*january, date(2023, 2, 7))
    assert rules.is_complete(whole, AS_OF)
    assert rules.is_complete(whole, date(2023, 2, 7))
    assert not rules.is_complete(whole, date(2023, 2, 6))


@given(st.lists(st.none() | DAYS, min_size=4, max_size=4))
def test_steps_go_back_exactly_where_their_dates_are_not_sorted(days: list[date | None]) -> None:
    known = [day for day in days if day]
    assert (rules.backwards(_dates(*days)) == ()) is (known == sorted(known))
    filled = iter(sorted(known))
    assert rules.backwards(_dates(*(next(filled) if day else None for day in days))) == ()


def test_a_step_goes_back_over_a_missing_one() -> None:
    assert rules.backwards(_dates(date(2023, 1, 5), None, date(2023, 1, 4), None)) == (
        (Step.DEPLOYED, Step.TRACKED),
    )
