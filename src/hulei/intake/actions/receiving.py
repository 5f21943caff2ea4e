"""From a file to sheets that wait for a confirmation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from hulei.audit import actions as audit
from hulei.common import vault, walls
from hulei.common.landing import Finding
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.intake import queries, rules
from hulei.intake.models import Sheet, Upload
from hulei.intake.reading import ledgers
from hulei.intake.reading.refusals import FileRefused
from hulei.intake.reading.workbook import SheetHead, Workbook, open_workbook
from hulei.intake.terms import SheetState

_LOOK_AGAIN = SheetState.UNRECOGNISED
_ENDED = (SheetState.DONE, SheetState.DROPPED, SheetState.FAILED)
_TOO_LARGE = Text("文件超过 {limit} MB，请拆分后上传。", "The file is over {limit} MB; split it.")


def receive(*, by: Viewer, at: datetime, file: BinaryIO, name: str) -> Upload:
    """Store a file and recognise its sheets; the same file of the same person is the same upload.

    A file that cannot be read gives an upload whose ``findings`` say why and which has no sheets.
    Raises ValidationError for a file over the size limit.
    """
    by.require("intake.upload.run")
    digest, size = _digest(file)
    if size > settings.HULEI_UPLOAD_LIMIT:
        text = _TOO_LARGE.fill(limit=settings.HULEI_UPLOAD_LIMIT // 1024 // 1024)
        raise ValidationError(str(text), code="file_too_large")
    key = {
        "district_code": by.district,
        "sha256": digest,
        "file_name": name[:200],
        "uploaded_by_id": by.account_id,
    }
    try:
        return _received(by, at, file, size, key)
    except IntegrityError:
        # The same file arrived twice in one moment; the other one is in now.
        return _received(by, at, file, size, key)


def _digest(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _received(by: Viewer, at: datetime, file: BinaryIO, size: int, key: dict[str, Any]) -> Upload:
    with walls.entered(by):
        upload = queries.uploads(by).filter(**key).first()
        if upload is None:
            upload = Upload(**key, size=size, uploaded_at=at, uploaded_by_name=by.name)
            upload.stored_as = f"{at:%Y}/{upload.sha256}-{by.account_id or 0}"
            _keep(upload, file)
            upload.save()
            _recognise(upload, by)
            _tell(upload, by, at)
        else:
            _keep(upload, file)
            _start_again(upload, by)
        return queries.upload(by, upload.pk)


def _keep(upload: Upload, file: BinaryIO) -> None:
    """Store the file, also where it got lost (a data folder restored without its uploads)."""
    path = queries.stored_path(upload)
    if not path.exists():
        file.seek(0)
        vault.store(file, path)


def _tell(upload: Upload, by: Viewer, at: datetime) -> None:
    details = {
        "sha256": upload.sha256,
        "bytes": upload.size,
        "ledgers": list(upload.sheets.values_list("ledger", flat=True)),
    }
    target = ("intake.upload", upload.pk)
    audit.record(by=by, at=at, tag="intake.file.received", target=target, details=details)


def _start_again(upload: Upload, by: Viewer) -> None:
    """Make finished sheets ready for another pass; one that is running just goes on.

    What nobody could read or recognise is looked at again: a mapping may be remembered since.
    """
    sheets = list(upload.sheets.all())
    anew = {"rows_done": 0, "accepted": 0, "unchanged": 0, "rejected": 0, "findings": []}
    for sheet in sheets:
        if sheet.state in _ENDED and rules.may_take_in(by.role, sheet.ledger):
            Sheet.objects.filter(pk=sheet.pk, state=sheet.state).update(
                state=SheetState.PREVIEW, finished_at=None, **anew
            )
    if not sheets or any(sheet.state == SheetState.UNRECOGNISED for sheet in sheets):
        _recognise(upload, by)


@contextmanager
def _opened(upload: Upload) -> Iterator[Workbook]:
    with (
        vault.opened(queries.stored_path(upload)) as path,
        open_workbook(path, name=upload.file_name) as book,
    ):
        yield book


def _recognise(upload: Upload, by: Viewer) -> None:
    """Open the stored file and put a sheet for each ledger in it, or look anew at one not recognised."""
    remembered = queries.remembered(upload.district_code)
    known = dict(upload.sheets.values_list("position", "state"))
    try:
        with _opened(upload) as book:
            upload.findings = [astuple(f) for f in book.warnings]
            for position, sheet in enumerate(book):
                head = sheet.head()
                if head.rows and known.get(position, _LOOK_AGAIN) == _LOOK_AGAIN:
                    found = ledgers.see(head, remembered)
                    _put_sheet(upload, position, head, found, by, beside=len(book.sheets) > 1)
    except FileRefused as refusal:
        upload.findings = [astuple(Finding("", refusal.code, refusal.message, refusal.message_en))]
    upload.save(update_fields=["findings"])


def _put_sheet(
    upload: Upload, position: int, head: SheetHead, found: ledgers.Seen, by: Viewer, *, beside: bool
) -> None:
    state, findings = _judged(head, found, by, beside)
    told = {
        "name": head.sheet_name[:100],
        "ledger": found.ledger,
        "ledger_order": found.order,
        "fingerprint": found.fingerprint,
        "mapping": found.mapping,
        "state": state,
        "findings": [astuple(f) for f in findings],
        "own_rows_only": rules.sees_own_rows_only(by.role),
        "uploaded_by_id": upload.uploaded_by_id,
        "district_code": upload.district_code,
    }
    Sheet.objects.update_or_create(upload=upload, position=position, defaults=told)


def _judged(
    head: SheetHead, found: ledgers.Seen, by: Viewer, beside: bool
) -> tuple[SheetState, tuple[Finding, ...]]:
    """Whether a sheet waits for a confirmation, for a mapping, or for nothing at all."""
    if found.ledger and not rules.may_take_in(by.role, found.ledger):
        return SheetState.DROPPED, (rules.not_yours(ledgers.titles()[found.ledger]),)
    if not found.ledger and beside and not _is_table(head):
        return SheetState.DROPPED, (rules.NO_LEDGER,)
    return (SheetState.PREVIEW if found.ready else SheetState.UNRECOGNISED), found.findings


def _is_table(head: SheetHead) -> bool:
    """Whether any row has three cells or more: instructions beside a ledger have fewer."""
    return any(sum(cell not in (None, "") for cell in row.cells) > 2 for row in head.rows)
