"""Rosters from ledgers: agencies, stations with their beats, schools, grids.

The caller holds the transaction. The same rows again change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from hulei.audit import actions as audit
from hulei.common import faults
from hulei.common.landing import Landed, LedgerRow
from hulei.common.upsert import Draft, Resolved
from hulei.common.viewer import Viewer
from hulei.places import queries, rules
from hulei.places.actions import housing
from hulei.places.actions.founding import home, lock_places, named
from hulei.places.actions.moving import watched
from hulei.places.actions.tree import Tree
from hulei.places.models import Agency, Area, Beat, Grid, PoliceGrid, School
from hulei.places.terms import AgencyKind, AgencyUnit

_DERIVED = ("name_key", "name_pinyin", "name_initials", "code", "unit", "parent_id")
_SCOPES = ("district_code", "town_code", "village_code", "grid_code", "station_code", "school_code")
_LISTED = re.compile(r"[、，,;；/\s]+")


@watched
def take_in_agencies(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """The roster of member agencies; the police agency that is no station is the bureau."""
    district = _begin(by)
    codes = _Codes(Agency, district, "A")
    drafts = [_agency(row, district, codes) for row in rows]
    landed = _settle(Agency, "places.agency", ("name_key", "district_code"), drafts, at)
    _hang_stations(district)
    return _told(landed, "places.agency", by, at)


def _agency(row: LedgerRow, district: Area, codes: _Codes) -> Resolved:
    name = row.values["name"]
    kind = AgencyKind(row.values.get("kind") or AgencyKind.OTHER)
    values = {
        **codes.values(name),
        "kind": kind.value,
        "unit": _unit(name, kind).value,
        "contact": row.values.get("contact") or "",
        "phone": row.values.get("phone") or "",
    }
    return _draft(Agency, faults.aliased(row), (codes.key(name), district.code), values)


def _unit(name: str, kind: AgencyKind) -> AgencyUnit:
    if name.rstrip().endswith("派出所"):
        return AgencyUnit.STATION
    is_bureau = kind is AgencyKind.POLICE and name.rstrip().endswith("局")
    return AgencyUnit.BUREAU if is_bureau else AgencyUnit.PARTNER


@watched
def take_in_stations(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """The stations with the villages they police, their protection officers, and a police grid for each."""
    district = _begin(by)
    tree, codes = Tree(district, at), _Codes(Agency, district, "S")
    towns = [_towns(tree, row.values.get("town")) for row in rows]
    drafts = [_station(row, district, codes, in_towns) for row, in_towns in zip(rows, towns, strict=True)]
    landed = _settle(Agency, "places.agency", ("name_key", "district_code"), drafts, at)
    _hang_stations(district)
    stations = _by_id(Agency, landed)
    for row, in_towns, one in zip(rows, towns, landed, strict=True):
        if station := stations.get(one.record_id):
            _patrol(station, [_village(tree, name, in_towns) for name in row.values.get("villages") or ()])
    _add_police_grids(stations.values(), district, at)
    return _told(landed, "places.agency", by, at, areas=tree.added)


def _towns(tree: Tree, names: str | None) -> list[Area]:
    found = [tree.town(name) for name in _LISTED.split(names or "") if name]
    return [town for town in found if town]


def _village(tree: Tree, name: str, towns: list[Area]) -> Area:
    return tree.village(name, towns[0] if len(towns) == 1 else None)


def _station(row: LedgerRow, district: Area, codes: _Codes, towns: list[Area]) -> Resolved:
    name = row.values["name"]
    values = {
        **codes.values(name),
        "kind": AgencyKind.POLICE.value,
        "unit": AgencyUnit.STATION.value,
        "town_id": towns[0].pk if towns else None,
        "officer": row.values.get("officer") or "",
        "badge_number": row.values.get("badge_number") or "",
    }
    return _draft(Agency, faults.aliased(row, town_id="town"), (codes.key(name), district.code), values)


def _patrol(station: Agency, villages: Iterable[Area]) -> None:
    """Put villages on the station's beat; the roster's word moves a village from another station."""
    for village in villages:
        Beat.objects.update_or_create(village=village, defaults={"station": station})


def _hang_stations(district: Area) -> None:
    """Hang stations without a parent under the bureau, if there is exactly one."""
    bureaus = Agency.objects.filter(district_code=district.code, unit=AgencyUnit.BUREAU)
    if len(bureaus) == 1:
        orphans = Agency.objects.filter(district_code=district.code, unit=AgencyUnit.STATION, parent=None)
        orphans.update(parent=bureaus[0])


def _add_police_grids(stations: Iterable[Agency], district: Area, at: datetime) -> None:
    """One police grid for each station that has none yet."""
    served = set(PoliceGrid.objects.filter(district_code=district.code).values_list("station_id", flat=True))
    wanted = [s for s in stations if s.pk not in served]
    PoliceGrid.objects.bulk_create(
        PoliceGrid(
            code=f"{station.code}P01",
            station=station,
            district_code=district.code,
            officer=station.officer,
            created_at=at,
            updated_at=at,
            **named(f"{station.name.removesuffix('派出所')}警格"),
        )
        for station in wanted
    )


@watched
def take_in_schools(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Schools and kindergartens with their safety profile. An unknown station refuses the row."""
    district = _begin(by)
    tree, codes = Tree(district, at), _Codes(School, district, "C")
    stations = queries.stations_by_name_unscoped(_names(rows, "station"), district.code)
    drafts = [_school(row, district, codes, tree, stations) for row in rows]
    landed = _settle(School, "places.school", ("name_key", "district_code"), drafts, at)
    return _told(landed, "places.school", by, at, areas=tree.added)


_PROFILE = ("pupils", "boarders", "guards", "closed_management", "alarm_linked", "video_compliant")


def _school(
    row: LedgerRow, district: Area, codes: _Codes, tree: Tree, stations: Mapping[str, Agency | None]
) -> Resolved:
    name, wanted = row.values["name"], row.values.get("station")
    station = stations.get(wanted) if wanted else None
    if wanted and station is None:
        return Landed.refused(faults.unknown_unit(row.label("station"), wanted))
    town = tree.town(row.values.get("town")) or (station.town if station else None)
    own = codes.values(name)
    values = {
        **own,
        "stage": row.values.get("stage") or "",
        "town_id": town.pk if town else None,
        "station_id": station.pk if station else None,
        "legal_vice_principal": row.values.get("legal_vice_principal") or "",
        **{column: row.values.get(column) for column in _PROFILE},
        "town_code": town.code if town else "",
        "station_code": station.code if station else "",
        "school_code": own["code"],
    }
    row = faults.aliased(row, town_id="town", station_id="station")
    return _draft(School, row, (codes.key(name), district.code), values)


@watched
def take_in_grids(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Village grids with their workers and the station that each belongs to."""
    district = _begin(by)
    tree, codes = Tree(district, at), _GridCodes(district)
    stations = queries.stations_by_name_unscoped(_names(rows, "station"), district.code)
    police_grids = {
        grid.station_id: grid
        for grid in PoliceGrid.objects.filter(district_code=district.code).order_by("-id")
    }
    drafts = [_grid(row, district, tree, codes, stations, police_grids) for row in rows]
    drafts = housing.fit(drafts, district.code)
    before = _houses(district)
    landed = _settle(Grid, "places.grid", ("village_id", "name_key"), drafts, at)
    housing.rewrite([pk for pk, text in _houses(district).items() if text != before.get(pk, "")], at=at)
    _fill_beats(drafts, stations)
    return _told(landed, "places.grid", by, at, areas=tree.added)


def _houses(district: Area) -> dict[int, str]:
    return dict(Grid.objects.filter(district_code=district.code).values_list("pk", "houses"))


def _grid(
    row: LedgerRow,
    district: Area,
    tree: Tree,
    codes: _GridCodes,
    stations: Mapping[str, Agency | None],
    police_grids: Mapping[int, PoliceGrid],
) -> Resolved:
    name, wanted = row.values["name"], row.values.get("station")
    station = stations.get(wanted) if wanted else None
    if wanted and station is None:
        return Landed.refused(faults.unknown_unit(row.label("station"), wanted))
    village = tree.village(row.values["village"], tree.town(row.values.get("town")))
    code = codes.of(village, rules.key(name))
    police_grid = police_grids.get(station.pk) if station else None
    in_town = village.parent if village.parent and village.parent.pk != district.pk else None
    values = {
        **_named(name),
        "code": code,
        "police_grid_id": police_grid.pk if police_grid else None,
        "worker": row.values.get("grid_worker") or "",
        "phone": row.values.get("phone") or "",
        "houses": str(row.values.get("houses") or ""),
        "district_code": district.code,
        "town_code": in_town.code if in_town else "",
        "village_code": village.code,
        "grid_code": code,
        "station_code": station.code if station else "",
    }
    row = faults.aliased(row, police_grid_id="station", worker="grid_worker")
    return _draft(Grid, row, (village.pk, rules.key(name)), values)


def _fill_beats(drafts: Sequence[Resolved], stations: Mapping[str, Agency | None]) -> None:
    """A village without a station goes on the beat that its grids name."""
    by_code = {s.code: s for s in stations.values() if s}
    named_by_grids = {
        d.key[0]: by_code[d.values["station_code"]]
        for d in drafts
        if isinstance(d, Draft) and d.values["station_code"]
    }
    taken = set(Beat.objects.filter(village_id__in=named_by_grids).values_list("village_id", flat=True))
    Beat.objects.bulk_create(
        Beat(village_id=v, station=s) for v, s in named_by_grids.items() if v not in taken
    )


class _Codes:
    """Codes of records by their key: the one they have, or the next free one."""

    def __init__(self, model: type[Agency] | type[School], district: Area, letter: str) -> None:
        self._head = f"{district.code}{letter}"
        rows = list(
            model.objects.filter(district_code=district.code).values_list("name_key", "code", "aliases")
        )
        self._known: dict[str, str] = {key: code for key, code, _ in rows}
        self._renamed = {rules.key(alias): key for key, _, aliases in rows for alias in aliases}

    def key(self, name: str) -> str:
        """The key under which a name is stored: its own, or that of what is also called so."""
        own = rules.key(name)
        return own if own in self._known else self._renamed.get(own, own)

    def values(self, name: str) -> dict[str, str]:
        """Code and name columns; a name that is only an alias does not rename what bears it."""
        key = self.key(name)
        if key not in self._known:
            self._known[key] = rules.next_code(self._head, 3, self._known.values())
        return {"code": self._known[key], **(_named(name) if key == rules.key(name) else {})}


class _GridCodes:
    """The same for grids, numbered within their village."""

    def __init__(self, district: Area) -> None:
        rows = Grid.objects.filter(district_code=district.code)
        self._known = {
            (village, name): code
            for village, name, code in rows.values_list("village_id", "name_key", "code")
        }

    def of(self, village: Area, key: str) -> str:
        if (village.pk, key) not in self._known:
            self._known[village.pk, key] = rules.next_code(f"{village.code}G", 3, self._known.values())
        return self._known[village.pk, key]


def _begin(by: Viewer) -> Area:
    by.require("places.area.add")
    lock_places()
    return home(by)


def _named(name: str) -> dict[str, str]:
    return {column: value for column, value in named(name).items() if column != "name_key"}


def _names(rows: Sequence[LedgerRow], column: str) -> set[str]:
    return {row.values[column] for row in rows if row.values.get(column)}


def _draft(model: type[Model], row: LedgerRow, key: tuple[Any, ...], values: Mapping[str, Any]) -> Resolved:
    if found := faults.unfit(model, row, {k: v for k, v in values.items() if v not in (None, "")}):
        return Landed.refused(*found)
    return Draft(row, key, values)


def _settle(
    model: type[Agency] | type[School] | type[Grid],
    kind: str,
    key_fields: Sequence[str],
    drafts: Sequence[Resolved],
    at: datetime,
) -> list[Landed]:
    return faults.settle(model.objects.all(), kind, key_fields, drafts, at=at, derived=(*_DERIVED, *_SCOPES))


def _by_id(model: type[Agency], landed: Sequence[Landed]) -> dict[int | None, Agency]:
    return dict(model.objects.in_bulk([one.record_id for one in landed if one.record_id]))


def _told(landed: list[Landed], kind: str, by: Viewer, at: datetime, *, areas: int = 0) -> list[Landed]:
    details: dict[str, Any] = {**faults.counts(landed), **({"areas": areas} if areas else {})}
    audit.record(by=by, at=at, tag=f"{kind}.taken_in", target=(kind, ""), details=details)
    return landed
