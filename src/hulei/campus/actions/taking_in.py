"""Ledger rows become hazards, equipment lines, drills, guard posts and parents' concerns.

Each function answers one ``Landed`` per row, in order, and writes one audit entry. The caller
holds the transaction. The same rows again change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hulei.audit import actions as audit
from hulei.campus import rules
from hulei.campus.models import Drill, Equipment, GuardPost, Hazard, ParentConcern, SchoolRecord
from hulei.campus.terms import Reinspection
from hulei.common import faults
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.models import Scope
from hulei.common.periods import CHINA
from hulei.common.upsert import Draft, Resolved
from hulei.common.viewer import Viewer
from hulei.places import queries as places

if TYPE_CHECKING:
    from hulei.places.models import School

SCOPE = tuple(Scope("").fields())
Key = tuple[Any, ...]
Values = dict[str, Any]
# A row with its school as (natural key, values, warnings).
Drafting = Callable[[LedgerRow, "School"], tuple[Key, Values, tuple[Finding, ...]]]


def take_in_hazards(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Hazards by number."""
    return _take_in(Hazard, "campus.hazard", ("number", "district_code"), _hazard, rows, by=by, at=at)


def _hazard(row: LedgerRow, school: School) -> tuple[Key, Values, tuple[Finding, ...]]:
    fields = ("category", "description", "grade", "reinspection")
    values: Values = {name: _text(row, name) for name in fields}
    values |= {name: row.values.get(name) for name in ("found_on", "due_on", "rectified_on")}
    warnings = [
        *faults.out_of_order(row, "found_on", "rectified_on"),
        *faults.out_of_order(row, "found_on", "due_on"),
    ]
    if values["reinspection"] == Reinspection.PASSED and values["rectified_on"] is None:
        warnings.append(_undated(row.label("reinspection")))
    return (_text(row, "number"), school.district_code), values, tuple(warnings)


def _undated(column: str) -> Finding:
    return Finding(
        column,
        "reinspection_undated",
        "已复查但没有整改日期：统计中按发现当日销号，请补填整改日期。",
        "Re-inspected, but rectified on no day: counted as closed from the day it was found; please add it.",
        "warning",
    )


def take_in_equipment(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Equipment lines by school and item."""
    return _take_in(Equipment, "campus.equipment", ("school_id", "item"), _line, rows, by=by, at=at)


def _line(row: LedgerRow, school: School) -> tuple[Key, Values, tuple[Finding, ...]]:
    values: Values = {name: row.values.get(name) for name in ("required", "present", "sound", "expires_on")}
    values["keeper"] = _text(row, "keeper")
    present, sound = values["present"], values["sound"]
    warnings = (_too_many_sound(row),) if present is not None and sound > present else ()
    return (school.pk, _text(row, "item")), values, warnings


def _too_many_sound(row: LedgerRow) -> Finding:
    return Finding(
        row.label("sound"),
        "count_order",
        f"“{row.label('sound')}”大于“{row.label('present')}”，请核对；已按原样登记。",
        f'"{row.label("sound")}" is more than "{row.label("present")}"; taken in as written, please check.',
        "warning",
    )


_ARRIVALS = ("first_person_at", "unit_assembled_at", "police_arrived_at")


def take_in_drills(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Drills by school and the moment of their trigger."""
    return _take_in(Drill, "campus.drill", ("triggered_at", "school_id"), _drill, rows, by=by, at=at)


def _drill(row: LedgerRow, school: School) -> tuple[Key, Values, tuple[Finding, ...]]:
    values: Values = {name: _moment(row.values.get(name)) for name in _ARRIVALS}
    values["scenario"] = _text(row, "scenario")
    warnings = [f for name in _ARRIVALS for f in faults.out_of_order(row, "triggered_at", name)]
    return (_moment(row.values["triggered_at"]), school.pk), values, tuple(warnings)


def _moment(value: datetime | None) -> datetime | None:
    """A ledger's wall-clock time as a moment in China."""
    return value.replace(tzinfo=CHINA) if value is not None and value.tzinfo is None else value


def take_in_guard_posts(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Guard posts by school, point and beginning of the slot."""
    return _take_in(
        GuardPost, "campus.guard_post", ("school_id", "point", "starts_at"), _post, rows, by=by, at=at
    )


def _post(row: LedgerRow, school: School) -> tuple[Key, Values, tuple[Finding, ...]]:
    starts_at, ends_at = row.values["slot"]
    values: Values = {name: row.values.get(name) for name in ("police", "guards", "volunteers")}
    values |= {"ends_at": ends_at, "traffic_control": _text(row, "traffic_control")}
    return (school.pk, _text(row, "point"), starts_at), values, ()


def take_in_parent_concerns(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Parents' concerns by school, day and what was said."""
    key = ("received_on", "school_id", "content_key")
    return _take_in(ParentConcern, "campus.parent_concern", key, _concern, rows, by=by, at=at)


def _concern(row: LedgerRow, school: School) -> tuple[Key, Values, tuple[Finding, ...]]:
    content = _text(row, "content")
    values: Values = {
        "content": content,
        "answer": _text(row, "answer"),
        "answered_on": row.values.get("answered_on"),
    }
    warnings = faults.out_of_order(row, "received_on", "answered_on")
    return (row.values["received_on"], school.pk, rules.content_key(content)), values, warnings


def _take_in(
    model: type[SchoolRecord],
    kind: str,
    key_fields: tuple[str, ...],
    drafting: Drafting,
    rows: Sequence[LedgerRow],
    *,
    by: Viewer,
    at: datetime,
) -> list[Landed]:
    """The common course: find the schools, draft each row, land them all, tell the audit ledger."""
    by.require(f"{kind}.add")
    schools = places.schools_by_name_unscoped({_text(row, "school") for row in rows}, by.district)
    landed = faults.settle(
        model._default_manager.filter(district_code=by.district),
        kind,
        key_fields,
        [_resolved(model, key_fields, drafting, row, schools) for row in rows],
        at=at,
        derived=SCOPE,
    )
    audit.record(by=by, at=at, tag=f"{kind}.taken_in", target=(kind, ""), details=faults.counts(landed))
    return landed


def _resolved(
    model: type[SchoolRecord],
    key_fields: tuple[str, ...],
    drafting: Drafting,
    row: LedgerRow,
    schools: Mapping[str, School | None],
) -> Resolved:
    school = schools.get(_text(row, "school"))
    if school is None:
        return Landed.refused(faults.unknown_school(row.label("school"), _text(row, "school")))
    row = faults.aliased(row, school_id="school", ends_at="slot", starts_at="slot")
    key, own, warnings = drafting(row, school)
    keyed = dict(zip(key_fields, key, strict=True))
    values = {**own, "school_id": school.pk, **school.scope.fields()}
    refused = faults.unfit(model, row, {**keyed, **own})
    if refused:
        return Landed.refused(*refused)
    return Draft(row, key, values, warnings)


def _text(row: LedgerRow, column: str) -> str:
    return str(row.values.get(column) or "")
