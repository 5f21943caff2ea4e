"""xlsx, read as a stream: memory does not grow with the number of rows."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass

from hulei.intake.reading.archive import local, new_parser, parse_part, parse_whole, stream_part
from hulei.intake.reading.cells import (
    MAX_CELL_TEXT,
    MAX_COLUMNS,
    MAX_EXACT,
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
from hulei.intake.reading.moments import from_serial, is_date_format
from hulei.intake.reading.refusals import FileRefused, broken
from hulei.intake.reading.shelf import TextShelf

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(rb'mergeCell\s+ref="\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)"')
_SHEET_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
# One more than a cell may hold, so that a text too long is seen to be so.
_KEPT_CHARS = MAX_CELL_TEXT + 1
MAX_MERGES = 20_000
MAX_MERGE_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet as the workbook names it."""

    name: str
    part: str
    hidden: bool


class XlsxBook:
    """The parts of one xlsx: its sheets, which styles are dates, and the shared texts."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.since_1904 = False
        self.sheets: list[SheetPart] = []
        self._styles: list[bool] = []
        self._texts: TextShelf | None = None
        workbook = self._find("", "/officeDocument") or "xl/workbook.xml"
        self._targets = self._relations(workbook)
        self._read_workbook(workbook)
        styles = self._find(workbook, "/styles")
        if styles and styles in archive.namelist():
            self._styles = _date_styles(archive, styles)
        self._texts_part = self._find(workbook, "/sharedStrings")

    def rows(self, sheet: SheetPart) -> Rows:
        """The filled rows of a sheet in order. Raises FileRefused where the file turns out broken."""
        reader = _RowReader(self._shelf(), self._styles, self.since_1904)
        parser = new_parser(start=reader.start, end=reader.end, text=reader.texts.append)
        for _ in parse_part(self._archive, sheet.part, parser):
            reader.shorten()
            if reader.done:
                yield from reader.done
                reader.done.clear()

    def merges(self, sheet: SheetPart) -> list[tuple[int, int, int, int]]:
        """Merged ranges as (top, left, bottom, right): lines from 1, columns from 0."""
        tail = b""
        inside = False
        for chunk in stream_part(self._archive, sheet.part):
            tail += chunk
            if not inside and (end := _SHEET_END.search(tail)):
                inside, tail = True, tail[end.end() :]
            if len(tail) > MAX_MERGE_BYTES:
                break
            tail = tail if inside else tail[-32:]
        found = _MERGE.findall(tail)[:MAX_MERGES]
        return [
            (int(top), _COLUMNS[left.decode()], int(bottom), _COLUMNS[right.decode()])
            for left, top, right, bottom in found
        ]

    def close(self) -> None:
        """Let go of the texts."""
        if self._texts is not None:
            self._texts.close()

    def _shelf(self) -> TextShelf:
        if self._texts is None:
            self._texts = TextShelf()
            if self._texts_part and self._texts_part in self._archive.namelist():
                _read_texts(self._archive, self._texts_part, self._texts)
        return self._texts

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (type, target part) of a part; empty where none are declared."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._archive.namelist():
            return {}
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), posixpath.normpath(whole))

        parse_whole(self._archive, rels, new_parser(start=start, end=_nothing))
        return found

    def _find(self, part: str, kind: str) -> str | None:
        return next(
            (target for type_, target in self._relations(part).values() if type_.endswith(kind)), None
        )

    def _read_workbook(self, workbook: str) -> None:
        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "workbookPr":
                self.since_1904 = attributes.get("date1904", "0") in {"1", "true"}
            elif name == "sheet":
                relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
                type_, part = self._targets.get(relation, ("", ""))
                if type_.endswith("/worksheet"):
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(SheetPart(attributes.get("name", ""), part, hidden))

        parse_whole(self._archive, workbook, new_parser(start=start, end=_nothing))
        if len(self.sheets) > MAX_SHEETS:
            raise FileRefused("file_bomb", f"{len(self.sheets)} 个工作表", f"{len(self.sheets)} sheets")
        if not self.sheets:
            raise broken("没有工作表", "it has no worksheet")


def _nothing(_: str) -> None:
    """Ends of elements that nobody waits for."""


def _date_styles(archive: zipfile.ZipFile, part: str) -> list[bool]:
    """For each cell style whether it shows a date."""
    codes: dict[int, str] = {}
    styles: list[bool] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt" and "numFmtId" in attributes:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            number = int(attributes.get("numFmtId", "0"))
            styles.append(is_date_format(number, codes.get(number)))
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    parse_whole(archive, part, new_parser(start=start, end=end))
    return styles


def _read_texts(archive: zipfile.ZipFile, part: str, shelf: TextShelf) -> None:
    """Fill the shelf; phonetic guides are not part of a text."""
    reader = _TextReader(shelf)
    parse_whole(archive, part, new_parser(start=reader.start, end=reader.end, text=reader.text))


class _TextReader:
    """Turns the events of the table of texts into texts, none longer than a cell may hold plus one."""

    def __init__(self, shelf: TextShelf) -> None:
        self._shelf = shelf
        self._name = _LocalNames()
        self._pieces: list[str] = []
        self._room = 0
        self._keep = False
        self._phonetic = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        """An element opens."""
        name = self._name[tag]
        if name == "t":
            self._keep = not self._phonetic
        elif name == "si":
            self._pieces.clear()
            self._room = _KEPT_CHARS
        elif name == "rPh":
            self._phonetic = True

    def text(self, data: str) -> None:
        """Characters between elements."""
        if self._keep and self._room > 0:
            self._pieces.append(data)
            self._room -= len(data)

    def end(self, tag: str) -> None:
        """An element closes."""
        name = self._name[tag]
        if name == "t":
            self._keep = False
        elif name == "si":
            self._shelf.append(_unescape("".join(self._pieces)[:_KEPT_CHARS]))
        elif name == "rPh":
            self._phonetic = False


def _unescape(text: str) -> str:
    """``_x000D_`` and its like stand for characters that XML cannot carry."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\x00", "")


class _ColumnIndexes(dict[str, int]):
    """``A`` -> 0, ``XFD`` -> 16383; each worked out once."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + (ord(letter) & 31)
        self[letters] = number - 1
        return number - 1


class _LocalNames(dict[str, str]):
    """The name of an element without its namespace; each worked out once."""

    def __missing__(self, tag: str) -> str:
        self[tag] = name = local(tag)
        return name


_COLUMNS = _ColumnIndexes()


class _RowReader:
    """Turns the events of one sheet into rows. Hot: every cell of a district's year passes here."""

    __slots__ = (
        "_cells", "_dates", "_first", "_formula", "_kind", "_line", "_name", "_next", "_phonetic", "_shelf",
        "_since_1904", "_style", "_value", "done", "texts",
    )  # fmt: skip

    def __init__(self, shelf: TextShelf, styles: list[bool], since_1904: bool) -> None:
        self._shelf, self._first, self._since_1904 = shelf, shelf.first, since_1904
        self._dates = frozenset(str(number) for number, is_date in enumerate(styles) if is_date)
        self.done: list[Row] = []
        self.texts: list[str] = []
        self._name = _LocalNames()
        self._cells: list[CellValue] = []
        self._line = 0
        self._next = 0
        self._kind: str | None = None
        self._style: str | None = None
        self._value: str | None = None
        self._formula: str | None = None
        self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        name = self._name[tag]
        if name == "c":
            reference = attributes.get("r")
            if reference:
                self._next = _COLUMNS[reference.rstrip("0123456789")]
            self._kind = attributes.get("t")
            self._style = attributes.get("s")
            self._value = self._formula = None
        elif name == "v" or name == "t" or name == "f":
            self.texts.clear()
        elif name == "row":
            number = attributes.get("r")
            self._line = int(number) if number and number.isdigit() else self._line + 1
            self._cells = []
            self._next = 0
        elif name == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        """An element closes."""
        name = self._name[tag]
        if name == "v":
            self._value = "".join(self.texts)
        elif name == "c":
            if self._value is not None or self._formula is not None:
                self._put(self._read())
            self._next += 1
        elif name == "t":
            if not self._phonetic:
                self._value = (self._value or "") + "".join(self.texts)
        elif name == "f":
            self._formula = "".join(self.texts)
        elif name == "row":
            if trim_right(self._cells):
                self.done.append(Row(self._line, self._cells))
        elif name == "rPh":
            self._phonetic = False

    def shorten(self) -> None:
        """Between chunks: of a text that goes on and on keep only what shows it is too long."""
        if len(self.texts) > 8:
            self.texts[:] = ["".join(self.texts)[:_KEPT_CHARS]]

    def _put(self, value: CellValue) -> None:
        cells, column = self._cells, self._next
        missing = column - len(cells)
        if value is None or column >= MAX_COLUMNS:
            return
        if missing < 0:
            cells[column] = value
            return
        if missing:
            cells.extend([None] * missing)
        cells.append(value)

    def _read(self) -> CellValue:
        text, kind = self._value, self._kind
        if self._formula is not None:
            unread = not text and kind != "str"
            if unread or reaches_out(self._formula):
                return FormulaCell("=" + self._formula[:200])
        if not text:
            return None
        if kind == "s":
            return self._shared(text)
        if kind is None or kind == "n":
            return self._number(text)
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return ErrorCell(text)
        return clip_text(_unescape(text))

    def _shared(self, text: str) -> CellValue:
        try:
            number = int(text)
            found = self._first[number] if 0 <= number < len(self._first) else self._shelf.get(number)
        except (IndexError, ValueError) as fault:
            raise broken("文字表不完整", "its table of texts is incomplete") from fault
        return (found if len(found) < _KEPT_CHARS else clip_text(found)) or None

    def _number(self, text: str) -> CellValue:
        try:
            number = int(text) if text.isdecimal() else float(text)
        except ValueError as fault:
            raise broken("数字单元格无法读取", "a number cell cannot be read") from fault
        if self._style in self._dates:
            moment = from_serial(number, since_1904=self._since_1904)
            if moment is not None:
                return moment
        if isinstance(number, float):
            return tidy_number(number)
        return number if number < MAX_EXACT else float(number)
