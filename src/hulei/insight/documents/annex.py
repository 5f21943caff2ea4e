"""The annex: every figure with its definition and what it counted, and the months."""

from __future__ import annotations

from collections.abc import Sequence

from hulei.insight.documents.content import (
    Figure,
    Series,
    Shown,
    WorkReport,
    chinese_date,
    fingerprint,
    scope_of,
)
from hulei.insight.documents.controls import NO_VALUE
from hulei.insight.documents.parts import Writer
from hulei.insight.documents.tables import Cell, TableColumn, write_table

DEFINITIONS_TITLE = "数据口径及核验表"
SERIES_TITLE = "分月数据表"

_COLUMNS = (
    TableColumn("序号", 6, "center"),
    TableColumn("指标及标识", 19),
    TableColumn("数值", 10, "right"),
    TableColumn("口径", 29),
    TableColumn("分子/分母", 12, "right"),
    TableColumn("行数", 7, "right"),
    TableColumn("版本及校验码", 17),
)
#: More series than this do not fit side by side; they are then shared out over several tables.
_SERIES_PER_TABLE = 7


def write_definitions(writer: Writer, report: WorkReport) -> None:
    """One row for each figure, in the order given; the scope stands once above the table."""
    writer.note(
        f"统计范围：{report.area_name}；统计期：{chinese_date(report.from_on)}至{chinese_date(report.to_on)}；"
        f"统计截止日：{chinese_date(report.as_of)}。校验码由口径、版本、范围、数值和取数条件算出，任一改动即不相符。"
    )
    scope = scope_of(report)
    rows = [_row(position, figure, scope) for position, figure in enumerate(report.annex.figures, 1)]
    write_table(writer, _COLUMNS, rows, f"{report.title}所用各项数据的口径、分子分母、行数、版本和校验码")


def _row(position: int, figure: Figure, scope: Sequence[str]) -> list[Cell]:
    value = NO_VALUE if figure.value_text is None else figure.value_text
    fraction = _or_none(figure.numerator)
    if figure.denominator is not None:
        fraction = f"{fraction}/{figure.denominator}"
    rows_count = NO_VALUE if figure.rows_count is None else str(figure.rows_count)
    unit = figure.unit if figure.value_text is not None else ""
    return [
        ((str(position),),),
        ((figure.title,), (figure.metric_id,)),
        ((Shown(figure, value), unit),),
        ((figure.definition,),),
        ((fraction,),),
        ((rows_count,),),
        ((figure.version,), (fingerprint(figure, scope),)),
    ]


def _or_none(text: str | None) -> str:
    return NO_VALUE if text is None else text


def write_series(writer: Writer, report: WorkReport) -> None:
    """Months down, metrics across; as many tables as it takes."""
    series = report.annex.series
    tables = -(-len(series) // _SERIES_PER_TABLE)
    per_table = -(-len(series) // tables)
    for start in range(0, len(series), per_table):
        if start:
            writer.note("")
        _write_months(writer, series[start : start + per_table])


def _write_months(writer: Writer, series: Sequence[Series]) -> None:
    columns = [TableColumn("月份", 10, "center")]
    columns += [
        TableColumn(f"{one.title}（{one.unit}）" if one.unit else one.title, 12, "right") for one in series
    ]
    labels = list(dict.fromkeys(label for one in series for label, _ in one.points))
    values = [dict(one.points) for one in series]
    rows: list[list[Cell]] = []
    for label in labels:
        months: list[Cell] = [((_or_none(one.get(label)),),) for one in values]
        rows.append([((label,),), *months])
    write_table(writer, columns, rows, "各项数据按月列出")
