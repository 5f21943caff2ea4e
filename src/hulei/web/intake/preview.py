"""What the preview of one sheet shows: the mapping, the first rows, the first findings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from hulei.common.landing import Finding
from hulei.common.text import Text, language
from hulei.common.viewer import Viewer
from hulei.intake import actions, queries, rules
from hulei.intake.reading import ledgers
from hulei.intake.terms import SheetState

MOST_FINDINGS = 100
EXAMPLES = 3


def context(viewer: Viewer, upload: Any, sheets: list[Any], chosen: Any) -> dict[str, Any]:
    """Variables of ``intake/preview.html`` for one sheet of an upload."""
    sample = actions.samples(viewer, chosen, timezone.localdate())
    address = reverse("intake_preview", kwargs={"upload_id": upload.pk})
    own = [(0, f) for f in queries.findings_of(chosen.findings)]
    of_rows = [(row.line, f) for row in sample.rows for f in row.findings]
    warned = sum(f.level == "warning" for _, f in of_rows)
    return {
        "heading": str(Text("核对台账", "Check the ledger")),
        "file": {
            "name": upload.file_name,
            "size": size_text(upload.size),
            "sheet": chosen.name,
            "rows": _rows(sample),
        },
        "sheets": _tabs(sheets, chosen, address) if len(sheets) > 1 else None,
        "ledger": _ledger(chosen),
        "ledgers": [
            {"value": key, "label": str(title), "selected": key == chosen.ledger}
            for key, title in ledgers.titles().items()
            if rules.may_take_in(viewer.role, key)
        ],
        "columns": _columns(chosen, sample),
        "missing": [f.column for _, f in own if f.code == "column_missing"],
        "first_rows": _first_rows(sample),
        "findings": [finding(line, f) for line, f in [*own, *of_rows][:MOST_FINDINGS]],
        "findings_total": len(own) + len(of_rows),
        "counts": {
            "rows": sample.looked_at,
            "good": sample.looked_at - sample.faulty,
            "bad": sample.faulty,
            "warnings": warned,
        },
        "remap_url": reverse("intake_remap", kwargs={"upload_id": upload.pk, "sheet_id": chosen.pk}),
        "confirm_url": reverse("intake_confirm", kwargs={"upload_id": upload.pk}),
        "cancel_url": reverse("intake_upload"),
        "drop_url": reverse("intake_drop", kwargs={"upload_id": upload.pk}),
        "remember": True,
    }


def _ledger(sheet: Any) -> dict[str, Any] | None:
    if not sheet.ledger:
        return None
    return {
        "key": sheet.ledger,
        "title": str(ledgers.titles()[sheet.ledger]),
        "certain": sheet.state == SheetState.PREVIEW,
    }


def _rows(sample: ledgers.Sample) -> str:
    return f"{sample.looked_at}+" if sample.more else str(sample.looked_at)


def _tabs(sheets: list[Any], chosen: Any, address: str) -> list[dict[str, Any]]:
    return [{"title": s.name, "url": f"{address}?sheet={s.pk}", "active": s.pk == chosen.pk} for s in sheets]


def _columns(sheet: Any, sample: ledgers.Sample) -> list[dict[str, Any]]:
    fields = ledgers.fields(sheet.ledger) if sheet.ledger else ()
    columns = []
    for index, label in enumerate(sample.labels):
        name = sheet.mapping.get(label, "")
        values = [row[index] for row in sample.cells if index < len(row) and row[index]]
        columns.append(
            {
                "index": index,
                "letter": _letter(index),
                "head": label,
                "samples": [v[:20] for v in values[:EXAMPLES]],
                "how": "exact" if name else "none",
                "options": [
                    {"value": f.name, "label": str(f.label), "selected": f.name == name} for f in fields
                ],
            }
        )
    return columns


def _letter(index: int) -> str:
    """The column's letter as spreadsheets write it: A, B ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _first_rows(sample: ledgers.Sample) -> dict[str, Any]:
    rows = []
    for number, cells in enumerate(sample.cells, start=1):
        read = next((r for r in sample.rows if r.number == number), None)
        marks = {
            sample.labels.index(f.column): f.level
            for f in (read.findings if read else ())
            if f.column in sample.labels
        }
        rows.append({"number": read.line if read else number, "cells": cells, "marks": marks})
    return {"heads": sample.labels, "rows": rows}


def finding(line: int, found: Finding) -> dict[str, Any]:
    """A finding as the pages list it."""
    message = found.message_en if language() == "en" and found.message_en else found.message
    return {
        "row": line or "--",
        "column": found.column or "--",
        "code": found.code,
        "message": message,
        "level": found.level,
    }


def size_text(size: int) -> str:
    """12 KB, 3.4 MB."""
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
