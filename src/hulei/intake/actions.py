"""Taking a file in: receive -> recognise -> confirm -> batches -> done, or rows handed back.

Guarantees, each with a test:

1. A file is stored whole and encrypted before anything is read from it.
2. A batch is one transaction: its source rows, the records they became, the counters and the
   audit entry stand or fall together. A process killed anywhere resumes at the next batch.
3. Running the same sheet again takes in nothing twice: rows accepted before count as unchanged,
   rows handed back before are tried again.
4. Rows never wait for each other: a bad one is handed back, the others go in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from hulei.audit import actions as audit
from hulei.common import vault, walls
from hulei.common.bulk import update_rows
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.periods import local_day
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer
from hulei.intake import queries
from hulei.intake.models import RememberedMapping, Sheet, SourceRecord, Upload
from hulei.intake.reading import ledgers
from hulei.intake.reading.refusals import FileRefused
from hulei.intake.reading.workbook import Sheet as BookSheet
from hulei.intake.reading.workbook import open_workbook
from hulei.intake.terms import WAITING, WORKING, RowOutcome, SheetState

BATCH = 1000
UNACCEPTABLE = Finding(
    "",
    "value_unacceptable",
    "本行有内容超出允许的长度或范围，请核对各列后重新导入。",
    "A value in this row is too long or out of range; check the columns and take it in again.",
)
Land = Callable[[str, Sequence[LedgerRow]], list[Landed]]


def receive(*, by: Viewer, at: datetime, file: BinaryIO, name: str) -> Upload:
    """Store a file and recognise its sheets; the same file of the same person is the same upload.

    A file that cannot be read gives an upload whose ``findings`` say why and which has no sheets.
    Raises ValidationError for a file over the size limit.
    """
    by.require("intake.upload.run")
    digest, size = _digest(file)
    if size > settings.HULEI_UPLOAD_LIMIT:
        limit = settings.HULEI_UPLOAD_LIMIT // 1024 // 1024
        text = Text("文件超过 {limit} MB，请拆分后上传。", "The file is over {limit} MB; split it.").fill(
            limit=limit
        )
        raise ValidationError(str(text), code="file_too_large")
    with walls.entered(by):
        known = {
            "district_code": by.district,
            "sha256": digest,
            "file_name": name[:200],
            "uploaded_by_id": by.account_id,
        }
        upload = queries.uploads(by).filter(**known).first()
        if upload is not None:
            _start_again(upload, at)
            return queries.upload(by, upload.pk)
        upload = Upload(
            **known, size=size, stored_as=f"{at:%Y}/{digest}-{by.account_id or 0}", uploaded_at=at
        )
        upload.uploaded_by_name = by.name
        file.seek(0)
        vault.store(file, queries.stored_path(upload))
        upload.save()
        _recognise(upload)
        details = {"sha256": digest, "bytes": size, "ledgers": [s.ledger for s in upload.sheets.all()]}
        audit.record(
            by=by, at=at, tag="intake.file.received", target=("intake.upload", upload.pk), details=details
        )
        return queries.upload(by, upload.pk)


def _digest(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _start_again(upload: Upload, at: datetime) -> None:
    """Make finished sheets ready for another pass; one that is running just goes on."""
    ended = upload.sheets.filter(state__in=[SheetState.DONE, SheetState.DROPPED, SheetState.FAILED])
    ended.update(state=SheetState.PREVIEW, rows_done=0, accepted=0, unchanged=0, rejected=0, finished_at=None)


def _recognise(upload: Upload) -> None:
    """Open the stored file and add a sheet for each ledger in it."""
    remembered = queries.remembered(upload.district_code)
    try:
        with (
            vault.opened(queries.stored_path(upload)) as path,
            open_workbook(path, name=upload.file_name) as book,
        ):
            upload.findings = [astuple(f) for f in book.warnings]
            for position, sheet in enumerate(book):
                _add_sheet(upload, position, sheet.name, ledgers.see(sheet.head(), remembered))
    except FileRefused as refusal:
        upload.findings = [astuple(Finding("", refusal.code, refusal.message, refusal.message_en))]
    upload.save(update_fields=["findings"])


def _add_sheet(upload: Upload, position: int, name: str, found: ledgers.Seen) -> None:
    Sheet.objects.create(
        upload=upload,
        position=position,
        name=name[:100],
        ledger=found.ledger,
        ledger_order=found.order,
        fingerprint=found.fingerprint,
        mapping=found.mapping,
        state=SheetState.PREVIEW if found.ready else SheetState.UNRECOGNISED,
        findings=[astuple(f) for f in found.findings],
        uploaded_by_id=upload.uploaded_by_id,
        district_code=upload.district_code,
    )


@transaction.atomic
def remap(
    *,
    by: Viewer,
    at: datetime,
    upload_id: int,
    sheet_id: int,
    ledger: str,
    mapping: Mapping[str, str],
    remember: bool = True,
) -> Sheet:
    """Map a sheet's columns by hand; if wanted, the mapping serves every sheet with the same head.

    ``mapping`` is {label in the sheet: field}. Raises ValidationError where a required column is missing
    or a field is given to two columns.
    """
    by.require("intake.upload.run")
    sheet = _waiting(by, upload_id, sheet_id)
    problem = ledgers.mapping_problem(ledger, mapping)
    if problem:
        raise ValidationError(str(problem))
    sheet.ledger, sheet.mapping, sheet.state = ledger, dict(mapping), SheetState.PREVIEW
    sheet.ledger_order, sheet.findings = ledgers.order_of(ledger), []
    sheet.save()
    # What was read under another mapping is read anew.
    SourceRecord.objects.filter(sheet=sheet).update(outcome=RowOutcome.REJECTED)
    if remember:
        RememberedMapping.objects.update_or_create(
            district_code=sheet.district_code,
            fingerprint=sheet.fingerprint,
            defaults={
                "ledger": ledger,
                "mapping": dict(mapping),
                "decided_by_name": by.name,
                "decided_at": at,
            },
        )
    details = {"ledger": ledger, "mapping": dict(mapping)}
    audit.record(
        by=by, at=at, tag="intake.mapping.decided", target=("intake.sheet", sheet.pk), details=details
    )
    return sheet


def _waiting(by: Viewer, upload_id: int, sheet_id: int) -> Sheet:
    """A sheet in sight that nobody has confirmed yet, locked. Raises NotFound."""
    rows = queries.sheets(by).filter(upload_id=upload_id, pk=sheet_id, state__in=WAITING)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(sheet_id)
    return found


@transaction.atomic
def confirm(*, by: Viewer, at: datetime, upload_id: int) -> int:
    """Send an upload's recognised sheets to work; gives how many."""
    by.require("intake.upload.run")
    rows = queries.sheets(by).filter(upload_id=upload_id, state=SheetState.PREVIEW)
    count = rows.update(state=SheetState.QUEUED, started_at=at)
    if count:
        audit.record(
            by=by,
            at=at,
            tag="intake.file.confirmed",
            target=("intake.upload", upload_id),
            details={"sheets": count},
        )
    return count


@transaction.atomic
def drop(*, by: Viewer, at: datetime, upload_id: int) -> int:
    """Give up an upload's sheets that were not confirmed; nothing of them was taken in."""
    by.require("intake.upload.run")
    count = queries.sheets(by).filter(upload_id=upload_id, state__in=WAITING).update(state=SheetState.DROPPED)
    audit.record(by=by, at=at, tag="intake.file.dropped", target=("intake.upload", upload_id))
    return count


def run(sheet_id: int, land: Land, *, by: Viewer, now: Callable[[], datetime]) -> Iterator[Sheet]:
    """Take a sheet in, giving it back after every batch. ``by`` sees all rows and is named as the uploader.

    Leaves at once if another process is at the same sheet.
    """
    if not _hold(sheet_id):
        return
    try:
        with walls.entered(by):
            sheet = Sheet.objects.select_related("upload").get(pk=sheet_id)
            if sheet.state not in WORKING:
                return
            Sheet.objects.filter(pk=sheet_id).update(state=SheetState.RUNNING)
        yield from _batches(sheet, land, by, now)
    finally:
        _let_go(sheet_id)


def _batches(sheet: Sheet, land: Land, by: Viewer, now: Callable[[], datetime]) -> Iterator[Sheet]:
    with _stored(sheet) as source:
        _expect(sheet, sum(1 for _ in source.rows()), by)
        reader, labels = ledgers.reading(source, sheet.ledger, sheet.mapping, local_day(now()))
        rows = islice(reader, sheet.rows_done, None)
        while batch := list(islice(rows, BATCH)):
            with walls.entered(by):
                sheet = _take_batch(sheet, batch, labels, land, by, now())
            yield sheet
    with walls.entered(by):
        yield _finish(sheet, by, now())


def _expect(sheet: Sheet, rows: int, by: Viewer) -> None:
    """Tell how many lines are to come (heads and totals included), so that progress has an end."""
    with walls.entered(by):
        Sheet.objects.filter(pk=sheet.pk).update(rows_expected=rows)


def _take_batch(
    sheet: Sheet, rows: list[ledgers.ReadRow], labels: Mapping[str, str], land: Land, by: Viewer, at: datetime
) -> Sheet:
    """One batch, within the caller's transaction."""
    sheet = Sheet.objects.select_related("upload").select_for_update(of=("self",)).get(pk=sheet.pk)
    earlier = {
        r.number: r
        for r in SourceRecord.objects.filter(sheet=sheet, number__in=[r.number for r in rows]).defer(
            "content"
        )
    }
    accepted = {n for n, r in earlier.items() if r.outcome != RowOutcome.REJECTED}
    open_rows = [r for r in rows if r.number not in accepted]
    ids = _ids(open_rows, earlier)
    good = [r for r in open_rows if not any(f.level == "error" for f in r.findings)]
    landed = _land(sheet.ledger, [LedgerRow(r.number, r.values, ids[r.number], labels) for r in good], land)
    results = {r.number: result for r, result in zip(good, landed, strict=True)}
    _store(sheet, open_rows, results, ids, earlier, at)
    _count(sheet, rows, results, accepted)
    details = {"ledger": sheet.ledger, "rows": len(rows), "until": sheet.rows_done}
    subjects = [r.subject for r in landed if r.subject is not None]
    target = ("intake.sheet", sheet.pk)
    audit.record(by=by, at=at, tag="intake.rows.taken_in", target=target, subjects=subjects, details=details)
    return sheet


def _land(ledger: str, rows: Sequence[LedgerRow], land: Land) -> list[Landed]:
    """Land rows together; if the database refuses them, halve until the row at fault stands alone."""
    if not rows:
        return []
    try:
        with transaction.atomic():
            return land(ledger, rows)
    except (DataError, IntegrityError):
        if len(rows) == 1:
            return [Landed.refused(UNACCEPTABLE)]
        middle = len(rows) // 2
        return _land(ledger, rows[:middle], land) + _land(ledger, rows[middle:], land)


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


def _store(
    sheet: Sheet,
    rows: Sequence[ledgers.ReadRow],
    results: Mapping[int, Landed],
    ids: Mapping[int, int],
    earlier: Mapping[int, SourceRecord],
    at: datetime,
) -> None:
    """Write the source rows with what became of them."""
    records = [_source_record(sheet, row, results.get(row.number), ids[row.number], at) for row in rows]
    fresh = [r for r in records if r.number not in earlier]
    again = [r for r in records if r.number in earlier]
    SourceRecord.objects.bulk_create(fresh)
    fields = ["content", "outcome", "record_kind", "record_id", "subject_id", "findings", "taken_at"]
    update_rows(SourceRecord, again, fields)


def _source_record(
    sheet: Sheet, row: ledgers.ReadRow, result: Landed | None, record_id: int, at: datetime
) -> SourceRecord:
    findings = (*row.findings, *(result.findings if result else ()))
    content = {"raw": row.raw, "values": row.values}
    return SourceRecord(
        id=record_id,
        sheet_id=sheet.pk,
        number=row.number,
        line=row.line,
        content=json.dumps(content, ensure_ascii=False, default=_plain),
        outcome=result.outcome if result else RowOutcome.REJECTED,
        record_kind=result.kind if result else "",
        record_id=result.record_id if result else None,
        subject_id=result.subject if result else None,
        findings=[astuple(f) for f in findings],
        taken_at=at,
        uploaded_by_id=sheet.uploaded_by_id,
        district_code=sheet.district_code,
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _count(
    sheet: Sheet, rows: Sequence[ledgers.ReadRow], results: Mapping[int, Landed], accepted: set[int]
) -> None:
    outcomes = [
        results[r.number].outcome if r.number in results else "rejected"
        for r in rows
        if r.number not in accepted
    ]
    sheet.rows_done += len(rows)
    sheet.accepted += sum(o in ("added", "filled") for o in outcomes)
    sheet.unchanged += sum(o == "unchanged" for o in outcomes) + len(accepted)
    sheet.rejected += outcomes.count("rejected")
    sheet.save(update_fields=["rows_done", "accepted", "unchanged", "rejected"])


def _finish(sheet: Sheet, by: Viewer, at: datetime) -> Sheet:
    sheet.state, sheet.finished_at, sheet.rows_expected = SheetState.DONE, at, sheet.rows_done
    sheet.save(update_fields=["state", "finished_at", "rows_expected"])
    details = {
        "ledger": sheet.ledger,
        "rows": sheet.rows_done,
        "accepted": sheet.accepted,
        "unchanged": sheet.unchanged,
        "rejected": sheet.rejected,
    }
    audit.record(
        by=by, at=at, tag="intake.sheet.finished", target=("intake.sheet", sheet.pk), details=details
    )
    return sheet


def give_up(sheet_id: int, fault: str, *, by: Viewer, at: datetime) -> None:
    """Mark a sheet whose run met a fault of ours: what went in stays, the rest can be run again."""
    with walls.entered(by):
        text = Text(
            "导入中断，已导入的批次完整保留；请稍后重新上传同一文件继续，如仍中断请联系系统管理员。",
            "The intake stopped; complete batches stay. Upload the same file again to go on.",
        )
        finding = Finding("", "intake_stopped", text.zh, text.en)
        Sheet.objects.filter(pk=sheet_id).update(state=SheetState.FAILED, findings=[astuple(finding)])
        audit.record(
            by=by,
            at=at,
            tag="intake.sheet.stopped",
            target=("intake.sheet", sheet_id),
            details={"fault": fault[:200]},
        )


_LOCK_CLASS = 0x1E6E


def _hold(sheet_id: int) -> bool:
    """A lock on running a sheet that ends with the connection: a killed process leaves none behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, sheet_id])
        return bool(cursor.fetchone()[0])


def _let_go(sheet_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, sheet_id])


def samples(by: Viewer, sheet: Sheet, today: date) -> ledgers.Sample:
    """The beginning of a stored sheet as it would be read now. Raises FileRefused."""
    by.require("intake.upload.run")
    with _stored(sheet) as source:
        return ledgers.sample(source, sheet.ledger, sheet.mapping, today)


def suggested_mapping(by: Viewer, sheet: Sheet, ledger: str) -> dict[str, str]:
    """The mapping to start from when a person only chose the ledger. Raises ValidationError."""
    by.require("intake.upload.run")
    if ledger not in ledgers.titles():
        raise ValidationError(str(Text("请选择台账种类。", "Choose the kind of ledger.")))
    with _stored(sheet) as source:
        return ledgers.suggested(source.head(), ledger)


@transaction.atomic
def hand_back(*, by: Viewer, at: datetime, sheet: Sheet) -> bytes:
    """The same sheet as .xlsx with the reasons in each bad row. It holds children's data: logged."""
    by.require("intake.upload.run")
    findings: dict[int, list[Finding]] = {}
    for record, fault in queries.faults(sheet):
        findings.setdefault(record.number, []).append(fault)
    audit.record(
        by=by,
        at=at,
        tag="intake.sheet.handed_back",
        target=("intake.sheet", sheet.pk),
        details={"rows": len(findings)},
    )
    with _stored(sheet) as source, TemporaryDirectory(dir=vault.scratch()) as folder:
        out = Path(folder) / "handed-back.xlsx"
        ledgers.write_hand_back(source, sheet.ledger, sheet.mapping, findings, out)
        return out.read_bytes()


@contextmanager
def _stored(sheet: Sheet) -> Iterator[BookSheet]:
    """A sheet of the stored file, opened for a moment."""
    upload = sheet.upload
    with (
        vault.opened(queries.stored_path(upload)) as path,
        open_workbook(path, name=upload.file_name) as book,
    ):
        yield book.sheets[sheet.position]
