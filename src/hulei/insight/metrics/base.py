"""What a metric is: a definition, and the rows it counts. Its value is an aggregate of those rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateTimeField, F, QuerySet, Sum
from django.db.models.expressions import BaseExpression
from django.db.models.functions import TruncMonth

from hulei.common.periods import CHINA, Period, local_day
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.rules import Measured, month_number, month_start
from hulei.insight.terms import Audience, Chapter


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure looks: rows whose scope ``column`` holds ``code``; no column is the whole district."""

    code: str
    name: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked: a period, as it was known on a day, in a place.

    ``period`` is cut at ``as_of``: nothing dated later counts. ``nothing`` says that the as-of day
    lies before the period, so that no dated row can count.
    """

    period: Period
    as_of: date
    place: Place
    nothing: bool = False

    @classmethod
    def of(cls, period: Period, as_of: date, place: Place) -> Window:
        """The window of a period seen from a day."""
        cut = period.until(as_of)
        return cls(cut or Period(period.start, period.start), as_of, place, nothing=cut is None)

    def over(self, period: Period) -> Window:
        """The same place and day over another period."""
        return Window.of(period, self.as_of, self.place)

    def within(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the place; every chapter's record carries the scope columns."""
        return rows.filter(**{self.place.column: self.place.code}) if self.place.column else rows


Rows = Callable[[Viewer, Window], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure's definition.

    ``rows`` gives what it counts, through the viewer's row gate and within the place; ``base`` the
    rows of the denominator. ``total`` names a field to sum instead of counting. ``measure``
    replaces both where a figure is no plain count. ``kind`` names the page of its rows; without one
    the figure counts months, which ``months`` gives. ``dated`` is the day by which a row falls into
    a month of the trend; ``monthly`` replaces it, and ``trend_of`` names another metric whose months
    are shown instead. ``standing`` figures take the records as they stand, whatever the period; the
    rows of ``computed`` ones carry values of the window itself and are shown as they come. Raise
    ``version`` with every change of meaning.
    """

    id: str
    title: Text
    definition: Text
    unit: Text
    chapter: Chapter
    kind: str
    rows: Rows
    version: str = "1"
    audience: Audience = Audience.EVERYONE
    base: Rows | None = None
    base_title: Text | None = None
    total: str = ""
    measure: Callable[[Desk], Measured] | None = None
    months: Callable[[Viewer, Window], Sequence[date]] | None = None
    dated: str | BaseExpression = ""
    monthly: Callable[[Viewer, Window], Mapping[date, int]] | None = None
    trend_of: str = ""
    standing: bool = False
    computed: bool = False


class Desk:
    """One viewer at one window; each set of rows is asked for once, however many figures need it."""

    def __init__(self, viewer: Viewer, window: Window) -> None:
        self.viewer, self.window = viewer, window
        self._known: dict[tuple[Rows, str], int] = {}

    def count(self, rows: Rows, *, standing: bool = False) -> int:
        """How many rows there are."""
        return self._ask(rows, "", standing)

    def sum(self, rows: Rows, field: str, *, standing: bool = False) -> int:
        """The sum of a field over the rows; empty cells add nothing."""
        return self._ask(rows, field, standing)

    def _ask(self, rows: Rows, field: str, standing: bool) -> int:
        if self.window.nothing and not standing:
            return 0
        key = (rows, field)
        if key not in self._known:
            found = rows(self.viewer, self.window).order_by()
            self._known[key] = int(found.aggregate(n=Sum(field))["n"] or 0) if field else found.count()
        return self._known[key]

    def measure(self, metric: Metric) -> Measured:
        """The metric's value with its parts."""
        if metric.measure:
            return metric.measure(self)
        rows = self.count(metric.rows, standing=metric.standing)
        value = self.sum(metric.rows, metric.total, standing=metric.standing) if metric.total else rows
        denominator = self.count(metric.base, standing=metric.standing) if metric.base else None
        return Measured(value, value, denominator, rows)


def rows_of(metric: Metric, viewer: Viewer, window: Window) -> QuerySet[Any]:
    """The rows of a metric in sight of a viewer."""
    found = metric.rows(viewer, window)
    return found.none() if window.nothing and not metric.standing else found


def by_month(metric: Metric, viewer: Viewer, window: Window) -> Mapping[date, int] | None:
    """{first day of a month: value} for the months of the window's period; an absent month is unknown.

    None for a metric that has no months. One statement.
    """
    if metric.monthly:
        return metric.monthly(viewer, window)
    if not metric.dated:
        return None
    day = F(metric.dated) if isinstance(metric.dated, str) else metric.dated
    rows = rows_of(metric, viewer, window).order_by().annotate(_day=day)
    is_moment = isinstance(rows.query.annotations["_day"].output_field, DateTimeField)
    month = TruncMonth("_day", tzinfo=CHINA) if is_moment else TruncMonth("_day")
    grouped = rows.annotate(_month=month).values("_month")
    value = Sum(metric.total) if metric.total else Count("pk")
    found = grouped.annotate(_value=value).values_list("_month", "_value")
    values = {month_number(local_day(when) if is_moment else when): int(n or 0) for when, n in found}
    numbers = range(month_number(window.period.start), month_number(window.period.end) + 1)
    return {month_start(number): values.get(number, 0) for number in numbers}
