"""The year's work report: drafted from figures, laid out as Word or given as JSON.

report = draft(year=2023, as_of=..., area_name=..., issuing_agency=..., figures=...)
render(report)   # the bytes of a .docx
as_json(report)  # the same as plain data
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from hulei.insight.documents.annex import DEFINITIONS_TITLE, SERIES_TITLE, write_definitions, write_series
from hulei.insight.documents.content import (
    Annex,
    Figure,
    Passage,
    Piece,
    Series,
    Shown,
    WorkReport,
    chinese_date,
    fingerprint,
    scope_of,
)
from hulei.insight.documents.controls import read_figures
from hulei.insight.documents.layout import clean, new_document
from hulei.insight.documents.parts import Writer
from hulei.insight.documents.prose import write_sections

__all__ = ["as_json", "draft", "read_figures", "render"]


def draft(
    *,
    year: int,
    as_of: date,
    area_name: str,
    issuing_agency: str,
    figures: Sequence[Figure],
    series: Sequence[Series] = (),
    document_number: str | None = None,
    recipients: Sequence[str] = (),
    copies: Sequence[str] = (),
    signatory: str | None = None,
    signed_on: date | None = None,
    sealed: bool = True,
) -> WorkReport:
    """The report of a year up to the as-of day, its sentences made from the figures.

    The period runs from 1 January to 31 December, or to the as-of day when that is
    earlier. The date of signature is the as-of day unless given.
    """
    from_on, to_on = date(year, 1, 1), min(as_of, date(year, 12, 31))
    last = chinese_date(to_on).removeprefix(f"{year}年")
    opening = (
        f"现将{chinese_date(from_on)}至{last}{area_name}未成年人保护工作情况报告如下"
        f"（数据统计截至{chinese_date(as_of)}，口径见附件1）。"
    )
    return WorkReport(
        year=year,
        as_of=as_of,
        area_name=area_name,
        issuing_agency=issuing_agency,
        document_number=document_number,
        recipients=tuple(recipients),
        opening=Passage((opening,)),
        sections=write_sections(figures),
        annex=Annex(tuple(figures), tuple(series)),
        from_on=from_on,
        to_on=to_on,
        signed_on=signed_on or as_of,
        copies=tuple(copies),
        signatory=signatory,
        sealed=sealed,
    )


def render(report: WorkReport) -> bytes:
    """The report as a .docx; the same report always gives the same bytes."""
    document = new_document(title=report.title, author=report.issuing_agency, on=report.signed_on)
    writer = Writer(document)
    writer.letterhead(report.issuing_agency, report.document_number, report.signatory)
    writer.title(report.issuing_agency, report.subject)
    writer.addressees(report.recipients)
    writer.body(report.opening.pieces)
    for position, section in enumerate(report.sections, 1):
        writer.heading(section.title, 1, position)
        _write_passages(writer, section.passages)
    writer.body(("特此报告。",))
    titles = [DEFINITIONS_TITLE, *([SERIES_TITLE] if report.annex.series else [])]
    writer.annex_list(titles)
    writer.signature(report.issuing_agency, report.signed_on, sealed=report.sealed)
    writer.annex_page(1, DEFINITIONS_TITLE)
    write_definitions(writer, report)
    if report.annex.series:
        writer.annex_page(2, SERIES_TITLE)
        write_series(writer, report)
    writer.imprint(report.copies, report.issuing_agency, report.signed_on)
    buffer = io.BytesIO()
    document.save(buffer)
    return _repack(buffer.getvalue())


def _write_passages(writer: Writer, passages: Sequence[Passage]) -> None:
    numbered = 0
    for passage in passages:
        if passage.heading:
            numbered += 1
            writer.heading(passage.heading, 2, numbered)
        writer.body(passage.pieces)


def _repack(package: bytes) -> bytes:
    """The same package with one fixed time on every part, so that equal reports are equal files."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            part = zipfile.ZipInfo(entry.filename, date_time=(1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(entry))
    return buffer.getvalue()


def as_json(report: WorkReport) -> dict[str, Any]:
    """The report as plain data: every sentence as text with its figures, every figure whole."""
    scope = scope_of(report)
    return {
        "title": clean(report.title),
        "document_number": report.document_number,
        "issuing_agency": report.issuing_agency,
        "recipients": list(report.recipients),
        "copies": list(report.copies),
        "year": report.year,
        "area": report.area_name,
        "from": report.from_on.isoformat(),
        "to": report.to_on.isoformat(),
        "as_of": report.as_of.isoformat(),
        "signed_on": report.signed_on.isoformat(),
        "opening": _passage_json(report.opening),
        "sections": [
            {"title": section.title, "passages": [_passage_json(passage) for passage in section.passages]}
            for section in report.sections
        ],
        "figures": [_figure_json(figure, scope) for figure in report.annex.figures],
        "series": [
            {
                "id": series.metric_id,
                "title": series.title,
                "unit": series.unit,
                "points": [{"label": label, "value": value} for label, value in series.points],
            }
            for series in report.annex.series
        ],
    }


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "heading": passage.heading,
        "text": "".join(_text(piece) for piece in passage.pieces),
        "figures": [piece.figure.metric_id for piece in passage.pieces if isinstance(piece, Shown)],
    }


def _text(piece: Piece) -> str:
    return clean(piece.text if isinstance(piece, Shown) else piece)


def _figure_json(figure: Figure, scope: Sequence[str]) -> dict[str, Any]:
    return {
        "id": figure.metric_id,
        "title": figure.title,
        "value": figure.value_text,
        "unit": figure.unit,
        "definition": figure.definition,
        "version": figure.version,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rows": figure.rows_count,
        "query": figure.query_text,
        "fingerprint": fingerprint(figure, scope),
    }
