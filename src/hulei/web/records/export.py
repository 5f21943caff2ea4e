"""A list as an Excel file: no formula can hide in it, and it says who took it out and when."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from hulei.common.pages import Page
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.web.jinja import shown

_NOTE = Text(
    "{who} 于 {when} 导出，留痕 #{entry}，共 {rows} 行。仅限履行未成年人保护职责使用，不得外传。",
    "Exported by {who} at {when}, ledger #{entry}, {rows} rows. For protecting minors; do not pass on.",
)


def workbook(page: Page, records: Iterable[Any], *, by: Viewer, at: datetime, entry: int, rows: int) -> bytes:
    """An .xlsx of ``records`` in the page's columns, marked on top and in each printed page's footer."""
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    grey = book.add_format({"font_color": "#666666"})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(str(page.title)[:31])
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    note = str(_NOTE.fill(who=by.name, when=when, entry=entry, rows=rows))
    sheet.set_footer(f"&L{_footer(note)}&R&P/&N")
    sheet.set_column(0, len(page.columns), 16)
    sheet.write_string(0, 0, str(page.title), bold)
    sheet.write_string(1, 0, note, grey)
    for column, declared in enumerate(page.columns):
        sheet.write_string(2, column, str(declared.label), bold)
    sheet.freeze_panes(3, 0)
    for line, record in enumerate(records, start=3):
        for column, declared in enumerate(page.columns):
            _write(sheet, line, column, declared.read(record), days)
    book.set_properties({"title": str(page.title), "author": by.name, "comments": note})
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, line: int, column: int, value: Any, days: Any) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(line, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), days)
    elif value is not None:
        sheet.write_string(line, column, defused(shown(value)))


def defused(text: str) -> str:
    """A text that no spreadsheet reads as a formula, not even after it went through CSV."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != "--" else text


def _footer(text: str) -> str:
    """Excel's footer language reads & as a command and holds 255 characters."""
    return text.replace("&", "&&")[:180]
