"""Numbers, yes and no, time slots, lists, document numbers and choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal, InvalidOperation

from hulei.intake.reading.cells import MAX_EXACT, CellValue
from hulei.intake.reading.normal.dates import read_clock
from hulei.intake.reading.normal.text import fold, is_blank_word, is_nothing, key, tidy

_UNITS = re.compile(
    r"\s*(?:人次|人|名|个|周岁|岁|次|件|所|分|节课|节|课时|学时|套|把|面|支|顶|双|副|瓶|条|台|%)$"
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$", re.A)
_SLOT = re.compile(r"(.*?\d\s*(?:时|分|点)?)\s*(?:-+|~+|至|到)\s*(\D{0,4}\d.*)$")
_SLOT_PREFIX = re.compile(r"^(?:上学|放学|午间|中午|早上|上午|下午|晚上|早|晚|午|上|时段|高峰)*[::\s]*")
_LIST_MARKS = re.compile(r"[、,，;；/|\n\r]+")
_YEAR_BRACKETS = re.compile(r"[\[({【〔〈<]\s*((?:19|20)\d\d)\s*[\])}】〕〉>]")

_YES = frozenset(
    {"是", "有", "√", "✓", "✔", "☑", "对", "y", "yes", "true", "t", "1", "1.0", "已", "已有"}
    | {"已签", "已签订", "签订", "已落实", "达标", "已达标", "联网", "已联网", "合格", "已配备"}
)
_NO = frozenset(
    {
        "否",
        "无",
        "×",
        "✗",
        "✘",
        "☒",
        "x",
        "不",
        "n",
        "no",
        "false",
        "f",
        "0",
        "0.0",
        "未",
        "没有",
        "没",
        "不是",
    }
    | {"未签", "未签订", "未落实", "不达标", "未达标", "未联网", "不合格", "未配备"}
)


def read_decimal(cell: CellValue) -> tuple[Decimal | None, str | None]:
    """A number of zero or more, with or without its unit (1,460人, 95.5分)."""
    if cell is None:
        return None, None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None, "number_invalid"
    text = str(cell) if not isinstance(cell, str) else fold(cell).strip("'` ")
    if is_blank_word(text):
        return None, None
    text = _UNITS.sub("", text)
    if not _NUMBER.match(text):
        return None, "number_invalid"
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None, "number_invalid"
    return (None, "number_invalid") if number < 0 or number >= MAX_EXACT else (number, None)


def read_int(cell: CellValue) -> tuple[int | None, str | None]:
    """A whole number of zero or more."""
    if type(cell) is int and 0 <= cell < MAX_EXACT:
        return cell, None
    number, code = read_decimal(cell)
    if number is None:
        return None, code
    return (int(number), None) if number == number.to_integral_value() else (None, "number_invalid")


def read_yes_no(cell: CellValue) -> tuple[bool | None, str | None]:
    """是 and 否 and the marks that stand for them."""
    if cell is None or isinstance(cell, bool):
        return cell, None
    word = key(str(cell))
    if word in _YES:
        return True, None
    if word in _NO:
        return False, None
    return None, None if is_blank_word(word) else "choice_unknown"


def read_slot(cell: CellValue) -> tuple[tuple[time, time] | None, str | None]:
    """A slot of the day such as 07:10-07:50 or 7时10分至7时50分."""
    if cell is None:
        return None, None
    if not isinstance(cell, str):
        return None, "time_invalid"
    text = fold(cell).replace("—", "-").replace("–", "-").replace("∼", "~").strip("'` ")
    if is_blank_word(text):
        return None, None
    found = _SLOT.match(text)
    if not found:
        return None, "time_invalid"
    begin, end = _slot_end(found[1]), _slot_end(found[2])
    if begin is None or end is None:
        return None, "time_invalid"
    if begin >= end and end.hour < 12 and "下午" in found[1]:
        end = end.replace(hour=end.hour + 12)
    return ((begin, end), None) if begin < end else (None, "time_invalid")


def _slot_end(text: str) -> time | None:
    return read_clock(text) or read_clock(_SLOT_PREFIX.sub("", text))


def read_list(cell: CellValue, shown: str | None) -> tuple[tuple[str, ...], str | None]:
    """Words set apart by 、 or another mark; each once, in their order."""
    if cell is None or shown is None:
        return (), None
    items = (tidy(item) for item in _LIST_MARKS.split(shown))
    return tuple(dict.fromkeys(item for item in items if not is_nothing(item))), None


def read_document_number(shown: str) -> str | None:
    """公(铁)矫字〔2023〕32号: no spaces, the year in 〔〕 whatever brackets were typed."""
    text = tidy(shown).replace(" ", "").lstrip("'`")
    return None if is_blank_word(text) else _YEAR_BRACKETS.sub(r"〔\1〕", text)


def read_choice(word: str, choices: Mapping[str, str]) -> str | None:
    """The code of a word, tried whole and then without what stands in brackets; None if unknown."""
    folded = key(word)
    return choices.get(folded) or choices.get(re.sub(r"\(.*?\)", "", folded))
