"""What a person decides about a sheet: its mapping, whether to take it in; and what they get to see of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError
from django.db import transaction

from hulei.audit import actions as audit
from hulei.common import vault
from hulei.common.landing import Finding
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer
from hulei.intake import queries, rules
from hulei.intake.models import RememberedMapping, Sheet, SourceRecord
from hulei.intake.reading import ledgers
from hulei.intake.reading.workbook import Sheet as BookSheet
from hulei.intake.reading.workbook import open_workbook
from hulei.intake.terms import WAITING, RowOutcome, SheetState


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

    ``mapping`` is {label in the sheet: field}. Raises ValidationError where a required column is missing,
    a field is given to two columns, or the ledger is not one that the viewer's office takes in.
    """
    by.require("intake.upload.run")
    sheet = _waiting(by, upload_id, sheet_id)
    problem = ledgers.mapping_problem(ledger, mapping)
    if problem:
        raise ValidationError(str(problem))
    _refuse_foreign(by, ledger)
    sheet.ledger, sheet.mapping, sheet.state = ledger, dict(mapping), SheetState.PREVIEW
    sheet.ledger_order, sheet.findings = ledgers.order_of(ledger), []
    sheet.save()
    # What was read under another mapping is read anew.
    SourceRecord.objects.filter(sheet=sheet).update(outcome=RowOutcome.REJECTED)
    if remember:
        _remember(sheet, by, at)
    target = ("intake.sheet", sheet.pk)
    details = {"ledger": ledger, "mapping": dict(mapping)}
    audit.record(by=by, at=at, tag="intake.mapping.decided", target=target, details=details)
    return sheet


def _refuse_foreign(by: Viewer, ledger: str) -> None:
    if not rules.may_take_in(by.role, ledger):
        title = ledgers.titles()[ledger]
        text = rules.NOT_YOURS.fill(what=title.zh, what_en=title.en)
        raise ValidationError(str(text), code="ledger_not_yours")


def _remember(sheet: Sheet, by: Viewer, at: datetime) -> None:
    RememberedMapping.objects.update_or_create(
        district_code=sheet.district_code,
        fingerprint=sheet.fingerprint,
        defaults={
            "ledger": sheet.ledger,
            "mapping": sheet.mapping,
            "decided_by_name": by.name,
            "decided_at": at,
        },
    )


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
    allowed = [sheet.pk for sheet in rows if rules.may_take_in(by.role, sheet.ledger)]
    count = rows.filter(pk__in=allowed).update(state=SheetState.QUEUED, started_at=at)
    if count:
        target = ("intake.upload", upload_id)
        audit.record(by=by, at=at, tag="intake.file.confirmed", target=target, details={"sheets": count})
    return count


@transaction.atomic
def drop(*, by: Viewer, at: datetime, upload_id: int) -> int:
    """Give up an upload's sheets that were not confirmed; nothing of them was taken in."""
    by.require("intake.upload.run")
    count = queries.sheets(by).filter(upload_id=upload_id, state__in=WAITING).update(state=SheetState.DROPPED)
    audit.record(by=by, at=at, tag="intake.file.dropped", target=("intake.upload", upload_id))
    return count


@transaction.atomic
def tell_preview(*, by: Viewer, at: datetime, sheet: Sheet) -> None:
    """Enter into the ledger that somebody looks at a sheet's first rows: a register's name children."""
    by.require("intake.upload.run")
    target = ("intake.sheet", sheet.pk)
    audit.record(by=by, at=at, tag="intake.sheet.previewed", target=target, details={"ledger": sheet.ledger})


def samples(by: Viewer, sheet: Sheet, today: date) -> ledgers.Sample:
    """The beginning of a stored sheet as it would be read now. Raises FileRefused."""
    by.require("intake.upload.run")
    with stored(sheet) as source:
        return ledgers.sample(source, sheet.ledger, sheet.mapping, today)


def suggested_mapping(by: Viewer, sheet: Sheet, ledger: str) -> dict[str, str]:
    """The mapping to start from when a person only chose the ledger. Raises ValidationError."""
    by.require("intake.upload.run")
    if ledger not in ledgers.titles():
        raise ValidationError(str(Text("请选择台账种类。", "Choose the kind of ledger.")))
    _refuse_foreign(by, ledger)
    with stored(sheet) as source:
        return ledgers.suggested(source.head(), ledger)


@transaction.atomic
def hand_back(*, by: Viewer, at: datetime, sheet: Sheet) -> bytes:
    """The same sheet as .xlsx with the reasons in each bad row. It holds children's data: logged."""
    by.require("intake.upload.run")
    findings: dict[int, list[Finding]] = {}
    for record, fault in queries.faults(sheet):
        findings.setdefault(record.number, []).append(fault)
    target = ("intake.sheet", sheet.pk)
    details = {"rows": len(findings)}
    rows = queries.source_records(by).filter(sheet=sheet)
    subjects = [pk for pk in rows.values_list("subject_id", flat=True) if pk is not None]
    audit.record(
        by=by, at=at, tag="intake.sheet.handed_back", target=target, subjects=subjects, details=details
    )
    with stored(sheet) as source, TemporaryDirectory(dir=vault.scratch()) as folder:
        out = Path(folder) / "handed-back.xlsx"
        ledgers.write_hand_back(source, sheet.ledger, sheet.mapping, findings, out)
        return out.read_bytes()


@contextmanager
def stored(sheet: Sheet) -> Iterator[BookSheet]:
    """A sheet of the stored file, opened for a moment."""
    upload = sheet.upload
    with (
        vault.opened(queries.stored_path(upload)) as path,
        open_workbook(path, name=upload.file_name) as book,
    ):
        yield book.sheets[sheet.position]
