"""Ledger rows become lectures, and the school roster appoints legal vice-principals.

Each function answers one ``Landed`` per row, in order, and writes one audit entry. The caller
holds the transaction. The same rows again change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hulei.audit import actions as audit
from hulei.common import faults, names
from hulei.common.landing import Landed, LedgerRow
from hulei.common.models import Scope
from hulei.common.upsert import Draft, Resolved
from hulei.common.viewer import Viewer
from hulei.outreach.models import Lecture, LegalVicePrincipal
from hulei.places import queries as places

if TYPE_CHECKING:
    from hulei.places.models import Agency, School

SCOPE = tuple(Scope("").fields())


def take_in_lectures(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Lectures by school, day, topic and lecturer; all of them were held."""
    by.require("outreach.lecture.add")
    schools = places.schools_by_name_unscoped({_text(row, "school") for row in rows}, by.district)
    units = places.agencies_by_name_unscoped({_text(row, "agency") for row in rows} - {""}, by.district)
    landed = faults.settle(
        Lecture.objects.filter(district_code=by.district),
        "outreach.lecture",
        ("held_on", "school_id", "topic", "lecturer"),
        _completing([_lecture(row, schools, units) for row in rows], by),
        at=at,
        derived=(*SCOPE, "topic_pinyin", "lecturer_pinyin"),
    )
    _tell(by, at, "outreach.lecture", landed)
    return landed


def _lecture(
    row: LedgerRow, schools: Mapping[str, School | None], units: Mapping[str, Agency | None]
) -> Resolved:
    row = faults.aliased(row, school_id="school", agency_id="agency")
    school, unit = schools.get(_text(row, "school")), units.get(_text(row, "agency"))
    topic, lecturer = _text(row, "topic"), _text(row, "lecturer")
    values: dict[str, Any] = {
        "topic_pinyin": search_key(topic),
        "lecturer_pinyin": search_key(lecturer),
        "agency_id": unit.pk if unit else None,
        "lesson_hours": Decimal(str(row.values["lesson_hours"])),
        "attendance": row.values.get("attendance"),
        **(school.scope.fields() if school else {}),
    }
    refused = list(faults.unfit(Lecture, row, {**values, "topic": topic, "lecturer": lecturer}))
    if school is None:
        refused.append(faults.unknown_school(row.label("school"), _text(row, "school")))
    if unit is None and _text(row, "agency"):
        refused.append(faults.unknown_unit(row.label("agency"), _text(row, "agency")))
    if refused or school is None:
        return Landed.refused(*refused)
    return Draft(row, (row.values["held_on"], school.pk, topic, lecturer), values)


def _completing(resolved: list[Resolved], by: Viewer) -> list[Resolved]:
    """Let a row that names the lecturer fill in the lecture that was registered without one.

    Without this a corrected sheet would register the lecture a second time.
    """
    drafts = [item for item in resolved if isinstance(item, Draft)]
    stored = set(
        Lecture.objects.filter(
            district_code=by.district, held_on__in={draft.key[0] for draft in drafts}
        ).values_list("held_on", "school_id", "topic", "lecturer")
    )
    wanted = Counter(draft.key[:3] for draft in drafts if draft.key[3] and draft.key not in stored)
    return [_of_nameless(item, stored, wanted) for item in resolved]


def _of_nameless(item: Resolved, stored: set[tuple[Any, ...]], wanted: Counter[tuple[Any, ...]]) -> Resolved:
    if not isinstance(item, Draft) or item.key in stored or not item.key[3]:
        return item
    nameless = (*item.key[:3], "")
    if nameless not in stored or wanted[item.key[:3]] > 1:
        return item
    return replace(item, key=nameless, values={**item.values, "lecturer": item.key[3]})


def appoint_from_roster(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """The legal vice-principals named in rows of the school roster (``name``, ``legal_vice_principal``).

    To be called once the schools are in. A school without a name in the roster answers ``unchanged``
    without a record. A school's earlier vice-principal is not ended: no roster says when a term ended.
    """
    by.require("outreach.legal_vice_principal.add")
    named = [row for row in rows if _text(row, "legal_vice_principal")]
    schools = places.schools_by_name_unscoped({_text(row, "name") for row in named}, by.district)
    landed = faults.settle(
        LegalVicePrincipal.objects.filter(district_code=by.district),
        "outreach.legal_vice_principal",
        ("school_id", "name"),
        [_appointment(row, schools) for row in named],
        at=at,
        derived=(*SCOPE, "name_pinyin"),
    )
    _tell(by, at, "outreach.legal_vice_principal", landed)
    answers = {id(row): one for row, one in zip(named, landed, strict=True)}
    return [answers.get(id(row), Landed("unchanged")) for row in rows]


def _appointment(row: LedgerRow, schools: Mapping[str, School | None]) -> Resolved:
    row = faults.aliased(row, school_id="name")
    school, name = schools.get(_text(row, "name")), names.person(_text(row, "legal_vice_principal"))
    if school is None:
        return Landed.refused(faults.unknown_school(row.label("name"), _text(row, "name")))
    refused = faults.unfit(LegalVicePrincipal, row, {"name": name})
    if refused:
        return Landed.refused(*refused)
    return Draft(row, (school.pk, name), {"name_pinyin": search_key(name), **school.scope.fields()})


def search_key(words: str) -> str:
    """What a name or topic is searched by: its full pinyin and its initials."""
    return " ".join(names.pinyin(words)) if words else ""


def _text(row: LedgerRow, column: str) -> str:
    return str(row.values.get(column) or "")


def _tell(by: Viewer, at: datetime, kind: str, landed: Sequence[Landed]) -> None:
    audit.record(by=by, at=at, tag=f"{kind}.taken_in", target=(kind, ""), details=faults.counts(landed))
