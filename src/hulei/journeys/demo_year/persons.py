"""Invented people: names, ids with right check digits on an unassigned area code, phones. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

AREA_OF_IDS = "459900"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

# Surnames as the coast of Guangxi has them, the frequent ones more than once.
SURNAMES = (
    "陈陈陈陈李李李黄黄黄黄吴吴林林刘刘张张梁梁王周许庞苏莫叶谢廖钟邓杨罗何蔡"
    "温韩郑沈彭冯卢覃韦岑姚江曾潘邱石蒋龙包劳容甘赖宁"
)
_OF_BOYS = "俊浩宇轩泽铭嘉志鹏航晨睿博文海波杰峰凯恒毅宏辰远哲源棋森"
_OF_GIRLS = "欣怡雨诗涵梓雅琳婷静佳悦萱蕊莹洁颖晴岚妍思琪彤语"
_FIRST_OF_TWO = "子家梓思宇俊诗嘉雨一文心明海"
_OF_MEN = "建国志明伟强军华平勇斌辉亮东成林福贵海波荣富"
_OF_WOMEN = "秀英丽燕芳梅娟霞兰珍凤玲琼红春桂芬莲香妹"


def check_digit(first_17: str) -> str:
    """The eighteenth character of an id (GB 11643)."""
    return _CHECK[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True)
class Guardian:
    """Somebody who answers for a child."""

    name: str
    phone: str


@dataclass(frozen=True)
class Child:
    """A child as it is; registers write it down more or less well."""

    number: int
    name: str
    sex: str
    birth: date
    national_id: str
    guardian: Guardian
    town: str
    village: str
    house: int
    school: str

    @property
    def address(self) -> str:
        """The address in full."""
        return f"铁山港区{self.town}{self.village}{self.house}号"

    def age(self, on: date) -> int:
        """Calendar years, near enough to choose a school or a register by."""
        return on.year - self.birth.year - ((on.month, on.day) <= (self.birth.month, self.birth.day))


class People:
    """Hands out people that nobody else in the story shares an id or a phone with."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._ids: set[str] = set()
        self._phones: set[str] = set()

    def national_id(self, birth: date, sex: str) -> str:
        """An unused id: odd sequence numbers are male."""
        while True:
            sequence = self._rng.randrange(1 if sex == "男" else 2, 1000, 2)
            first_17 = f"{AREA_OF_IDS}{birth:%Y%m%d}{sequence:03d}"
            if first_17 not in self._ids:
                self._ids.add(first_17)
                return first_17 + check_digit(first_17)

    def phone(self) -> str:
        """An unused phone of a row that looks as invented as it is."""
        while True:
            phone = f"199000{self._rng.randrange(100_000):05d}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone

    def adult(self, surname: str = "") -> str:
        """The name of a grown-up."""
        man = self._rng.random() < 0.5
        return (surname or self._rng.choice(SURNAMES)) + self._given(_OF_MEN if man else _OF_WOMEN, 0.2)

    def child_name(self, surname: str, sex: str) -> str:
        """The name of a child of this family."""
        letters = _OF_BOYS if sex == "男" else _OF_GIRLS
        if self._rng.random() < 0.45:
            return surname + self._rng.choice(_FIRST_OF_TWO) + self._rng.choice(letters)
        return surname + self._given(letters, 0.25)

    def guardian(self, surname: str) -> Guardian:
        """A guardian, of the child's surname three times in four."""
        return Guardian(self.adult(surname if self._rng.random() < 0.75 else ""), self.phone())

    def _given(self, letters: str, single: float) -> str:
        if self._rng.random() < single:
            return self._rng.choice(letters)
        first, second = self._rng.sample(letters, 2)
        return first + second


def birthday(rng: Random, youngest: date, oldest: date) -> date:
    """A day between two, both included."""
    return date.fromordinal(rng.randint(oldest.toordinal(), youngest.toordinal()))


def names(people: People, count: int) -> Sequence[str]:
    """Names of grown-ups, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[people.adult()] = None
    return list(found)
