"""Taking a confirmed sheet in, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from functools import partial
from itertools import islice

from django.db import DataError, IntegrityError, OperationalError, transaction
from psycopg import errors as postgres

from hulei.audit import actions as audit
from hulei.common import walls
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.periods import local_day
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.intake.actions import rows as source_rows
from hulei.intake.actions.deciding import stored
from hulei.intake.actions.holding import sheet_held
from hulei.intake.models import Sheet
from hulei.intake.reading import ledgers
from hulei.intake.terms import WORKING, SheetState

BATCH = 1000
_TRIES = 3
Land = Callable[[str, Sequence[LedgerRow]], list[Landed]]
Batch = list[ledgers.ReadRow]

UNACCEPTABLE = Finding(
    "",
    "value_unacceptable",
    "本行有内容超出允许的长度或范围，请核对各列后重新导入。",
    "A value in this row is too long or out of range; check the columns and take it in again.",
)
STOPPED = Text(
    "导入中断，已导入的批次完整保留；请稍后重新导入同一文件继续，如仍中断请联系系统管理员。",
    "The intake stopped; complete batches stay. Take the same file in again to go on.",
)


def run(
    sheet_id: int, land: Land, *, by: Viewer, now: Callable[[], datetime], wait: bool = False
) -> Iterator[Sheet]:
    """Take a sheet in, giving it back after every batch. ``by`` sees all rows and is named as the uploader.

    If another process is at the same sheet, leaves at once, or with ``wait`` when that one is done.
    """
    with sheet_held(sheet_id, wait=wait) as held:
        if not held:
            return
        with walls.entered(by):
            sheet = Sheet.objects.select_related("upload").get(pk=sheet_id)
            if sheet.state not in WORKING:
                return
            Sheet.objects.filter(pk=sheet_id).update(state=SheetState.RUNNING)
        yield from _batches(sheet, land, by, now)


def _batches(sheet: Sheet, land: Land, by: Viewer, now: Callable[[], datetime]) -> Iterator[Sheet]:
    with stored(sheet) as source:
        _expect(sheet, sum(1 for _ in source.rows()), by)
        reader, labels = ledgers.reading(source, sheet.ledger, sheet.mapping, local_day(now()))
        rows = islice(reader, sheet.rows_done, None)
        while batch := list(islice(rows, BATCH)):
            yield _in_one_piece(partial(_take, sheet, batch, labels, land, by), by, now)
    with walls.entered(by):
        yield _finish(sheet.pk, by, now())


def _expect(sheet: Sheet, rows: int, by: Viewer) -> None:
    """Tell how many lines are to come (heads and totals included), so that progress has an end."""
    with walls.entered(by):
        Sheet.objects.filter(pk=sheet.pk).update(rows_expected=rows)


def _in_one_piece(take: Callable[[datetime], Sheet], by: Viewer, now: Callable[[], datetime]) -> Sheet:
    """One batch, one transaction; tried again if PostgreSQL ended it for another's sake."""
    for tries_left in reversed(range(_TRIES)):
        try:
            with walls.entered(by):
                return take(now())
        except OperationalError as fault:
            again = isinstance(fault.__cause__, (postgres.DeadlockDetected, postgres.SerializationFailure))
            if not again or not tries_left:
                raise
    raise AssertionError("unreachable")


def _take(
    sheet: Sheet, rows: Batch, labels: Mapping[str, str], land: Land, by: Viewer, at: datetime
) -> Sheet:
    """One batch, within the caller's transaction."""
    sheet = Sheet.objects.select_related("upload").select_for_update(of=("self",)).get(pk=sheet.pk)
    work = source_rows.begin(sheet, rows)
    good = [r for r in work.open if not r.refused]
    handed = [LedgerRow(r.number, r.values, work.ids[r.number], labels) for r in good]
    landed = _land(sheet.ledger, handed, land)
    results = {r.number: result for r, result in zip(good, landed, strict=True)}
    source_rows.write(work, results, at)
    _count(sheet, work, results)
    audit.record(
        by=by,
        at=at,
        tag="intake.rows.taken_in",
        target=("intake.sheet", sheet.pk),
        subjects=[r.subject for r in landed if r.subject is not None],
        details={"ledger": sheet.ledger, "rows": len(rows), "until": sheet.rows_done},
    )
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


def _count(sheet: Sheet, work: source_rows.Work, results: Mapping[int, Landed]) -> None:
    outcomes = [work.outcome(r.number, results.get(r.number)) for r in work.open]
    before = len(work.rows) - len(work.open)
    sheet.rows_done += len(work.rows)
    sheet.accepted += sum(o in ("added", "filled") for o in outcomes)
    sheet.unchanged += outcomes.count("unchanged") + before
    sheet.rejected += outcomes.count("rejected")
    sheet.save(update_fields=["rows_done", "accepted", "unchanged", "rejected"])


def _finish(sheet_id: int, by: Viewer, at: datetime) -> Sheet:
    sheet = Sheet.objects.select_related("upload").get(pk=sheet_id)
    sheet.state, sheet.finished_at, sheet.rows_expected = SheetState.DONE, at, sheet.rows_done
    sheet.save(update_fields=["state", "finished_at", "rows_expected"])
    counted = ("rows_done", "accepted", "unchanged", "rejected")
    audit.record(
        by=by,
        at=at,
        tag="intake.sheet.finished",
        target=("intake.sheet", sheet.pk),
        details={"ledger": sheet.ledger, **{name: getattr(sheet, name) for name in counted}},
    )
    return sheet


def give_up(sheet_id: int, fault: str, *, by: Viewer, at: datetime) -> None:
    """Mark a sheet whose run met a fault of ours: what went in stays, the rest can be run again."""
    finding = Finding("", "intake_stopped", STOPPED.zh, STOPPED.en)
    with walls.entered(by):
        Sheet.objects.filter(pk=sheet_id).update(state=SheetState.FAILED, findings=[astuple(finding)])
        target = ("intake.sheet", sheet_id)
        details = {"fault": fault[:200]}
        audit.record(by=by, at=at, tag="intake.sheet.stopped", target=target, details=details)
