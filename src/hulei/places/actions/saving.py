"""What people save on the pages of places: guard, lock, validate, save, audit, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from hulei.audit import actions as audit
from hulei.common.editing import changed, locked
from hulei.common.models import Record
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.places import queries, rules
from hulei.places.actions import housing
from hulei.places.actions.founding import home, lock_places, named
from hulei.places.actions.moving import watched
from hulei.places.models import Agency, Area, Beat, Grid, PoliceGrid, School
from hulei.places.terms import AgencyUnit, AreaLevel

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]
_SECRET = frozenset({"phone"})
_UNTOLD = frozenset({"name_key", "name_pinyin", "name_initials", "path"})
NO_PARENT = Text(
    "镇挂在区下，村挂在镇或区下。", "A town lies in the district, a village in a town or the district."
)
ONE_TYPE = Text("只能增补镇或村。", "Only towns and villages can be added.")


@watched
def save_agency(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Agency:
    """Add or change an office; ``villages`` are the areas on a station's beat.

    A former name stays as an alias, so that ledgers with the old name still find the office.
    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    own = {name: value for name, value in values.items() if name != "villages"}
    with transaction.atomic():
        agency = _save(
            "places.agency", queries.agencies(by), Agency, own, letter="A",
            by=by, at=at, reason=reason, record_id=record_id, version=version,
        )  # fmt: skip
        if agency.unit == AgencyUnit.STATION and "villages" in values:
            _patrol(agency, values["villages"])
    return agency


def _patrol(station: Agency, villages: QuerySet[Area]) -> None:
    """Put these villages on the station's beat. A village leaves a beat only for another station's."""
    for village in villages:
        Beat.objects.update_or_create(village=village, defaults={"station": station})


@watched
def save_school(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> School:
    """Add or change a school; its scope follows town and station. A former name stays as an alias.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    town, station = values.get("town"), values.get("station")
    if (values.get("boarders") or 0) > (values.get("pupils") or values.get("boarders") or 0):
        words = Text("寄宿生数不能多于在校生数。", "More boarders than pupils.")
        raise ValidationError({"boarders": str(words)})
    scope = {"town_code": town.code if town else "", "station_code": station.code if station else ""}
    return _save(
        "places.school", queries.schools(by), School, {**values, **scope}, letter="C",
        by=by, at=at, reason=reason, record_id=record_id, version=version,
    )  # fmt: skip


@watched
def save_grid(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Grid:
    """Add or change a grid; its scope follows village and police grid. ``houses`` are no other grid's.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    village: Area = values["village"]
    police_grid: PoliceGrid | None = values.get("police_grid")
    in_town = village.parent if village.parent and village.parent.level == AreaLevel.TOWN else None
    scope = {
        "town_code": in_town.code if in_town else "",
        "village_code": village.code,
        "station_code": police_grid.station.code if police_grid else "",
    }
    with transaction.atomic():
        if "houses" in values:
            lock_places()
            houses = housing.said_by_form(values["houses"])
            housing.refuse_taken(record_id, village.pk, houses)
            scope["houses"] = houses.text
        grid = _save(
            "places.grid", queries.grids(by), Grid, {**values, **scope}, head=f"{village.code}G",
            by=by, at=at, reason=reason, record_id=record_id, version=version,
        )  # fmt: skip
        housing.rewrite([grid.pk], at=at)
    return grid


@watched
def save_police_grid(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> PoliceGrid:
    """Add or change a police grid; the station of its grids follows.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    grid = _save(
        "places.police_grid", queries.police_grids(by), PoliceGrid, values, head=f"{values['station'].code}P",
        by=by, at=at, reason=reason, record_id=record_id, version=version,
    )  # fmt: skip
    Grid.objects.filter(police_grid=grid).update(station_code=grid.station.code)
    return grid


@watched
def save_area(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Area:
    """Add a local town or village, or change an area's name or a village's town. Codes and levels stay.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    if record_id is None:
        return _add_area(by=by, at=at, reason=reason, values=values)
    own: dict[str, Any] = {"name": values["name"]}
    if (parent := values.get("parent")) is not None:
        own |= _adoption(record_id, parent)
    area = _save(
        "places.area", queries.areas(by), Area, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version,
    )  # fmt: skip
    if area.level == AreaLevel.VILLAGE and area.parent:
        town = area.parent.code if area.parent.level == AreaLevel.TOWN else ""
        Grid.objects.filter(village=area).update(town_code=town)
    return area


_OVER = {AreaLevel.TOWN: {AreaLevel.DISTRICT}, AreaLevel.VILLAGE: {AreaLevel.TOWN, AreaLevel.DISTRICT}}


def _adoption(area_id: int, parent: Area) -> dict[str, Any]:
    """What changes when an area goes to another parent of the district; only villages do."""
    area = Area.objects.filter(pk=area_id).first()
    if area is None or area.parent_id == parent.pk:
        return {}
    same_district = area.district_code == parent.district_code
    if (
        area.level != AreaLevel.VILLAGE
        or not same_district
        or AreaLevel(parent.level) not in _OVER[AreaLevel.VILLAGE]
    ):
        raise ValidationError({"parent": str(NO_PARENT)})
    return {"parent": parent, "path": f"{parent.path}/{area.code}"}


@transaction.atomic
def _add_area(*, by: Viewer, at: datetime, reason: str, values: Values) -> Area:
    lock_places()
    district, parent, level = home(by), values.get("parent"), AreaLevel(values["level"])
    if level not in (AreaLevel.TOWN, AreaLevel.VILLAGE):
        raise ValidationError({"level": str(ONE_TYPE)})
    parent = parent or district
    if AreaLevel(parent.level) not in _OVER[level]:
        raise ValidationError({"parent": str(NO_PARENT)})
    taken = Area.objects.filter(district_code=district.code).values_list("code", flat=True)
    code = rules.local_code(parent.code, 9 if level is AreaLevel.TOWN else 12, taken)
    own = {
        "name": values["name"], "level": level.value, "parent": parent, "code": code, "local": True,
        "path": f"{parent.path}/{code}",
    }  # fmt: skip
    return _save(
        "places.area", queries.areas(by), Area, own,
        by=by, at=at, reason=reason, record_id=None, version=None,
    )  # fmt: skip


def _save(
    kind: str,
    rows: QuerySet[R],
    model: type[R],
    values: Values,
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    record_id: int | None,
    version: int | None,
    letter: str = "",
    head: str = "",
) -> R:
    """The common course of a save. A new record gets the next code under ``head``."""
    by.require(f"{kind}.{'add' if record_id is None else 'edit'}")
    with transaction.atomic():
        lock_places()
        own: dict[str, Any] = {**values, **named(values["name"])}
        if record_id is None:
            record = model()
            own |= _birth(model, by, head=head, letter=letter, values=own)
        else:
            record = locked(rows, record_id, version)
            own |= _former_name(record, own)
        changes = changed(record, own, at=at, secret=_SECRET)
        told = {name: pair for name, pair in changes.items() if name not in _UNTOLD}
        tag = f"{kind}.{'added' if record_id is None else 'changed'}"
        audit.record(by=by, at=at, tag=tag, target=(kind, record.pk), reason=reason, details=told)
    return record


def _birth(model: type[Record], by: Viewer, *, head: str, letter: str, values: Values) -> dict[str, Any]:
    """What a new record gets once and for all: its district and its code."""
    district = home(by).code
    own: dict[str, Any] = {"district_code": district}
    if "code" not in values:
        start = head or f"{district}{letter}"
        stored: QuerySet[Any] = model._base_manager.all()
        taken = stored.filter(code__startswith=start).values_list("code", flat=True)
        own["code"] = rules.next_code(start, 2 if model is PoliceGrid else 3, taken)
    own |= {"school_code": own["code"]} if model is School else {}
    return own | ({"grid_code": own["code"]} if model is Grid else {})


def _former_name(record: Any, values: Values) -> dict[str, Any]:
    """The aliases with the name that the record had until now."""
    if not hasattr(record, "aliases") or rules.key(record.name) == rules.key(values["name"]):
        return {}
    aliases = list(values.get("aliases") or record.aliases)
    return {"aliases": [*aliases, *([] if record.name in aliases else [record.name])]}
