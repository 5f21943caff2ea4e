"""Telling others what moved: the district's map before an action and after it, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from hulei.common import events
from hulei.common.events import AgenciesMoved, GroundMoved, SchoolsMoved
from hulei.common.viewer import Viewer
from hulei.places.actions.founding import home, lock_places
from hulei.places.models import Agency, Area, Beat, Grid, School
from hulei.places.terms import AgencyUnit

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Map:
    """Who polices which village, which grid has which houses, where schools and offices belong; by codes."""

    parents: Mapping[str, str | None]
    beats: Mapping[str, str]
    grids: Mapping[str, tuple[str, str]]
    schools: Mapping[int, tuple[str, str]]
    agencies: Mapping[int, tuple[str | None, bool]]

    @classmethod
    def of(cls, district: str) -> Map:
        """The map as it is, in five statements."""
        areas = Area.objects.filter(district_code=district)
        beats = Beat.objects.filter(village__district_code=district)
        grids = Grid.objects.filter(district_code=district)
        schools = School.objects.filter(district_code=district)
        offices = Agency.objects.filter(district_code=district)
        return cls(
            dict(areas.values_list("code", "parent__code")),
            dict(beats.values_list("village__code", "station__code")),
            {
                code: (village, houses)
                for code, village, houses in grids.values_list("code", "village_code", "houses")
            },
            {
                pk: (town, station)
                for pk, town, station in schools.values_list("pk", "town_code", "station_code")
            },
            {
                pk: (town, unit == AgencyUnit.STATION)
                for pk, town, unit in offices.values_list("pk", "town__code", "unit")
            },
        )

    def until(self, later: Map) -> list[events.Event]:
        """What happened between two maps. What is new has nothing yet that could follow it."""
        told: list[events.Event] = []
        if schools := _moved(self.schools, later.schools):
            told.append(SchoolsMoved(tuple(schools)))
        if agencies := _moved(self.agencies, later.agencies):
            told.append(AgenciesMoved(tuple(agencies)))
        ground = self._ground(later)
        return [*told, ground] if ground != GroundMoved() else told

    def _ground(self, later: Map) -> GroundMoved:
        adopted = set(_moved(self.parents, later.parents))
        patrolled = {v for v in {*self.beats, *later.beats} if self.beats.get(v) != later.beats.get(v)}
        recut = [
            code for code in {*self.grids, *later.grids} if self.grids.get(code) != later.grids.get(code)
        ]
        inhabited = {known[code][0] for code in recut for known in (self.grids, later.grids) if code in known}
        # A village on nobody's beat goes with the only station of its town: a beat moves the whole town.
        towns = {m.parents.get(v) for v in patrolled | adopted for m in (self, later)} - {None}
        return GroundMoved(
            tuple(sorted(cast(set[str], towns))),
            tuple(sorted(adopted | patrolled | inhabited)),
            everywhere=not later.parents.keys() <= self.parents.keys(),
        )


K = TypeVar("K")


def _moved(before: Mapping[K, object], after: Mapping[K, object]) -> list[K]:
    return [key for key, place in after.items() if key in before and before[key] != place]


def watched(action: Callable[P, R]) -> Callable[P, R]:
    """An action on places after which others hear what moved. It must be called with ``by`` and ``at``."""

    @wraps(action)
    def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        by, at = cast(Viewer, kwargs["by"]), cast(datetime, kwargs["at"])
        with transaction.atomic():
            lock_places()
            try:
                district = home(by).code
            except ValidationError:  # nothing is founded yet; the action says so in its own way
                return action(*args, **kwargs)
            before = Map.of(district)
            done = action(*args, **kwargs)
            for event in before.until(Map.of(district)):
                events.publish(event, by=by, at=at)
        return done

    return telling
