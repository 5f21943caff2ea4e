"""Dates and times in the spellings that ledgers use. No spelling is guessed at."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from hulei.intake.reading.cells import CellValue, tidy_number
from hulei.intake.reading.moments import from_serial
from hulei.intake.reading.normal.text import fold, is_blank_word

# What a bare number may mean in a date column: 1927-05-18 to 2119-01-11 as a serial.
SERIALS = range(10_000, 80_000)
YEARS = range(1900, 2101)

DateReading = tuple[date | None, str | None]
MomentReading = tuple[datetime | None, str | None]

_WEEKDAY = re.compile(r"[(,]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*\)?")
_SEPARATED = re.compile(
    r"(\d{4})\s*[-/.年、_ ]\s*(\d{1,2})\s*[-/.月、_ ]\s*(\d{1,2})(?:\s*[日号]|(?!\d))\s*(.*)$"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{4}|\d{6})|[\sT]+(.+))?$")
_INCOMPLETE = re.compile(
    r"(?:\d{4}\s*年?|\d{4}\s*[-/.年]\s*\d{1,2}\s*月?(?:份)?|\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{6}"
    r"|'?\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{1,2}月)$"
)
_CLOCK = re.compile(
    r"T?\s*(上午|下午|凌晨|早上|中午|晚上|晚|早|am|pm)?\s*(\d{1,2})\s*(?:[::时点]\s*(?:(\d{1,2})\s*"
    r"(?:[::分]\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?)?)?)?\s*(am|pm)?\s*(?:Z|\+08:?00)?$",
    re.I,
)
_AFTERNOON = frozenset({"下午", "晚上", "晚", "pm"})
_MORNING = frozenset({"上午", "凌晨", "早上", "早", "am"})
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(r"[〇零○一二三四五六七八九十]{2,}年")
_HAN_TENS = re.compile(r"(?<![0-9])([1-9])?十([1-9])?")
_DASHES = str.maketrans("–—−‐‑", "-----")


def read_date(cell: CellValue, *, since_1904: bool = False) -> DateReading:
    """(date, None), (None, None) for an empty cell, or (None, code)."""
    moment, code = read_moment(cell, since_1904=since_1904)
    return (moment.date() if moment else None), code


def read_moment(cell: CellValue, *, since_1904: bool = False) -> MomentReading:
    """Like :func:`read_date`, keeping the time; a date alone means midnight."""
    if cell is None:
        return None, None
    if isinstance(cell, datetime):
        return _plausible(cell.replace(tzinfo=None))
    if isinstance(cell, date):
        return _plausible(datetime(cell.year, cell.month, cell.day))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell, since_1904=since_1904)
    if isinstance(cell, str):
        return _from_text(cell, since_1904=since_1904)
    return None, "date_invalid"


def _plausible(moment: datetime) -> MomentReading:
    return (moment, None) if moment.year in YEARS else (None, "date_invalid")


def _from_number(number: int | float, *, since_1904: bool) -> MomentReading:
    if number != number or abs(number) >= 10**8:
        return None, "date_invalid"
    if int(number) in SERIALS:
        moment = from_serial(number, since_1904=since_1904)
        return (moment, None) if isinstance(moment, datetime) else (None, "date_invalid")
    return _from_text(str(tidy_number(number)), since_1904=since_1904)


def _from_text(text: str, *, since_1904: bool) -> MomentReading:
    plain = fold(text).translate(_DASHES).strip("'`。 ")
    if is_blank_word(plain):
        return None, None
    plain = _WEEKDAY.sub(" ", plain).strip()
    if _HAN_DATE.match(plain):
        plain = _han_to_digits(plain)
    if plain.isdecimal() and len(plain) == 5 and int(plain) in SERIALS:
        return _from_number(int(plain), since_1904=since_1904)
    found = _SEPARATED.match(plain)
    if found:
        return _assemble(found[1], found[2], found[3], found[4])
    found = _COMPACT.match(plain)
    if found:
        return _assemble(found[1], found[2], found[3], _spaced(found[4]) or found[5] or "")
    return None, "date_incomplete" if _INCOMPLETE.match(plain) else "date_invalid"


def _spaced(digits: str | None) -> str:
    """``0805`` or ``080512`` with colons."""
    return ":".join(re.findall("..", digits)) if digits else ""


def _assemble(year: str, month: str, day: str, rest: str) -> MomentReading:
    try:
        whole = datetime(int(year), int(month), int(day))
    except ValueError:
        return None, "date_invalid"
    if rest:
        clock = read_clock(rest)
        if clock is None:
            return None, "date_invalid"
        whole = datetime.combine(whole.date(), clock)
    return _plausible(whole)


def read_clock(text: str) -> time | None:
    """A time of day such as 8:05, 08:05:30, 8时5分, 下午3点; None if it is none."""
    found = _CLOCK.match(text.strip())
    if not found:
        return None
    part = (found[1] or found[5] or "").lower()
    hour = int(found[2])
    if part in _AFTERNOON and hour < 12:
        hour += 12
    elif part in _MORNING and hour == 12:
        hour = 0
    try:
        return time(hour, int(found[3] or 0), int(found[4] or 0))
    except ValueError:
        return None


def _han_to_digits(text: str) -> str:
    """二〇二三年十月二十七日 -> 2023年10月27日."""
    digits = text.translate(_HAN_DIGITS)
    return _HAN_TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), digits)
