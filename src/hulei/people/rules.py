"""Identity numbers, ages, and what a file lacks. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hulei.common import names
from hulei.people.terms import Missing

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ID = re.compile(r"\d{17}[\dX]")
# An id and a birth date further apart than this belong to two persons: a parent's id in a child's row.
_GENERATION_YEARS = 10


@dataclass(frozen=True, slots=True)
class Particulars:
    """What one row says about a child. Empty means that it says nothing.

    ``school_certain`` marks a school named by the education register, which knows it best.
    """

    name: str
    sex: str = ""
    birth_date: date | None = None
    national_id: str = ""
    guardian: str = ""
    guardian_phone: str = ""
    address: str = ""
    school_id: int | None = None
    school_certain: bool = False

    @property
    def id_certain(self) -> bool:
        """Whether the id may be relied upon to tell who the child is."""
        return id_certain(self.national_id, self.birth_date)


def tidy_id(text: str) -> str:
    """An id in half width, upper case, without spaces."""
    return names.plain(text).upper()


def check_digit_right(national_id: str) -> bool:
    """Whether an 18-character id has the shape and the check character of GB 11643-1999."""
    if not _ID.fullmatch(national_id):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, national_id, strict=False))
    return _CHECK[total % 11] == national_id[17]


def id_birth_date(national_id: str) -> date | None:
    """The birth date inside an id, or None where there is none in the calendar."""
    try:
        return date(int(national_id[6:10]), int(national_id[10:12]), int(national_id[12:14]))
    except ValueError:
        return None


def id_certain(national_id: str, birth_date: date | None) -> bool:
    """Whether an id counts as certain: check character right, a real date inside, and not an elder's.

    Registers sometimes carry a parent's id in the child's row, the same for all siblings. A month
    and day swapped in the row do not matter, a generation does.
    """
    inside = id_birth_date(national_id)
    if inside is None or not check_digit_right(national_id):
        return False
    return birth_date is None or abs(inside.year - birth_date.year) < _GENERATION_YEARS


def id_suffix(national_id: str) -> str:
    """The last four characters, by which a child is found at a desk."""
    return national_id[-4:] if len(national_id) >= 15 else ""


def digits(phone: str) -> str:
    """A phone as digits only, a mobile without China's prefix 86."""
    found = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return found[2:] if len(found) == 13 and found.startswith("86") else found


def name_birth_phone(said: Particulars) -> str:
    """The second key of identity, or the empty text where any of its three parts is missing."""
    name, phone = names.plain(names.person(said.name)), digits(said.guardian_phone)
    return f"{name}|{said.birth_date.isoformat()}|{phone}" if name and said.birth_date and phone else ""


def age_on(birth_date: date | None, day: date) -> int | None:
    """Full years on a day, a year being complete from the day after the birthday; None if unknown."""
    if birth_date is None or day < birth_date:
        return None
    complete = (day.month, day.day) > (birth_date.month, birth_date.day)
    return max(day.year - birth_date.year - (not complete), 0)


def missing(
    *,
    national_id: bool,
    certain: bool,
    birth_date: bool,
    guardian: bool,
    phone: bool,
    village: bool,
    school: bool,
) -> tuple[Missing, ...]:
    """What a child's file lacks, in the order in which it is best asked for."""
    lacks = [] if certain else [Missing.CERTAIN_ID if national_id else Missing.NATIONAL_ID]
    for present, term in (
        (birth_date, Missing.BIRTH_DATE),
        (guardian, Missing.GUARDIAN),
        (phone, Missing.PHONE),
        (village, Missing.VILLAGE),
        (school, Missing.SCHOOL),
    ):
        lacks += [] if present else [term]
    return tuple(lacks)
