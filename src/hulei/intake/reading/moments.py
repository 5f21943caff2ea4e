"""Spreadsheet serial numbers and number formats: which numbers are dates, and which dates they are."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

# Built-in formats that show a date or a time, those of Chinese Excel (27-36, 50-58) included.
_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_DATE_CODES = re.compile(r"[ymdhs年月日]|上午|AM/PM", re.I)

_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
# The last day a spreadsheet knows: 9999-12-31.
_LAST_SERIAL = 2_958_466


def is_date_format(number: int, code: str | None = None) -> bool:
    """Whether a number format shows its number as a date or a time."""
    if code is None:
        return number in _BUILTIN_DATES
    if code.strip().lower() in {"general", "g/通用格式", "@", ""}:
        return False
    first = code.split(";", 1)[0]
    return bool(_DATE_CODES.search(_NOT_CODES.sub("", first))) or _quoted_date(first)


def _quoted_date(code: str) -> bool:
    """``yyyy"年"m"月"`` has its letters outside the quotes and is found above; this is for the rest."""
    return "年" in code and "月" in code


def from_serial(serial: float, *, since_1904: bool = False) -> datetime | time | None:
    """The moment a serial number stands for, to the second; None outside the calendar.

    Below 1 it is a time of day. In the 1900 system day 60 never existed (a bug kept for sixty
    years); days before it are one off.
    """
    if not 0 <= serial < _LAST_SERIAL:
        return None
    if serial < 1 and not since_1904:
        seconds = round(serial * 86_400)
        return (datetime.min + timedelta(seconds=min(seconds, 86_399))).time()
    epoch = _EPOCH_1904 if since_1904 else _EPOCH_1900
    days = int(serial) + (1 if not since_1904 and serial < 60 else 0)
    try:
        return epoch + timedelta(days=days, seconds=round((serial - int(serial)) * 86_400))
    except OverflowError:
        return None
