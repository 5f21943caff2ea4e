"""The stage: offices, stations, schools and grids of the demo district. Places are real or marked (示例)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hulei.journeys.demo_year.persons import People, names
from hulei.journeys.demo_year.sheets import Sheet
from hulei.journeys.demo_year.spelling import Cell

BUREAU = "北海市公安局铁山港分局"
AGENCIES = (
    (BUREAU, "公安"),
    ("铁山港区教育局", "教育"),
    ("铁山港区民政局", "民政"),
    ("铁山港区人民检察院", "检察"),
    ("铁山港区人民法院", "法院"),
    ("铁山港区司法局", "司法"),
    ("共青团铁山港区委", "群团"),
    ("铁山港区妇联", "群团"),
    ("铁山港区卫健局", "卫健"),
)


@dataclass(frozen=True)
class Station:
    """A police station with its town and the villages of its beat."""

    name: str
    town: str
    villages: tuple[str, ...]


STATIONS = (
    Station("南康派出所", "南康镇", ("南康社区", "陂塘村", "高田村", "火甲村", "雷田村")),
    Station("营盘派出所", "营盘镇", ("营盘社区", "白龙社区", "黄稍村", "石村", "火禄村")),
    Station("石头埠派出所", "兴港镇", ("石头埠社区", "粟山村", "杨屋村")),
    Station("兴港派出所", "兴港镇", ("南乐社区", "富屋村", "川江村", "彬池村")),
)
# Each village's house numbers, cut among its three grids as three clerks would write it.
HOUSES = ("1-56", "57—112号", "113至168")
STATION_OF = {station.name: station for station in STATIONS}


@dataclass(frozen=True)
class Campus:
    """A school with its safety profile, and the ages of those who go there."""

    name: str
    stage: str
    town: str
    station: str
    pupils: int
    boarders: int
    guards: int
    alarm: bool
    video: bool
    ages: tuple[int, int]


CAMPUSES = (
    Campus("兴港镇粟山小学", "小学", "兴港镇", "石头埠派出所", 436, 0, 2, True, True, (6, 12)),
    Campus("兴港镇南乐小学", "小学", "兴港镇", "兴港派出所", 328, 0, 1, True, True, (6, 12)),
    Campus("营盘中学", "初中", "营盘镇", "营盘派出所", 1388, 760, 3, True, False, (12, 16)),
    Campus("南康镇实验小学(示例)", "小学", "南康镇", "南康派出所", 1214, 0, 3, True, True, (6, 12)),
    Campus("南康镇初级中学(示例)", "初中", "南康镇", "南康派出所", 1046, 380, 2, True, False, (12, 16)),
    Campus("铁山港区高级中学(示例)", "高中", "南康镇", "南康派出所", 2264, 1810, 5, True, True, (15, 18)),
    Campus("石头埠中心小学(示例)", "小学", "兴港镇", "石头埠派出所", 587, 0, 2, True, True, (6, 12)),
    Campus("兴港镇初级中学(示例)", "初中", "兴港镇", "兴港派出所", 1175, 540, 3, True, True, (12, 16)),
    Campus("营盘镇第二小学(示例)", "小学", "营盘镇", "营盘派出所", 902, 0, 1, True, False, (6, 12)),
    Campus("白龙中心小学(示例)", "小学", "营盘镇", "营盘派出所", 88, 0, 1, True, True, (6, 12)),
    Campus("南康镇启航幼儿园(示例)", "幼儿园", "南康镇", "南康派出所", 262, 0, 1, False, True, (3, 6)),
    Campus("铁山港区职业技术学校(示例)", "中职", "南康镇", "南康派出所", 734, 690, 2, False, True, (15, 18)),
)


class Setting:
    """The offices' people: contacts, protection officers, vice-principals, grid workers."""

    def __init__(self, rng: Random, people: People) -> None:
        self.contacts = names(people, len(AGENCIES))
        self.officers = dict(zip((s.name for s in STATIONS), names(people, len(STATIONS)), strict=True))
        self.vice_principals = dict(
            zip((c.name for c in CAMPUSES), names(people, len(CAMPUSES)), strict=True)
        )
        self.lecturers = {s.name: [self.officers[s.name], *names(people, 3)] for s in STATIONS}
        self.keepers = {c.name: names(people, 2) for c in CAMPUSES}
        self._badges = rng.sample(range(100_000, 999_999), len(STATIONS))
        self._phones = [people.phone() for _ in AGENCIES]
        self.grids = list(self._grids(people))

    def _grids(self, people: People) -> Iterator[tuple[Cell, ...]]:
        for station in STATIONS:
            for village in station.villages:
                for number, houses in enumerate(HOUSES, 1):
                    grid = f"{village}第{number:02d}网格"
                    worker, phone = people.adult(), people.phone()
                    yield village, grid, station.name, station.town, worker, phone, houses

    def sheets(self) -> tuple[Sheet, ...]:
        """The four rosters."""
        agencies = [
            (number, name, kind, contact, phone)
            for number, ((name, kind), contact, phone) in enumerate(
                zip(AGENCIES, self.contacts, self._phones, strict=True), 1
            )
        ]
        stations = [
            (number, s.name, s.town, "、".join(s.villages), self.officers[s.name], f"0{badge}")
            for number, (s, badge) in enumerate(zip(STATIONS, self._badges, strict=True), 1)
        ]
        grids = [(number, *grid) for number, grid in enumerate(self.grids, 1)]
        return (
            Sheet("成员单位", "铁山港区未成年人保护成员单位", _AGENCY_HEAD, agencies),
            Sheet("派出所", "派出所及辖区", _STATION_HEAD, stations),
            Sheet("学校", "辖区学校(幼儿园)基本情况", _SCHOOL_HEAD, [*self._schools()]),
            Sheet("网格", "警格网格对应表", _GRID_HEAD, grids),
        )

    def _schools(self) -> Iterator[tuple[Cell, ...]]:
        word = {True: "是", False: "否"}
        for number, c in enumerate(CAMPUSES, 1):
            yield (
                number, c.name, c.stage, c.town, c.pupils, c.boarders, c.guards, "是", word[c.alarm],
                word[c.video], c.station, self.vice_principals[c.name],
            )  # fmt: skip


_AGENCY_HEAD = ("序号", "单位", "类别", "联络员", "联系电话")
_STATION_HEAD = ("序号", "派出所", "辖区镇", "辖区村(社区)", "未保民警", "警号")
_SCHOOL_HEAD = (
    "序号", "学校名称", "学段", "所在镇", "在校生数", "寄宿生数", "专职保安数", "封闭管理", "一键报警联网",
    "视频达标", "所属派出所", "法治副校长",
)  # fmt: skip
_GRID_HEAD = ("序号", "村(社区)", "网格名称", "对应派出所(警格)", "所在镇", "网格员", "电话", "门牌范围")
