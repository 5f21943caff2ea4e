"""Figures as the pages show them: texts, charts, tables of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from hulei.common.periods import Period
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight import queries
from hulei.insight.metrics.figure import Figure
from hulei.insight.queries import Trend
from hulei.insight.terms import Chapter
from hulei.web.catalogue import pages
from hulei.web.figures.asking import Question
from hulei.web.records import keyset
from hulei.web.records.listing import Cell, Row, address, cell

# Eight of these head the leaders' page: the first eight that the viewer may see.
HEADLINES = (
    "criminal_call_zero_months",
    "security_calls_yoy_percent",
    "resolutions_done",
    "lectures",
    "hazards_open",
    "drills_meeting_1_3_5",
    "clues",
    "cases_tracked",
    "joint_meetings",
    "directive_assignments_complete",
    "parent_concerns",
)
# Each chart shows these metrics by month; a chart of one metric adds the year before.
CHARTS = (
    (Text("涉未成年人警情", "Calls involving minors"), ("security_calls", "criminal_calls"), "line"),
    (Text("法治宣讲", "Lectures"), ("lectures",), "bar"),
    (Text("校园安全隐患", "Hazards"), ("hazards",), "bar"),
    (Text("涉未成年人线索", "Clues"), ("clues",), "bar"),
)


def metric_url(metric_id: str, question: Question) -> str:
    """The page of a metric for the same question."""
    return f"{reverse('metric', kwargs={'metric_id': metric_id})}?{question.query()}"


def leaders_context(viewer: Viewer, question: Question) -> dict[str, Any]:
    """The leaders' page: headlines, charts, and every figure by chapter. A constant number of statements."""
    ask = (question.period, question.as_of, question.area)
    found = {one.metric.id: one for one in queries.figures(viewer, *ask)}
    heads = [name for name in HEADLINES if name in found][:8]
    before = queries.figures_a_year_before(viewer, heads, *ask)
    drawn = [name for _, names, _ in CHARTS for name in names]
    trends = queries.trends(viewer, [*heads, *drawn], question.as_of, question.area)
    return {
        "headlines": [_headline(found[name], before.get(name), trends.get(name), question) for name in heads],
        "charts": [chart for one in CHARTS if (chart := _chart(*one, trends=trends))],
        "chapters": [
            {
                "title": str(chapter.label),
                "metrics": [_line(one, question) for one in found.values() if one.metric.chapter is chapter],
            }
            for chapter in Chapter
        ],
        "reports": _reports(viewer, question),
    }


def _line(one: Figure, question: Question) -> dict[str, Any]:
    return {
        "id": one.metric.id,
        "title": str(one.metric.title),
        "value": one.shown,
        "unit": str(one.metric.unit),
        "change": _share(one),
        "url": metric_url(one.metric.id, question),
    }


def _share(one: Figure) -> str:
    """What a part is a part of: 共 33."""
    if one.metric.base is None or one.denominator is None:
        return ""
    return str(Text(f"共 {one.denominator:,}", f"of {one.denominator:,}"))


def _headline(one: Figure, before: Figure | None, trend: Trend | None, question: Question) -> dict[str, Any]:
    values = list(trend.values) if trend else []
    return {
        **_line(one, question),
        "change": change_text(one, before),
        "spark": values,
        "spark_from": f"{trend.months[0]:%Y-%m}" if trend else "",
        "spark_to": f"{trend.months[-1]:%Y-%m}" if trend else "",
    }


def change_text(one: Figure, before: Figure | None) -> str:
    """A figure beside what it comes from: its whole, or the same window a year before."""
    if one.metric.id == "security_calls_yoy_percent":
        if one.denominator is None or one.numerator is None:
            return ""
        return str(
            Text(
                f"上年同期 {one.denominator} 起，本期 {one.numerator} 起",
                f"{one.denominator} a year before, {one.numerator} now",
            )
        )
    if share := _share(one):
        return share
    if before is None or not before.value:
        return ""
    return str(Text(f"上年同期 {before.shown}", f"{before.shown} a year before"))


def _chart(
    title: Text, names: Sequence[str], kind: str, *, trends: Mapping[str, Trend]
) -> dict[str, Any] | None:
    shown = [trends[name] for name in names if name in trends]
    if not shown:
        return None
    if len(shown) == 1:
        return {**trend_chart(shown[0]), "title": str(title), "kind": kind}
    series = [{"name": str(one.metric.title), "values": list(one.values)} for one in shown]
    return _drawn(f"chart-{names[0]}", title, shown[0], series, kind)


def trend_chart(trend: Trend) -> dict[str, Any]:
    """A metric's twelve months beside the same months a year before, where anything is known of them."""
    series = [{"name": str(Text("近十二个月", "Twelve months")), "values": list(trend.values)}]
    if any(trend.before):
        series.append({"name": str(Text("上年同月", "A year before")), "values": list(trend.before)})
    return _drawn(f"chart-{trend.metric.id}", trend.metric.title, trend, series, "line")


def _drawn(
    chart_id: str, title: Text, trend: Trend, series: list[dict[str, Any]], kind: str
) -> dict[str, Any]:
    labels = [f"{month:%Y-%m}" for month in trend.months]
    return {
        "id": chart_id,
        "title": str(title),
        "kind": kind,
        "unit": str(trend.metric.unit),
        "labels": labels,
        "series": series,
    }


def _reports(viewer: Viewer, question: Question) -> list[dict[str, str]]:
    """The report of the year in which the period ends, where the viewer may print it."""
    if not viewer.may("insight.report.print"):
        return []
    year = question.period.end.year
    query = f"year={year}&as_of={max(question.as_of, date(year, 1, 1))}"
    return [
        {
            "title": str(Text(f"{year}年工作报告（Word）", f"Report {year} (Word)")),
            "url": f"{reverse('report_word')}?{query}",
        },
        {"title": "JSON", "url": f"{reverse('report_json')}?{query}"},
    ]


def metric_context(one: Figure, before: Figure | None, trend: Trend | None) -> dict[str, Any]:
    """The head of a metric's page."""
    metric = one.metric
    labels = {"denominator_label": str(metric.base_title)} if metric.base_title else {}
    return {
        "title": str(metric.title),
        "metric": {
            "id": metric.id,
            "title": str(metric.title),
            "definition": str(metric.definition),
            "version": metric.version,
            "value": one.shown,
            "unit": str(metric.unit),
            "numerator": _count(one.numerator),
            "denominator": _count(one.denominator),
            "change": change_text(one, before),
            **labels,
        },
        "counted": one.shown if one.hidden else f"{one.measured.rows:,}",
        "chart": trend_chart(trend) if trend else None,
    }


def _count(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"


def rows_context(
    viewer: Viewer, drill: queries.Drill, question: Question, cursor: str
) -> tuple[dict[str, Any], list[Any]]:
    """A page of the rows in sight, shown with the columns of their own list, and the records themselves."""
    visible = f"{drill.visible():,}"
    if drill.records is None:
        return {**_months_table(drill, question), "visible": visible, "previous_url": "", "next_url": ""}, []
    metric = drill.figure.metric
    page, records = pages()[metric.kind], drill.records
    if not metric.computed:
        # The list's own rows, with what its columns need, narrowed to those that were counted.
        records = page.rows(viewer).filter(pk__in=records.order_by().values("pk"))
    part = keyset.cut(records, page.order, cursor)
    context = {
        "columns": [{"name": c.name, "label": str(c.label), "kind": c.kind} for c in page.columns],
        "rows": [
            Row(r.pk, address(page.kind, r.pk), tuple(cell(c, r) for c in page.columns)) for r in part.rows
        ],
        "visible": visible,
        "next_url": f"?{question.query(cursor=part.following)}" if part.following else "",
        "previous_url": f"?{question.query(cursor=part.preceding)}" if part.preceding else "",
    }
    return context, part.rows


def _months_table(drill: queries.Drill, question: Question) -> dict[str, Any]:
    """The months that a figure counts; each opens the calls of that month."""
    rows = []
    for month in drill.months:
        period = next(Period(month, drill.figure.window.as_of).months())
        url = metric_url("criminal_calls", Question(period, question.as_of, question.area))
        rows.append(Row(0, url, (Cell(f"{month:%Y-%m}", "text"), Cell("0", "number"))))
    columns = [
        {"name": "month", "label": str(Text("月份", "Month")), "kind": "text"},
        {"name": "calls", "label": str(Text("刑事警情", "Criminal calls")), "kind": "number"},
    ]
    return {"columns": columns, "rows": rows}
