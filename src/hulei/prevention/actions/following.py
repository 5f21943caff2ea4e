"""Calls, clues, cases and visits that follow their school, or the place they speak of.

What is about a child follows the child: that is the work of ``people``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from hulei.audit import actions as audit
from hulei.common.bulk import update_rows
from hulei.common.events import GroundMoved, MinorsAdded, SchoolsMoved
from hulei.common.models import Scope
from hulei.common.viewer import Viewer
from hulei.places import queries as places
from hulei.prevention.actions.cases import PLACES, scope_of
from hulei.prevention.actions.registers import open_dossiers
from hulei.prevention.models import Case, Clue, PoliceCall

Codes = Mapping[str, str]


def follow_schools(moved: SchoolsMoved, *, by: Viewer, at: datetime) -> None:
    """Bring clues, cases and their visits to where these schools are now. Again: changes nothing."""
    locator = places.locator_unscoped(by.district)
    at_schools = Q(school_id__in=moved.school_ids)
    changed = {
        "clue": _move(_with_school(Clue.objects.filter(at_schools)), lambda clue: _of_clue(clue, locator)),
        "case": _move(_with_school(Case.objects.filter(at_schools)), _of_case),
        "visit": _visits_follow(),
    }
    _tell(changed, by, at)


def follow_minors(added: MinorsAdded, *, by: Viewer, at: datetime) -> None:
    """Give children that were entered by hand their dossiers. Again: changes nothing."""
    open_dossiers(set(added.minor_ids), by=by, at=at)


def follow_ground(moved: GroundMoved, *, by: Viewer, at: datetime) -> None:
    """Bring calls and clues to where the places that they name lie now. Again: changes nothing."""
    locator = places.locator_unscoped(by.district)
    there = Q(district_code=by.district)
    if not moved.everywhere:
        there &= Q(village_code__in=moved.villages) | Q(town_code__in=moved.towns)
    changed = {
        "police_call": _move(PoliceCall.objects.filter(there), lambda call: _of_call(call, locator)),
        "clue": _move(_with_school(Clue.objects.filter(there)), lambda clue: _of_clue(clue, locator)),
    }
    _tell(changed, by, at)


def _with_school(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("school")


def _stored(record: Any) -> Scope:
    return Scope(record.district_code, **{name: getattr(record, name) for name in PLACES})


def _of_call(call: PoliceCall, locator: places.Locator) -> Codes:
    """The place's codes; the station is the one that received the call."""
    here = locator.again(call.place, _stored(call)) or _stored(call)
    return {"town_code": here.town_code, "village_code": here.village_code, "grid_code": here.grid_code}


def _of_clue(clue: Clue, locator: places.Locator) -> Codes:
    here = locator.again(clue.place, _stored(clue))
    if here is None and clue.school is None:
        return {}
    return scope_of(here or Scope(clue.district_code), clue.school)


def _of_case(case: Case) -> Codes:
    """The school's codes; the station is the responsible one, if there is any."""
    codes = scope_of(Scope(case.district_code), case.school)
    return codes | ({"station_code": case.station_code} if case.station_id else {})


def _move(rows: QuerySet[Any], codes_of: Callable[[Any], Codes]) -> int:
    """Write the codes of the rows that belong elsewhere now; gives how many."""
    moved = []
    for record in rows.select_for_update(of=("self",)).order_by("pk"):
        codes = codes_of(record)
        if any(getattr(record, name) != code for name, code in codes.items()):
            for name, code in codes.items():
                setattr(record, name, code)
            moved.append(record)
    return update_rows(rows.model, moved, PLACES)


def _visits_follow() -> int:
    """Make the visits of all cases belong where their case does."""
    codes = ", ".join(PLACES)
    theirs, own = (", ".join(f"{table}.{name}" for name in PLACES) for table in ("c", "v"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE prevention_visit v SET ({codes}) = ROW({theirs}) FROM prevention_case c "
            f"WHERE v.case_id = c.id AND ROW({own}) IS DISTINCT FROM ROW({theirs})"
        )
        return cursor.rowcount


def _tell(changed: Mapping[str, int], by: Viewer, at: datetime) -> None:
    if found := {name: rows for name, rows in changed.items() if rows}:
        target = ("prevention", "")
        audit.record(by=by, at=at, tag="prevention.scope.followed", target=target, details=found)
