"""Ledger rows become meetings, resolutions, directives and assignments.

Each function answers one ``Landed`` per row, in order, and writes one audit entry. The caller
holds the transaction. The same rows again change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from hulei.audit import actions as audit
from hulei.common import faults, names
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.models import Scope
from hulei.common.upsert import Draft, Resolved
from hulei.common.viewer import Viewer
from hulei.governance import rules
from hulei.governance.models import Assignment, Attendance, Directive, JointMeeting, Resolution
from hulei.governance.terms import Step
from hulei.places import queries as places

if TYPE_CHECKING:
    from hulei.places.models import Agency

SCOPE = tuple(Scope("").fields())


def take_in_joint_meetings(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Meetings by number; attendees that no roster names are kept as written, with a warning."""
    by.require("governance.joint_meeting.add")
    units = _units(by, rows, "host", "attendees")
    resolved = [_meeting(row, units, by) for row in rows]
    landed = faults.settle(
        JointMeeting.objects.filter(district_code=by.district),
        "governance.joint_meeting",
        ("number", "district_code"),
        resolved,
        at=at,
        derived=(*SCOPE, "title_pinyin"),
    )
    _note_attendance(rows, landed, units, by)
    _tell(by, at, "governance.joint_meeting", landed)
    return landed


def _meeting(row: LedgerRow, units: Mapping[str, Agency], by: Viewer) -> Resolved:
    row = faults.aliased(row, host_id="host")
    host, missing = _unit(row, "host", units)
    title = _text(row, "title")
    values = {
        "held_on": row.values["held_on"],
        "title": title,
        "title_pinyin": search_key(title),
        "kind": _text(row, "kind"),
        "host_id": host.pk if host else None,
        "topics": list(row.values.get("topics") or ()),
        **_scope(host, by),
    }
    key = (_text(row, "number"), by.district)
    refused = (*missing, *faults.unfit(JointMeeting, row, {**values, "number": key[0]}))
    if refused:
        return Landed.refused(*refused)
    strangers = (name for name in row.values.get("attendees") or () if name not in units)
    warnings = (faults.unknown_unit(row.label("attendees"), name, level="warning") for name in strangers)
    return Draft(row, key, values, tuple(warnings))


def _note_attendance(
    rows: Sequence[LedgerRow], landed: Sequence[Landed], units: Mapping[str, Agency], by: Viewer
) -> None:
    """Add the attendances that are not there yet; nobody is struck off a meeting by a ledger."""
    wanted = {
        (one.record_id, name[:100]): units[name].pk if name in units else None
        for row, one in zip(rows, landed, strict=True)
        if one.record_id is not None
        for name in row.values.get("attendees") or ()
    }
    attendances = [
        Attendance(meeting_id=meeting, name=name, agency_id=agency, district_code=by.district)
        for (meeting, name), agency in wanted.items()
    ]
    # A unit that a roster has named since is filled in.
    Attendance.objects.bulk_create(
        attendances, update_conflicts=True, unique_fields=["meeting", "name"], update_fields=["agency"]
    )


def take_in_resolutions(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Resolutions by number; one whose meeting is not registered goes back with ``meeting_unknown``."""
    by.require("governance.resolution.add")
    units = _units(by, rows, "lead_agency")
    numbers = {_text(row, "meeting_number") for row in rows}
    meetings = dict(
        JointMeeting.objects.filter(district_code=by.district, number__in=numbers).values_list("number", "id")
    )
    resolved = [_resolution(row, units, meetings, by) for row in rows]
    landed = faults.settle(
        Resolution.objects.filter(district_code=by.district),
        "governance.resolution",
        ("number", "district_code"),
        resolved,
        at=at,
        derived=(*SCOPE, "content_pinyin"),
    )
    _tell(by, at, "governance.resolution", landed)
    return landed


def _resolution(
    row: LedgerRow, units: Mapping[str, Agency], meetings: Mapping[str, int], by: Viewer
) -> Resolved:
    row = faults.aliased(row, lead_agency_id="lead_agency", meeting_id="meeting_number")
    lead, missing = _unit(row, "lead_agency", units)
    meeting_number, content = _text(row, "meeting_number"), _text(row, "content")
    values = {
        "meeting_id": meetings.get(meeting_number),
        "content": content,
        "content_pinyin": search_key(content),
        "lead_agency_id": lead.pk if lead else None,
        "supporting_agencies": list(row.values.get("supporting_agencies") or ()),
        "due_on": row.values.get("due_on"),
        "state": rules.recorded_state(row.values.get("state")).value,
        "done_on": row.values.get("done_on"),
        "evidence": _text(row, "evidence"),
        **_scope(lead, by),
    }
    key = (_text(row, "number"), by.district)
    refused = [*missing, *faults.unfit(Resolution, row, {**values, "number": key[0]})]
    if meeting_number and meeting_number not in meetings:
        refused.append(_unknown_meeting(row.label("meeting_number"), meeting_number))
    return Landed.refused(*refused) if refused else Draft(row, key, values)


def _unknown_meeting(column: str, number: str) -> Finding:
    return Finding(
        column,
        "meeting_unknown",
        f"没有编号为“{number}”的联席会议，请先登记该会议或更正编号。",
        f'There is no joint meeting numbered "{number}": register it first, or correct the number.',
    )


def take_in_directive_assignments(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Assignments by directive and unit; the directives they belong to are registered on the way."""
    by.require("governance.assignment.add")
    units = _units(by, rows, "agency")
    titles: dict[str, str] = {}
    for row in rows:
        titles.setdefault(_text(row, "directive_number"), _text(row, "directive_title"))
    directives = _directives(rows, by, at)
    resolved = [_assignment(row, units, directives, titles, by) for row in rows]
    landed = faults.settle(
        Assignment.objects.filter(district_code=by.district),
        "governance.assignment",
        ("directive_id", "agency_id"),
        resolved,
        at=at,
        derived=SCOPE,
    )
    _tell(by, at, "governance.assignment", landed)
    return landed


def _directives(rows: Sequence[LedgerRow], by: Viewer, at: datetime) -> dict[str, Landed]:
    """What became of the directive of each number; the first row that names a number gives its title."""
    first: dict[str, LedgerRow] = {}
    for row in rows:
        first.setdefault(_text(row, "directive_number"), row)
    resolved: list[Resolved] = [_directive(number, row, by) for number, row in first.items()]
    landed = faults.settle(
        Directive.objects.filter(district_code=by.district),
        "governance.directive",
        ("number", "district_code"),
        resolved,
        at=at,
        derived=("title_pinyin",),
    )
    return dict(zip(first, landed, strict=True))


def _directive(number: str, row: LedgerRow, by: Viewer) -> Resolved:
    row = faults.aliased(row, title="directive_title", number="directive_number")
    title = _text(row, "directive_title")
    values = {"title": title, "title_pinyin": search_key(title)}
    refused = faults.unfit(Directive, row, {**values, "number": number})
    return Landed.refused(*refused) if refused else Draft(row, (number, by.district), values)


def _assignment(
    row: LedgerRow,
    units: Mapping[str, Agency],
    directives: Mapping[str, Landed],
    titles: Mapping[str, str],
    by: Viewer,
) -> Resolved:
    unit, missing = _unit(row, "agency", units)
    directive = directives[_text(row, "directive_number")]
    score = row.values.get("score")
    values = {
        **{step.value: row.values.get(step.value) for step in Step},
        "score": None if score is None else Decimal(str(score)),
        **_scope(unit, by),
    }
    refused = (*missing, *faults.unfit(Assignment, row, values))
    if directive.record_id is None:
        refused = (*directive.findings, *refused)
    if refused or unit is None:
        return Landed.refused(*refused)
    back = rules.backwards({step: row.values.get(step.value) for step in Step})
    order = (
        finding for before, step in back for finding in faults.out_of_order(row, before.value, step.value)
    )
    warnings = (*directive.findings, *_other_title(row, titles), *order)
    return Draft(row, (directive.record_id, unit.pk), values, warnings)


def search_key(words: str) -> str:
    """What a title is searched by: its full pinyin and its initials."""
    return " ".join(names.pinyin(words))


def _other_title(row: LedgerRow, titles: Mapping[str, str]) -> tuple[Finding, ...]:
    """A warning where a directive's number stands beside another title than higher up in the sheet."""
    number, title = _text(row, "directive_number"), _text(row, "directive_title")
    if names.plain(title) == names.plain(titles[number]):
        return ()
    return (
        Finding(
            row.label("directive_title"),
            "title_differs",
            f"专项“{number}”在本表中另有名称“{titles[number]}”，已按先出现的登记；请核对编号或名称。",
            f'Directive "{number}" is called "{titles[number]}" higher up in this sheet; check both.',
            "warning",
        ),
    )


def _text(row: LedgerRow, column: str) -> str:
    return str(row.values.get(column) or "")


def _units(by: Viewer, rows: Sequence[LedgerRow], *columns: str) -> Mapping[str, Agency]:
    """The units that the rows name, by the names as written; unknown and ambiguous names are absent."""
    wanted: set[str] = set()
    for row in rows:
        for column in columns:
            value = row.values.get(column) or ()
            wanted.update([value] if isinstance(value, str) else value)
    return {
        name: unit
        for name, unit in places.agencies_by_name_unscoped(wanted, by.district).items()
        if unit is not None
    }


def _unit(
    row: LedgerRow, column: str, units: Mapping[str, Agency]
) -> tuple[Agency | None, tuple[Finding, ...]]:
    name = _text(row, column)
    if not name or name in units:
        return units.get(name), ()
    return None, (faults.unknown_unit(row.label(column), name),)


def _scope(unit: Agency | None, by: Viewer) -> dict[str, str]:
    """The scope columns of a unit; the district is always that of whoever takes the ledger in."""
    codes = unit.scope.fields() if unit else Scope("").fields()
    return {**codes, "district_code": by.district}


def _tell(by: Viewer, at: datetime, kind: str, landed: Sequence[Landed]) -> None:
    audit.record(by=by, at=at, tag=f"{kind}.taken_in", target=(kind, ""), details=faults.counts(landed))
