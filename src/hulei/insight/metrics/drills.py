"""Drills, and those in time for 1-3-5."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.campus import queries as campus
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def held(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Drills triggered in the period."""
    return window.within(campus.drills_held(viewer, window.period))


def in_time(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them that meet 1-3-5."""
    return held(viewer, window).filter(campus.MET)


DRILLS = Metric(
    id="drills",
    title=Text("应急演练", "Drills"),
    definition=Text(
        "统计期内最小应急单元演练次数，按触发时刻所在日计。",
        "Drills of the smallest response units triggered in the period.",
    ),
    unit=Text("次", "drills"),
    chapter=Chapter.CAMPUS,
    kind="campus.drill",
    rows=held,
    dated="triggered_at",
)

DRILLS_MEETING_1_3_5 = Metric(
    id="drills_meeting_1_3_5",
    title=Text("达到“1、3、5”的演练", "Drills meeting 1-3-5"),
    definition=Text(
        "上述演练中，自触发起首人60秒内、应急单元180秒内、警力300秒内到位的次数（含整）；缺任一时刻的不计。",
        "Of these, those in which the first person, the unit and the police came within 60, 180 and 300 "
        "seconds of the trigger, the limits included. A missing moment does not count as met.",
    ),
    unit=Text("次", "drills"),
    chapter=Chapter.CAMPUS,
    kind="campus.drill",
    rows=in_time,
    base=held,
    base_title=DRILLS.title,
    dated="triggered_at",
)
