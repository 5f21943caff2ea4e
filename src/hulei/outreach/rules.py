"""How many lesson hours a school needs and whether it has them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class HoursStandard:
    """Lesson hours of lectures that every school and kindergarten gets in a year, since a day."""

    hours: Decimal
    since: date
    basis: str


# Newest first. The rule binds schools; that kindergartens are counted too is this district's choice.
STANDARDS = (
    HoursStandard(
        Decimal(4),
        date(2022, 5, 1),
        "《中小学法治副校长聘任与管理办法》（教育部令第52号）：每学年不少于4课时；幼儿园为本地口径",
    ),
)


def standard_on(day: date) -> HoursStandard:
    """The standard of a day; before the first one, the first one serves as a yardstick."""
    return next((one for one in STANDARDS if one.since <= day), STANDARDS[-1])


def is_below(hours: Decimal, standard: HoursStandard) -> bool:
    """Whether ``hours`` fall short; exactly the required number is enough."""
    return hours < standard.hours


def missing_hours(hours: Decimal, standard: HoursStandard) -> Decimal:
    """How many lesson hours are still to give, never negative."""
    return max(standard.hours - hours, Decimal(0))
