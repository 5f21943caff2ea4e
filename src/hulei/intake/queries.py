"""Uploads and rows as pages, jobs and commands need them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from hulei.common.landing import Finding
from hulei.common.viewer import NotFound, Viewer
from hulei.common.walls import visible
from hulei.intake.models import RememberedMapping, Sheet, SourceRecord, Upload
from hulei.intake.reading.recognition import Remembered
from hulei.intake.terms import WORKING

RUNNABLE = tuple(WORKING)


def uploads(viewer: Viewer) -> QuerySet[Upload]:
    """Uploads in sight with their sheets."""
    return visible(viewer, Upload.objects.prefetch_related("sheets"))


def upload(viewer: Viewer, upload_id: int) -> Upload:
    """One upload. Raises NotFound."""
    found = uploads(viewer).filter(pk=upload_id).first()
    if found is None:
        raise NotFound(upload_id)
    return found


def sheets(viewer: Viewer) -> QuerySet[Sheet]:
    """Sheets in sight."""
    return visible(viewer, Sheet.objects.select_related("upload"))


def sheet(viewer: Viewer, upload_id: int, sheet_id: int) -> Sheet:
    """One sheet of an upload. Raises NotFound."""
    found = sheets(viewer).filter(upload_id=upload_id, pk=sheet_id).first()
    if found is None:
        raise NotFound(sheet_id)
    return found


def source_records(viewer: Viewer) -> QuerySet[SourceRecord]:
    """Source rows in sight."""
    return visible(viewer, SourceRecord.objects.select_related("sheet__upload"))


def next_work(viewer: Viewer) -> Sheet | None:
    """The first sheet that waits or was interrupted, in the order in which ledgers build on each other."""
    return sheets(viewer).filter(state__in=RUNNABLE).order_by("ledger_order", "pk").first()


def stored_path(upload: Upload) -> Path:
    """Where the encrypted file lies."""
    return Path(settings.DATA_DIR) / "uploads" / upload.stored_as


def remembered(district: str) -> list[Remembered]:
    """Mappings that people of the district made by hand."""
    rows = RememberedMapping.objects.filter(district_code=district)
    return [Remembered(r.fingerprint, r.ledger, r.mapping) for r in rows]


def contents(record: SourceRecord) -> dict[str, Any]:
    """The cells as they stood (``raw``) and what was read from them (``values``, as text)."""
    found: dict[str, Any] = json.loads(record.content)
    return found


def findings_of(stored: Sequence[Sequence[str]]) -> tuple[Finding, ...]:
    """Findings as they were stored with a row."""
    return tuple(Finding(*entry) for entry in stored)  # type: ignore[arg-type]


def faults(sheet: Sheet, level: str | None = None) -> Iterator[tuple[SourceRecord, Finding]]:
    """Every finding of a sheet's rows in order, one at a time."""
    rows = SourceRecord.objects.filter(sheet=sheet).exclude(findings=[]).order_by("number")
    for record in rows.defer("content").iterator(chunk_size=1000):
        for finding in findings_of(record.findings):
            if level is None or finding.level == level:
                yield record, finding


def landed_kind(viewer: Viewer, sheet: Sheet) -> str:
    """The kind of record that the rows of a sheet became, or nothing where none was taken in."""
    rows = source_records(viewer).filter(sheet=sheet).exclude(record_kind="")
    return rows.order_by("number").values_list("record_kind", flat=True).first() or ""
