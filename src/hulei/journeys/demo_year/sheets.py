"""Writes the sheets as an office would: title, note, head, rows, total. Same rows, same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from hulei.journeys.demo_year.spelling import Cell

FILLED_IN_BY = "填报单位:北海市公安局铁山港分局"
_WRITTEN = datetime(2023, 12, 29, 17, 0)


@dataclass(frozen=True)
class Sheet:
    """One sheet. Without a title it starts with the head; ``total`` adds the 合计 row."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    total: bool = False
    filled_in_by: str = FILLED_IN_BY


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> Path:
    """An xlsx file whose bytes depend on the rows alone."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"title": path.stem, "author": "演示数据 demo data", "created": _WRITTEN})
        for sheet in sheets:
            _write(book, sheet)
    return path


def _write(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    bold = book.add_format({"bold": True, "align": "center"})
    line = 0
    if sheet.title:
        page.merge_range(0, 0, 0, len(sheet.head) - 1, sheet.title, bold)
        page.write_string(1, 0, sheet.filled_in_by)
        line = 2
    for column, word in enumerate(sheet.head):
        page.write_string(line, column, word, bold)
    page.set_column(0, len(sheet.head) - 1, 13)
    for row in sheet.rows:
        line += 1
        for column, value in enumerate(row):
            _put(page, line, column, value, day, moment)
    if sheet.total:
        page.write_string(line + 2, 0, "合计")
        page.write_number(line + 2, 1, len(sheet.rows))


def _put(page: object, line: int, column: int, value: Cell, day: object, moment: object) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        page.write_datetime(line, column, value, moment)  # type: ignore[attr-defined]
    elif isinstance(value, date):
        page.write_datetime(line, column, datetime(value.year, value.month, value.day), day)  # type: ignore[attr-defined]
    elif isinstance(value, str):
        page.write_string(line, column, value)  # type: ignore[attr-defined]
    else:
        page.write_number(line, column, value)  # type: ignore[attr-defined]


def write_gbk(path: Path, head: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Path:
    """A CSV file in GBK, as grid platforms give it out."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    path.write_bytes(text.getvalue().encode("gbk"))
    return path
