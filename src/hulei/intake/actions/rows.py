"""The raw rows kept beside what was read from them, and what their sender is told became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from hulei.common.bulk import insert_rows, update_rows
from hulei.common.crypto import blind_index
from hulei.common.landing import Landed
from hulei.intake import rules
from hulei.intake.models import Sheet, SourceRecord
from hulei.intake.reading import ledgers
from hulei.intake.terms import RowOutcome

_CHANGING = (
    "content",
    "statement",
    "outcome",
    "record_kind",
    "record_id",
    "subject_id",
    "findings",
    "taken_at",
)


@dataclass
class Work:
    """One batch: its rows, those still open, the ids of their source records.

    ``heard`` are the statements that this ledger's accepted rows made before: told only to offices
    that see no more than their own rows.
    """

    sheet: Sheet
    rows: Sequence[ledgers.ReadRow]
    open: Sequence[ledgers.ReadRow]
    ids: Mapping[int, int]
    earlier: Mapping[int, SourceRecord]
    statements: Mapping[int, str]
    heard: set[int] = field(default_factory=set)

    def outcome(self, number: int, result: Landed | None) -> str:
        """What the sender is told of a row."""
        if result is None or result.outcome == "rejected" or not self.sheet.own_rows_only:
            return result.outcome if result else RowOutcome.REJECTED.value
        return (RowOutcome.UNCHANGED if number in self.heard else RowOutcome.ADDED).value


def begin(sheet: Sheet, rows: Sequence[ledgers.ReadRow]) -> Work:
    """Look up what is known of a batch before it is landed."""
    stored = SourceRecord.objects.filter(sheet=sheet, number__in=[r.number for r in rows])
    earlier = {r.number: r for r in stored.defer("content")}
    accepted = {n for n, r in earlier.items() if r.outcome != RowOutcome.REJECTED}
    still_open = [r for r in rows if r.number not in accepted]
    statements = {
        r.number: blind_index("ledger_row", rules.statement(sheet.ledger, r.values)) for r in still_open
    }
    work = Work(sheet, rows, still_open, _ids(still_open, earlier), earlier, statements)
    if sheet.own_rows_only:
        work.heard = _heard(work)
    return work


def _heard(work: Work) -> set[int]:
    """Open rows that say what an accepted row, or an earlier good one of this batch, has said."""
    asked = SourceRecord.objects.filter(statement__in=set(work.statements.values()))
    said = set(asked.exclude(outcome=RowOutcome.REJECTED).values_list("statement", flat=True))
    heard = set()
    for row in work.open:
        if row.refused:
            continue
        if work.statements[row.number] in said:
            heard.add(row.number)
        said.add(work.statements[row.number])
    return heard


def _ids(rows: Sequence[ledgers.ReadRow], earlier: Mapping[int, SourceRecord]) -> dict[int, int]:
    """The id of each row's source record, known before the records that point to it are written."""
    fresh = [r.number for r in rows if r.number not in earlier]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('intake_sourcerecord', 'id')) FROM generate_series(1, %s)",
            [len(fresh)],
        )
        numbers = [row[0] for row in cursor.fetchall()]
    return {**{n: r.pk for n, r in earlier.items()}, **dict(zip(fresh, numbers, strict=True))}


def write(work: Work, results: Mapping[int, Landed], at: datetime) -> None:
    """Write the source rows with what became of them."""
    records = [_record(work, row, results.get(row.number), at) for row in work.open]
    insert_rows(SourceRecord, [r for r in records if r.number not in work.earlier])
    update_rows(SourceRecord, [r for r in records if r.number in work.earlier], _CHANGING)


def _record(work: Work, row: ledgers.ReadRow, result: Landed | None, at: datetime) -> SourceRecord:
    findings = (*row.findings, *(result.findings if result else ()))
    content = {"raw": row.raw, "values": row.values}
    return SourceRecord(
        id=work.ids[row.number],
        sheet_id=work.sheet.pk,
        number=row.number,
        line=row.line,
        content=json.dumps(content, ensure_ascii=False, default=_plain),
        statement=work.statements[row.number],
        outcome=work.outcome(row.number, result),
        record_kind=result.kind if result else "",
        record_id=result.record_id if result else None,
        subject_id=result.subject if result else None,
        findings=[astuple(f) for f in findings],
        taken_at=at,
        uploaded_by_id=work.sheet.uploaded_by_id,
        district_code=work.sheet.district_code,
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
