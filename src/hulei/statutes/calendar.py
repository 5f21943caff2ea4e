"""Working days in China: the published holidays, overridden by what an office has entered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked. ``overrides`` maps a day to True (worked) or False (free).

    Published holidays come from chinesecalendar, which ends with the last year announced; beyond
    it Monday to Friday is assumed and :meth:`is_certain` says so.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on the day."""
        if day in self.overrides:
            return self.overrides[day]
        published = _published(day)
        return day.weekday() < 5 if published is None else published

    def is_certain(self, day: date) -> bool:
        """Whether the day is announced or entered, not assumed."""
        return day in self.overrides or _published(day) is not None

    def after(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start``, the day itself not counted."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        return day


@lru_cache(maxsize=4096)
def _published(day: date) -> bool | None:
    import chinese_calendar  # late: it builds its tables on import

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
