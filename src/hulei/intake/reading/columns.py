"""One reader for each column of a template: a cell in, its value and its fault out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from hulei.common.landing import Level
from hulei.intake.reading.cells import (
    ERROR_WORDS,
    MAX_EXACT,
    CellValue,
    ErrorCell,
    FormulaCell,
    LongCell,
    shown,
)
from hulei.intake.reading.faults import level_of
from hulei.intake.reading.normal import amounts, dates, identity
from hulei.intake.reading.normal.text import fold, is_nothing, key, person_name, tidy
from hulei.intake.reading.templates import Column

# Nobody in these ledgers was born, and nothing in them happened, longer ago.
OLDEST = timedelta(days=120 * 366)
# Only sentences and lists may be longer; patterns for dates and numbers never see more.
MAX_SHORT = 200
_LONG_TYPES = frozenset({"text", "list"})


_UNREADABLE_CODES: dict[type, str] = {
    ErrorCell: "cell_error",
    FormulaCell: "formula_injection",
    LongCell: "cell_too_long",
}
_UNREADABLE = tuple(_UNREADABLE_CODES)


class Reading(NamedTuple):
    """What a cell means: its value, and the code and level of its fault if it has one."""

    value: Any
    code: str | None = None
    level: Level = "error"


Reader = Callable[[CellValue], Reading]

# After a sign: a call, a reference, a pipe, a sum. Plain words and numbers are none of these.
_RUNS = re.compile(r"[=|!]|[A-Za-z_.]\s*\(|[\d)]\s*[+*/^&]\s*[\d(A-Za-z]|^[A-Za-z$][\w.$:]*$", re.A)
_QUOTED_LITERAL = re.compile(r'="([0-9A-Za-z\u4e00-\u9fff ./:-]*)"$')
_NUMBERS = re.compile(r"[+\-]?[\d\s.,()\-]+(?:[eE][+\-]?\d+)?%?$")


def is_injection(text: str) -> bool:
    """Whether a text would run as a formula when a spreadsheet opens it.

    A sign before a number, a phone or plain Chinese words is harmless, and so is ``="459900..."``,
    with which systems keep a spreadsheet from rounding.
    """
    plain = fold(text).lstrip("'` ")
    if not plain or plain[0] not in "=+-@":
        return False
    if plain[0] == "=":
        return not (_QUOTED_LITERAL.match(plain) or not plain.strip("= "))
    rest = plain.lstrip("+-@ ")
    return not _NUMBERS.match(plain) and _RUNS.search(rest) is not None


def unwrap(text: str) -> str:
    """``="459900..."`` and ``'459900...`` without what was put around to keep them text."""
    found = _QUOTED_LITERAL.match(text.strip())
    return found[1] if found else text


def reader_for(column: Column, *, today: date | None = None, since_1904: bool = False) -> Reader:
    """The reader of a column. ``today`` bounds dates that cannot lie in the future."""
    inner = _inner_reader(column, today, since_1904)
    empty = Reading((), column.missing_code) if column.type == "list" else Reading(None, column.missing_code)
    required, short = column.required, column.type not in _LONG_TYPES

    def read(cell: CellValue) -> Reading:
        if isinstance(cell, str):
            if cell in ERROR_WORDS:
                return Reading(None, "cell_error")
            if short and len(cell) > MAX_SHORT:
                return Reading(None, "cell_too_long")
            if cell[:1] == "=" or cell[:1] == "＝":
                cell = unwrap(fold(cell))
        elif isinstance(cell, _UNREADABLE):
            return Reading(None, _UNREADABLE_CODES[type(cell)])
        reading = inner(cell)
        if required and reading.code is None and (reading.value is None or reading.value == ()):
            return empty
        return reading

    return read


def _inner_reader(column: Column, today: date | None, since_1904: bool) -> Reader:
    match column.type:
        case "name":
            return _read_name
        case "national_id":
            return lambda cell: _leveled(identity.read_national_id(cell))
        case "phone":
            return lambda cell: _leveled(identity.read_phone(cell))
        case "date" | "datetime":
            return _date_reader(column, today, since_1904)
        case "choice":
            return _choice_reader(column)
        case "yes_no":
            level: Level = "error" if column.required else "warning"
            return lambda cell: Reading(*amounts.read_yes_no(cell), level)
        case "int":
            return lambda cell: Reading(*amounts.read_int(cell))
        case "decimal":
            return lambda cell: Reading(*amounts.read_decimal(cell))
        case "time_range":
            return lambda cell: Reading(*amounts.read_slot(cell))
        case "list":
            return lambda cell: Reading(*amounts.read_list(cell, shown(cell)))
        case "document_no":
            return lambda cell: _as_text(cell, amounts.read_document_number)
        case _:
            return _cached(lambda cell: _as_text(cell, _plain_text))


def _leveled(reading: tuple[Any, str | None]) -> Reading:
    value, code = reading
    return Reading(value) if code is None else Reading(value, code, level_of(code))


def _cached(reader: Reader, size: int = 512) -> Reader:
    """Schools, stations and words for things recur all the way down a sheet."""
    return lru_cache(maxsize=size, typed=True)(reader)


def _read_name(cell: CellValue) -> Reading:
    return Reading(person_name(shown(cell) or ""))


def _as_text(cell: CellValue, reader: Callable[[str], str | None]) -> Reading:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= MAX_EXACT:
        return Reading(None, "number_rounded")
    text = shown(cell)
    return Reading(reader(text) if text is not None else None)


def _plain_text(text: str) -> str | None:
    plain = tidy(text)
    return None if is_nothing(plain) else plain


def _date_reader(column: Column, today: date | None, since_1904: bool) -> Reader:
    read = dates.read_date if column.type == "date" else dates.read_moment

    def reader(cell: CellValue) -> Reading:
        value, code = read(cell, since_1904=since_1904)
        if value is None or today is None or not column.past:
            return Reading(value, code)
        day = value.date() if isinstance(value, datetime) else value
        if day > today or today - day > OLDEST:
            return Reading(value, "date_implausible", "warning")
        return Reading(value)

    # twenty years of days in one or two spellings
    return _cached(reader, 8192)


def _choice_reader(column: Column) -> Reader:
    choices = column.choices or {}
    level: Level = "warning" if column.otherwise or not column.required else "error"

    def reader(cell: CellValue) -> Reading:
        word = shown(cell)
        if word is None:
            return Reading(None)
        code = amounts.read_choice(word, choices)
        if code is not None:
            return Reading(code)
        if is_nothing(key(word)):
            return Reading(None)
        return Reading(column.otherwise, "choice_unknown", level)

    return _cached(reader)
