"""xls (Excel 97-2003): calamine reads it, after a look at its extent and its lock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import python_calamine

from hulei.intake.reading.cells import (
    MAX_COLUMNS,
    CellValue,
    ErrorCell,
    Row,
    Rows,
    clip_text,
    tidy_number,
    trim_right,
)
from hulei.intake.reading.limits import Limits
from hulei.intake.reading.ole import open_compound, scan_workbook
from hulei.intake.reading.refusals import FileRefused, broken


class XlsBook:
    """One xls. It can hold 65,536 rows at most, so it is read whole."""

    def __init__(self, path: Path, limits: Limits) -> None:
        compound = open_compound(path)
        scan = scan_workbook(compound.stream("Workbook" if "Workbook" in compound.names else "Book"))
        if scan.encrypted:
            raise FileRefused("file_encrypted")
        if scan.largest_box > limits.box_cells:
            raise FileRefused("file_bomb", "工作表范围过大", "a sheet spans too many cells")
        self._errors = scan.errors
        self._book = _load(path)
        sheets = [
            meta for meta in self._book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        self.sheets = [(m.name, m.visible != python_calamine.SheetVisibleEnum.Visible) for m in sheets]

    def rows(self, index: int) -> Rows:
        """The filled rows of the sheet with that index, in order."""
        try:
            sheet = self._book.get_sheet_by_name(self.sheets[index][0])
            rows = sheet.to_python(skip_empty_area=False)
        except python_calamine.CalamineError as fault:
            raise broken("工作表无法读取", "a sheet cannot be read") from fault
        marks = {(row, column): word for (s, row, column), word in self._errors.items() if s == index}
        by_line: dict[int, dict[int, str]] = {}
        for (row, column), word in marks.items():
            by_line.setdefault(row, {})[column] = word
        for number, values in enumerate(rows):
            cells = [_tidy(value) for value in values[:MAX_COLUMNS]]
            for column, word in by_line.get(number, {}).items():
                if column < len(cells):
                    cells[column] = ErrorCell(word)
            if trim_right(cells):
                yield Row(number + 1, cells)

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()


def _load(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.load_workbook(path)
    except python_calamine.PasswordError as fault:
        raise FileRefused("file_encrypted") from fault
    except (python_calamine.CalamineError, OSError) as fault:
        raise broken("工作簿无法打开", "the workbook cannot be opened") from fault


def _tidy(value: Any) -> CellValue:
    if isinstance(value, str):
        return clip_text(value) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return tidy_number(value)
    return value
