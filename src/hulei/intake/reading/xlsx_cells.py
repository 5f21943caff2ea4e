"""The cells and texts of xlsx, from the events of an XML parser."""

from __future__ import annotations

import re

from hulei.intake.reading.archive import local
from hulei.intake.reading.cells import (
    MAX_CELL_TEXT,
    MAX_COLUMNS,
    MAX_EXACT,
    CellValue,
    ErrorCell,
    FormulaCell,
    Row,
    clip_text,
    reaches_out,
    tidy_number,
    trim_right,
)
from hulei.intake.reading.moments import from_serial
from hulei.intake.reading.refusals import broken
from hulei.intake.reading.shelf import TextShelf

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# One more than a cell may hold, so that a text too long is seen to be so.
_KEPT_CHARS = MAX_CELL_TEXT + 1


class TextReader:
    """Turns the events of the table of texts into texts, none longer than a cell may hold plus one."""

    def __init__(self, shelf: TextShelf) -> None:
        self._shelf = shelf
        self._name = LocalNames()
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
        if len(letters) <= 3 and letters.isascii():
            self[letters] = number - 1
        return number - 1


class LocalNames(dict[str, str]):
    """The name of an element without its namespace; each worked out once."""

    def __missing__(self, tag: str) -> str:
        self[tag] = name = local(tag)
        return name


COLUMNS = _ColumnIndexes()


class RowReader:
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
        self._name = LocalNames()
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
                self._next = COLUMNS[reference.rstrip("0123456789")]
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
