"""Periods of days. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def same_day(day: date, *, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th where there is none."""
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last))


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, both included. Raises ValueError if it ends before it starts."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a period ends before it starts")

    def year_before(self) -> Period:
        """The same calendar window one year earlier."""
        return Period(same_day(self.start, years=-1), same_day(self.end, years=-1))

    def until(self, day: date) -> Period | None:
        """The part up to and including ``day``, or None if nothing is left."""
        return None if day < self.start else Period(self.start, min(self.end, day))

    def months(self) -> Iterator[Period]:
        """The calendar months it touches, cut to its own ends."""
        first = self.start
        while first <= self.end:
            last = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
            yield Period(first, min(last, self.end))
            first = last + timedelta(days=1)

    def moments(self) -> tuple[datetime, datetime]:
        """Start (included) and end (excluded) as moments in China's time."""
        return start_of(self.start), start_of(self.end + timedelta(days=1))


def start_of(day: date) -> datetime:
    """Midnight in China."""
    return datetime.combine(day, time.min, CHINA)


def local_day(moment: datetime) -> date:
    """The calendar day of a moment in China."""
    return moment.astimezone(CHINA).date()
