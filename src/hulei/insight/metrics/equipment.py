"""Safety gear that is short."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.campus import queries as campus
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def lines(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Every line of equipment as it stands."""
    return window.within(campus.equipment_lines(viewer))


def short(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Lines with fewer sound than required."""
    return window.within(campus.equipment_short(viewer))


EQUIPMENT_LINES_SHORT = Metric(
    id="equipment_lines_short",
    title=Text("安防器材不足项", "Equipment lines short"),
    definition=Text(
        "校园安防器材登记中完好数少于应配数的项数，一校一种器材为一项。按现有登记计，与统计期无关。",
        "Lines of school safety equipment (one school, one kind) with fewer sound than required. "
        "Counted as registered now, whatever the period.",
    ),
    unit=Text("项", "lines"),
    chapter=Chapter.CAMPUS,
    kind="campus.equipment",
    rows=short,
    base=lines,
    base_title=Text("全部器材登记项", "All equipment lines"),
    standing=True,
)
