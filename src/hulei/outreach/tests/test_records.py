"""Lectures and legal vice-principals: taken in, read, saved, counted by school."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from hulei.audit import queries as audit
from hulei.common import walls
from hulei.common.periods import Period
from hulei.common.viewer import Conflict, Forbidden, NotFound, Viewer, Viewpoint
from hulei.outreach import actions, forms, pages, queries
from hulei.outreach.models import Lecture
from hulei.outreach.terms import LectureState
from tests import ground

pytestmark = pytest.mark.django_db
BY, AT = ground.OPERATOR, ground.AT
YEAR = Period(date(2023, 1, 1), date(2023, 12, 29))
SUSHAN, YINGPAN, KINDERGARTEN = (name for name, *_ in ground.SCHOOLS)


@pytest.fixture(autouse=True)
def district(db: None) -> None:
    ground.found()


def lecture(**values: Any) -> dict[str, Any]:
    return {
        "held_on": date(2023, 10, 27), "school": "粟山小学", "topic": "防性侵", "agency": "石头埠派出所",
        "lecturer": "陆超", "lesson_hours": Decimal(1), "attendance": 100, **values,
    }  # fmt: skip


def take_in(*values: dict[str, Any]) -> list[Any]:
    return actions.take_in_lectures(ground.rows(*values), by=BY, at=AT)


def outcomes(landed: list[Any]) -> list[str]:
    return [one.outcome for one in landed]


def test_a_lecture_comes_in_at_its_school() -> None:
    (one,) = take_in(lecture())
    stored = queries.lectures(BY).get(pk=one.record_id)
    assert (stored.school.name, stored.agency.name, stored.attendance) == (SUSHAN, "石头埠派出所", 100)
    assert (stored.state, stored.school_code) == (LectureState.HELD, stored.school.code)
    assert stored.station_code == stored.agency.code
    assert audit.entries(BY).first().tag == "outreach.lecture.taken_in"


def test_the_same_again_changes_nothing_and_a_fuller_row_fills_in() -> None:
    take_in(lecture(attendance=None))
    assert outcomes(take_in(lecture(attendance=None))) == ["unchanged"]
    assert outcomes(take_in(lecture())) == ["filled"]
    assert outcomes(take_in(lecture(), lecture(lecturer="另一人"))) == ["unchanged", "added"]


def test_a_corrected_sheet_names_the_lecturer_of_the_same_lecture() -> None:
    take_in(lecture(lecturer=None))
    (one,) = take_in(lecture())
    stored = queries.lectures(BY).get()
    assert (one.outcome, stored.lecturer, stored.lecturer_pinyin) == ("filled", "陆超", "luchao lc")
    assert outcomes(take_in(lecture())) == ["unchanged"]
    assert outcomes(take_in(lecture(lecturer="苏志刚"))) == ["added"]


def test_two_named_lectures_do_not_share_a_nameless_one() -> None:
    take_in(lecture(lecturer=None))
    assert outcomes(take_in(lecture(), lecture(lecturer="苏志刚"))) == ["added", "added"]


def test_unknown_school_and_unit_are_each_told() -> None:
    (one,) = take_in(lecture(school="无此小学", agency="无此派出所"))
    assert one.outcome == "rejected"
    assert sorted(f.code for f in one.findings) == ["school_unknown", "unit_unknown"]


@pytest.mark.parametrize(
    "values", [{"attendance": -1}, {"attendance": 10**12}, {"lesson_hours": Decimal(-1)}]
)
def test_numbers_out_of_range_are_refused(values: dict[str, Any]) -> None:
    (one,) = take_in(lecture(**values))
    assert [f.code for f in one.findings] == ["value_out_of_range"]


def test_every_school_has_its_hours_those_with_none_included() -> None:
    take_in(
        lecture(lesson_hours=Decimal("1.5")),
        lecture(lesson_hours=Decimal("2.5"), topic="防溺水"),
        lecture(school="营盘中学", lesson_hours=Decimal("3.5")),
        lecture(school="营盘中学", lesson_hours=Decimal(2), held_on=date(2022, 12, 31)),
    )
    Lecture.objects.filter(lesson_hours="3.5").update(state=LectureState.HELD)
    rows = queries.lesson_hours_by_school(BY, YEAR)
    assert [(row.school_name, row.lesson_hours, row.lectures) for row in rows] == [
        (KINDERGARTEN, 0, 0),
        (YINGPAN, Decimal("3.5"), 1),
        (SUSHAN, Decimal(4), 2),
    ]
    listed = queries.schools_with_hours(BY, YEAR)
    assert {(s.name, s.lesson_hours, s.lectures) for s in listed} == {
        (row.school_name, row.lesson_hours, row.lectures) for row in rows
    }
    assert set(listed.filter(below=True).values_list("name", flat=True)) == {KINDERGARTEN, YINGPAN}


def test_coverage_is_that_of_the_latest_year_with_lectures() -> None:
    assert queries.latest_year(BY, date(2026, 11, 23)) == 2026
    take_in(lecture(), lecture(held_on=date(2027, 1, 5)))
    assert queries.latest_year(BY, date(2026, 11, 23)) == 2023
    assert {(s.year, s.name) for s in pages.COVERAGE.rows(BY).filter(lectures=1)} == {(2023, SUSHAN)}


def test_only_held_lectures_count() -> None:
    take_in(lecture())
    Lecture.objects.update(state=LectureState.SCHEDULED)
    assert queries.lectures_held(BY, YEAR).count() == 0
    assert all(row.lesson_hours == 0 for row in queries.lesson_hours_by_school(BY, YEAR))


def test_each_viewer_counts_the_schools_in_sight(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    take_in(lecture())
    officer, safety = ground.officer_of("石头埠派出所"), ground.safety_of("营盘中学")
    with django_assert_num_queries(2):
        assert [row.school_name for row in queries.lesson_hours_by_school(officer, YEAR)] == [SUSHAN]
    assert [row.school_name for row in queries.lesson_hours_by_school(safety, YEAR)] == [YINGPAN]
    assert queries.lesson_hours_by_school(ground.viewer(Viewpoint.GRID), YEAR) == []
    assert queries.lectures(safety).count() == 0
    assert queries.lectures(officer).count() == 1


def test_the_roster_appoints_legal_vice_principals() -> None:
    rows = ground.rows(
        {"name": "粟山小学", "legal_vice_principal": "叶志艳"},
        {"name": "营盘中学", "legal_vice_principal": None},
        {"name": "无此小学", "legal_vice_principal": "某某"},
    )
    landed = actions.appoint_from_roster(rows, by=BY, at=AT)
    assert outcomes(landed) == ["added", "unchanged", "rejected"]
    assert outcomes(actions.appoint_from_roster(rows, by=BY, at=AT)) == ["unchanged", "unchanged", "rejected"]
    (one,) = queries.legal_vice_principals(BY)
    assert (one.name, one.school.name, one.name_pinyin) == ("叶志艳", SUSHAN, "yezhiyan yzy")


def save(by: Viewer = BY, record_id: int | None = None, version: int | None = None, **values: Any) -> Lecture:
    data = {
        "held_on": "2023-11-04", "school": ground.school("粟山小学").pk, "topic": "防欺凌",
        "lecturer": "苏 志 刚",
        "lesson_hours": "１.５", "attendance": "８０", "state": "held", **values,
    }  # fmt: skip
    form = forms.lecture_form(by, None)(data)
    assert form.is_valid(), form.errors
    return actions.save_lecture(
        by=by, at=AT, reason="", record_id=record_id, version=version, values=form.cleaned_data
    )


def test_a_lecture_is_saved_on_a_page_whatever_the_width_of_its_digits() -> None:
    stored = save()
    assert (stored.lesson_hours, stored.attendance, stored.lecturer) == (Decimal("1.5"), 80, "苏志刚")
    with pytest.raises(ValidationError):
        save()
    assert save(record_id=stored.pk, version=1, topic="防溺水").version == 2
    with pytest.raises(Conflict):
        save(record_id=stored.pk, version=1)


def test_a_school_saves_lectures_of_its_own_only() -> None:
    stored = save()
    safety = ground.safety_of("营盘中学")
    with pytest.raises(NotFound):
        actions.save_lecture(
            by=safety, at=AT, reason="", record_id=stored.pk, version=1, values={"school": stored.school}
        )
    values = {
        "held_on": date(2023, 11, 5),
        "school": ground.school("粟山小学"),
        "topic": "法",
        "lesson_hours": 1,
    }
    with pytest.raises(Forbidden):
        actions.save_lecture(by=safety, at=AT, reason="", record_id=None, version=None, values=values)
    assert queries.lectures(BY).count() == 1
    offered = forms.lecture_form(safety, None).base_fields["school"].queryset  # type: ignore[attr-defined]
    assert [school.name for school in offered] == [YINGPAN]


def test_a_ledger_lands_as_the_worker_and_the_vice_principal_adds_to_it() -> None:
    with walls.entered(BY):
        assert outcomes(take_in(lecture())) == ["added"]
    vice_principal = ground.viewer(Viewpoint.VICE_PRINCIPAL, ground.school("粟山小学").code)
    with walls.entered(vice_principal):
        save(vice_principal)
        assert queries.lectures(vice_principal).count() == Lecture.objects.count() == 2
    with walls.entered(ground.safety_of("营盘中学")):
        assert Lecture.objects.count() == 0


def test_a_term_does_not_end_before_it_begins() -> None:
    values = {
        "school": ground.school("营盘中学"),
        "name": "曾涛",
        "since": date(2023, 9, 1),
        "until": date(2023, 8, 1),
    }
    with pytest.raises(ValidationError):
        actions.save_legal_vice_principal(
            by=BY, at=AT, reason="", record_id=None, version=None, values=values
        )
    values["until"] = date(2026, 8, 31)
    saved = actions.save_legal_vice_principal(
        by=BY, at=AT, reason="", record_id=None, version=None, values=values
    )
    assert saved.district_code == ground.DISTRICT


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.kind)
def test_a_page_reads_its_rows_in_one_statement(
    page: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take_in(lecture(), lecture(school="营盘中学"))
    roster = ground.rows(*({"name": name, "legal_vice_principal": "叶志艳"} for name in (SUSHAN, YINGPAN)))
    actions.appoint_from_roster(roster, by=BY, at=AT)
    with django_assert_num_queries(2 if page is pages.COVERAGE else 1):
        shown = [[column.read(row) for column in page.columns] for row in page.rows(BY).order_by(*page.order)]
    assert len(shown) >= 2
    for row in page.rows(BY):
        assert page.name(row)
        for section in page.sections:
            related = section.rows(BY, row) if section.rows else [row]
            assert all(
                column.read(one) is None or str(column.read(one))
                for one in related
                for column in section.columns
            )
    for item in page.filters:
        values = [value for value, _ in item.choices(BY)] if item.choices else [True]
        for value in values if item.kind in ("choice", "yes_no") else ():
            list(page.rows(BY).filter(**{item.lookup: value}))
    for lookup in page.search:
        list(page.rows(BY).filter(**{lookup: "su"}))
