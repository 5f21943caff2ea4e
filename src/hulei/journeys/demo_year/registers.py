"""Four offices write the same children down: police, education, civil affairs, grid workers.

Every row of a child carries an id or the same name, birth date and guardian's phone, so that a
child's rows belong together without doubt, except for the rows with faults planted on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hulei.journeys.demo_year import spelling
from hulei.journeys.demo_year.children import other_phone
from hulei.journeys.demo_year.persons import Child, Guardian, People
from hulei.journeys.demo_year.setting import STATIONS
from hulei.journeys.demo_year.sheets import Sheet
from hulei.journeys.demo_year.spelling import Cell, spelled

_CHILD = ("序号", "姓名", "性别", "出生日期", "身份证号", "就读学校", "监护人", "监护人电话", "家庭住址")
_ACTS = ("结伙斗殴、寻衅滋事", "盗窃", "殴打、辱骂、恐吓他人", "非法携带管制器具", "参与赌博赌资较大")
_BEHAVIOURS = (
    "多次旷课、逃学",
    "无故夜不归宿、离家出走",
    "沉迷网络",
    "吸烟、饮酒",
    "参与赌博、变相赌博",
    "与社会上具有不良习性的人交往",
    "进入不适宜未成年人进入的场所",
)
_CIRCUMSTANCES = (
    ("农村留守儿童",) * 5 + ("单亲家庭",) * 3 + ("流动儿童", "困境儿童", "残疾儿童", "事实无人抚养儿童")
)
_CARE = ("父母双方外出", "父母一方外出", "祖父母照看", None)
_FINDINGS = ("正常", "正常", "正常", "父亲外出务工", "与祖父母同住", "家中无人", "母亲外出务工")

# (register, fault) -> how many rows have it. The hand-back shows exactly these.
FAULTS = {
    "police": Counter(rounded=1, unnamed=1, impossible=0, checksum=1),
    "education": Counter(rounded=2, unnamed=1, impossible=1, checksum=1),
    "civil_affairs": Counter(rounded=2, unnamed=1, impossible=1, checksum=2),
    "grid": Counter(rounded=1, unnamed=1, impossible=1, checksum=2),
}
_FAULTY = ("rounded", "unnamed", "impossible")


@dataclass
class Entry:
    """One row to be: a child in a register, what the register adds, and the fault planted in it."""

    child: Child
    added: tuple[Cell | date, ...]
    fault: str = ""


@dataclass
class Register:
    """One office's register."""

    name: str
    title: str
    head: tuple[str, ...]
    entries: list[Entry] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows that the intake must hand back."""
        return sum(entry.fault in _FAULTY for entry in self.entries)

    def sheet(self) -> Sheet:
        """The register as a sheet."""
        return Sheet("台账", self.title, (*_CHILD, *self.head), self.rows, total=True)


class Registers:
    """The four registers about one pool of children."""

    def __init__(self, rng: Random, people: People, pool: Sequence[Child], last: date) -> None:
        self._rng, self._people, self._last = rng, people, last
        grown = [child for child in pool if child.age(last) >= 12]
        known = rng.sample([child for child in grown if child.age(last) >= 13], 300)
        self.in_education = known[:272]
        self.in_police = [*known[:38], *known[272:298]]
        self.in_civil_affairs = rng.sample(pool, 1190)
        self.in_grid = self._visited(pool)
        self._moved = {child.number for child in rng.sample(self.in_grid, 25)}
        self.police = self._police()
        self.education = self._education()
        self.civil_affairs = self._civil_affairs()
        self.grid = self._grid()
        for register in self.all:
            self._plant(register)
            register.rows = [
                self._row(number, entry, register) for number, entry in enumerate(register.entries, 1)
            ]

    @property
    def all(self) -> tuple[Register, ...]:
        """The four, in the order of their files."""
        return self.police, self.education, self.civil_affairs, self.grid

    def _visited(self, pool: Sequence[Child]) -> list[Child]:
        """Whom the grid workers visited: everybody that no other register knows, and most of the rest."""
        elsewhere = {c.number for c in (*self.in_education, *self.in_police, *self.in_civil_affairs)}
        alone = [child for child in pool if child.number not in elsewhere]
        others = [child for child in pool if child.number in elsewhere]
        chosen = {child.number for child in (*alone, *self._rng.sample(others, 1480 - len(alone)))}
        return [child for child in pool if child.number in chosen]

    def _day(self, first: date = date(2023, 1, 5)) -> date:
        return first + timedelta(days=self._rng.randrange((self._last - first).days + 1))

    def _police(self) -> Register:
        def added(child: Child) -> tuple[Cell | date, ...]:
            day = self._day(
                max(date(2022, 3, 1), child.birth.replace(year=child.birth.year + 12, day=1) + timedelta(32))
            )
            number = f"铁公矫字〔{day.year}〕{self._rng.randint(1, 160)}号"
            return self._rng.choice(_ACTS), day, number, self._rng.choice(STATIONS).name

        head = ("行为类别", "行为日期", "文书号", "办案单位")
        register = Register("police", "严重不良行为未成年人矫治教育台账", head)
        register.entries = list(self._entries(self.in_police, added, twice=5))
        return register

    def _education(self) -> Register:
        def added(child: Child) -> tuple[Cell | date, ...]:
            verified = "已核实" if self._rng.random() < 0.8 else "待核实"
            return (
                self._rng.choice(_BEHAVIOURS),
                self._day(),
                verified,
                self._rng.choice(("班主任", "学校政教处")),
            )

        head = ("不良行为类别", "发生日期", "核实情况", "报告人")
        register = Register("education", "学生不良行为与控辍保学台账", head)
        register.entries = list(self._entries(self.in_education, added, twice=9))
        return register

    def _civil_affairs(self) -> Register:
        def added(child: Child) -> tuple[Cell | date, ...]:
            return self._rng.choice(_CIRCUMSTANCES), self._rng.choice(_CARE), self._rng.choice("是否")

        head = ("儿童类别", "监护情况", "委托照护书")
        register = Register("civil_affairs", "农村留守儿童和困境儿童信息台账", head)
        register.entries = list(self._entries(self.in_civil_affairs, added, twice=0))
        return register

    def _grid(self) -> Register:
        def added(child: Child) -> tuple[Cell | date, ...]:
            return self._day(), self._rng.choice(_FINDINGS)

        register = Register("grid", "网格走访摸排", ("走访日期", "走访情况"))
        register.entries = list(self._entries(self.in_grid, added, twice=14))
        return register

    def _entries(
        self, known: Sequence[Child], added: Callable[[Child], tuple[Cell | date, ...]], *, twice: int
    ) -> Iterator[Entry]:
        """One row for each child, and a second one for a few."""
        again = self._rng.sample(known, twice)
        listed = [*known, *again]
        self._rng.shuffle(listed)
        for child in listed:
            yield Entry(child, added(child))

    def _plant(self, register: Register) -> None:
        """Mark as many rows with each fault as planned, none twice."""
        faults = [fault for fault, count in FAULTS[register.name].items() for _ in range(count)]
        fixed = [entry for entry in register.entries if entry.child.number not in self._moved]
        for entry, fault in zip(self._rng.sample(fixed, len(faults)), faults, strict=True):
            entry.fault = fault

    def _row(self, number: int, entry: Entry, register: Register) -> tuple[Cell, ...]:
        child, rng, text_only = entry.child, self._rng, register.name == "grid"
        write = spelling.as_text if text_only else spelled
        moved = child.number in self._moved
        guardian = self._guardian(child, moved and register.name == "grid")
        added = [write(rng, cell) if isinstance(cell, date) else cell for cell in entry.added]
        return (
            number,
            None if entry.fault == "unnamed" else spelling.name_as_written(rng, child.name),
            child.sex,
            f"{child.birth.year}年2月31日" if entry.fault == "impossible" else write(rng, child.birth),
            self._id(entry, always=moved, text_only=text_only),
            child.school,
            guardian.name,
            spelling.phone_as_written(rng, guardian.phone),
            child.address
            if rng.random() < 0.95
            else child.address.removeprefix("铁山港区").removesuffix("号"),
            *added,
        )

    def _guardian(self, child: Child, moved: bool) -> Guardian:
        return other_phone(self._people, child.guardian) if moved else child.guardian

    def _id(self, entry: Entry, *, always: bool, text_only: bool) -> Cell:
        """The id as the register has it: missing in one row of twelve."""
        if entry.fault == "rounded":
            lost = spelling.rounded(entry.child.national_id)
            return f"{lost:.5E}" if text_only else lost
        if entry.fault == "checksum":
            return spelling.broken_check_digit(entry.child.national_id)
        return entry.child.national_id if always or self._rng.random() > 0.08 else None

    def children_kept(self) -> int:
        """Children with at least one row that is not handed back: so many files are to be opened."""
        return len(
            {e.child.number for register in self.all for e in register.entries if e.fault not in _FAULTY}
        )
