"""The pages of 宣教工程."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Value

from hulei.common.clock import today
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.periods import Period
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.outreach import actions, forms, queries, rules
from hulei.outreach.terms import LectureState
from hulei.places import queries as places
from hulei.places.terms import SchoolStage


def _coverage(viewer: Viewer) -> Any:
    """The schools with their lesson hours of the calendar year in which the latest lecture was held."""
    year = queries.latest_year(viewer, today())
    period = Period(date(year, 1, 1), date(year, 12, 31))
    return queries.schools_with_hours(viewer, period).annotate(year=Value(year))


def _schools(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(str(school.pk), school.name) for school in queries.schools_in_sight(viewer).order_by("name")]


def _agencies(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(str(agency.pk), agency.name) for agency in places.agencies(viewer).order_by("name")]


def _hours_of(record: Any) -> int | float:
    """Lesson hours as a plain number: 2, 1.5."""
    hours = record.lesson_hours
    return int(hours) if hours == int(hours) else float(hours)


LECTURE_COLUMNS = (
    Column("held_on", Text("日期", "Held on"), "date"),
    Column(
        "school",
        Text("学校", "School"),
        value=lambda r: str(r.school),
        link=lambda r: ("places.school", r.school_id),
    ),
    Column("topic", Text("主题", "Topic")),
    Column("agency", Text("宣讲单位", "Lecturing unit"), value=lambda r: str(r.agency) if r.agency else None),
    Column("lecturer", Text("宣讲人", "Lecturer")),
    Column("lesson_hours", Text("课时", "Lesson hours"), "number", value=_hours_of),
    Column("attendance", Text("参加人数", "Attendance"), "number"),
    Column(
        "state",
        Text("状态", "State"),
        "badge",
        value=lambda r: LectureState.label_of(r.state),
        tone=lambda r: "done" if r.state == LectureState.HELD else "",
    ),
)

LECTURE = Page(
    kind="outreach.lecture",
    title=Text("法治宣讲", "Lectures"),
    group="outreach",
    rows=queries.lectures,
    columns=LECTURE_COLUMNS,
    order=("-held_on", "-id"),
    name=lambda r: f"{r.held_on} {r.school} {r.topic}",
    filters=(
        Filter("held_on", Text("日期", "Held on"), "date_range", "held_on"),
        Filter("school", Text("学校", "School"), "choice", "school_id", choices=_schools),
        Filter("agency", Text("宣讲单位", "Lecturing unit"), "choice", "agency_id", choices=_agencies),
        Filter("topic", Text("主题", "Topic"), "text", "topic__icontains"),
        Filter(
            "state", Text("状态", "State"), "choice", "state", choices=lambda viewer: LectureState.choices()
        ),
    ),
    search=(
        "topic__icontains",
        "lecturer__icontains",
        "school__name__icontains",
        "topic_pinyin__contains",
        "lecturer_pinyin__contains",
        "school__name_pinyin__contains",
        "school__name_initials__contains",
    ),
    sections=(Section(Text("宣讲", "Lecture"), LECTURE_COLUMNS),),
    form=forms.lecture_form,
    save=actions.save_lecture,
    empty=Text(
        "还没有宣讲。导入宣讲台账，或登记一次宣讲。", "No lectures yet: take in the ledger or add one."
    ),
)


def _standard(school: Any) -> rules.HoursStandard:
    return rules.standard_on(date(school.year, 12, 31))


def _hours(school: Any) -> Text:
    """2 / 4 课时: what a school has of what it needs in the year."""
    needed, given = _standard(school).hours, _hours_of(school)
    return Text(f"{given} / {needed} 课时", f"{given} of {needed} hours")


def _tone(school: Any) -> str:
    return "" if rules.is_below(school.lesson_hours, _standard(school)) else "done"


COVERAGE_COLUMNS = (
    Column("name", Text("学校", "School"), link=lambda s: ("places.school", s.pk)),
    Column("stage", Text("学段", "Stage"), value=lambda s: SchoolStage.label_of(s.stage)),
    Column("town", Text("所在镇", "Town"), value=lambda s: str(s.town) if s.town else None),
    Column("year", Text("年度", "Year"), value=lambda s: str(s.year)),
    Column("lectures", Text("宣讲场次", "Lectures"), "number"),
    Column("lesson_hours", Text("课时", "Lesson hours"), "number", value=_hours_of),
    Column("hours", Text("四课时", "Four hours"), "badge", value=_hours, tone=_tone),
)

COVERAGE = Page(
    kind="outreach.coverage",
    title=Text("课时覆盖", "Coverage"),
    group="outreach",
    rows=_coverage,
    columns=COVERAGE_COLUMNS,
    order=("code", "id"),
    name=lambda s: s.name,
    filters=(
        Filter("below", Text("课时不足", "Too few hours"), "yes_no", "below"),
        Filter("town", Text("所在镇", "Town"), "text", "town__name__contains"),
    ),
    search=("name__icontains", "name_pinyin__contains", "name_initials__contains"),
    sections=(
        Section(Text("学校", "School"), COVERAGE_COLUMNS),
        Section(
            Text("宣讲", "Lectures"),
            LECTURE_COLUMNS,
            rows=lambda viewer, school: list(
                queries.lectures(viewer).filter(school=school).order_by("-held_on", "-id")
            ),
            kind="outreach.lecture",
        ),
        Section(
            Text("法治副校长", "Legal vice-principals"),
            (
                Column("name", Text("姓名", "Name")),
                Column("since", Text("聘期自", "Term from"), "date"),
                Column("until", Text("聘期至", "Term until"), "date"),
            ),
            rows=lambda viewer, school: list(
                queries.legal_vice_principals(viewer).filter(school=school).order_by("id")
            ),
            kind="outreach.legal_vice_principal",
        ),
    ),
    empty=Text("还没有学校。请先导入学校名录。", "No schools yet: take in the roster of schools."),
)

VICE_PRINCIPAL_COLUMNS = (
    Column("name", Text("姓名", "Name")),
    Column(
        "school",
        Text("学校", "School"),
        value=lambda r: str(r.school),
        link=lambda r: ("places.school", r.school_id),
    ),
    Column("since", Text("聘期自", "Term from"), "date"),
    Column("until", Text("聘期至", "Term until"), "date"),
)

LEGAL_VICE_PRINCIPAL = Page(
    kind="outreach.legal_vice_principal",
    title=Text("法治副校长", "Legal vice-principals"),
    group="outreach",
    rows=queries.legal_vice_principals,
    columns=VICE_PRINCIPAL_COLUMNS,
    order=("school__code", "id"),
    name=lambda r: f"{r.name} {r.school}",
    filters=(Filter("school", Text("学校", "School"), "choice", "school_id", choices=_schools),),
    search=(
        "name__icontains",
        "name_pinyin__contains",
        "school__name__icontains",
        "school__name_pinyin__contains",
    ),
    sections=(
        Section(Text("聘任", "Appointment"), VICE_PRINCIPAL_COLUMNS),
        Section(
            Text("该校宣讲", "Lectures at the school"),
            LECTURE_COLUMNS,
            rows=lambda viewer, r: list(
                queries.lectures(viewer).filter(school=r.school_id).order_by("-held_on", "-id")
            ),
            kind="outreach.lecture",
        ),
    ),
    form=forms.legal_vice_principal_form,
    save=actions.save_legal_vice_principal,
    empty=Text(
        "还没有法治副校长。导入学校名录，或新增一位。", "None yet: take in the roster of schools or add one."
    ),
)

PAGES = (LECTURE, COVERAGE, LEGAL_VICE_PRINCIPAL)
