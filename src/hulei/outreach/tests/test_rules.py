"""The four lesson hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.outreach import rules

STANDARD = rules.standard_on(date(2023, 12, 29))


@pytest.mark.parametrize(
    ("hours", "below", "missing"),
    [("0", True, "4"), ("3.5", True, "0.5"), ("4", False, "0"), ("4.5", False, "0"), ("12", False, "0")],
)
def test_four_hours(hours: str, below: bool, missing: str) -> None:
    assert rules.is_below(Decimal(hours), STANDARD) is below
    assert rules.missing_hours(Decimal(hours), STANDARD) == Decimal(missing)


def test_a_day_before_the_first_standard_is_measured_by_it() -> None:
    assert rules.standard_on(date(2020, 1, 1)) == rules.STANDARDS[-1]


def test_the_standards_run_from_the_newest() -> None:
    days = [one.since for one in rules.STANDARDS]
    assert days == sorted(days, reverse=True)
    assert all(one.basis for one in rules.STANDARDS)


@given(st.decimals(0, 100, places=1))
def test_below_exactly_where_hours_are_missing(hours: Decimal) -> None:
    assert rules.is_below(hours, STANDARD) == (rules.missing_hours(hours, STANDARD) > 0)
