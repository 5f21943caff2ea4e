"""What a report says, before anyone thinks of Word: figures, sentences, chapters, annex.

A figure carries everything needed to check it. Its value is text so that the document
shows exactly what the metric printed, digit for digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True)
class Figure:
    """One metric's value with its definition and what it counted.

    `value_text` holds plain digits with an optional minus sign and decimal point and no
    unit ("33", "-33.67"); None says that the figure has no value, as a year on year
    without a base year. A small cell that must be hidden is the text "<5".
    """

    metric_id: str
    title: str
    value_text: str | None
    unit: str
    definition: str
    version: str
    numerator: str | None = None
    denominator: str | None = None
    rows_count: int | None = None
    query_text: str = ""

    def number(self) -> Decimal | None:
        """The value as a number, or None when there is none."""
        try:
            return None if self.value_text is None else Decimal(self.value_text.replace(",", ""))
        except InvalidOperation:
            return None


@dataclass(frozen=True)
class Series:
    """One metric month by month; a point without a value has None."""

    metric_id: str
    title: str
    unit: str
    points: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Shown:
    """A figure where a sentence names it, in the sentence's own wording (下降33.67%)."""

    figure: Figure
    text: str


Piece = str | Shown


@dataclass(frozen=True)
class Passage:
    """One paragraph, under its own second-level heading when it has one."""

    pieces: tuple[Piece, ...]
    heading: str = ""


@dataclass(frozen=True)
class Section:
    """One chapter of the report."""

    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Annex:
    """Every figure with its definition, and the series month by month."""

    figures: tuple[Figure, ...]
    series: tuple[Series, ...] = ()


@dataclass(frozen=True)
class WorkReport:
    """A year's work report (未成年人保护工作情况的报告), complete but not yet laid out.

    `signatory` is set for an upward document that names who issues it (签发人);
    `sealed` decides where signature and date stand.
    """

    year: int
    as_of: date
    area_name: str
    issuing_agency: str
    document_number: str | None
    recipients: tuple[str, ...]
    opening: Passage
    sections: tuple[Section, ...]
    annex: Annex
    from_on: date
    to_on: date
    signed_on: date
    copies: tuple[str, ...] = ()
    signatory: str | None = None
    sealed: bool = True

    @property
    def subject(self) -> str:
        """What the report is about, as the second half of its title."""
        return f"关于{self.year}年未成年人保护工作情况的报告"

    @property
    def title(self) -> str:
        """The full title, agency first."""
        return f"{self.issuing_agency}{self.subject}"

    def shown(self) -> Iterator[Shown]:
        """Every figure that the sentences name, in reading order."""
        passages = [self.opening, *(passage for section in self.sections for passage in section.passages)]
        for passage in passages:
            yield from (piece for piece in passage.pieces if isinstance(piece, Shown))


def fingerprint(figure: Figure, scope: Sequence[str]) -> str:
    """Twelve hex digits over a figure and its scope (area, period, as-of day).

    Two prints of the same figure from the same records carry the same fingerprint; a
    value changed by hand afterwards no longer matches its own.
    """
    parts = (
        *scope,
        figure.metric_id,
        figure.version,
        figure.value_text or "",
        figure.numerator or "",
        figure.denominator or "",
        "" if figure.rows_count is None else str(figure.rows_count),
        figure.definition,
        figure.query_text,
    )
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace"))
    return digest.hexdigest()[:12]


def scope_of(report: WorkReport) -> tuple[str, str, str, str]:
    """What every figure of a report shares: area, first day, last day, as-of day."""
    return (
        report.area_name,
        report.from_on.isoformat(),
        report.to_on.isoformat(),
        report.as_of.isoformat(),
    )


def chinese_date(day: date) -> str:
    """2023年7月2日, without leading zeros, as the standard asks."""
    return f"{day.year}年{day.month}月{day.day}日"
