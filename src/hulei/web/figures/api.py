"""REST: figures with their parts, through the same queries as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from hulei.common.clock import today
from hulei.common.periods import Period
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer
from hulei.insight import queries
from hulei.insight.metrics.figure import Figure
from hulei.insight.rules import EARLIEST, LATEST
from hulei.web.problems import PROBLEMS

router = Router(tags=["insight.metric"])


class Asking(Schema):
    """Period, as-of day (default: the period's end, at most today) and area (default: the whole district)."""

    from_: date = Field(..., alias="from", ge=EARLIEST, le=LATEST)
    to: date = Field(..., ge=EARLIEST, le=LATEST)
    as_of: date | None = Field(None, ge=EARLIEST, le=LATEST)
    area: str = Field("", max_length=24)


class FigureItem(Schema):
    """A figure: ``value`` is null without a base to compare with, and where ``hidden`` is set."""

    id: str
    title: str
    definition: str
    version: str
    unit: str
    value: int | float | None
    numerator: int | None
    denominator: int | None
    rows: int | None
    hidden: bool


class FigureList(Schema):
    """Every figure that is for the viewer."""

    items: list[FigureItem]


def _item(one: Figure) -> dict[str, Any]:
    words = {
        "title": str(one.metric.title),
        "definition": str(one.metric.definition),
        "version": one.metric.version,
    }
    return {**one.as_json(), **words, "hidden": one.hidden}


def _ask(asking: Asking) -> tuple[Period, date, str]:
    """The question. Raises ValidationError for a period that ends before it starts."""
    if asking.to < asking.from_:
        fault = Text("统计期止早于起。", "The period ends before it starts.")
        raise ValidationError({"to": str(fault)})
    return Period(asking.from_, asking.to), asking.as_of or min(asking.to, today()), asking.area


@router.get("/", response={200: FigureList, **PROBLEMS}, operation_id="list_insight.metric")
def figures(request: HttpRequest, asking: Query[Asking]) -> Any:
    """Every figure of a period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        return {"items": [_item(one) for one in queries.figures(viewer, *_ask(asking))]}
    except queries.UnknownArea as unknown:
        raise NotFound(unknown) from unknown


@router.get("/{metric_id}", response={200: FigureItem, **PROBLEMS}, operation_id="read_insight.metric")
def figure(request: HttpRequest, metric_id: str, asking: Query[Asking]) -> Any:
    """One figure of a period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        return _item(queries.figure(viewer, metric_id, *_ask(asking)))
    except queries.UnknownArea as unknown:
        raise NotFound(unknown) from unknown
