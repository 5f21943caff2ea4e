"""Reads of places. Names of places are no secret; the viewer is asked all the same, as everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from hulei.common.models import Scope
from hulei.common.viewer import Viewer
from hulei.common.walls import visible
from hulei.places import naming, rules
from hulei.places.models import Agency, Area, Beat, Grid, GridHouses, PoliceGrid, School
from hulei.places.naming import Known
from hulei.places.naming.houses import Run
from hulei.places.rules import Home
from hulei.places.terms import AgencyUnit, AreaLevel


def areas(viewer: Viewer) -> QuerySet[Area]:
    """The area tree."""
    return visible(viewer, Area.objects.select_related("parent"))


def agencies(viewer: Viewer) -> QuerySet[Agency]:
    """All offices, stations included."""
    return visible(viewer, Agency.objects.select_related("parent", "town"))


def stations(viewer: Viewer) -> QuerySet[Agency]:
    """The police stations."""
    return agencies(viewer).filter(unit=AgencyUnit.STATION)


def police_grids(viewer: Viewer) -> QuerySet[PoliceGrid]:
    """The police grids."""
    return visible(viewer, PoliceGrid.objects.select_related("station"))


def grids(viewer: Viewer) -> QuerySet[Grid]:
    """The village grids."""
    return visible(viewer, Grid.objects.select_related("village", "village__parent", "police_grid__station"))


def schools(viewer: Viewer) -> QuerySet[School]:
    """Schools and kindergartens."""
    return visible(viewer, School.objects.select_related("town", "station"))


def villages_of(viewer: Viewer, station: Agency) -> QuerySet[Area]:
    """The villages that a station polices."""
    return areas(viewer).filter(beat__station=station).order_by("code")


def schools_of(viewer: Viewer, station: Agency) -> QuerySet[School]:
    """The schools of a station's beat."""
    return schools(viewer).filter(station=station).order_by("code")


def grids_of(viewer: Viewer, station: Agency) -> QuerySet[Grid]:
    """The grids in a station's police grids."""
    return grids(viewer).filter(police_grid__station=station).order_by("code")


def grids_of_police_grid(viewer: Viewer, police_grid: PoliceGrid) -> QuerySet[Grid]:
    """The grids in a police grid."""
    return grids(viewer).filter(police_grid=police_grid).order_by("code")


def children_of(viewer: Viewer, area: Area) -> QuerySet[Area]:
    """The areas directly below."""
    return areas(viewer).filter(parent=area).order_by("code")


def grids_in(viewer: Viewer, area: Area) -> QuerySet[Grid]:
    """The grids of a village."""
    return grids(viewer).filter(village=area).order_by("code")


def home_district_unscoped() -> Area | None:
    """The district of this installation, the first one founded. Asked before any viewer exists."""
    return Area.objects.filter(level=AreaLevel.DISTRICT).order_by("id").first()


def _district(code: str) -> str:
    if code:
        return code
    home = home_district_unscoped()
    return home.code if home else ""


def home_names_unscoped(district: str) -> Home:
    """How the district and what is over it are called."""
    area = Area.objects.filter(code=district).first()
    if area is None:
        return Home()
    above = (
        Area.objects.filter(code__in=area.path.split("/")).exclude(pk=area.pk).values_list("name", flat=True)
    )
    return rules.home_of(area.name, above)


def areas_by_name_unscoped(
    names: Iterable[str], district: str = "", level: str = ""
) -> dict[str, Area | None]:
    """The area that each name means, None where none or several do. Unscoped: ledgers name places."""
    code = _district(district)
    rows = Area.objects.filter(district_code=code).select_related("parent")
    known = [
        Known(a, (a.name,), a.level, a.parent.name if a.parent else "")
        for a in rows
        if not level or a.level == level
    ]
    register = naming.areas(known, home_names_unscoped(code))
    return {name: register.find(name) for name in names}


def agencies_by_name_unscoped(names: Iterable[str], district: str = "") -> dict[str, Agency | None]:
    """The office or station that each name means: 公安, 区教育局, 石头埠所; None where none or several do."""
    return _agencies(names, _district(district), Agency.objects.all())


def stations_by_name_unscoped(names: Iterable[str], district: str = "") -> dict[str, Agency | None]:
    """The station that each name means; None where none or several do."""
    return _agencies(names, _district(district), Agency.objects.filter(unit=AgencyUnit.STATION))


def _agencies(names: Iterable[str], district: str, rows: QuerySet[Agency]) -> dict[str, Agency | None]:
    found = rows.filter(district_code=district).select_related("town")
    known = [Known(a, (a.name, *a.aliases), a.unit, kind=a.kind) for a in found]
    register = naming.agencies(known, home_names_unscoped(district))
    return {name: register.find(name) for name in names}


def schools_by_name_unscoped(names: Iterable[str], district: str = "") -> dict[str, School | None]:
    """The school that each name means: 粟山小学 is 兴港镇粟山小学; None where none or several do."""
    code = _district(district)
    rows = School.objects.filter(district_code=code).select_related("town", "station")
    known = [Known(s, (s.name, *s.aliases), s.stage, s.town.name if s.town else "") for s in rows]
    towns = Area.objects.filter(district_code=code, level=AreaLevel.TOWN).values_list("name", flat=True)
    register = naming.schools(known, home_names_unscoped(code), towns)
    return {name: register.find(name) for name in names}


agency_by_name_unscoped = agencies_by_name_unscoped
school_by_name_unscoped = schools_by_name_unscoped
area_by_name_unscoped = areas_by_name_unscoped


class Locator:
    """Addresses to scopes, for one batch of rows: everything is loaded once, then no query is made."""

    def __init__(self, district: str) -> None:
        self._district = district
        rows = Area.objects.filter(district_code=district, level__in=(AreaLevel.TOWN, AreaLevel.VILLAGE))
        places = [
            naming.Place(a.code, a.name, a.level, a.parent.code)
            for a in rows.select_related("parent")
            if a.parent
        ]
        grids = list(Grid.objects.filter(district_code=district).values_list("code", "village_code", "name"))
        self._gazetteer = naming.Gazetteer(places, grids, _covered(district))
        self._town_of = {place.code: place.parent for place in places if place.level == AreaLevel.VILLAGE}
        self._village_of = {code: village for code, village, _ in grids}
        self._station_of_village = dict(Beat.objects.values_list("village__code", "station__code"))
        self._stations_of_town: dict[str, set[str]] = {}
        for place in places:
            if place.code in self._station_of_village:
                stations = self._stations_of_town.setdefault(place.parent, set())
                stations.add(self._station_of_village[place.code])

    def locate(self, address: str) -> Scope | None:
        """Town, village, station and, if unambiguous, grid of an address; None if it names no place here.

        A village on nobody's beat belongs to its town's station if the town has only one.
        """
        spot = self._gazetteer.find(address or "")
        if spot is None:
            return None
        return self._scope(spot.town, spot.village, spot.grid)

    def again(self, address: str, known: Scope) -> Scope | None:
        """Where what stands in a known place belongs today; None if neither that nor its address tells.

        An address that names no village any more (it was renamed, or went to another town) leaves its
        village as it is known.
        """
        found, village = self.locate(address), known.village_code
        if (found and found.village_code) or village not in self._town_of:
            return found
        kept = known.grid_code if self._village_of.get(known.grid_code) == village else ""
        grid = self._gazetteer.grid_in(village, address or "")
        return self._scope(self._town_of[village], village, kept if grid is None else grid)

    def _scope(self, town: str, village: str, grid: str) -> Scope:
        station = self._station_of_village.get(village, "")
        if not station and len(only := self._stations_of_town.get(town, set())) == 1:
            station = next(iter(only))
        in_town = town if town != self._district else ""
        scope = Scope(self._district, town_code=in_town, village_code=village)
        return replace(scope, grid_code=grid, station_code=station)


def _covered(district: str) -> dict[str, list[tuple[Run, str]]]:
    """By village: which grid has which houses today."""
    rows = GridHouses.objects.filter(grid__district_code=district, ended_at=None)
    covered: dict[str, list[tuple[Run, str]]] = {}
    columns = ("village__code", "grid__code", "parity", "first", "last")
    for village, grid, *run in rows.values_list(*columns):
        covered.setdefault(village, []).append((Run(*run), grid))
    return covered


def locator_unscoped(district: str = "") -> Locator:
    """A :class:`Locator` of the district."""
    return Locator(_district(district))
