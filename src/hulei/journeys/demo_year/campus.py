"""The safety of the schools: hazards, the eight kinds of gear, drills, guard posts, parents' concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from hulei.journeys.demo_year.setting import CAMPUSES, Campus, Setting
from hulei.journeys.demo_year.sheets import Sheet
from hulei.journeys.demo_year.spelling import Cell, spelled

HAZARDS, CONCERNS = 54, 18
GEAR = ("防暴盾牌", "安全钢叉", "防爆头盔", "防爆棍", "防刺背心", "防割手套", "强光手电", "催泪喷射器")
_FAULTS = {
    "人防": ("夜间值班记录缺页", "保安员未持证上岗", "门卫交接不清"),
    "物防": ("围墙缺口未封闭", "校门防冲撞桩松动", "钢叉锈蚀"),
    "技防": ("西侧摄像头离线", "一键报警测试无应答", "录像保存不足30日"),
    "制度": ("应急预案未修订", "来访登记不完整", "演练记录未归档"),
}
_SLOTS = ("07:00-07:40", "11:40-12:10", "16:30-17:20")
CONTROL = "校门路段临时管制15分钟"
STORY_SCHOOL = "兴港镇南乐小学"
STORY_CONCERN = (
    date(2023, 11, 14),
    STORY_SCHOOL,
    "放学时段校门口人车混行，担心孩子安全",
    "自11月20日起放学时段实施15分钟临时交通管制，并增派民警值守",
    date(2023, 11, 16),
)
_CONCERNS = (
    ("校门口电动车速度快", "已在路口增设减速提示并安排护学岗"),
    ("流动摊贩占道", "已会同城管清理并定时巡查"),
    ("接送车辆乱停", "已划定临时停靠区"),
    ("夜间路灯昏暗", "已报请镇政府维修"),
    ("担心陌生人进校", None),
    ("希望增加法治课", None),
)


class Safety:
    """What inspectors, keepers and post leaders wrote down."""

    def __init__(self, rng: Random, setting: Setting, last: date) -> None:
        self._rng, self._setting, self._last = rng, setting, last
        self.hazards = list(self._hazards())
        self.gear = list(self._gear())
        self.drills = list(self._drills())
        self.posts = list(self._posts())
        self.concerns = sorted(self._concerns(), key=lambda concern: concern[0])

    def _hazards(self) -> Iterator[tuple[str, date, str, str, str, str, date, date | None, str | None]]:
        first = date(2023, 1, 9)
        days = sorted(
            first + timedelta(days=self._rng.randrange((self._last - first).days)) for _ in range(HAZARDS)
        )
        for number, found in enumerate(days, 1):
            category = self._rng.choice(list(_FAULTS))
            due = found + timedelta(days=15)
            grave = "重大" if self._rng.random() < 0.25 else "一般"
            rectified, seen = self._rectified(found)
            campus = self._rng.choice(CAMPUSES).name
            fault = self._rng.choice(_FAULTS[category])
            yield f"YH2023-{number:03d}", found, campus, category, fault, grave, due, rectified, seen

    def _rectified(self, found: date) -> tuple[date | None, str | None]:
        """Nine in ten are put right within three weeks; without re-inspection a hazard stays open."""
        rectified = found + timedelta(days=self._rng.randint(3, 21))
        if rectified > self._last or self._rng.random() < 0.08:
            return None, None
        return rectified, None if self._rng.random() < 0.06 else "已复查"

    def _gear(self) -> Iterator[tuple[str, str, int, int, int, date, str]]:
        for campus in CAMPUSES:
            for item in GEAR:
                required = 4 if campus.pupils > 1000 else 2
                present = required - (self._rng.random() < 0.07)
                sound = max(present - (self._rng.random() < 0.08), 0)
                expires = date(self._rng.choice((2024, 2025, 2026)), self._rng.randint(1, 12), 1)
                if self._rng.random() < 0.08:
                    expires = date(2023, self._rng.randint(3, 12), 1)
                keeper = self._rng.choice(self._setting.keepers[campus.name])
                yield campus.name, item, required, present, sound, expires, keeper

    def _drills(self) -> Iterator[tuple[str, datetime, datetime, datetime, datetime, str]]:
        for campus in CAMPUSES:
            for month, scenario in ((4, "反恐防暴"), (10, self._rng.choice(("消防疏散", "防震疏散")))):
                day = date(2023, month, self._rng.randint(8, 27))
                start = datetime(
                    day.year, day.month, day.day, self._rng.choice((9, 10, 15)), self._rng.randrange(60)
                )
                after = (self._rng.randint(22, 66), self._rng.randint(75, 195), self._rng.randint(170, 318))
                first, unit, police = (start + timedelta(seconds=seconds) for seconds in after)
                yield campus.name, start, first, unit, police, scenario

    def _posts(self) -> Iterator[tuple[str, str, str, int, int, int, str | None]]:
        for campus in CAMPUSES:
            for slot in _SLOTS:
                story = campus.name == STORY_SCHOOL and slot == _SLOTS[2]
                control = CONTROL if story or (campus.pupils > 900 and slot == _SLOTS[2]) else None
                police = 2 if control else 1
                yield (
                    campus.name,
                    f"{_short(campus)}正门",
                    slot,
                    police,
                    self._rng.randint(1, 3),
                    self._rng.choice((0, 2, 3, 4)),
                    control,
                )

    def _concerns(self) -> Iterator[tuple[date, str, str, str | None, date | None]]:
        yield STORY_CONCERN
        for _ in range(CONCERNS - 1):
            day = date(2023, 2, 10) + timedelta(
                days=self._rng.randrange((self._last - date(2023, 2, 15)).days)
            )
            content, answer = self._rng.choice(_CONCERNS)
            answered = min(day + timedelta(days=self._rng.randint(1, 7)), self._last) if answer else None
            yield day, self._rng.choice(CAMPUSES).name, content, answer, answered

    def sheets(self) -> tuple[Sheet, ...]:
        """Hazards, gear and drills; the drills without a title, as a school's clerk keeps them."""
        spell = self._rng
        hazards: list[tuple[Cell, ...]] = [
            (
                number,
                spelled(spell, found),
                school,
                category,
                fault,
                grade,
                spelled(spell, due),
                spelled(spell, rectified),
                seen,
            )
            for number, found, school, category, fault, grade, due, rectified, seen in self.hazards
        ]
        gear: list[tuple[Cell, ...]] = [(*line[:5], spelled(spell, line[5]), line[6]) for line in self.gear]
        return (
            Sheet("隐患", "2023年校园安全隐患排查整改台账", _HAZARD_HEAD, hazards),
            Sheet("八小件", "校园安防器材(八小件)配备", _GEAR_HEAD, gear),
            Sheet("演练", "", _DRILL_HEAD, self.drills),
        )

    def post_sheets(self) -> tuple[Sheet, ...]:
        """Guard posts and parents' concerns."""
        concerns: list[tuple[Cell, ...]] = [
            (spelled(self._rng, day), school, content, answer, spelled(self._rng, answered))
            for day, school, content, answer, answered in self.concerns
        ]
        return (
            Sheet("定岗", "护学岗定校定点定时定人", _POST_HEAD, self.posts),
            Sheet("关切", "家长关切登记", _CONCERN_HEAD, concerns),
        )


def _short(campus: Campus) -> str:
    return campus.name.removesuffix("(示例)").removeprefix(campus.town)


_HAZARD_HEAD = (
    "隐患编号",
    "发现日期",
    "学校",
    "类别",
    "隐患描述",
    "等级",
    "整改时限",
    "整改日期",
    "复查情况",
)
_GEAR_HEAD = ("学校", "器材", "应配数", "实有数", "完好数", "有效期至", "保管人")
_DRILL_HEAD = ("学校", "触发时刻", "首人到位", "应急单元到位", "警力到场", "科目")
_POST_HEAD = ("学校", "点位", "时段", "民警人数", "保安(教师)人数", "家长志愿者人数", "交通管制")
_CONCERN_HEAD = ("日期", "学校", "关切内容", "回应", "回应日期")
