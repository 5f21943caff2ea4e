"""Resolutions of joint meetings: passed, done, overdue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import queries as governance
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def passed(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Resolutions of the meetings held in the period."""
    return window.within(governance.resolutions_of(viewer, window.period))


def done(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them that were done by the as-of day."""
    return passed(viewer, window).filter(governance.done_by(window.as_of))


def overdue(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them that stood open on the as-of day with their deadline before it."""
    return passed(viewer, window).filter(governance.overdue_on(window.as_of))


_OF_MEETING = Coalesce("meeting__held_on", "due_on")
_UNIT = Text("项", "resolutions")

RESOLUTIONS = Metric(
    id="resolutions",
    title=Text("会议决议", "Resolutions"),
    definition=Text(
        "统计期内召开的联席会议所形成的决议项数，每个决议编号计一次；未关联会议的决议按办结时限归期。",
        "Resolutions of the joint meetings held in the period, each number once; "
        "one without a meeting counts by its deadline.",
    ),
    unit=_UNIT,
    chapter=Chapter.GOVERNANCE,
    kind="governance.resolution",
    rows=passed,
    dated=_OF_MEETING,
)

RESOLUTIONS_DONE = Metric(
    id="resolutions_done",
    title=Text("已办结决议", "Resolutions done"),
    definition=Text(
        "上述决议中截至统计截止日已办结的项数；办结日期晚于统计截止日的按未办结计，已办结而未填日期的按已办结计。",
        "Of these, those done by the as-of day. One done later was still open then; "
        "one recorded as done without a date counts as done.",
    ),
    unit=_UNIT,
    chapter=Chapter.GOVERNANCE,
    kind="governance.resolution",
    rows=done,
    base=passed,
    base_title=RESOLUTIONS.title,
    dated=_OF_MEETING,
)

RESOLUTIONS_OVERDUE = Metric(
    id="resolutions_overdue",
    title=Text("逾期决议", "Resolutions overdue"),
    definition=Text(
        "上述决议中截至统计截止日尚未办结、且办结时限早于统计截止日的项数；时限当日不算逾期，已撤销的不计。",
        "Of these, those still open on the as-of day with a deadline before that day. "
        "On the day of its deadline a resolution is in time; withdrawn ones do not count.",
    ),
    unit=_UNIT,
    chapter=Chapter.GOVERNANCE,
    kind="governance.resolution",
    rows=overdue,
    base=passed,
    base_title=RESOLUTIONS.title,
    dated=_OF_MEETING,
)
