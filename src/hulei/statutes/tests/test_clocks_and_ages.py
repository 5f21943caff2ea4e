"""Duty clocks and ages."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.common.periods import CHINA
from hulei.statutes.calendar import WorkingDays
from hulei.statutes.catalogue import load
from hulei.statutes.rules import age_bands, age_on, clock, keep_until, limit_text, months_later

DAYS = st.dates(date(2005, 1, 1), date(2030, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("duty", "started", "due"),
    [
        ("mandatory_report", "2023-11-14 07:45", "2023-11-14 07:45"),
        ("report_feedback", "2023-11-14 07:45", "2023-11-18 00:00"),
        ("bullying_inquiry", "2023-12-28 23:59", "2024-01-08 00:00"),
        ("sealed_query_decision", "2024-02-25 10:00", "2024-03-04 00:00"),
        ("answer_recommendation", "2023-01-31 10:00", "2023-03-01 00:00"),
        ("no_record_certificate", "2023-09-28 10:00", "2023-10-10 00:00"),  # 国庆; 10-07 and 10-08 are worked
        ("file_video_system", "2025-04-01 00:00", "2025-05-02 00:00"),
    ],
)
def test_due(duty: str, started: str, due: str) -> None:
    assert clock(duty, at(started)) == at(due)


@pytest.mark.parametrize(
    "duty", ["search_runaway", "inform_of_school_measure", "vice_principal_lessons", "keep_logs"]
)
def test_no_hours_are_invented(duty: str) -> None:
    assert clock(duty, at("2023-11-14 07:45")) is None


def test_days_are_those_of_china_whatever_the_zone_of_the_moment() -> None:
    moment = at("2023-11-14 00:30")
    assert clock("report_feedback", moment.astimezone(None)) == at("2023-11-18 00:00")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        clock("report_feedback", datetime(2023, 11, 14))


def test_an_office_may_override_the_calendar() -> None:
    calendar = WorkingDays({date(2023, 10, 9): False})
    assert clock("no_record_certificate", at("2023-09-28 10:00"), calendar) == at("2023-10-11 00:00")


def test_beyond_the_published_years_weekdays_are_assumed() -> None:
    calendar = WorkingDays()
    assert calendar.is_working_day(date(2099, 10, 2))
    assert not calendar.is_certain(date(2099, 10, 2))


@given(DAYS, st.sampled_from(sorted(load().duties)))
def test_no_duty_is_due_before_it_starts(day: date, duty: str) -> None:
    started = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
    due = clock(duty, started)
    assert due is None or due >= started


@given(DAYS, st.integers(0, 40))
def test_working_days_count_exactly_as_many(day: date, count: int) -> None:
    calendar = WorkingDays()
    last = calendar.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(map(calendar.is_working_day, between)) == count


@given(DAYS, st.integers(0, 60))
def test_months_later_keeps_the_month(day: date, count: int) -> None:
    later = months_later(day, count)
    assert (later.year - day.year) * 12 + later.month - day.month == count
    assert later.day <= day.day


def test_retention() -> None:
    assert keep_until("keep_logs", date(2023, 8, 31)) == date(2024, 3, 1)
    assert keep_until("keep_video", date(2023, 1, 1)) == date(2023, 2, 1)
    with pytest.raises(ValueError):
        keep_until("report_feedback", date(2023, 1, 1))


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        ("mandatory_report", "立即"),
        ("report_feedback", "3日内"),
        ("no_record_certificate", "3个工作日内"),
        ("vice_principal_lessons", "每年至少4次"),
        ("non_prosecution_probation", "6至12个月"),
        ("keep_logs", "至少6个月"),
    ],
)
def test_limit_in_words(duty: str, words: str) -> None:
    assert limit_text(load().duties[duty]).zh == words


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2009-03-10", "2023-03-10", 13),  # on the 14th birthday still 13
        ("2009-03-10", "2023-03-11", 14),
        ("2008-02-29", "2022-02-28", 13),
        ("2008-02-29", "2022-03-01", 14),
        ("2008-02-29", "2024-02-29", 15),
        ("2008-02-29", "2024-03-01", 16),
        ("2009-12-31", "2023-12-31", 13),
        ("2009-12-31", "2024-01-01", 14),
        ("2023-05-05", "2023-05-05", 0),
    ],
)
def test_age(birth: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(birth), date.fromisoformat(day)) == age


@given(DAYS, DAYS)
def test_age_grows_by_one_the_day_after_each_birthday(birth: date, day: date) -> None:
    if day < birth:
        with pytest.raises(ValueError):
            age_on(birth, day)
        return
    step = age_on(birth, day + timedelta(days=1)) - age_on(birth, day)
    assert step in (0, 1)
    if (birth.month, birth.day) != (2, 29) and day > birth:
        assert step == ((day.month, day.day) == (birth.month, birth.day))


@pytest.mark.parametrize(
    ("age", "bands"),
    [
        (
            7,
            {"never_unattended", "no_criminal_responsibility", "sensitive_data", "not_living_alone", "minor"},
        ),
        (12, {"approved_prosecution_only", "sensitive_data", "not_living_alone", "minor"}),
        (14, {"eight_crimes", "not_living_alone", "minor"}),
        (17, {"full_criminal_responsibility", "minor"}),
        (18, set()),
    ],
)
def test_bands(age: int, bands: set[str]) -> None:
    assert {band.id for band in age_bands(age)} == bands
