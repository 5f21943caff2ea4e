"""Reading the town, the village and the grid out of an address. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hulei.places import rules
from hulei.places.naming import houses
from hulei.places.naming.houses import Run
from hulei.places.terms import AreaLevel


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
    """Reads the town, village and grid out of an address such as 铁山港区兴港镇粟山村31号.

    ``grids`` are (code, village, name); ``covered`` tells for a village which grid has which houses.
    """

    def __init__(
        self,
        places: Sequence[Place],
        grids: Sequence[tuple[str, str, str]],
        covered: Mapping[str, Sequence[tuple[Run, str]]] = MappingProxyType({}),
    ) -> None:
        self._towns = [p for p in places if p.level == AreaLevel.TOWN]
        self._villages = [p for p in places if p.level == AreaLevel.VILLAGE]
        self._grids = grids
        self._covered = covered

    def find(self, address: str) -> Spot | None:
        """The spot, or None when no town or village (or more than one) is recognised.

        A village's bare name counts only where its town is named too: 大塘 may be anything elsewhere.
        """
        text = rules.unbracketed(address)
        town, rest = self._town(text)
        village, tail = self._village(rest, town)
        if village is None:
            return Spot(town.code) if town else None
        return Spot(village.parent, village.code, self._grid(rest, tail, village.code))

    def grid_in(self, village: str, address: str) -> str | None:
        """The grid of an address in a village known otherwise; None if it does not name the village."""
        text = rules.unbracketed(address)
        for form in (rules.key, rules.area_form):
            for place in self._villages:
                if place.code == village and form(place.name) in text:
                    return self._grid(text, text.partition(form(place.name))[2], village)
        return None

    def _town(self, text: str) -> tuple[Place | None, str]:
        named = [t for t in self._towns if rules.area_form(t.name) in text]
        if len(named) != 1:
            return None, text
        form = rules.area_form(named[0].name)
        return named[0], text[text.index(form) + len(form) :]

    def _village(self, rest: str, town: Place | None) -> tuple[Place | None, str]:
        """The village, and what the address says after it."""
        among = [v for v in self._villages if town is None or v.parent == town.code]
        forms = (rules.key, rules.area_form, rules.area_core) if town else (rules.key, rules.area_form)
        for form in forms:
            named = [v for v in among if form(v.name) in rest]
            longest = max((len(form(v.name)) for v in named), default=0)
            best = [v for v in named if len(form(v.name)) == longest]
            if best:
                return (best[0], rest.partition(form(best[0].name))[2]) if len(best) == 1 else (None, "")
        return None, ""

    def _grid(self, rest: str, tail: str, village: str) -> str:
        """The village's only grid, or the one that the address names or whose house it is; else none.

        An address that names one grid (第01网格) and a house of another is in doubt.
        """
        own = [(code, name) for code, in_village, name in self._grids if in_village == village]
        if len(own) == 1:
            return own[0][0]
        named = {code for code, name in own if _grid_tail(name) and _grid_tail(name) in rest}
        said = named | self._housing(tail, village)
        return said.pop() if len(said) == 1 else ""

    def _housing(self, tail: str, village: str) -> set[str]:
        """The grids of the houses that an address names; one that lies in no grid leaves it open."""
        runs = self._covered.get(village, ())
        told = [{code for run, code in runs if run.covers(n)} for n in houses.numbers(tail)] if runs else []
        return set().union(*told) if all(told) else set()


def _grid_tail(name: str) -> str:
    """What tells a grid from its neighbours: 粟山村第01网格 -> 第01网格."""
    text = rules.key(name)
    return text[text.index("第") :] if "第" in text else ""
