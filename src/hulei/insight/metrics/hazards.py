"""Hazards found at schools, and those not yet re-inspected."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.campus import queries as campus
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def found(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Hazards found in the period."""
    return window.within(campus.hazards_found(viewer, window.period))


def still_open(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them that no re-inspection had closed by the as-of day."""
    return found(viewer, window).filter(campus.open_on(window.as_of))


HAZARDS = Metric(
    id="hazards",
    title=Text("校园安全隐患", "Hazards"),
    definition=Text(
        "统计期内发现并登记的校园安全隐患处数，按发现日期计，每个隐患编号计一次。",
        "Hazards at schools found in the period, by the day they were found, each number once.",
    ),
    unit=Text("处", "hazards"),
    chapter=Chapter.CAMPUS,
    kind="campus.hazard",
    rows=found,
    dated="found_on",
)

HAZARDS_OPEN = Metric(
    id="hazards_open",
    title=Text("未复查销号的隐患", "Hazards open"),
    definition=Text(
        "上述隐患中截至统计截止日未经复查合格的处数；已整改但未复查的仍计入，复查未填日期的按整改日期计。",
        "Of these, those not re-inspected by the as-of day. A rectified one stays open until re-inspected; "
        "a re-inspection without a date is dated by the rectification.",
    ),
    unit=Text("处", "hazards"),
    chapter=Chapter.CAMPUS,
    kind="campus.hazard",
    rows=still_open,
    base=found,
    base_title=HAZARDS.title,
    dated="found_on",
)
