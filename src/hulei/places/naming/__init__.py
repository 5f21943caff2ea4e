"""Finding the one place that a written name or address means. Pure: the names are loaded before.

Each index tries forms from strict to loose; the first form that anything answers to decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hulei.places import rules
from hulei.places.naming.addresses import Gazetteer, Place, Spot
from hulei.places.rules import Home
from hulei.places.terms import AgencyKind, AgencyUnit

T = TypeVar("T")
__all__ = ["Gazetteer", "Known", "Place", "Register", "Spot", "agencies", "areas", "schools"]


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
