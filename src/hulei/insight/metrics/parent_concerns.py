"""What parents brought up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.campus import queries as campus
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def received(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Concerns received in the period."""
    return window.within(campus.concerns_received(viewer, window.period))


PARENT_CONCERNS = Metric(
    id="parent_concerns",
    title=Text("家长关切", "Parents' concerns"),
    definition=Text(
        "统计期内登记的家长关切件数，按登记日期计，不论是否已回应。",
        "Parents' concerns received in the period, answered or not.",
    ),
    unit=Text("件", "concerns"),
    chapter=Chapter.CAMPUS,
    kind="campus.parent_concern",
    rows=received,
    dated="received_on",
)
