"""Open hazards, short lines, 1-3-5 and traffic control, as tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.campus import rules
from hulei.campus.terms import DrillResult, HazardStanding, Reinspection, Sufficiency

FOUND = date(2023, 6, 1)
DAYS = st.dates(date(2023, 1, 1), date(2024, 12, 31))

HAZARDS = [
    # re-inspection, its day, rectified, as of, open
    ("", None, None, date(2023, 12, 29), True),
    ("", None, date(2023, 6, 9), date(2023, 12, 29), True),
    ("pending", None, date(2023, 6, 9), date(2023, 12, 29), True),
    ("failed", date(2023, 6, 20), date(2023, 6, 9), date(2023, 12, 29), True),
    ("passed", date(2023, 6, 20), date(2023, 6, 9), date(2023, 6, 19), True),
    ("passed", date(2023, 6, 20), date(2023, 6, 9), date(2023, 6, 20), False),
    ("passed", None, date(2023, 6, 9), date(2023, 6, 8), True),
    ("passed", None, date(2023, 6, 9), date(2023, 6, 9), False),
    ("passed", None, None, date(2023, 6, 1), False),
    ("passed", None, None, date(2023, 5, 31), False),  # not yet found
    ("", None, None, date(2023, 5, 31), False),
]


@pytest.mark.parametrize(("reinspection", "reinspected_on", "rectified_on", "as_of", "expected"), HAZARDS)
def test_open_until_reinspected(
    reinspection: str, reinspected_on: date | None, rectified_on: date | None, as_of: date, expected: bool
) -> None:
    assert rules.is_open(FOUND, reinspection, reinspected_on, rectified_on, as_of) is expected


STANDINGS = [
    # due, rectified, re-inspection, its day, standing on 2023-06-20
    (None, None, "", None, HazardStanding.FOUND),
    (date(2023, 6, 28), None, "", None, HazardStanding.FOUND),
    (date(2023, 6, 27), None, "", None, HazardStanding.DUE_SOON),
    (date(2023, 6, 20), None, "", None, HazardStanding.DUE_SOON),
    (date(2023, 6, 19), None, "", None, HazardStanding.OVERDUE),
    (date(2023, 6, 19), date(2023, 6, 20), "", None, HazardStanding.RECTIFIED),
    (date(2023, 6, 19), date(2023, 6, 18), "failed", None, HazardStanding.OVERDUE),
    (date(2023, 6, 19), date(2023, 6, 18), "passed", None, HazardStanding.CLOSED),
    (date(2023, 6, 19), date(2023, 6, 18), "passed", date(2023, 6, 21), HazardStanding.RECTIFIED),
]


@pytest.mark.parametrize(("due_on", "rectified_on", "reinspection", "reinspected_on", "expected"), STANDINGS)
def test_where_a_hazard_stands(
    due_on: date | None,
    rectified_on: date | None,
    reinspection: str,
    reinspected_on: date | None,
    expected: HazardStanding,
) -> None:
    day = date(2023, 6, 20)
    assert rules.hazard_standing(FOUND, due_on, rectified_on, reinspection, reinspected_on, day) is expected


@given(
    found_on=DAYS,
    reinspection=st.sampled_from(["", *Reinspection]),
    reinspected_on=st.none() | DAYS,
    rectified_on=st.none() | DAYS,
    as_of=DAYS,
)
def test_no_hazard_closes_without_a_passed_reinspection(
    found_on: date, reinspection: str, reinspected_on: date | None, rectified_on: date | None, as_of: date
) -> None:
    standing = rules.hazard_standing(found_on, None, rectified_on, reinspection, reinspected_on, as_of)
    if reinspection != Reinspection.PASSED:
        assert standing is not HazardStanding.CLOSED
        assert rules.is_open(found_on, reinspection, reinspected_on, rectified_on, as_of) is (
            found_on <= as_of
        )
    if found_on <= as_of:
        still_open = rules.is_open(found_on, reinspection, reinspected_on, rectified_on, as_of)
        assert still_open is (standing is not HazardStanding.CLOSED)


@pytest.mark.parametrize(
    ("required", "sound", "expected"),
    [
        (2, 2, Sufficiency.ENOUGH),
        (2, 1, Sufficiency.SHORT),
        (0, 0, Sufficiency.ENOUGH),
        (4, 5, Sufficiency.ENOUGH),
    ],
)
def test_a_line_is_short_below_what_is_required(required: int, sound: int, expected: Sufficiency) -> None:
    assert rules.sufficiency(required, sound) is expected


@pytest.mark.parametrize(
    ("expires_on", "soon", "expired"),
    [
        (None, False, False),
        (date(2023, 12, 28), False, True),
        (date(2023, 12, 29), True, False),
        (date(2024, 1, 28), True, False),
        (date(2024, 1, 29), False, False),
    ],
)
def test_expiry_of_gear(expires_on: date | None, soon: bool, expired: bool) -> None:
    assert rules.expires_soon(expires_on, date(2023, 12, 29)) is soon
    assert rules.has_expired(expires_on, date(2023, 12, 29)) is expired


DRILLS = [
    (60, 180, 300, DrillResult.MET),
    (61, 180, 300, DrillResult.NOT_MET),
    (60, 181, 300, DrillResult.NOT_MET),
    (60, 180, 301, DrillResult.NOT_MET),
    (0, 0, 0, DrillResult.MET),
    (45, 40, 200, DrillResult.MET),  # the unit may be there before the first person
    (None, 10, 10, DrillResult.NOT_MEASURED),
    (10, 10, None, DrillResult.NOT_MEASURED),
    (-1, 10, 10, DrillResult.NOT_MEASURED),
]


@pytest.mark.parametrize(("first", "unit", "police", "expected"), DRILLS)
def test_1_3_5(first: int | None, unit: int | None, police: int | None, expected: DrillResult) -> None:
    standard = rules.response_standard_on(date(2023, 9, 9))
    assert rules.meets_1_3_5(first, unit, police, standard) is expected


@given(st.integers(-10_000, 10_000))
def test_seconds_from_the_trigger(passed: int) -> None:
    trigger = datetime(2023, 9, 9, 15, 11)
    assert rules.seconds(trigger, trigger + timedelta(seconds=passed)) == passed
    assert rules.seconds(trigger, None) is None


@pytest.mark.parametrize(
    ("text", "control", "minutes"),
    [
        ("校门路段临时管制15分钟", True, 15),
        ("管制 20 分", True, 20),
        ("是", True, None),
        ("有", True, None),
        ("", False, None),
        ("无", False, None),
        ("否", False, None),
        ("未实施管制15分钟", False, None),
        ("不需要", False, None),
        ("--", False, None),
        ("/", False, None),
    ],
)
def test_traffic_control_in_words(text: str, control: bool, minutes: int | None) -> None:
    assert rules.has_traffic_control(text) is control
    assert rules.control_minutes(text) == minutes


def test_the_same_concern_in_other_spacing_is_the_same() -> None:
    assert rules.content_key("放学高峰 拥堵") == rules.content_key("放学高峰拥堵")
    assert rules.content_key("摊贩占道") != rules.content_key("放学高峰拥堵")
