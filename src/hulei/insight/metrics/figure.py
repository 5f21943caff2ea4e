"""A metric's value as it is shown, printed and given to programs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hulei.insight import rules
from hulei.insight.documents.content import Figure as PrintedFigure
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.rules import Measured

HIDDEN = f"<{rules.SMALL_CELL}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric at one window. ``hidden`` figures keep their numbers to themselves (see ``rules.hides``)."""

    metric: Metric
    window: Window
    measured: Measured
    hidden: bool = False

    @property
    def value(self) -> int | Decimal | None:
        """The value, or None where there is none or it is hidden."""
        return None if self.hidden else self.measured.value

    @property
    def numerator(self) -> int | None:
        """What is above the line."""
        return None if self.hidden else self.measured.numerator

    @property
    def denominator(self) -> int | None:
        """What is below the line; None for a plain count."""
        return None if self.hidden else self.measured.denominator

    @property
    def rows(self) -> int | None:
        """How many rows were counted."""
        return None if self.hidden else self.measured.rows

    @property
    def shown(self) -> str | None:
        """The value as a page shows it: 4,920, -33.67, <5; None where there is none."""
        if self.hidden:
            return HIDDEN
        return None if self.value is None else f"{self.value:,}"

    def as_json(self) -> dict[str, Any]:
        """The figure as plain data; percentages are numbers with two decimals."""
        value = float(self.value) if isinstance(self.value, Decimal) else self.value
        return {
            "id": self.metric.id,
            "value": value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unit": self.metric.unit.zh,
            "rows": self.rows,
        }

    def printed(self) -> PrintedFigure:
        """The figure as the work report prints it, in Chinese."""
        return PrintedFigure(
            metric_id=self.metric.id,
            title=self.metric.title.zh,
            value_text=rules.plain_digits(self.value),
            unit=self.metric.unit.zh,
            definition=self.metric.definition.zh,
            version=self.metric.version,
            numerator=rules.plain_digits(self.numerator),
            denominator=rules.plain_digits(self.denominator),
            rows_count=self.rows,
            query_text=self.query_text(),
        )

    def query_text(self) -> str:
        """What was asked, in one line that a program can repeat."""
        window, metric = self.window, self.metric
        period = f"{window.period.start}/{window.period.end}" if not window.nothing else "-"
        where = f"as-of={window.as_of} area={window.place.code}"
        return f"metric={metric.id}@{metric.version} period={period} {where}"
