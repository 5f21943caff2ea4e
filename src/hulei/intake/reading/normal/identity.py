"""National ids (GB 11643) and phone numbers. Nothing is repaired that could be repaired two ways."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from hulei.intake.reading.cells import MAX_EXACT, CellValue
from hulei.intake.reading.normal.text import fold, is_blank_word

Reading = tuple[str | None, str | None]

# GB 11643-1999: weights of the first seventeen digits, and the check character for each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

_SHAPE = re.compile(r"\d{17}[\dX]$", re.A)
_OLD_SHAPE = re.compile(r"\d{15}$", re.A)
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+$|\d{15,18}\.0*$", re.A)
_CROSS = str.maketrans("×✕✗χХх", "XXXXXX")

_MOBILE = re.compile(r"1[3-9]\d{9}$", re.A)
_LANDLINE = re.compile(r"(?:0\d{2,3})?[2-8]\d{6,7}$", re.A)
_SPECIAL = re.compile(r"(?:[48]00\d{7}|1[0-2]\d{1,3}|9[56]\d{3,4})$", re.A)
_PHONE_PARTS = re.compile(r"[/、,;|]|\s{2,}|\s(?=1[3-9]\d)")
_FLOAT_TAIL = re.compile(r"\.0+$")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}$", re.I | re.A)


def check_character(first_17: str) -> str:
    """The check character that GB 11643 demands after seventeen digits."""
    return _CHECKS[sum(map(mul, map(int, first_17), _WEIGHTS)) % 11]


def is_certain(national_id: str) -> bool:
    """Eighteen characters whose check character is right and whose birth date exists."""
    return (
        _SHAPE.match(national_id) is not None
        and check_character(national_id[:17]) == national_id[17]
        and _is_day(national_id[6:14])
    )


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def read_national_id(cell: CellValue) -> Reading:
    """(id or None, code or None). A rounded id is an error; a wrong check digit keeps the value."""
    if cell is None:
        return None, None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell)
    if not isinstance(cell, str):
        return None, "national_id_invalid"
    text = fold(cell).upper().replace(" ", "").lstrip("'`").translate(_CROSS)
    if is_blank_word(text):
        return None, None
    if _ROUNDED.match(text):
        return None, "national_id_rounded"
    return _from_text(text)


def _from_number(number: int | float) -> Reading:
    """A spreadsheet keeps fifteen digits: a longer number has lost its tail, whatever it looks like."""
    if abs(number) >= MAX_EXACT:
        return None, "national_id_rounded"
    if number != number or number != int(number):
        return None, "national_id_invalid"
    return _from_text(str(int(number)))


def _from_text(text: str) -> Reading:
    if _SHAPE.match(text):
        if is_certain(text):
            return text, None
        # Three zeros at the end are no proof; with a wrong check digit they are a number's lost tail.
        if text.endswith("000"):
            return None, "national_id_rounded"
        return text, "national_id_checksum"
    if _OLD_SHAPE.match(text) and _is_day("19" + text[6:12]):
        return text, "national_id_old"
    return None, "national_id_invalid"


def read_phone(cell: CellValue) -> Reading:
    """(digits or the text as written, code or None). A wrong phone is kept with a warning."""
    if cell is None:
        return None, None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = str(int(cell)) if cell == cell and abs(cell) < MAX_EXACT else str(cell)
    elif isinstance(cell, str):
        text = fold(cell).strip("'` ")
    else:
        return None, "phone_invalid"
    if is_blank_word(text):
        return None, None
    if _EXPONENT.match(text):
        text = f"{float(text):.0f}"
    whole = _digits(text)
    if whole is not None:
        return whole, None
    parts = [part for part in _PHONE_PARTS.split(text) if part.strip()]
    first = _digits(parts[0]) if parts else None
    if first is None:
        return text, "phone_invalid"
    return first, "phone_several" if len(parts) > 1 else None


def _digits(text: str) -> str | None:
    """The bare number if it is one that can exist."""
    bare = re.sub(r"[\s\-()—–]", "", _FLOAT_TAIL.sub("", text.strip()))
    bare = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)", "", bare)
    return bare if _MOBILE.match(bare) or _LANDLINE.match(bare) or _SPECIAL.match(bare) else None
