"""Which ledger a sheet is, and which of its columns is which field.

A sheet is compared with every template by its head words, the kinds of values below them, and the
words of its title, sheet name and file name. What is close is reported, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from hulei.intake.reading.cells import Row, shown
from hulei.intake.reading.fitting import all_words, pairs, rarity, title_fit
from hulei.intake.reading.heads import SERIAL_LABELS, Head, candidates
from hulei.intake.reading.normal.text import key, label_key
from hulei.intake.reading.templates import Column, Template
from hulei.intake.reading.workbook import SheetHead

Status = Literal["recognised", "remembered", "incomplete", "ambiguous", "unknown"]

# Local choices, tried on the sample year and on rearranged copies of it.
ENOUGH = 0.45
MARGIN = 0.06
LATER_HEAD = 0.1
# A row in which fewer cells are known head words is no head.
MIN_WORDS = 2
SAMPLE_ROWS = 25
# The column that handed-back sheets carry; it is ours, not the office's.
REASON_LABEL = "退回原因"

_NOT_COUNTED = SERIAL_LABELS | {REASON_LABEL}


@dataclass(frozen=True)
class Remembered:
    """A mapping a person made once for a head: label -> field, kept under the head's fingerprint."""

    fingerprint: str
    ledger: str
    mapping: Mapping[str, str]


@dataclass(frozen=True)
class Candidate:
    """A ledger that might fit, with its score between 0 and 1."""

    ledger: str
    score: float


@dataclass(frozen=True)
class Recognition:
    """What a sheet was taken for. ``mapping`` is {column index: field}; ``labels`` are the sheet's own."""

    status: Status
    template: Template | None
    score: float
    mapping: Mapping[int, str]
    labels: tuple[str, ...]
    head_lines: tuple[int, ...]
    title: str
    missing: tuple[Column, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def ledger(self) -> str | None:
        """The id of the ledger, when one was settled on."""
        return self.template.id if self.template and self.status != "ambiguous" else None

    @property
    def certain(self) -> bool:
        """Whether the sheet can be taken in without a person's look at the mapping."""
        return self.status in {"recognised", "remembered"}

    @property
    def fingerprint(self) -> str:
        """The key under which a mapping for this head is remembered."""
        return fingerprint(self.labels)

    @property
    def unmapped(self) -> tuple[int, ...]:
        """Labelled columns that no field takes; they are kept in the raw record."""
        return tuple(index for index, label in enumerate(self.labels) if label and index not in self.mapping)

    @property
    def field_labels(self) -> dict[str, str]:
        """{field: label as in the sheet}, for findings."""
        return {field: self.labels[index] for index, field in self.mapping.items()}


def fingerprint(labels: Iterable[str]) -> str:
    """The same for the same head words in any order."""
    words = sorted(label_key(label) for label in labels if label and label != REASON_LABEL)
    return sha256("\n".join(words).encode()).hexdigest()[:32]


def recognise(
    sheet_head: SheetHead, templates: Sequence[Template], remembered: Iterable[Remembered] = ()
) -> Recognition:
    """Recognise one sheet from its first rows; see :class:`Recognition` for what may come out."""
    if not sheet_head.rows:
        return Recognition("unknown", None, 0.0, {}, (), (), "")
    heads = list(candidates(sheet_head.rows))
    memory = {(each.fingerprint, each.ledger): each for each in remembered}
    for head in heads:
        found = _from_memory(head, sheet_head, templates, memory.values())
        if found is not None:
            return found
    return _best_of(heads, sheet_head, templates)


def map_by_hand(
    sheet_head: SheetHead, template: Template, mapping: Mapping[str, str], lines: Sequence[int] = ()
) -> Recognition:
    """The recognition a person's mapping {label: field} makes, for the head at ``lines`` or the likeliest."""
    heads = [head for head in candidates(sheet_head.rows) if not lines or head.lines == tuple(lines)]
    if not heads:
        return Recognition("unknown", template, 0.0, {}, (), (), "", template.required)
    wanted = {label_key(label) for label in mapping}
    head = max(heads, key=lambda each: len(wanted & {label_key(label) for label in each.labels}))
    return _with_mapping(head, sheet_head, template, mapping, "remembered")


def _from_memory(
    head: Head, sheet_head: SheetHead, templates: Sequence[Template], memory: Iterable[Remembered]
) -> Recognition | None:
    mark = fingerprint(head.labels)
    for each in memory:
        template = next((known for known in templates if known.id == each.ledger), None)
        if each.fingerprint == mark and template is not None:
            return _with_mapping(head, sheet_head, template, each.mapping, "remembered")
    return None


def _with_mapping(
    head: Head, sheet_head: SheetHead, template: Template, mapping: Mapping[str, str], status: Status
) -> Recognition:
    by_label = {label_key(label): field for label, field in mapping.items() if field in template.by_name}
    found = {
        index: by_label[label_key(label)]
        for index, label in enumerate(head.labels)
        if label and label_key(label) in by_label
    }
    missing = tuple(column for column in template.required if column.name not in found.values())
    return Recognition(
        "incomplete" if missing else status, template, 1.0, found, head.labels, head.lines,
        _title(sheet_head, head), missing, (Candidate(template.id, 1.0),),
    )  # fmt: skip


def _best_of(heads: Sequence[Head], sheet_head: SheetHead, templates: Sequence[Template]) -> Recognition:
    found: dict[str, Recognition] = {}
    known = all_words(tuple(templates))
    for head in heads:
        if sum(any(word in known for word, _ in words) for words in head.words) < MIN_WORDS:
            continue
        body = _body(sheet_head, head)
        for template in templates:
            match = _compare(head, body, sheet_head, template, templates)
            held = found.get(template.id)
            if held is None or match.score > held.score + _lead(head, held):
                found[template.id] = match
    ranked = sorted(found.values(), key=lambda match: -match.score)
    listed = tuple(
        Candidate(m.template.id, round(m.score, 3)) for m in ranked[:4] if m.template and m.score > 0.15
    )
    if not ranked or ranked[0].score < ENOUGH:
        return _unknown(heads, sheet_head, listed)
    best = replace(ranked[0], candidates=listed)
    close = len(ranked) > 1 and ranked[1].score > best.score - MARGIN
    if close or not _is_telling(best, tuple(templates), sheet_head):
        return replace(best, status="ambiguous")
    return replace(best, status="incomplete" if best.missing else "recognised")


def _lead(head: Head, held: Recognition) -> float:
    """A head further down must be clearly better: heads repeat on later pages, with less above them."""
    return 0.0 if head.lines[0] == held.head_lines[0] else LATER_HEAD


def _is_telling(match: Recognition, templates: tuple[Template, ...], sheet_head: SheetHead) -> bool:
    """Whether anything speaks for this ledger alone: a column others lack, or words in a title."""
    assert match.template is not None
    telling = rarity(templates)
    if any(telling[match.template.id, name] > 0.4 for name in match.mapping.values()):
        return True
    return any(
        key(word) in key(f"{match.title} {sheet_head.sheet_name} {sheet_head.file_name}")
        for word in match.template.words
    )


def _unknown(heads: Sequence[Head], sheet_head: SheetHead, listed: tuple[Candidate, ...]) -> Recognition:
    """Nothing fits: offer the first of the widest heads, so that columns can be mapped by hand."""
    if not heads:
        return Recognition("unknown", None, 0.0, {}, (), (), "", (), listed)
    widest = max(head.filled for head in heads)
    head = next(each for each in heads if each.filled * 5 >= widest * 4)
    return Recognition(
        "unknown", None, 0.0, {}, head.labels, head.lines, _title(sheet_head, head), (), listed
    )


def _body(sheet_head: SheetHead, head: Head) -> list[Row]:
    return [row for row in sheet_head.rows if row.line > head.lines[-1]][:SAMPLE_ROWS]


def _title(sheet_head: SheetHead, head: Head) -> str:
    """The first text above the head."""
    above = (row for row in sheet_head.rows if row.line < head.lines[0])
    return next((shown(cell) or "" for row in above for cell in row.cells if cell is not None), "")


def _compare(
    head: Head, body: Sequence[Row], sheet_head: SheetHead, template: Template, templates: Sequence[Template]
) -> Recognition:
    found = pairs(head, body, template, sheet_head.since_1904)
    mapping: dict[int, str] = {}
    worth: dict[str, float] = {}
    for value, _, index, column in sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if index not in mapping and column.name not in worth:
            mapping[index] = column.name
            worth[column.name] = value
    missing = tuple(column for column in template.required if column.name not in worth)
    score = _score(head, template, templates, worth, title_fit(sheet_head, head, template))
    if missing:
        score *= 0.75 ** len(missing)
    return Recognition(
        "recognised", template, score, dict(sorted(mapping.items())), head.labels, head.lines,
        _title(sheet_head, head), missing,
    )  # fmt: skip


def _score(
    head: Head, template: Template, templates: Sequence[Template], worth: Mapping[str, float], title: float
) -> float:
    telling = rarity(tuple(templates))
    weights = {c.name: telling[template.id, c.name] * (2 if c.required else 1) for c in template.columns}
    cover = sum(weights[name] * value for name, value in worth.items()) / sum(weights.values())
    labelled = sum(1 for label in head.labels if label and label_key(label) not in _NOT_COUNTED)
    used = min(1.0, len(worth) / labelled) if labelled else 0.0
    return 0.6 * cover + 0.25 * used + 0.15 * title
