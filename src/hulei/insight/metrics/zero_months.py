"""Consecutive months without a criminal call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Min, QuerySet

from hulei.common.periods import Period, local_day
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight import rules
from hulei.insight.metrics.base import Desk, Metric, Window
from hulei.insight.metrics.police_calls import criminal
from hulei.insight.rules import Measured
from hulei.insight.terms import Audience, Chapter
from hulei.prevention import queries as prevention


def _first_on_record(viewer: Viewer) -> date | None:
    """The day of the district's first call of any nature: before it, silence proves nothing."""
    first = prevention.police_calls(viewer).order_by().aggregate(first=Min("received_at"))["first"]
    return local_day(first) if first else None


def _ever(window: Window) -> Window:
    """The same place with all days up to the as-of day; the figure does not depend on the period."""
    return window.over(Period(min(rules.EARLIEST, window.as_of), window.as_of))


def all_criminal(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Every criminal call of the place on record by the as-of day."""
    return criminal(viewer, _ever(window))


def months(viewer: Viewer, window: Window) -> tuple[date, ...]:
    """The months counted, newest first."""
    last = all_criminal(viewer, window).order_by().aggregate(last=Max("received_at"))["last"]
    first = _first_on_record(viewer)
    return rules.zero_months(window.as_of, local_day(last) if last else None, first)


def measure(desk: Desk) -> Measured:
    """The months counted, of the months on record; without a record there is nothing to count."""
    found = len(months(desk.viewer, desk.window))
    on_record = rules.months_on_record(desk.window.as_of, _first_on_record(desk.viewer))
    return Measured(found if on_record else None, found, on_record, found)


def monthly(viewer: Viewer, window: Window) -> Mapping[date, int]:
    """How long the silence was at the end of each month of the period."""
    calls = sorted(
        local_day(at) for at in all_criminal(viewer, window).order_by().values_list("received_at", flat=True)
    )
    first = _first_on_record(viewer)
    found: dict[date, int] = {}
    for month in window.period.months():
        last = max((day for day in calls if day <= month.end), default=None)
        if first and first <= month.end:
            found[month.start.replace(day=1)] = len(rules.zero_months(month.end, last, first))
    return found


CRIMINAL_CALL_ZERO_MONTHS = Metric(
    id="criminal_call_zero_months",
    title=Text("连续无涉未成年人刑事警情月数", "Months without a criminal call"),
    definition=Text(
        "自统计截止日所在月起（含当月）向前逐月计算，连续未接报涉未成年人刑事警情的自然月数；"
        "数到有刑事警情的月份为止，最早数到全区首条警情记录所在月。与统计期起始日无关。",
        "Calendar months without a criminal call counted back from the as-of day's month, that month "
        "included, until a month with one, at most back to the month of the district's first call on record. "
        "It does not depend on where the period starts.",
    ),
    unit=Text("个月", "months"),
    chapter=Chapter.OUTCOME,
    audience=Audience.ENCLAVE,
    kind="",
    rows=all_criminal,
    measure=measure,
    months=months,
    base_title=Text("有警情记录的月数", "Months on record"),
    monthly=monthly,
    standing=True,
)
