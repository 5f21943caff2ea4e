"""Police calls that involve minors: 98 of public security the year before, 65 now, no crime since April."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from hulei.journeys.demo_year.setting import STATIONS, Station
from hulei.journeys.demo_year.sheets import Sheet
from hulei.journeys.demo_year.spelling import Cell

HEAD = (
    "序号",
    "接警时间",
    "接警单位",
    "警情编号",
    "警情性质",
    "类别",
    "未成年人角色",
    "未成年人年龄",
    "发生地",
    "处置结果",
)
SECURITY_BEFORE, SECURITY = 98, 65
CRIMINAL_BEFORE, CRIMINAL = 8, 4
ZERO_MONTHS = 8
_CATEGORIES = {
    "刑事": ("盗窃", "故意伤害", "抢劫", "强制猥亵"),
    "治安": ("殴打他人", "寻衅滋事", "盗窃", "欺凌", "故意损毁财物"),
    "求助": ("走失", "家庭纠纷"),
    "纠纷": ("邻里纠纷", "家庭纠纷", "同学纠纷"),
}
_ROLES = {
    "刑事": ("行为人", "侵害对象"),
    "治安": ("行为人", "行为人", "侵害对象"),
    "求助": ("走失人员", "其他"),
    "纠纷": ("其他",),
}
_DISPOSALS = {
    "刑事": ("移交办案",),
    "治安": ("教育训诫", "移交办案"),
    "求助": ("现场处置",),
    "纠纷": ("现场处置", "教育训诫"),
}


@dataclass(frozen=True)
class Call:
    """One call."""

    at: datetime
    station: Station
    nature: str
    category: str
    role: str
    age: int
    disposal: str


class Calls:
    """The calls of one year up to a day."""

    def __init__(self, rng: Random, last: date, numbers: dict[str, int], last_criminal: date) -> None:
        self._rng = rng
        self.calls = sorted(self._all(last, numbers, last_criminal), key=lambda call: call.at)

    def _all(self, last: date, numbers: dict[str, int], last_criminal: date) -> Iterator[Call]:
        for nature, count in numbers.items():
            end = last_criminal if nature == "刑事" else last
            for index in range(count):
                # the last criminal call stands where the story needs it
                day = end if nature == "刑事" and index == 0 else self._day(date(last.year, 1, 1), end)
                yield self._call(nature, day)

    def _day(self, first: date, last: date) -> date:
        return date.fromordinal(self._rng.randint(first.toordinal(), last.toordinal()))

    def _call(self, nature: str, day: date) -> Call:
        at = datetime(day.year, day.month, day.day) + timedelta(minutes=self._rng.randrange(24 * 60))
        role = self._rng.choice(_ROLES[nature])
        # some who did wrong were under 14: the age trend shows them
        ages = range(11, 18) if role == "行为人" else range(5, 18)
        return Call(
            at,
            self._rng.choice(STATIONS),
            nature,
            self._rng.choice(_CATEGORIES[nature]),
            role,
            self._rng.choice(ages),
            self._rng.choice(_DISPOSALS[nature]),
        )

    def sheet(self, *, repeated: int) -> Sheet:
        """The ledger; ``repeated`` of the security calls are entered twice under the same number."""
        rows = [self._row(number, call) for number, call in enumerate(self.calls, 1)]
        security = [row for row in rows if row[4] == "治安"]
        for row in security[5 : 5 + 7 * repeated : 7]:
            rows.insert(rows.index(row) + 3, row)
        year = self.calls[0].at.year
        return Sheet("警情", f"{year}年涉未成年人警情台账", HEAD, rows, total=True)

    def _row(self, number: int, call: Call) -> tuple[Cell, ...]:
        return (
            number,
            call.at,
            call.station.name,
            f"J{call.at:%Y%m%d}{number:04d}",
            call.nature,
            call.category,
            call.role,
            call.age,
            f"{call.station.town}辖区",
            call.disposal,
        )

    def of(self, nature: str) -> list[Call]:
        """The calls of one nature."""
        return [call for call in self.calls if call.nature == nature]

    def actors_under_14(self) -> int:
        """Criminal and security calls in which the minor acted and was under 14."""
        return sum(c.nature in ("刑事", "治安") and c.role == "行为人" and c.age < 14 for c in self.calls)


def year_before(rng: Random, last: date) -> Calls:
    """The calls of the year before, in the same window."""
    numbers = {"刑事": CRIMINAL_BEFORE, "治安": SECURITY_BEFORE, "求助": 51, "纠纷": 37}
    return Calls(rng, last, numbers, last - timedelta(days=20))


def this_year(rng: Random, last: date) -> Calls:
    """This year's calls; the last criminal one lies in April, so that May to December are without."""
    month = last.month - ZERO_MONTHS
    numbers = {"刑事": CRIMINAL, "治安": SECURITY, "求助": 49, "纠纷": 34}
    return Calls(rng, last, numbers, date(last.year, month, 19))
