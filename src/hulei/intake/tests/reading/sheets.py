"""Sheets made for the tests: in every format, and with their insides laid bare where they must be broken."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hulei.intake.reading.cells import CellValue, Row
from hulei.intake.reading.recognition import Recognition, recognise
from hulei.intake.reading.rows import LedgerReading, read_ledger
from hulei.intake.reading.templates import load_templates
from hulei.intake.reading.workbook import Sheet, SheetHead, open_workbook

TODAY = date(2024, 1, 1)
# An id on the unassigned area code, with its right check digit.
ID = "459900201206254033"

REGISTER_HEAD = [
    "序号", "姓名", "性别", "出生日期", "身份证号", "就读学校", "监护人", "监护人电话", "家庭住址",
    "走访日期", "走访情况",
]  # fmt: skip


def register_row(number: int = 1, **changes: Any) -> list[Any]:
    """A good row of the grid workers' register; ``changes`` by head word."""
    row = [
        number, "张怡", "女", "2012-06-25", ID, "示例小学", "张洋", "19912345678", "示例镇一村1号",
        "2023-05-06", "正常",
    ]  # fmt: skip
    for label, value in changes.items():
        row[REGISTER_HEAD.index(label)] = value
    return row


def sheet_of(
    grid: Iterable[Sequence[Any]], *, name: str = "台账", file_name: str = "t.xlsx", merges: Any = ()
) -> Sheet:
    """A sheet in memory, as if some file had held the grid."""
    rows = [Row(line, list(cells)) for line, cells in enumerate(grid, 1) if any(c is not None for c in cells)]
    return Sheet(
        name, file_name, lambda: iter([Row(r.line, list(r.cells)) for r in rows]), lambda: list(merges)
    )


def head_of(grid: Iterable[Sequence[Any]], *, name: str = "台账", file_name: str = "t.xlsx") -> SheetHead:
    """Only what recognition sees of it."""
    return sheet_of(grid, name=name, file_name=file_name).head()


def reading_of(grid: Iterable[Sequence[Any]], **more: Any) -> tuple[Recognition, LedgerReading]:
    """Recognise a grid and read it."""
    sheet = sheet_of(grid, **more)
    found = recognise(sheet.head(), load_templates())
    return found, read_ledger(sheet, found, today=TODAY)


def cells_of(path: Path, sheet: int = 0) -> list[tuple[int, list[CellValue]]]:
    """The filled rows of a file."""
    with open_workbook(path) as book:
        return [(row.line, row.cells) for row in book.sheets[sheet].rows()]


def write_xlsx(
    path: Path, grid: Iterable[Sequence[Any]], *, sheet: str = "台账", merges: Sequence[str] = ()
) -> Path:
    """By openpyxl, as most other programs would."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in grid:
        page.append(list(row))
    for merge in merges:
        page.merge_cells(merge)
    book.save(path)
    return path


def write_xls(path: Path, grid: Iterable[Sequence[Any]]) -> Path:
    """The format of before 2007."""
    book = xlwt.Workbook()
    page = book.add_sheet("台账")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if value is not None:
                page.write(r, c, value, *([day] if isinstance(value, date | datetime) else []))
    book.save(str(path))
    return path


def write_ods(path: Path, grid: Iterable[Sequence[Any]]) -> Path:
    """LibreOffice's own format."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="台账")
    for row in grid:
        line = TableRow()
        for value in row:
            line.addElement(_ods_cell(value))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def _ods_cell(value: Any) -> TableCell:
    if value is None:
        return TableCell()
    if isinstance(value, date | datetime):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=value))
    return cell


def write_csv(
    path: Path, grid: Iterable[Sequence[Any]], *, encoding: str = "gb18030", delimiter: str = ","
) -> Path:
    """As other systems export it."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in grid])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def bare_xlsx(
    path: Path,
    sheet_xml: str,
    *,
    workbook: str = "",
    texts: str | None = None,
    prolog: str = "",
    styles: str = "",
) -> Path:
    """An xlsx whose sheetData is exactly ``sheet_xml``, for odd and evil contents."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Target="xl/workbook.xml" '
        f'Type="{_RELATIONS}/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}">{workbook}<sheets>'
        '<sheet name="台账" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="s1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="s2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="s3" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?>{prolog}'
        f'<worksheet xmlns="{MAIN}"><sheetData>'
        f"{sheet_xml}</sheetData></worksheet>",
    }
    if texts is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{texts}</sst>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return path
