"""A recognised sheet, row by row: raw text, meaning, and every fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from hulei.common.landing import Finding
from hulei.intake.reading.cells import CellValue, FormulaCell, Row, shown
from hulei.intake.reading.columns import Reader, is_injection, reader_for
from hulei.intake.reading.faults import finding
from hulei.intake.reading.merges import fill_merged
from hulei.intake.reading.normal.text import label_key
from hulei.intake.reading.recognition import REASON_LABEL, Recognition
from hulei.intake.reading.skips import skip_reason
from hulei.intake.reading.templates import Column, Template
from hulei.intake.reading.workbook import Sheet


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One data row. ``number`` counts data rows from 1, refused ones too; ``line`` is its place in the sheet.

    ``raw`` is {label: text as in the file}; ``values`` is {field: value}; ``uncertain`` names fields whose
    value is kept but must not be used as certain.
    """

    number: int
    line: int
    raw: Mapping[str, str | None]
    values: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    uncertain: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether a fault forbids taking the row in."""
        return any(each.level == "error" for each in self.findings)


class _Field(NamedTuple):
    at: int
    name: str
    label: str
    column: Column
    read: Reader


_UNCERTAIN = frozenset({"national_id_checksum", "national_id_old"})


def numbered_rows(
    sheet: Sheet, recognition: Recognition, skipped: Counter[str] | None = None
) -> Iterator[tuple[int, Row]]:
    """All filled rows with the number of each data row; 0 for titles, heads, totals, notes and blanks."""
    template = recognition.template
    if template is None:
        raise ValueError("the sheet was not recognised")
    last_head = max(recognition.head_lines, default=0)
    required = {column.name for column in template.required}
    mapped = frozenset(recognition.mapping)
    needed = frozenset(index for index, name in recognition.mapping.items() if name in required)
    heads: dict[int, set[str]] = {}
    number = 0
    for row in fill_merged(sheet.rows(), sheet.merges(), after=last_head):
        if row.line <= last_head:
            if row.line in recognition.head_lines:
                for index, cell in enumerate(row.cells):
                    heads.setdefault(index, set()).add(label_key(shown(cell) or "\n"))
            yield 0, row
            continue
        reason = skip_reason(row.cells, mapped, needed, heads)
        if reason is None:
            number += 1
        elif skipped is not None:
            skipped[reason] += 1
        yield (0 if reason else number), row


class LedgerReading(Iterator[ReadRow]):
    """The data rows of a sheet as a stream; ``skipped`` counts what was passed over, by reason."""

    def __init__(self, sheet: Sheet, recognition: Recognition, today: date | None) -> None:
        if recognition.template is None:
            raise ValueError("the sheet was not recognised")
        self.skipped: Counter[str] = Counter()
        self._rows = numbered_rows(sheet, recognition, self.skipped)
        own = enumerate(recognition.labels)
        self._labels = [(index, label) for index, label in own if label and label != REASON_LABEL]
        self._fields = _fields(recognition, recognition.template, today, sheet.since_1904)
        self._read_labels = {field.at for field in self._fields}

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> ReadRow:
        for number, (line, cells) in self._rows:
            if number:
                return self._read(number, line, cells)
        raise StopIteration

    def _read(self, number: int, line: int, cells: list[CellValue]) -> ReadRow:
        width = len(cells)
        raw: dict[str, str | None] = {}
        findings: list[Finding] = []
        for index, label in self._labels:
            cell = cells[index] if index < width else None
            text = raw[label] = cell if cell is None or isinstance(cell, str) else shown(cell)
            if text and text[0] in _TRIGGERS and _injects(cell, index in self._read_labels):
                findings.append(finding("formula_injection", label))
        values, uncertain = self._values(cells, findings)
        return ReadRow(number, line, raw, values, tuple(findings), uncertain)

    def _values(
        self, cells: list[CellValue], findings: list[Finding]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        width = len(cells)
        values: dict[str, Any] = {}
        uncertain: tuple[str, ...] = ()
        injected = {each.column for each in findings}
        for index, name, label, column, read in self._fields:
            value, code, level = read(cells[index] if index < width else None)
            if code is not None:
                if label in injected:
                    value = None
                else:
                    findings.append(finding(code, label, level=level, allowed=_allowed(column, code)))
                if code in _UNCERTAIN:
                    uncertain = (*uncertain, name)
            elif injected and label in injected:
                value = None
            values[name] = value
        return values, uncertain


# What a text that runs as a formula can begin with, full width and hidden beginnings included.
_TRIGGERS = frozenset("=+-@＝＋－＠\t\r\n '`\u3000\xa0\ufeff\u200b")


def _injects(cell: CellValue, mapped: bool) -> bool:
    if isinstance(cell, str):
        return is_injection(cell)
    return isinstance(cell, FormulaCell) and (mapped or cell.reaches_out)


def _allowed(column: Column, code: str) -> str:
    """The words a choice allows, for its message."""
    if code != "choice_unknown":
        return ""
    return "、".join((column.choice_labels or {"yes": "是", "no": "否"}).values())


def _fields(
    recognition: Recognition, template: Template, today: date | None, since_1904: bool
) -> list[_Field]:
    found = []
    for index, name in sorted(recognition.mapping.items()):
        column = template.by_name[name]
        reader = reader_for(column, today=today, since_1904=since_1904)
        found.append(_Field(index, name, recognition.labels[index], column, reader))
    return found


def read_ledger(sheet: Sheet, recognition: Recognition, *, today: date | None = None) -> LedgerReading:
    """The data rows of a recognised sheet, as a stream.

    ``today`` lets dates in the future be seen. Raises FileRefused if the file turns out broken on the
    way, and ValueError for a sheet that was not recognised.
    """
    return LedgerReading(sheet, recognition, today)
