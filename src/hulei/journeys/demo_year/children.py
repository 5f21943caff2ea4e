"""The children of the demo district: families with siblings and twins, at home in villages and schools."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from hulei.journeys.demo_year.persons import SURNAMES, Child, Guardian, People, birthday
from hulei.journeys.demo_year.setting import CAMPUSES, STATIONS, Campus

CHILDREN = 1700
_YOUNGEST = date(2018, 8, 31)
_OLDEST = date(2006, 1, 20)


def children(rng: Random, people: People, count: int = CHILDREN) -> list[Child]:
    """``count`` children of school age, family after family."""
    found: list[Child] = []
    while len(found) < count:
        found.extend(_family(rng, people, len(found)))
    return found[:count]


def _family(rng: Random, people: People, number: int) -> Iterator[Child]:
    surname = rng.choice(SURNAMES)
    guardian = people.guardian(surname)
    station = rng.choice(STATIONS)
    village, house = rng.choice(station.villages), rng.randint(1, 168)
    names: set[str] = set()
    for index, birth in enumerate(_births(rng)):
        sex = rng.choice("男男男女女")
        name = next(n for n in _names(people, surname, sex) if n not in names)
        names.add(name)
        yield Child(
            number=number + index,
            name=name,
            sex=sex,
            birth=birth,
            national_id=people.national_id(birth, sex),
            guardian=guardian,
            town=station.town,
            village=village,
            house=house,
            school=_school(rng, birth, station.town).name,
        )


def _births(rng: Random) -> list[date]:
    """Birth days of one family's children: mostly one or two children, now and then twins."""
    first = birthday(rng, _YOUNGEST, _OLDEST)
    births = [first]
    if rng.random() < 0.02:
        births.append(first)
    for _ in range(rng.choices((0, 1, 2), (70, 24, 6))[0]):
        later = births[-1] + timedelta(days=rng.randint(430, 1900))
        if later <= _YOUNGEST:
            births.append(later)
    return births


def _names(people: People, surname: str, sex: str) -> Iterator[str]:
    while True:
        yield people.child_name(surname, sex)


def _school(rng: Random, birth: date, town: str) -> Campus:
    """A school for the child's age, of its own town if there is one."""
    age = 2023 - birth.year - (birth > date(birth.year, 8, 31))
    fitting = [c for c in CAMPUSES if c.ages[0] <= max(age, 6) < c.ages[1]] or [CAMPUSES[5]]
    near = [c for c in fitting if c.town == town]
    return rng.choice(near or fitting)


def other_phone(people: People, guardian: Guardian) -> Guardian:
    """The same guardian after a change of number."""
    return Guardian(guardian.name, people.phone())
