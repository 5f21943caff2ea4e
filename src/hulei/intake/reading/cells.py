"""What one cell of a sheet can hold, whatever kind of file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

# A spreadsheet keeps fifteen significant digits of a number; what is longer has been rounded.
MAX_EXACT = 10**15
# Excel's own limit for the text of one cell.
MAX_CELL_TEXT = 32_767
# No ledger is wider; what lies beyond is formatting gone astray.
MAX_COLUMNS = 1_000
MAX_SHEETS = 256

# DDE and what calls outside. The stored results of such formulas are not trusted either.
_REACHES_OUT = re.compile(
    r"\|\s*'|\|[^|]*!|\b(?:HYPERLINK|WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMPORT[A-Z]+|"
    r"SQL\.REQUEST|DDE[A-Z]*)\s*\(",
    re.I,
)

ERROR_WORDS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell whose stored result is an error such as ``#REF!``."""

    word: str


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula that cannot be read as a value: it has no stored result, or reaches outside the sheet."""

    text: str

    @property
    def reaches_out(self) -> bool:
        """Whether it fetches or starts something, and is no mere sum that was never worked out."""
        return reaches_out(self.text)


@dataclass(frozen=True, slots=True)
class LongCell:
    """A text longer than a cell may hold; only its beginning was kept."""

    beginning: str


CellValue = (
    str | int | float | bool | datetime | date | time | timedelta | ErrorCell | FormulaCell | LongCell | None
)


class Row(NamedTuple):
    """One row that is not empty: its line in the sheet (from 1) and its cells, the last one filled."""

    line: int
    cells: list[CellValue]


Rows = Iterator[Row]


def reaches_out(formula: str) -> bool:
    """Whether a formula fetches or starts something outside its workbook."""
    return _REACHES_OUT.search(formula) is not None


def tidy_number(value: float) -> int | float:
    """A whole number as int, so that 12.0 reads as 12; others unchanged."""
    if value == value and abs(value) < MAX_EXACT and value == int(value):
        return int(value)
    return value


def shown(value: CellValue) -> str | None:
    """The cell as text for the raw record: faithful, never more digits than the file really knows."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(value) if abs(value) < MAX_EXACT else f"{float(value):.15G}"
    if isinstance(value, datetime):
        return _shown_moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, ErrorCell):
        return value.word
    return value.text if isinstance(value, FormulaCell) else value.beginning


def _shown_moment(value: datetime) -> str:
    if value.hour or value.minute or value.second:
        return value.isoformat(sep=" ")
    return value.date().isoformat()


def clip_text(text: str) -> str | LongCell:
    """The text, or a :class:`LongCell` when no spreadsheet could have written it."""
    return text if len(text) <= MAX_CELL_TEXT else LongCell(text[:200])


def trim_right(cells: list[CellValue]) -> list[CellValue]:
    """Drop empty cells at the right end, in place."""
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells
