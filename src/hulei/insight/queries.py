"""Figures, their rows and their trends. The viewer comes first.

A figure is counted over the whole district with the eyes of the district's police, whoever asks, so
that everyone reads the same number; its rows are shown through the viewer's own eyes: "412
counted, 37 visible to you". Partners get no figure of the police enclave, and a number of children
below five only as "<5" and only for the whole district. Two numbers of overlapping periods can still
be subtracted from one another: the figures are for offices that are bound to secrecy, not for the public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from hulei.common import walls
from hulei.common.periods import Period, same_day
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer, Viewpoint
from hulei.insight import rules
from hulei.insight.documents.content import Series, WorkReport
from hulei.insight.documents.work_report import draft
from hulei.insight.metrics import METRICS
from hulei.insight.metrics.base import Desk, Metric, Place, Window, by_month, rows_of
from hulei.insight.metrics.figure import Figure
from hulei.places import queries as places
from hulei.places.terms import AgencyUnit, AreaLevel

READ = "insight.metric.read"
TREND_MONTHS = 12
# The months of these are printed in the work report's annex.
PRINTED_SERIES = (
    "criminal_calls", "security_calls", "joint_meetings", "lectures", "lecture_attendance", "hazards",
    "drills", "clues",
)  # fmt: skip


class UnknownArea(Exception):
    """No area, station, school or grid of this district has the code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.text = Text(
            f"本区县没有代码为 {code} 的镇、村（社区）、派出所、学校或网格。",
            f"No town, village, station, school or grid of this district has the code {code}.",
        )


def counting(viewer: Viewer) -> Viewer:
    """The eyes with which figures are counted: the district's, with no permission to open anything."""
    return replace(viewer, viewpoint=Viewpoint.POLICE_DISTRICT, scope=viewer.district, permissions={})


def metrics(viewer: Viewer) -> list[Metric]:
    """The metrics that are for this viewer, in their order. Raises Forbidden."""
    viewer.require(READ)
    return [metric for metric in METRICS.values() if rules.may_see(metric.audience, viewer.viewpoint)]


def metric(viewer: Viewer, metric_id: str) -> Metric:
    """One metric. Raises NotFound for an unknown one and for one that is not for this viewer alike."""
    found = next((one for one in metrics(viewer) if one.id == metric_id), None)
    if found is None:
        raise NotFound(metric_id)
    return found


_COLUMN_OF_LEVEL = {AreaLevel.TOWN.value: "town_code", AreaLevel.VILLAGE.value: "village_code"}


def place(viewer: Viewer, code: str = "") -> Place:
    """Where to look: a town, village, station, school or grid by its code; "" is the whole district.

    The areas above the district mean the whole district: nothing else lives here. Raises UnknownArea.
    """
    home = places.areas(viewer).filter(code=viewer.district).first()
    if not code or code == viewer.district:
        return Place(viewer.district, home.name if home else viewer.district)
    area = places.areas(viewer).filter(code=code).first()
    if area is not None:
        if home is not None and code in home.path.split("/"):
            return Place(code, area.name)
        if area.level in _COLUMN_OF_LEVEL and area.district_code == viewer.district:
            return Place(code, area.name, _COLUMN_OF_LEVEL[area.level])
        raise UnknownArea(code)
    for column, rows in (
        ("station_code", places.stations(viewer)),
        ("school_code", places.schools(viewer)),
        ("grid_code", places.grids(viewer)),
    ):
        found = rows.filter(code=code, district_code=viewer.district).first()
        if found is not None:
            return Place(code, found.name, column)
    raise UnknownArea(code)


def figures(viewer: Viewer, period: Period, as_of: date, area: str = "") -> list[Figure]:
    """Every figure that is for the viewer, in the metrics' order; a constant number of statements.

    Raises Forbidden, UnknownArea.
    """
    return _figures(viewer, metrics(viewer), period, as_of, place(viewer, area))


def figure(viewer: Viewer, metric_id: str, period: Period, as_of: date, area: str = "") -> Figure:
    """One figure. Raises Forbidden, NotFound, UnknownArea."""
    return _figures(viewer, [metric(viewer, metric_id)], period, as_of, place(viewer, area))[0]


def figures_a_year_before(
    viewer: Viewer, metric_ids: Sequence[str], period: Period, as_of: date, area: str = ""
) -> dict[str, Figure]:
    """The same figures for the same calendar window a year before, as they were known then."""
    wanted = [one for one in metrics(viewer) if one.id in metric_ids and not one.standing]
    cut = period.until(as_of)
    if cut is None:
        return {}
    then = same_day(as_of, years=-1)
    found = _figures(viewer, wanted, cut.year_before(), then, place(viewer, area))
    return {one.metric.id: one for one in found}


def _figures(
    viewer: Viewer, wanted: Sequence[Metric], period: Period, as_of: date, where: Place
) -> list[Figure]:
    whole = place(viewer)
    with walls.entered(counting(viewer)):
        desks = {one: Desk(counting(viewer), Window.of(period, as_of, one)) for one in {where, whole}}
        return [_figure(viewer, one, desks[_place_for(viewer, one, where, whole)]) for one in wanted]


def _place_for(viewer: Viewer, one: Metric, where: Place, whole: Place) -> Place:
    return whole if rules.whole_district_only(one.audience, viewer.viewpoint) else where


def _figure(viewer: Viewer, one: Metric, desk: Desk) -> Figure:
    measured = desk.measure(one)
    return Figure(one, desk.window, measured, rules.hides(one.audience, viewer.viewpoint, measured.rows))


@dataclass(frozen=True, slots=True)
class Drill:
    """A figure down to its rows: ``records`` in the viewer's sight, or None where it counts ``months``."""

    figure: Figure
    records: QuerySet[Any] | None
    months: tuple[date, ...] = ()

    def visible(self) -> int:
        """How many of the rows the viewer may open."""
        return len(self.months) if self.records is None else self.records.count()


def drill_down(viewer: Viewer, metric_id: str, period: Period, as_of: date, area: str = "") -> Drill:
    """A figure with the rows it counts, as far as the viewer's role and scope reach.

    A role that may not read a kind of record at all sees none of its rows. Raises Forbidden,
    NotFound, UnknownArea.
    """
    found = figure(viewer, metric_id, period, as_of, area)
    one = found.metric
    if one.months is not None:
        with walls.entered(counting(viewer)):
            return Drill(found, None, tuple(one.months(counting(viewer), found.window)))
    records = rows_of(one, viewer, found.window)
    return Drill(found, records if viewer.may(f"{one.kind}.read") and not found.hidden else records.none())


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric by month, oldest first, beside the same months a year before.

    A month of which nothing is known is None. ``metric`` is the one whose months these are.
    """

    metric: Metric
    months: tuple[date, ...]
    values: tuple[int | None, ...]
    before: tuple[int | None, ...]


def trend(
    viewer: Viewer, metric_id: str, as_of: date, area: str = "", months: int = TREND_MONTHS
) -> Trend | None:
    """The months up to that of the as-of day; None for a metric without months. One statement.

    The last month ends with the as-of day.
    """
    return trends(viewer, [metric_id], as_of, area, months).get(metric_id)


def trends(
    viewer: Viewer, metric_ids: Sequence[str], as_of: date, area: str = "", months: int = TREND_MONTHS
) -> dict[str, Trend]:
    """Several trends by metric, those without months left out; one statement each.

    Partners get no months of figures about children: a month's growth is a small number, too.
    """
    last = rules.month_number(as_of)
    first = rules.month_start(last - months - 11)
    wanted = [one for one in metrics(viewer) if one.id in metric_ids]
    window = Window.of(Period(first, as_of), as_of, place(viewer, area))
    found: dict[str, Trend] = {}
    with walls.entered(counting(viewer)):
        for one in wanted:
            if rules.whole_district_only(one.audience, viewer.viewpoint):
                continue
            source = METRICS[one.trend_of] if one.trend_of else one
            numbers = by_month(source, counting(viewer), window)
            if numbers is not None:
                found[one.id] = _trend(source, numbers, range(last - months + 1, last + 1))
    return found


def _trend(one: Metric, numbers: Mapping[date, int], shown: range) -> Trend:
    months = tuple(rules.month_start(number) for number in shown)
    before = tuple(rules.month_start(number - 12) for number in shown)
    return Trend(one, months, tuple(map(numbers.get, months)), tuple(map(numbers.get, before)))


def year(number: int, as_of: date) -> Period:
    """A calendar year up to the as-of day. Raises ValueError where the day lies before the year."""
    whole = Period(date(number, 1, 1), date(number, 12, 31)).until(as_of)
    if whole is None:
        raise ValueError("the as-of day lies before the year")
    return whole


def work_report(viewer: Viewer, number: int, as_of: date) -> WorkReport:
    """The work report of a year up to the as-of day. Raises Forbidden, ValueError as :func:`year`."""
    viewer.require("insight.report.print")
    period, where = year(number, as_of), place(viewer)
    found = figures(viewer, period, as_of)
    return draft(
        year=number,
        as_of=as_of,
        area_name=where.name,
        issuing_agency=_issuing_agency(viewer, where),
        figures=[one.printed() for one in found],
        series=_printed_series(viewer, period),
    )


def _issuing_agency(viewer: Viewer, where: Place) -> str:
    """The police bureau as the roster names it; without a roster, the district's name stands in."""
    bureau = places.agencies(viewer).filter(district_code=viewer.district, unit=AgencyUnit.BUREAU.value)
    found = bureau.order_by("pk").first()
    return found.name if found else f"{where.name}公安机关"


def _printed_series(viewer: Viewer, period: Period) -> list[Series]:
    months = [month.start for month in period.months()]
    found = trends(viewer, PRINTED_SERIES, period.end, months=len(months))
    return [
        Series(
            one.metric.id,
            one.metric.title.zh,
            one.metric.unit.zh,
            tuple(
                (f"{m.month}月", rules.plain_digits(value))
                for m, value in zip(one.months, one.values, strict=True)
            ),
        )
        for one in found.values()
    ]
