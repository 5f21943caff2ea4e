"""The arithmetic of the figures: tables that one can check by hand, and properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.common.periods import Period
from hulei.common.viewer import Viewpoint
from hulei.insight import rules
from hulei.insight.metrics.base import Place, Window
from hulei.insight.terms import Audience

COUNTS = st.integers(min_value=0, max_value=10**6)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
PARTNERS = sorted(set(Viewpoint) - rules.ENCLAVE_VIEWPOINTS)


@pytest.mark.parametrize(
    ("now", "before", "percent"),
    [
        (65, 98, "-33.67"),
        (98, 98, "0.00"),
        (3, 2, "50.00"),
        (0, 7, "-100.00"),
        (1, 8, "-87.50"),
        (1601, 1600, "0.06"),  # 0.0625: down
        (801, 800, "0.13"),  # 0.125: a half goes away from zero
        (799, 800, "-0.13"),
        (5, 0, None),
        (0, 0, None),
    ],
)
def test_change_in_percent(now: int, before: int, percent: str | None) -> None:
    found = rules.percent_change(now, before)
    assert (found is None) if percent is None else str(found) == percent


@given(now=COUNTS, before=COUNTS.filter(bool))
def test_the_percentage_is_within_half_a_hundredth(now: int, before: int) -> None:
    found = rules.percent_change(now, before)
    assert found is not None
    assert abs(found - Decimal(now - before) * 100 / before) <= Decimal("0.005")
    assert found.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("as_of", "last", "first", "months"),
    [
        (date(2023, 12, 29), date(2023, 4, 10), date(2022, 1, 1), 8),
        (date(2023, 12, 29), date(2023, 12, 1), date(2022, 1, 1), 0),
        (date(2023, 12, 1), date(2023, 11, 30), date(2022, 1, 1), 1),
        (date(2023, 2, 5), None, date(2022, 11, 30), 4),  # never one: back to the first record's month
        (date(2023, 2, 5), date(2022, 12, 31), date(2022, 1, 1), 2),  # over the turn of the year
        (date(2023, 2, 5), None, None, 0),
        (date(2023, 2, 5), None, date(2023, 3, 1), 0),  # nothing was on record yet
    ],
)
def test_months_without_an_event(as_of: date, last: date | None, first: date | None, months: int) -> None:
    found = rules.zero_months(as_of, last, first)
    assert len(found) == months
    assert list(found) == sorted(found, reverse=True)
    assert not found or found[0] == as_of.replace(day=1)


@given(as_of=DAYS, first=DAYS, offsets=st.sets(st.integers(min_value=0, max_value=3000), max_size=20))
def test_no_month_that_is_counted_has_an_event(as_of: date, first: date, offsets: set[int]) -> None:
    events = [day for n in offsets if (day := date.fromordinal(first.toordinal() + n)) <= as_of]
    months = rules.zero_months(as_of, max(events, default=None), first)
    assert not {day.replace(day=1) for day in events} & set(months)
    on_record = rules.months_on_record(as_of, first)
    assert len(months) <= on_record
    if len(months) < on_record:
        before = rules.month_start(rules.month_number(as_of) - len(months))
        assert before in {day.replace(day=1) for day in events}


@given(day=DAYS)
def test_month_numbers_go_there_and_back(day: date) -> None:
    assert rules.month_start(rules.month_number(day)) == day.replace(day=1)


@given(start=DAYS, length=st.integers(min_value=0, max_value=800), as_of=DAYS)
def test_a_window_never_reaches_past_the_as_of_day(start: date, length: int, as_of: date) -> None:
    period = Period(start, date.fromordinal(start.toordinal() + length))
    window = Window.of(period, as_of, Place("450512", "铁山港区"))
    assert window.nothing == (as_of < start)
    assert window.nothing or window.period == Period(start, min(period.end, as_of))


@pytest.mark.parametrize("viewpoint", PARTNERS)
def test_partners_get_no_figure_of_the_enclave_and_no_small_number_of_children(viewpoint: Viewpoint) -> None:
    assert not rules.may_see(Audience.ENCLAVE, viewpoint)
    assert rules.may_see(Audience.CHILDREN, viewpoint)
    assert [rules.hides(Audience.CHILDREN, viewpoint, n) for n in (0, 1, 4, 5, 6)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert not rules.hides(Audience.EVERYONE, viewpoint, 1)
    assert rules.whole_district_only(Audience.CHILDREN, viewpoint)


@pytest.mark.parametrize("viewpoint", sorted(rules.ENCLAVE_VIEWPOINTS))
def test_police_and_prosecution_see_every_number(viewpoint: Viewpoint) -> None:
    assert all(rules.may_see(audience, viewpoint) for audience in Audience)
    assert not any(rules.hides(audience, viewpoint, 1) for audience in Audience)
