"""ods (OpenDocument), read as a stream."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time, timedelta

from hulei.intake.reading.archive import local, new_parser, parse_part, parse_whole
from hulei.intake.reading.cells import (
    ERROR_WORDS,
    MAX_CELL_TEXT,
    MAX_COLUMNS,
    MAX_SHEETS,
    CellValue,
    ErrorCell,
    FormulaCell,
    Row,
    Rows,
    clip_text,
    reaches_out,
    tidy_number,
    trim_right,
)
from hulei.intake.reading.limits import Limits
from hulei.intake.reading.refusals import FileRefused, broken

CONTENT = "content.xml"
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$")


class OdsBook:
    """One ods: the names of its sheets, and their rows."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self.sheets: list[tuple[str, bool]] = []
        if "META-INF/manifest.xml" in archive.namelist():
            _refuse_encrypted(archive)
        self._list_sheets()
        if len(self.sheets) > MAX_SHEETS:
            raise FileRefused("file_bomb", f"{len(self.sheets)} 个工作表", f"{len(self.sheets)} sheets")
        if not self.sheets:
            raise broken("没有工作表", "it has no worksheet")

    def rows(self, index: int) -> Rows:
        """The filled rows of the sheet with that index, in order."""
        reader = _TableReader(index, self._limits.box_cells)
        parser = new_parser(start=reader.start, end=reader.end, text=reader.text)
        for _ in parse_part(self._archive, CONTENT, parser):
            if reader.done:
                yield from reader.done
                reader.done.clear()

    def _list_sheets(self) -> None:
        hidden_styles: set[str] = set()
        style = [""]

        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "style":
                style[0] = _get(attributes, "name")
            elif name == "table-properties" and _get(attributes, "display") == "false":
                hidden_styles.add(style[0])
            elif name == "table" and _get(attributes, "name"):
                self.sheets.append(
                    (_get(attributes, "name"), _get(attributes, "style-name") in hidden_styles)
                )

        parse_whole(self._archive, CONTENT, new_parser(start=start, end=lambda _: None))


def _refuse_encrypted(archive: zipfile.ZipFile) -> None:
    def start(tag: str, _: dict[str, str]) -> None:
        if local(tag) == "encryption-data":
            raise FileRefused("file_encrypted")

    parse_whole(archive, "META-INF/manifest.xml", new_parser(start=start, end=lambda _: None))


def _get(attributes: dict[str, str], name: str) -> str:
    """An attribute whatever its namespace."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def _repeat(attributes: dict[str, str], name: str) -> int:
    text = _get(attributes, name)
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) > 0 else 1


class _TableReader:
    """Turns the events of one table into rows; notes pinned to cells are not part of them."""

    def __init__(self, index: int, box_cells: int) -> None:
        self.done: list[Row] = []
        self._wanted, self._table, self._line = index, -1, 0
        self._room = box_cells
        self._cells: list[CellValue] = []
        self._attributes: dict[str, str] = {}
        self._row_repeat = 1
        self._paragraphs: list[str] = []
        self._chars = 0
        self._in_paragraph = 0
        self._in_note = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        name = local(tag)
        if name == "table" and _get(attributes, "name"):
            self._table += 1
            self._line = 0
        elif self._table != self._wanted:
            return
        elif name == "table-row":
            self._cells = []
            self._row_repeat = _repeat(attributes, "number-rows-repeated")
        elif name in {"table-cell", "covered-table-cell"}:
            self._attributes = attributes
            self._paragraphs = []
            self._chars = 0
        elif name == "annotation":
            self._in_note += 1
        elif not self._in_note:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._in_paragraph += 1
            self._paragraphs.append("")
        elif self._paragraphs and name == "s":
            self._paragraphs[-1] += " " * min(_repeat(attributes, "c"), 100)
        elif self._paragraphs and name == "tab":
            self._paragraphs[-1] += "\t"
        elif self._paragraphs and name == "line-break":
            self._paragraphs[-1] += "\n"

    def text(self, data: str) -> None:
        """Characters between elements."""
        if self._in_paragraph and not self._in_note and self._chars <= MAX_CELL_TEXT:
            self._chars += len(data)
            self._paragraphs[-1] += data

    def end(self, tag: str) -> None:
        """An element closes."""
        if self._table != self._wanted:
            return
        name = local(tag)
        if name in {"table-cell", "covered-table-cell"}:
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "annotation":
            self._in_note -= 1
        elif name == "p" and not self._in_note:
            self._in_paragraph -= 1

    def _end_cell(self) -> None:
        repeat = _repeat(self._attributes, "number-columns-repeated")
        value = _read_cell(self._attributes, "\n".join(self._paragraphs))
        room = MAX_COLUMNS - len(self._cells)
        if room > 0:
            self._cells.extend([value] * min(repeat, room))

    def _end_row(self) -> None:
        if not trim_right(self._cells):
            self._line += self._row_repeat
            return
        self._room -= len(self._cells) * self._row_repeat
        if self._room < 0:
            raise FileRefused("file_bomb", "重复的行列过多", "too many repeated rows or columns")
        for _ in range(self._row_repeat):
            self._line += 1
            self.done.append(Row(self._line, list(self._cells)))


def _read_cell(attributes: dict[str, str], text: str) -> CellValue:
    kind = _get(attributes, "value-type")
    formula = _get(attributes, "formula")
    if formula and (reaches_out(formula) or not kind):
        return FormulaCell("=" + formula[:200])
    if text in ERROR_WORDS or (formula and text.startswith("Err:")):
        return ErrorCell(text)
    try:
        return _typed(kind, attributes, text)
    except ValueError as fault:
        raise broken("单元格的值无法读取", "the value of a cell cannot be read") from fault


def _typed(kind: str, attributes: dict[str, str], text: str) -> CellValue:
    if kind in {"float", "percentage", "currency"}:
        return tidy_number(float(_get(attributes, "value")))
    if kind == "date":
        return _moment(_get(attributes, "date-value"))
    if kind == "time":
        return _time_of_day(_get(attributes, "time-value"))
    if kind == "boolean":
        return _get(attributes, "boolean-value") == "true"
    return clip_text(text or _get(attributes, "string-value")) or None


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _time_of_day(text: str) -> time | timedelta:
    found = _DURATION.match(text)
    if not found:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return (datetime.min + span).time() if span < timedelta(days=1) else span
