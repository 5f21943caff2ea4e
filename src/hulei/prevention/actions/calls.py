"""Taking in police calls: each call number counts once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hulei.audit import actions as audit
from hulei.common import faults, upsert
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.periods import CHINA
from hulei.common.upsert import Draft, Resolved
from hulei.common.viewer import Viewer
from hulei.prevention import rules
from hulei.prevention.actions.naming import Known, said
from hulei.prevention.models import PoliceCall

KIND = "prevention.police_call"
# Model fields by the ledger's columns; what is compared when a number comes again.
COLUMNS = {
    "received_at": "received_at",
    "station_id": "station",
    "nature": "nature",
    "category": "category",
    "minor_role": "minor_role",
    "minor_age": "minor_age",
    "place": "place",
    "disposal": "disposal",
}


def take_in_police_calls(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Calls by their number within the district; the caller holds the transaction.

    A number that comes again, in this file or another, is not counted again: the first row stands,
    what it lacks is filled in, and the second carries a warning that names the columns in which it
    differs. The same row of a sheet taken in again is no duplicate and carries none.
    """
    known = Known(rows, by)
    drafts = [_draft(row, known, by) for row in rows]
    resolved = _against_first(drafts, by)
    queryset = PoliceCall.objects.filter(district_code=by.district)
    landed = upsert.land(queryset, KIND, ("number", "district_code"), resolved, at=at)
    details = faults.counts(landed)
    audit.record(by=by, at=at, tag="prevention.police_call.taken_in", target=(KIND, ""), details=details)
    return landed


def _draft(row: LedgerRow, known: Known, by: Viewer) -> Resolved:
    station, findings = known.station(row)
    values: dict[str, Any] = {
        "received_at": _moment(row.values["received_at"]),
        "station_id": station.pk if station else None,
        "nature": said(row, "nature"),
        "category": said(row, "category"),
        "minor_role": said(row, "minor_role"),
        "minor_age": row.values.get("minor_age"),
        "place": said(row, "place"),
        "disposal": said(row, "disposal"),
    }
    number = said(row, "call_number")
    findings += faults.unfit(
        PoliceCall, faults.aliased(row, number="call_number"), {**values, "number": number}
    )
    if findings:
        return Landed.refused(*findings)
    scope = replace(known.place(values["place"]), station_code=station.code if station else "")
    columns = {name: code for name, code in scope.fields().items() if name != "district_code"}
    return Draft(row, (number, by.district), {**values, **columns, "ledger_row": row.number})


def _moment(value: datetime) -> datetime:
    """A time as written is China's time."""
    return value if value.tzinfo else value.replace(tzinfo=CHINA)


def _against_first(drafts: Sequence[Resolved], by: Viewer) -> list[Resolved]:
    """Leave a repeated number only what the first row lacks, with a warning about the rest."""
    numbers = {draft.key[0] for draft in drafts if isinstance(draft, Draft)}
    stored = PoliceCall.objects.filter(district_code=by.district, number__in=numbers)
    fields = [f.attname for f in PoliceCall._meta.concrete_fields]
    first: dict[str, dict[str, Any]] = {
        call["number"]: {**call, "again": True} for call in stored.values(*fields)
    }
    answer: list[Resolved] = []
    for draft in drafts:
        if isinstance(draft, Landed):
            answer.append(draft)
        elif (before := first.get(draft.key[0])) is None:
            first[draft.key[0]] = dict(draft.values)
            answer.append(draft)
        else:
            answer.append(_repeated(draft, before))
            before |= {k: v for k, v in draft.values.items() if before.get(k) in upsert.EMPTY}
    return answer


def _repeated(draft: Draft, before: Mapping[str, Any]) -> Draft:
    told = {name: draft.values[name] for name in COLUMNS}
    differing = rules.conflicts(before, told)
    kept = {name: value for name, value in draft.values.items() if before.get(name) in upsert.EMPTY}
    same_row = bool(before.get("again")) and before.get("ledger_row") == draft.row.number and not differing
    if same_row:
        return replace(draft, values=kept)
    columns = [draft.row.label(COLUMNS[name]) for name in differing]
    return replace(draft, values=kept, findings=(*draft.findings, _duplicate(draft.row, columns)))


def _duplicate(row: LedgerRow, columns: Sequence[str]) -> Finding:
    zh = "警情编号已登记过，只计一次"
    en = "This call number is registered already and counts once"
    if columns:
        zh += f"；以首次登记为准，本行不同之处：{'、'.join(columns)}"
        en += f"; the first entry stands, this row differs in: {', '.join(columns)}"
    return Finding(row.label("call_number"), "duplicate_call_number", f"{zh}。", f"{en}.", "warning")
