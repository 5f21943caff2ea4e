"""The reading of ledgers as the rest of intake uses it: recognise, map, preview, read on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from hulei.common.landing import Finding
from hulei.common.text import Text
from hulei.intake.reading.blanks import blank_sheet
from hulei.intake.reading.handback import hand_back
from hulei.intake.reading.recognition import Recognition, Remembered, map_by_hand, recognise
from hulei.intake.reading.refusals import MESSAGES
from hulei.intake.reading.rows import LedgerReading, ReadRow, read_ledger
from hulei.intake.reading.templates import Column, Template, load_templates, template
from hulei.intake.reading.workbook import Sheet, SheetHead

__all__ = ["ReadRow", "Seen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sheet was taken for, as it is stored: ``mapping`` is {label in the sheet: field}."""

    ledger: str
    order: int
    fingerprint: str
    mapping: dict[str, str]
    ready: bool
    findings: tuple[Finding, ...]


def titles() -> dict[str, Text]:
    """{ledger: title} of everything that can be taken in, rosters first."""
    return {each.id: each.title for each in load_templates()}


def fields(ledger: str) -> Sequence[Column]:
    """The fields of a ledger."""
    return template(ledger).columns


def order_of(ledger: str) -> int:
    """The rank in which the ledger is taken in."""
    return template(ledger).order


def see(head: SheetHead, remembered: Sequence[Remembered]) -> Seen:
    """Recognise a sheet; what cannot be told for certain waits for a person."""
    found = recognise(head, load_templates(), remembered)
    ledger = found.ledger or ""
    return Seen(
        ledger=ledger,
        order=found.template.order if found.template and ledger else 999,
        fingerprint=found.fingerprint,
        mapping={found.labels[i]: name for i, name in found.mapping.items()} if ledger else {},
        ready=found.certain,
        findings=tuple(_doubts(found)),
    )


def _doubts(found: Recognition) -> Iterator[Finding]:
    """Why a sheet was not recognised for certain."""
    if found.status == "unknown":
        text = MESSAGES["ledger_unknown"].fill(
            detail="列名与已知台账都不符", detail_en="no template fits its heads"
        )
        yield Finding("", "ledger_unknown", text.zh, text.en)
    elif found.status == "ambiguous":
        names = [str(template(c.ledger).title.zh) for c in found.candidates[:2]]
        text = MESSAGES["ledger_unknown"].fill(
            detail=f"像{'，也像'.join(names)}", detail_en="two kinds fit alike"
        )
        yield Finding("", "ledger_ambiguous", text.zh, text.en)
    for column in found.missing:
        yield Finding(
            column.label.zh,
            "column_missing",
            f"缺少必需的列“{column.label.zh}”，请在预览页对应，或补上该列后重新上传。",
            f'The required column "{column.label.en}" is missing; map it on the preview page or add it.',
        )


def by_mapping(head: SheetHead, ledger: str, mapping: Mapping[str, str]) -> Recognition:
    """The recognition that a stored or hand-made mapping gives."""
    return map_by_hand(head, template(ledger), mapping)


def suggested(head: SheetHead, ledger: str) -> dict[str, str]:
    """The mapping {label: field} that a person who only chose the ledger would start from."""
    chosen: tuple[Template, ...] = (template(ledger),)
    found = recognise(head, chosen)
    return {found.labels[i]: name for i, name in found.mapping.items()}


def reading(
    sheet: Sheet, ledger: str, mapping: Mapping[str, str], today: date
) -> tuple[LedgerReading, Mapping[str, str]]:
    """The data rows of a sheet as a stream, and {field: label in the sheet}. Raises FileRefused."""
    found = by_mapping(sheet.head(), ledger, mapping)
    return read_ledger(sheet, found, today=today), found.field_labels


def mapping_problem(ledger: str, mapping: Mapping[str, str]) -> Text | None:
    """Why a mapping {label: field} made by hand will not do, or None."""
    if ledger not in titles():
        return Text("请选择台账种类。", "Choose the kind of ledger.")
    names = list(mapping.values())
    doubled = sorted({name for name in names if names.count(name) > 1})
    by_name = template(ledger).by_name
    if doubled:
        return Text("同一项目对应了两列：{what}", "Two columns for one field: {what_en}").fill(
            what="、".join(by_name[n].label.zh for n in doubled), what_en=", ".join(doubled)
        )
    missing = [c for c in template(ledger).required if c.name not in names]
    if missing:
        return Text("缺少必需的列：{what}", "Required columns are missing: {what_en}").fill(
            what="、".join(c.label.zh for c in missing), what_en=", ".join(c.name for c in missing)
        )
    return None


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a sheet for its preview: head words, first rows as read, how many were looked at."""

    labels: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[ReadRow, ...]
    looked_at: int
    faulty: int
    more: bool


def sample(sheet: Sheet, ledger: str, mapping: Mapping[str, str], today: date, *, most: int = 2000) -> Sample:
    """Read the first ``most`` rows; keeps eight of them and every faulty one among them."""
    head = sheet.head()
    if not ledger:
        labels = recognise(head, load_templates()).labels
        below = [tuple("" if c is None else str(c) for c in row.cells) for row in islice(head.rows, 1, 9)]
        return Sample(labels, tuple(below), (), 0, 0, False)
    found = by_mapping(head, ledger, mapping)
    rows = read_ledger(sheet, found, today=today)
    looked = list(islice(rows, most + 1))
    shown = looked[:8]
    cells = tuple(tuple(row.raw.get(label) or "" for label in found.labels) for row in shown)
    faulty = [row for row in looked[:most] if row.findings]
    kept = tuple({row.number: row for row in [*shown, *faulty[:200]]}.values())
    return Sample(
        found.labels,
        cells,
        kept,
        min(len(looked), most),
        sum(r.refused for r in looked[:most]),
        len(looked) > most,
    )


def write_hand_back(
    sheet: Sheet,
    ledger: str,
    mapping: Mapping[str, str],
    findings: Mapping[int, Sequence[Finding]],
    out: Path,
) -> int:
    """The same sheet as .xlsx with the reasons by data-row number; answers how many rows got one."""
    return hand_back(sheet, by_mapping(sheet.head(), ledger, mapping), findings, out)


def empty_sheet(ledger: str) -> bytes:
    """An empty .xlsx of a ledger, to be filled in."""
    return blank_sheet(template(ledger))
