"""Taking in clues and cases by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hulei.audit import actions as audit
from hulei.common import faults, names
from hulei.common.bulk import update_rows
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.models import Scope
from hulei.common.upsert import Draft, Resolved
from hulei.common.viewer import Viewer
from hulei.people import queries as people
from hulei.people.rules import id_certain, tidy_id
from hulei.prevention.actions.naming import Known, said
from hulei.prevention.models import Case, Clue
from hulei.prevention.terms import ClueState

PLACES = ("town_code", "village_code", "grid_code", "station_code", "school_code")
DERIVED = (*PLACES, "subject_pinyin", "subject_initials", "national_id_index", "minor_id")


def take_in_clues(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Clues by their number within the district; the caller holds the transaction.

    The station is that of the place, else the school's. No clue is put to a child here.
    """
    known = Known(rows, by)
    resolved = [_clue(row, known, by) for row in rows]
    queryset = Clue.objects.filter(district_code=by.district)
    landed = faults.settle(
        queryset, "prevention.clue", ("number", "district_code"), resolved, at=at, derived=DERIVED
    )
    target = ("prevention.clue", "")
    audit.record(by=by, at=at, tag="prevention.clue.taken_in", target=target, details=faults.counts(landed))
    return landed


def _clue(row: LedgerRow, known: Known, by: Viewer) -> Resolved:
    school, findings = known.school(row)
    place = said(row, "place")
    values = {
        "received_on": row.values["received_on"],
        "source": said(row, "source"),
        **subject(said(row, "minor_name")),
        "school_id": school.pk if school else None,
        "content": said(row, "content"),
        "place": place,
        "state": said(row, "status") or ClueState.RECEIVED.value,
        **scope_of(known.place(place), school),
    }
    return _resolved(
        Clue, row, values, findings, by, school_id="school", subject_name="minor_name", state="status"
    )


def subject(name: str) -> dict[str, str]:
    """A child's name as a ledger writes it, with its pinyin and initials."""
    tidy = names.person(name)
    full, initials = names.pinyin(tidy) if tidy else ("", "")
    return {"subject_name": tidy, "subject_pinyin": full[:200], "subject_initials": initials[:60]}


def scope_of(place: Scope, school: Any) -> dict[str, str]:
    """The scope of a record with a place and a school: the place's, else the school's."""
    codes = {name: getattr(place, name) for name in PLACES}
    if school is not None:
        codes["school_code"] = school.code
        codes["station_code"] = codes["station_code"] or school.station_code
        codes["town_code"] = codes["town_code"] or school.town_code
    return codes


def _resolved(
    model: Any,
    row: LedgerRow,
    values: Mapping[str, Any],
    findings: tuple[Finding, ...],
    by: Viewer,
    **aliases: str,
) -> Resolved:
    named = faults.aliased(row, **aliases)
    number = said(row, "number")
    findings += faults.unfit(model, named, {**values, "number": number})
    return Landed.refused(*findings) if findings else Draft(named, (number, by.district), values)


def take_in_cases(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Cases by their number within the district; the caller holds the transaction.

    A case is linked to a child's file by a certain id only. Without one it stays unlinked: its page
    says so, and somebody who knows links it by hand. A link that stands is left alone.
    """
    known = Known(rows, by)
    ids = {tidy_id(said(row, "national_id")) for row in rows}
    children = people.minors_by_certain_id_unscoped(i for i in ids if id_certain(i, None))
    linked = _linked({said(row, "number") for row in rows}, by)
    resolved = [_case(row, known, children, linked, by) for row in rows]
    queryset = Case.objects.filter(district_code=by.district)
    landed = faults.settle(
        queryset, "prevention.case", ("number", "district_code"), resolved, at=at, derived=DERIVED
    )
    target = ("prevention.case", "")
    audit.record(by=by, at=at, tag="prevention.case.taken_in", target=target, details=faults.counts(landed))
    return _with_subjects(landed)


def _linked(numbers: Iterable[str], by: Viewer) -> dict[str, int]:
    rows = Case.objects.filter(district_code=by.district, number__in=list(numbers)).exclude(minor=None)
    return dict(rows.values_list("number", "minor_id"))


def _case(
    row: LedgerRow, known: Known, children: Mapping[str, int], linked: Mapping[str, int], by: Viewer
) -> Resolved:
    school, school_findings = known.school(row)
    station, station_findings = known.station(row)
    national_id = tidy_id(said(row, "national_id"))
    values: dict[str, Any] = {
        **subject(said(row, "name")),
        "national_id": national_id,
        "national_id_index": people.id_index(national_id) if id_certain(national_id, None) else "",
        "minor_id": linked.get(said(row, "number")) or children.get(national_id),
        "school_id": school.pk if school else None,
        "opened_on": row.values["opened_on"],
        "station_id": station.pk if station else None,
        "responsible": said(row, "responsible"),
        "measures": list(row.values.get("measures") or ()),
        "visits_reported": row.values.get("visits"),
        "outcome": said(row, "outcome"),
        "outcome_on": row.values.get("outcome_on"),
        **scope_of(Scope(by.district), school),
    }
    if station is not None:
        values["station_code"] = station.code
    findings = school_findings + station_findings
    names_ = {
        "school_id": "school",
        "station_id": "station",
        "subject_name": "name",
        "visits_reported": "visits",
    }
    return _resolved(Case, row, values, findings, by, **names_)


def _with_subjects(landed: Sequence[Landed]) -> list[Landed]:
    """Tell intake which child a row concerns, where the case is linked."""
    pks = [one.record_id for one in landed if one.record_id is not None]
    children = dict(Case.objects.filter(pk__in=pks).values_list("pk", "minor_id"))
    return [replace(one, subject=children.get(one.record_id or 0)) for one in landed]


def link_by_id(national_id_indexes: Iterable[str]) -> int:
    """Link cases that waited for the file of their child; gives their number."""
    found = people.minors_by_id_index_unscoped(national_id_indexes)
    waiting = list(Case.objects.filter(minor=None, national_id_index__in=list(found)))
    for case in waiting:
        case.minor_id = found[case.national_id_index][0]
    update_rows(Case, waiting, ["minor_id"])
    return len(waiting)
