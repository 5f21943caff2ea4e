"""Schools with too few lesson hours on law."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter
from hulei.outreach import queries as outreach


def every_school(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Every school and kindergarten of the place, with its hours in the period (under its last year)."""
    schools = window.within(outreach.schools_with_hours(viewer, window.period))
    return schools.annotate(year=Value(window.period.end.year))


def below_four_hours(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those with fewer hours than the standard, those with none included."""
    return every_school(viewer, window).filter(below=True)


SCHOOLS_BELOW_FOUR_HOURS = Metric(
    id="schools_below_four_hours",
    title=Text("法治宣讲不足四课时的学校", "Schools below four lesson hours"),
    definition=Text(
        "学校（含幼儿园）名录中，统计期内法治宣讲课时合计不足四课时的所数；"
        "一课时也没有的计入。统计期不足一年时课时不折算。",
        "Schools and kindergartens of the roster with fewer than four lesson hours of lectures in the "
        "period, those with none included. A period shorter than a year is not scaled.",
    ),
    unit=Text("所", "schools"),
    chapter=Chapter.OUTREACH,
    kind="outreach.coverage",
    rows=below_four_hours,
    base=every_school,
    base_title=Text("全部学校（含幼儿园）", "All schools and kindergartens"),
    computed=True,
)
