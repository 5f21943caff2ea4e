"""The same sheet again, with the reason in each row that was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from hulei.common.landing import Finding
from hulei.intake.reading.cells import CellValue, shown
from hulei.intake.reading.recognition import REASON_LABEL, Recognition
from hulei.intake.reading.rows import numbered_rows
from hulei.intake.reading.workbook import Sheet

# Columns whose cells must not become numbers again when somebody types the correction.
_AS_TEXT = frozenset({"national_id", "phone", "document_no", "text", "name"})
_WIDE = {"national_id": 21, "document_no": 24, "text": 18, "datetime": 19}
_SHEET_NAME_BREAKERS = str.maketrans("[]:*?/\\", "       ")


def hand_back(
    sheet: Sheet,
    recognition: Recognition,
    findings: Mapping[int, Sequence[Finding]],
    out: Path,
    *,
    only_bad: bool = False,
) -> int:
    """Write ``sheet`` to ``out`` (xlsx) with a last column 退回原因; answers how many rows got a reason.

    ``findings`` is by data-row number. Every row above and below keeps its place; with ``only_bad``
    the good data rows are left out. A number stays a number, so that an id that was rounded cannot
    come back looking like a typed one; nothing is ever written as a formula. Memory stays flat.
    """
    options = {"constant_memory": True, "tmpdir": str(out.parent), "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(out), options) as book:
        page = book.add_worksheet(sheet.name.translate(_SHEET_NAME_BREAKERS).strip("' ")[:31] or None)
        writer = _Writer(book, page, recognition)
        written = 0
        for number, row in numbered_rows(sheet, recognition):
            faults = findings.get(number, ()) if number else ()
            if only_bad and number and not faults:
                continue
            line = writer.next_line if only_bad else row.line - 1
            writer.write(line, row.cells, row.line, faults)
            written += bool(faults)
    return written


class _Writer:
    """Writes rows of cells in their own types."""

    def __init__(self, book: Any, page: Any, recognition: Recognition) -> None:
        self._page = page
        self._head_line = max(recognition.head_lines, default=0)
        self._labels = recognition.labels
        self._reason_column = _reason_column(recognition)
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._clock = book.add_format({"num_format": "hh:mm"})
        self._text = book.add_format({"num_format": "@"})
        self._bad = book.add_format({"num_format": "@", "bg_color": "#FDE9D9"})
        self._bad_number = book.add_format({"bg_color": "#FDE9D9"})
        self._reason = book.add_format({"font_color": "#9C0006", "text_wrap": True, "valign": "top"})
        self.next_line = 0
        self._set_columns(recognition)

    def _set_columns(self, recognition: Recognition) -> None:
        template = recognition.template
        for index, name in recognition.mapping.items():
            kind = template.by_name[name].type if template else "text"
            style = self._text if kind in _AS_TEXT else None
            self._page.set_column(index, index, _WIDE.get(kind, 12), style)
        self._page.set_column(self._reason_column, self._reason_column, 60)
        if self._head_line:
            self._page.freeze_panes(self._head_line, 0)

    def write(
        self, line: int, cells: Sequence[CellValue], source_line: int, faults: Sequence[Finding]
    ) -> None:
        """One row; a head row gets the heading of the new column."""
        bad = {fault.column for fault in faults}
        for column, cell in enumerate(cells):
            if column == self._reason_column or cell is None:
                continue
            label = self._labels[column] if column < len(self._labels) else ""
            self._put(line, column, cell, marked=bool(label) and label in bad)
        if source_line == self._head_line:
            self._page.write_string(line, self._reason_column, REASON_LABEL)
        elif faults:
            self._page.write_string(line, self._reason_column, reason(faults), self._reason)
        self.next_line = line + 1

    def _put(self, line: int, column: int, cell: CellValue, *, marked: bool) -> None:
        page = self._page
        if isinstance(cell, bool):
            page.write_boolean(line, column, cell)
        elif isinstance(cell, int | float):
            with suppress(TypeError):  # not a finite number
                page.write_number(line, column, cell, self._bad_number if marked else None)
        elif isinstance(cell, datetime):
            whole = not (cell.hour or cell.minute or cell.second)
            page.write_datetime(line, column, cell, self._day if whole else self._moment)
        elif isinstance(cell, date):
            page.write_datetime(line, column, cell, self._day)
        elif isinstance(cell, time | timedelta):
            page.write_datetime(line, column, cell, self._clock)
        else:
            page.write_string(line, column, shown(cell) or "", self._bad if marked else None)


def reason(faults: Sequence[Finding]) -> str:
    """The reasons of one row in one cell: 身份证号：…；姓名：…"""
    return "；".join(
        f"{fault.column}：{fault.message}" if fault.column else fault.message for fault in faults
    )


def _reason_column(recognition: Recognition) -> int:
    """Where the reason goes: a column of that name if the sheet was handed back before, else the next."""
    labels = recognition.labels
    return labels.index(REASON_LABEL) if REASON_LABEL in labels else len(labels)
