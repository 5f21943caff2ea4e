"""Public-security calls against the year before."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight import rules
from hulei.insight.metrics.base import Desk, Metric, Window
from hulei.insight.metrics.police_calls import SECURITY_CALLS, security
from hulei.insight.rules import Measured
from hulei.insight.terms import Audience, Chapter


def before(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Public-security calls of the same calendar window one year before."""
    return security(viewer, window.over(window.period.year_before()))


def both(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """The calls of both windows."""
    return security(viewer, window) | before(viewer, window)


def measure(desk: Desk) -> Measured:
    """The change in percent. The numerator is the calls now, the denominator those of the year before."""
    now, then = desk.count(security), desk.count(before)
    return Measured(rules.percent_change(now, then), now, then, now + then)


SECURITY_CALLS_YOY_PERCENT = Metric(
    id="security_calls_yoy_percent",
    title=Text("治安警情同比", "Public-security calls, year on year"),
    definition=Text(
        "统计期内（截至统计截止日）涉未成年人治安警情起数与上年同一日历时段相比的增减百分比，保留两位小数，负数为下降；"
        "上年同期为零的不计算。分子为本期起数，分母为上年同期起数。",
        "The change in percent, to two decimals, of public-security calls against the same calendar window "
        "a year before, both cut at the as-of day; no value where there was none before. "
        "Numerator: calls now; denominator: calls then.",
    ),
    unit=Text("%", "%"),
    chapter=Chapter.OUTCOME,
    audience=Audience.ENCLAVE,
    kind="prevention.police_call",
    rows=both,
    measure=measure,
    base_title=Text("上年同期治安警情", "Public-security calls a year before"),
    # Single months are too few for percentages: the calls themselves are shown.
    trend_of=SECURITY_CALLS.id,
)
