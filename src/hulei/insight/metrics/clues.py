"""Clues about minors."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Audience, Chapter
from hulei.prevention import queries as prevention


def received(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Clues received in the period."""
    return window.within(prevention.clues_received(viewer, window.period))


CLUES = Metric(
    id="clues",
    title=Text("涉未成年人线索", "Clues"),
    definition=Text(
        "统计期内接报的涉未成年人不良倾向线索条数，按接报日期计，每个线索编号计一次，不论核查结果。",
        "Clues about minors received in the period, each number once, whatever their verification found.",
    ),
    unit=Text("条", "clues"),
    chapter=Chapter.PREVENTION,
    audience=Audience.CHILDREN,
    kind="prevention.clue",
    rows=received,
    dated="received_on",
)
