"""Where a child belongs, kept equal on every row about the child."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.db.models import Model, Q
from psycopg import sql

from hulei.audit import actions as audit
from hulei.common.bulk import update_rows
from hulei.common.events import GroundMoved, SchoolsMoved
from hulei.common.models import Scope
from hulei.common.viewer import Viewer
from hulei.people.models import Enrolment, Minor
from hulei.people.rules import Particulars
from hulei.places import queries as places

# A school's code, station and town.
SchoolCodes = tuple[str, str, str]
NOWHERE: SchoolCodes = ("", "", "")
_PLACES = ("town_code", "village_code", "grid_code", "station_code", "school_code")


def refresh_scope(minor_ids: Collection[int], *, by: Viewer, at: datetime) -> None:
    """Work out anew where children belong and carry it to all their rows, in all packages.

    The village is read from the address, the station is the village's, else the school's; the school
    is the running enrolment's. A constant number of statements, whatever the number of children.
    """
    locator = places.locator_unscoped(by.district) if minor_ids else None
    if locator is not None:
        _move(minor_ids, lambda m, school: scope_of(m.district_code, m.address, locator, school), at)


def follow_schools(moved: SchoolsMoved, *, by: Viewer, at: datetime) -> None:
    """Bring the pupils of these schools, with all their rows, to where the schools are now."""
    pupils = Enrolment.objects.filter(school_id__in=moved.school_ids, until=None)
    _follow(set(pupils.values_list("minor_id", flat=True)), by, at)


def follow_ground(moved: GroundMoved, *, by: Viewer, at: datetime) -> None:
    """Bring the children who live there, with all their rows, to where their addresses lie now."""
    there = Q(district_code=by.district)
    if not moved.everywhere:
        there &= Q(village_code__in=moved.villages) | Q(town_code__in=moved.towns)
    _follow(set(Minor.objects.filter(there).values_list("pk", flat=True)), by, at)


def _follow(minor_ids: Collection[int], by: Viewer, at: datetime) -> None:
    locator = places.locator_unscoped(by.district)
    moved = _move(minor_ids, lambda minor, school: _again(minor, school, locator), at)
    if moved:
        details = {"children": len(moved)}
        target = ("people.minor", "")
        audit.record(
            by=by, at=at, tag="people.scope.followed", target=target, subjects=moved, details=details
        )


def _again(minor: Minor, school: SchoolCodes, locator: places.Locator) -> Scope:
    """Where a child belongs today. What somebody put by hand stands where the address tells nothing."""
    stored = Scope(**{name: getattr(minor, name) for name in Scope.__slots__})
    home = locator.again(minor.address, stored)
    if home is None:
        home = stored if school == NOWHERE else replace(stored, town_code="", station_code="")
    return _with_school(home, school)


def _move(
    minor_ids: Collection[int], scope_of_minor: Callable[[Minor, SchoolCodes], Scope], at: datetime
) -> list[int]:
    """Write where children belong, on them and on all their rows; gives who belongs elsewhere now."""
    ids = sorted(set(minor_ids))
    if not ids:
        return []
    running = Enrolment.objects.filter(minor_id__in=ids, until=None).values_list(
        "minor_id", "school__code", "school__station_code", "school__town_code"
    )
    schools = {pk: (code, station, town) for pk, code, station, town in running}
    moved = []
    for minor in Minor.objects.filter(pk__in=ids):
        scope = scope_of_minor(minor, schools.get(minor.pk, NOWHERE))
        if any(getattr(minor, name) != value for name, value in scope.fields().items()):
            for name, value in scope.fields().items():
                setattr(minor, name, value)
            minor.updated_at = at
            moved.append(minor)
    update_rows(Minor, moved, [*_PLACES, "updated_at"])
    spread([minor.pk for minor in moved])
    return [minor.pk for minor in moved]


def scope_of(district: str, address: str, locator: places.Locator, school: SchoolCodes = NOWHERE) -> Scope:
    """Where a child with this address and school belongs."""
    return _with_school(locator.locate(address) or Scope(district), school)


def _with_school(home: Scope, school: SchoolCodes) -> Scope:
    """The home's scope, completed by the school's."""
    code, school_station, school_town = school
    return replace(
        home,
        town_code=home.town_code or school_town,
        station_code=home.station_code or school_station,
        school_code=code,
    )


def scopes(told: Sequence[Particulars], *, by: Viewer) -> list[Scope]:
    """Where children belong of whom no more is known than what a row says, in order."""
    locator = places.locator_unscoped(by.district)
    rows = places.schools(by).filter(pk__in={said.school_id for said in told if said.school_id})
    schools = {s.pk: (s.code, s.station_code, s.town_code) for s in rows}
    return [
        scope_of(by.district, said.address, locator, schools.get(said.school_id or 0, NOWHERE))
        for said in told
    ]


def followers() -> list[type[Model]]:
    """Every model whose rows follow a child: it declares ``follows_minor``."""
    return [model for model in apps.get_models() if getattr(model, "follows_minor", ())]


def spread(minor_ids: Collection[int]) -> None:
    """Make the scope columns of all rows about these children equal to the children's own."""
    if not minor_ids:
        return
    with connection.cursor() as cursor:
        for model in followers():
            cursor.execute(_equalise(model), [list(minor_ids)])


def _equalise(model: type[Model]) -> sql.Composed:
    names = [sql.Identifier(name) for name in model.follows_minor]  # type: ignore[attr-defined]
    comma = sql.SQL(", ")
    return sql.SQL(
        "UPDATE {table} t SET ({names}) = ROW({theirs}) FROM people_minor m "
        "WHERE t.minor_id = m.id AND m.id = ANY(%s) AND ROW({own}) IS DISTINCT FROM ROW({theirs})"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        names=comma.join(names),
        own=comma.join(sql.SQL("t.{}").format(name) for name in names),
        theirs=comma.join(sql.SQL("m.{}").format(name) for name in names),
    )
