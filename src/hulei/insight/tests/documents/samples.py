"""A report's worth of figures for the tests: the model district's year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hulei.insight.documents.content import Figure, Series, WorkReport
from hulei.insight.documents.work_report import draft

YEAR: Mapping[str, str | None] = {
    "criminal_calls": "4",
    "criminal_call_zero_months": "8",
    "security_calls": "65",
    "security_calls_yoy_percent": "-33.67",
    "actors_under_14": "9",
    "joint_meetings": "13",
    "resolutions": "33",
    "resolutions_done": "27",
    "resolutions_overdue": "2",
    "directives": "6",
    "directive_assignments": "48",
    "directive_assignments_complete": "41",
    "lectures": "34",
    "lecture_attendance": "4920",
    "schools_below_four_hours": "11",
    "hazards": "52",
    "hazards_open": "7",
    "equipment_lines_short": "19",
    "drills": "21",
    "drills_meeting_1_3_5": "15",
    "guard_posts": "96",
    "guard_posts_with_traffic_control": "18",
    "parent_concerns": "22",
    "clues": "13",
    "cases_tracked": "36",
    "cases_back_to_school": "7",
    "cases_back_to_family": "11",
    "visits": "188",
}


def figure(metric_id: str, value: str | None, **more: Any) -> Figure:
    """One figure; the base of a year on year is 98 unless given."""
    yoy = metric_id == "security_calls_yoy_percent"
    base = "98" if yoy and value is not None else None
    return Figure(
        metric_id=metric_id,
        title=more.get("title", f"指标 {metric_id}"),
        value_text=value,
        unit=more.get("unit", "%" if yoy else "起"),
        definition=more.get("definition", "统计期内的数量。"),
        version=more.get("version", "1"),
        numerator=more.get("numerator", value),
        denominator=more.get("denominator", base),
        rows_count=more.get("rows_count", 12),
        query_text="rows of the period",
    )


def figures(values: Mapping[str, str | None] = YEAR) -> list[Figure]:
    """All figures of a report."""
    return [figure(metric_id, value) for metric_id, value in values.items()]


def changed(**values: str | None) -> list[Figure]:
    """The year's figures with some of them replaced."""
    return figures({**YEAR, **values})


def months(*names: str) -> list[Series]:
    """A made-up series of twelve months for each name."""
    return [
        Series(name, name, "起", tuple((f"{n}月", str(n) if n < 12 else None) for n in range(1, 13)))
        for name in names
    ]


def report(of: Sequence[Figure] | None = None, **more: Any) -> WorkReport:
    """A whole report, ready to render."""
    given: dict[str, Any] = {
        "year": 2023,
        "as_of": date(2023, 12, 29),
        "area_name": "北海市铁山港区",
        "issuing_agency": "北海市公安局铁山港分局",
        "document_number": "北公铁报〔2024〕5号",
        "recipients": ["铁山港区人民政府"],
        "copies": ["铁山港区教育局", "铁山港区民政局"],
        "signed_on": date(2024, 1, 5),
        "series": months("criminal_calls", "security_calls"),
        **more,
    }
    return draft(figures=figures() if of is None else of, **given)
