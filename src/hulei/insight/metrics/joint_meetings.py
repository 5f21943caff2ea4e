"""Joint meetings."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import queries as governance
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def held(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Meetings held in the period."""
    return window.within(governance.meetings_held(viewer, window.period))


JOINT_MEETINGS = Metric(
    id="joint_meetings",
    title=Text("联席会议", "Joint meetings"),
    definition=Text(
        "统计期内召开的联席会议次数，按召开日期计，每个会议编号计一次。",
        "Joint meetings held in the period, by the day they were held, each meeting number once.",
    ),
    unit=Text("次", "meetings"),
    chapter=Chapter.GOVERNANCE,
    kind="governance.joint_meeting",
    rows=held,
    dated="held_on",
)
