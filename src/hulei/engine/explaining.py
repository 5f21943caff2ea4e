"""Why a reading is what it is, what would alter it, and what if: for the page and for a contest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, islice

from hulei.engine import words
from hulei.engine.facts import Child, Fact, of_age_from
from hulei.engine.rulebook import Rulebook
from hulei.engine.scoring import Line, Reading, Weighed, read, sum_up, weigh
from hulei.engine.terms import Status

MOST_TRIALS = 5000
"""Sets of facts tried in search of the smallest change: enough for any real child, and soon done."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that would alter tier or level: facts taken away or verified, or a day reached."""

    kind: str
    facts: tuple[str, ...]
    day: date | None
    reading: Reading

    @property
    def text(self) -> words.Pair:
        """The change in a sentence."""
        return words.fill(
            words.CHANGES[self.kind],
            facts="、".join(self.facts),
            day=self.day,
            tier=self.reading.tier,
            level=self.reading.level,
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading with every visible fact's fate and the changes nearest to it."""

    reading: Reading
    weighed: tuple[Weighed, ...]
    caps: tuple[Line, ...]
    changes: tuple[Change, ...]

    @property
    def texts(self) -> tuple[words.Pair, ...]:
        """The explanation as sentences in both languages, the sum first."""
        return (_sum(self.reading), *map(_fate, self.weighed), *map(_cap, self.caps), *_said(self.changes))


def explain(child: Child, rulebook: Rulebook, as_of: date) -> Explanation:
    """The reading of a child on a day, explained to the last fact. Sealed facts leave no trace."""
    edition = rulebook.edition(as_of)
    weighed = weigh(child, edition, as_of)
    reading = sum_up(child.child, weighed, edition)
    caps = tuple(line for line in reading.lines if line.fact.startswith("cap:") and line.points < 0)
    return Explanation(reading, tuple(weighed), caps, smallest_changes(child, rulebook, as_of))


def what_if(
    child: Child,
    rulebook: Rulebook,
    as_of: date,
    *,
    without: Collection[str] = (),
    verified: Collection[str] = (),
) -> Reading:
    """The reading if some facts were not there and others were verified; nothing is stored."""
    return read(replace(child, facts=_altered(child, without, verified)), rulebook, as_of)


def _altered(child: Child, without: Collection[str], verified: Collection[str]) -> tuple[Fact, ...]:
    return tuple(
        replace(fact, status=Status.VERIFIED) if fact.id in verified else fact
        for fact in child.facts
        if fact.id not in without
    )


def smallest_changes(child: Child, rulebook: Rulebook, as_of: date) -> tuple[Change, ...]:
    """For each of tier and level: the fewest facts without which it alters, one pending fact whose
    verification alters it, and the first day on which time alone does."""
    weighed = weigh(child, rulebook.edition(as_of), as_of)
    before = sum_up(child.child, weighed, rulebook.edition(as_of))
    found: list[Change] = []
    for measure in (_tier, _level):
        alters = _Alters(measure, before)
        for search in (_fewest_without, _one_verified, _first_day):
            change = search(child, rulebook, as_of, weighed, alters)
            if change is not None and change not in found:
                found.append(change)
    return tuple(found)


def _tier(reading: Reading) -> int:
    return reading.tier


def _level(reading: Reading) -> int:
    return reading.level


@dataclass(frozen=True, slots=True)
class _Alters:
    measure: Callable[[Reading], int]
    before: Reading

    def __call__(self, reading: Reading) -> bool:
        return self.measure(reading) != self.measure(self.before)


def _fewest_without(
    child: Child, rulebook: Rulebook, as_of: date, weighed: list[Weighed], alters: _Alters
) -> Change | None:
    active = [w.fact.id for w in weighed if w.reason == "counts" or w.reason.startswith("other_")]
    for ids in islice(_sets(active), MOST_TRIALS):
        reading = what_if(child, rulebook, as_of, without=ids)
        if alters(reading):
            return Change("without", ids, None, reading)
    return None


def _sets(ids: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(ids) + 1):
        yield from combinations(ids, size)


def _one_verified(
    child: Child, rulebook: Rulebook, as_of: date, weighed: list[Weighed], alters: _Alters
) -> Change | None:
    pending = (Status.UNVERIFIED, Status.CONTESTED)
    for item in weighed:
        if item.fact.status in pending:
            reading = what_if(child, rulebook, as_of, verified=[item.fact.id])
            if alters(reading):
                return Change("verified", (item.fact.id,), None, reading)
    return None


def _first_day(
    child: Child, rulebook: Rulebook, as_of: date, weighed: list[Weighed], alters: _Alters
) -> Change | None:
    """Facts already recorded age; those that are recorded later are not known yet and stay out."""
    known = replace(child, facts=tuple(item.fact for item in weighed))
    for day in sorted(_days(child, weighed, rulebook, as_of)):
        reading = read(known, rulebook, day)
        if alters(reading):
            return Change("time", (), day, reading)
    return None


def _days(child: Child, weighed: list[Weighed], rulebook: Rulebook, as_of: date) -> set[date]:
    """The days on which something that counts today may change by time alone."""
    wait = rulebook.edition(as_of).parameters["unverified_days"]
    days = {of_age_from(child.birth, rulebook.edition(as_of).parameters["adult_age"])}
    for item in weighed:
        ends = [_after(item.fact.occurred_on, item.rule.days), _after(item.fact.recorded_on, wait)]
        days.update(ends)
    return {day for day in days if day > as_of}


def _after(day: date, days: int) -> date:
    return day + timedelta(min(days, (date.max - day).days))


def _sum(reading: Reading) -> words.Pair:
    urgent = words.URGENT if reading.urgent else ("", "")
    grade = reading.grade if reading.tier else ""
    numbers = {"behaviour": reading.behaviour_points, "need": reading.need_points}
    levels = {"tier": reading.tier, "grade": grade, "level": reading.level}
    zh, en = words.SUM
    return zh.format(**numbers, **levels, urgent=urgent[0]), en.format(**numbers, **levels, urgent=urgent[1])


def _fate(item: Weighed) -> words.Pair:
    zh, en = words.REASONS[item.reason]
    points = (f"，{item.points} 分", f", {item.points} points") if item.reason == "counts" else ("", "")
    return (
        f"{item.fact.id} {item.rule.label[0]}（{item.rule.statute}）：{zh}{points[0]}",
        f"{item.fact.id} {item.rule.label[1]} ({item.rule.statute}): {en}{points[1]}",
    )


def _cap(line: Line) -> words.Pair:
    zh, en = words.fill(words.CAP, points=-line.points)
    return f"{line.fact}：{zh}", f"{line.fact}: {en}"


def _said(changes: tuple[Change, ...]) -> tuple[words.Pair, ...]:
    return tuple(change.text for change in changes)
