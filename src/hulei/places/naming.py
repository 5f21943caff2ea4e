"""Finding the one place that a written name means. Pure: the names are loaded before.

Each index tries forms from strict to loose; the first form that anything answers to decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hulei.places import rules
from hulei.places.rules import Home
from hulei.places.terms import AgencyKind, AgencyUnit, AreaLevel

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """Something with its names: its own first, then what else it is called."""

    thing: T
    names: tuple[str, ...]
    level: str = ""
    parent: str = ""
    kind: str = ""


class Register(Generic[T]):
    """Looks names up; ambiguous and unknown ones give None."""

    def __init__(self, known: Sequence[Known[T]], steps: Sequence[Callable[[str, Known[T]], bool]]) -> None:
        self._known = known
        self._steps = steps
        self._found: dict[str, T | None] = {}
        self._exact: dict[str, list[T]] = {}
        for one in known:
            for form in {rules.key(name) for name in one.names}:
                self._exact.setdefault(form, []).append(one.thing)

    def find(self, name: str) -> T | None:
        """The one thing that ``name`` means, or None."""
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> T | None:
        form = rules.key(name)
        if not form:
            return None
        exact = self._exact.get(form, [])
        if exact:
            return exact[0] if len(exact) == 1 else None
        for fits in self._steps:
            answers = [one.thing for one in self._known if fits(name, one)]
            if answers:
                return answers[0] if len(answers) == 1 else None
        return None


def areas(known: Sequence[Known[T]], home: Home) -> Register[T]:
    """Areas by their usual form (三塘村), with the areas above them in front, or by the bare name (三塘).

    ``Known.parent`` is the parent's name.
    """

    def usual(name: str, one: Known[T]) -> bool:
        text = rules.area_form(rules.without_prefixes(rules.key(name), home.all))
        return text in {rules.area_form(n) for n in one.names}

    def qualified(name: str, one: Known[T]) -> bool:
        text = rules.area_form(rules.without_prefixes(rules.key(name), home.all))
        parents = {rules.key(one.parent), rules.area_core(one.parent)} - {""}
        return any(text == parent + rules.area_form(n) for parent in parents for n in one.names)

    def bare(name: str, one: Known[T]) -> bool:
        text = rules.without_prefixes(rules.key(name), home.all)
        # 南康村 is not 南康社区: only a name without a rank may mean any of them.
        return rules.area_core(text) == text and any(rules.area_core(n) == text for n in one.names)

    return Register(known, (usual, qualified, bare))


def agencies(known: Sequence[Known[T]], home: Home) -> Register[T]:
    """Agencies and stations by name, by what they are about (教育), by kind, and stations by short forms.

    ``Known.level`` is the unit's level (:class:`AgencyUnit`).
    """

    def unbracketed(name: str, one: Known[T]) -> bool:
        return rules.unbracketed(name) in {rules.unbracketed(n) for n in one.names}

    def without_places(name: str, one: Known[T]) -> bool:
        return home.off_office(name) in {home.off_office(n) for n in one.names}

    def by_subject(name: str, one: Known[T]) -> bool:
        wanted = rules.subject(name, home)
        if wanted is None or one.level == AgencyUnit.STATION:
            return False
        return any((own := rules.subject(n, home)) is not None and own[0] == wanted[0] for n in one.names)

    def by_kind(name: str, one: Known[T]) -> bool:
        wanted = rules.subject(name, home)
        if wanted is None or one.level == AgencyUnit.STATION:
            return False
        return rules.stands_alone(wanted[1]) and AgencyKind(one.kind) is wanted[1]

    def station(name: str, one: Known[T]) -> bool:
        text = rules.station_form(name, home)
        return one.level == AgencyUnit.STATION and text in {rules.station_form(n, home) for n in one.names}

    return Register(known, (unbracketed, without_places, by_subject, by_kind, station))


def schools(known: Sequence[Known[T]], home: Home, towns: Iterable[str]) -> Register[T]:
    """Schools by name without brackets, and with or without their town (粟山小学)."""
    town_names = [rules.key(t) for t in towns]
    parts = {id(one): [rules.school_name(n, home.all, town_names) for n in one.names] for one in known}

    def unbracketed(name: str, one: Known[T]) -> bool:
        return rules.unbracketed(name) in {rules.unbracketed(n) for n in one.names}

    def parted(name: str, one: Known[T]) -> bool:
        wanted = rules.school_name(name, home.all, town_names)
        own_town = rules.area_core(one.parent) if one.parent else ""
        if wanted.town and own_town and wanted.town != own_town:
            return False
        return any(wanted.fits(own) for own in parts[id(one)])

    return Register(known, (unbracketed, parted))


@dataclass(frozen=True, slots=True)
class Spot:
    """A village (or only a town) that an address names, by codes."""

    town: str
    village: str = ""
    grid: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A town or village as the gazetteer of addresses needs it."""

    code: str
    name: str
    level: str
    parent: str


class Gazetteer:
    """Reads the town and village out of an address such as 铁山港区兴港镇粟山村31号."""

    def __init__(self, places: Sequence[Place], grids: Sequence[tuple[str, str, str]]) -> None:
        self._towns = [p for p in places if p.level == AreaLevel.TOWN]
        self._villages = [p for p in places if p.level == AreaLevel.VILLAGE]
        self._grids = grids

    def find(self, address: str) -> Spot | None:
        """The spot, or None when no town or village (or more than one) is recognised.

        A village's bare name counts only where its town is named too: 大塘 may be anything elsewhere.
        """
        text = rules.unbracketed(address)
        town, rest = self._town(text)
        village = self._village(rest, town)
        if village is None:
            return Spot(town.code) if town else None
        return Spot(village.parent, village.code, self._grid(rest, village.code))

    def _town(self, text: str) -> tuple[Place | None, str]:
        named = [t for t in self._towns if rules.area_form(t.name) in text]
        if len(named) != 1:
            return None, text
        form = rules.area_form(named[0].name)
        return named[0], text[text.index(form) + len(form) :]

    def _village(self, rest: str, town: Place | None) -> Place | None:
        among = [v for v in self._villages if town is None or v.parent == town.code]
        forms = (rules.key, rules.area_form, rules.area_core) if town else (rules.key, rules.area_form)
        for form in forms:
            named = [v for v in among if form(v.name) in rest]
            longest = max((len(form(v.name)) for v in named), default=0)
            best = [v for v in named if len(form(v.name)) == longest]
            if best:
                return best[0] if len(best) == 1 else None
        return None

    def _grid(self, rest: str, village: str) -> str:
        """The grid if the village has only one, or if the address names it (第01网格)."""
        own = [(code, name) for code, in_village, name in self._grids if in_village == village]
        if len(own) == 1:
            return own[0][0]
        named = [code for code, name in own if _grid_tail(name) and _grid_tail(name) in rest]
        return named[0] if len(named) == 1 else ""


def _grid_tail(name: str) -> str:
    """What tells a grid from its neighbours: 粟山村第01网格 -> 第01网格."""
    text = rules.key(name)
    return text[text.index("第") :] if "第" in text else ""
