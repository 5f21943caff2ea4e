"""How offices write things down: dates in five spellings, full-width digits, stray spaces. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from random import Random

Cell = str | int | float | date | datetime | None
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def spelled(rng: Random, day: date | None) -> Cell:
    """A real date half of the time, else one of the usual texts; rarely with full-width digits."""
    if day is None:
        return None
    if rng.random() < 0.5:
        return day
    text = as_text(rng, day)
    return text.translate(_WIDE) if rng.random() < 0.03 else text


def as_text(rng: Random, day: date) -> str:
    """A date as text: 2023.10.27, 2023年10月27日, 20231027, 2023/10/27, 2023-10-27."""
    spellings: Sequence[str] = (
        f"{day:%Y.%m.%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y-%m-%d}",
    )
    return rng.choice(spellings)


def name_as_written(rng: Random, name: str) -> str:
    """A name, sometimes with a space that does not belong there."""
    luck = rng.random()
    if luck < 0.02 and len(name) == 2:
        return f"{name[0]} {name[1]}"
    if luck < 0.03:
        return f"{name}\u3000"
    return name


def phone_as_written(rng: Random, phone: str) -> str:
    """A phone, now and then in full-width digits."""
    return phone.translate(_WIDE) if rng.random() < 0.01 else phone


def rounded(national_id: str) -> float:
    """What a spreadsheet makes of an id that was typed as a number: its last digits are lost."""
    return float(int(national_id.replace("X", "0")))


def broken_check_digit(national_id: str) -> str:
    """The id with a wrong last character: a slip of the pen."""
    return national_id[:-1] + ("1" if national_id[-1] != "1" else "2")
