"""Lectures and who came to them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter
from hulei.outreach import queries as outreach


def held(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Lectures held in the period."""
    return window.within(outreach.lectures_held(viewer, window.period))


LECTURES = Metric(
    id="lectures",
    title=Text("法治宣讲", "Lectures"),
    definition=Text(
        "统计期内在学校（含幼儿园）举办的法治宣讲场次，按举办日期计；仅申请、已排期和已取消的不计。",
        "Lectures held at schools and kindergartens in the period, by the day they were held; "
        "requested, scheduled and cancelled ones do not count.",
    ),
    unit=Text("场", "lectures"),
    chapter=Chapter.OUTREACH,
    kind="outreach.lecture",
    rows=held,
    dated="held_on",
)

LECTURE_ATTENDANCE = Metric(
    id="lecture_attendance",
    title=Text("宣讲参加人次", "Lecture attendance"),
    definition=Text(
        "上述各场宣讲登记的参加人数之和；未登记人数的场次按零计。",
        "The sum of the attendance registered for these lectures; one without a number adds nothing.",
    ),
    unit=Text("人次", "attending"),
    chapter=Chapter.OUTREACH,
    kind="outreach.lecture",
    rows=held,
    total="attendance",
    dated="held_on",
)
