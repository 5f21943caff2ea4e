"""Cases of single minors: followed, led back, visited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Audience, Chapter
from hulei.prevention import queries as prevention
from hulei.prevention.rules import tracked as ran
from hulei.prevention.terms import Outcome


def tracked(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Cases that ran at some time of the period."""
    return window.within(prevention.cases_tracked(viewer, window.period))


def _led_to(viewer: Viewer, window: Window, outcome: Outcome) -> QuerySet[Any]:
    days = (window.period.start, window.period.end)
    return tracked(viewer, window).filter(outcome=outcome.value, outcome_on__range=days)


def back_to_school(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Cases whose minor returned to school in the period."""
    return _led_to(viewer, window, Outcome.BACK_TO_SCHOOL)


def back_to_family(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Cases whose minor returned to the family in the period."""
    return _led_to(viewer, window, Outcome.BACK_TO_FAMILY)


def with_visits(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """These cases with ``visits_by``, their visits by the as-of day: the larger of reported and entered ones.

    The two overlap in an unknown part, so their sum would count visits twice (as
    ``prevention.rules.visits_counted`` has it).
    """
    entered = prevention.visits(viewer).filter(case=OuterRef("pk"), visited_on__lte=window.as_of).order_by()
    number = Subquery(entered.values("case").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    counted = Greatest(
        Coalesce("visits_reported", Value(0)), Coalesce(number, Value(0)), output_field=IntegerField()
    )
    return tracked(viewer, window).annotate(visits_by=counted)


def tracked_by_month(viewer: Viewer, window: Window) -> Mapping[date, int]:
    """How many cases ran in each month of the period."""
    terms = list(tracked(viewer, window).order_by().values_list("opened_on", "closed_on"))
    months = window.period.months()
    return {
        month.start.replace(day=1): sum(
            ran(opened, closed, month.start, month.end) for opened, closed in terms
        )
        for month in months
    }


_UNIT = Text("名", "minors")

CASES_TRACKED = Metric(
    id="cases_tracked",
    title=Text("跟踪帮扶个案", "Cases followed"),
    definition=Text(
        "统计期结束前（含当日）已建档、且在统计期开始前未结案的未成年人个案数，每个个案编号计一次。",
        "Cases opened by the end of the period and not closed before its start, each number once.",
    ),
    unit=_UNIT,
    chapter=Chapter.PREVENTION,
    audience=Audience.CHILDREN,
    kind="prevention.case",
    rows=tracked,
    monthly=tracked_by_month,
)

CASES_BACK_TO_SCHOOL = Metric(
    id="cases_back_to_school",
    title=Text("回归校园", "Back to school"),
    definition=Text(
        "上述个案中帮扶成效为“回归校园”、且成效日期在统计期内（不晚于统计截止日）的个案数。",
        "Of these cases, those whose minor returned to school on a day of the period, by the as-of day.",
    ),
    unit=_UNIT,
    chapter=Chapter.OUTCOME,
    audience=Audience.CHILDREN,
    kind="prevention.case",
    rows=back_to_school,
    base=tracked,
    base_title=CASES_TRACKED.title,
    dated="outcome_on",
)

CASES_BACK_TO_FAMILY = Metric(
    id="cases_back_to_family",
    title=Text("回归家庭", "Back to the family"),
    definition=Text(
        "上述个案中帮扶成效为“回归家庭”、且成效日期在统计期内（不晚于统计截止日）的个案数。",
        "Of these cases, those whose minor returned to the family on a day of the period, by the as-of day.",
    ),
    unit=_UNIT,
    chapter=Chapter.OUTCOME,
    audience=Audience.CHILDREN,
    kind="prevention.case",
    rows=back_to_family,
    base=tracked,
    base_title=CASES_TRACKED.title,
    dated="outcome_on",
)

VISITS = Metric(
    id="visits",
    title=Text("个案走访", "Visits"),
    definition=Text(
        "上述个案的走访次数之和；一案的走访次数取台账登记数与截至统计截止日的"
        "系统内走访记录数中的较大者。"
        "台账中的走访没有日期，因此按个案整体计，不按统计期切分。",
        "The sum of the visits of these cases; a case counts the larger of what its ledger reports and of "
        "the visits entered by the as-of day. Visits in ledgers bear no dates, so a case's visits count "
        "whole, whatever the period.",
    ),
    unit=Text("次", "visits"),
    chapter=Chapter.PREVENTION,
    audience=Audience.CHILDREN,
    kind="prevention.case",
    rows=with_visits,
    total="visits_by",
)
