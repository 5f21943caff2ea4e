"""Which ledger a sheet is, and which of its columns is which field.

A sheet is compared with every template by its head words, the kinds of values below them, and the
words of its title, sheet name and file name. What is close is reported, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from hulei.intake.reading.cells import CellValue, Row, shown
from hulei.intake.reading.columns import reader_for
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

# In front of a known head word these make it somebody else's: 父亲身份证号 is not the child's.
_SOMEBODY_ELSE = ("父", "母", "监护", "家长", "祖", "联系", "紧急", "帮扶", "配偶", "报案", "报警", "委托")
_NOT_COUNTED = SERIAL_LABELS | {REASON_LABEL}
_NEVER_LOOSE = frozenset({"name", "national_id"})


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
    known = _all_words(tuple(templates))
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


@lru_cache(maxsize=4)
def _all_words(templates: tuple[Template, ...]) -> frozenset[str]:
    return frozenset().union(*(column.vocabulary for template in templates for column in template.columns))


def _is_telling(match: Recognition, templates: tuple[Template, ...], sheet_head: SheetHead) -> bool:
    """Whether anything speaks for this ledger alone: a column others lack, or words in a title."""
    assert match.template is not None
    rarity = _rarity(templates)
    if any(rarity[match.template.id, name] > 0.4 for name in match.mapping.values()):
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
    pairs = _pairs(head, body, template, sheet_head.since_1904)
    mapping: dict[int, str] = {}
    worth: dict[str, float] = {}
    for value, _, index, column in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if index not in mapping and column.name not in worth:
            mapping[index] = column.name
            worth[column.name] = value
    missing = tuple(column for column in template.required if column.name not in worth)
    score = _score(head, template, templates, worth, _title_fit(sheet_head, head, template))
    if missing:
        score *= 0.75 ** len(missing)
    return Recognition(
        "recognised", template, score, dict(sorted(mapping.items())), head.labels, head.lines,
        _title(sheet_head, head), missing,
    )  # fmt: skip


def _score(
    head: Head, template: Template, templates: Sequence[Template], worth: Mapping[str, float], title: float
) -> float:
    rarity = _rarity(tuple(templates))
    weights = {c.name: rarity[template.id, c.name] * (2 if c.required else 1) for c in template.columns}
    cover = sum(weights[name] * value for name, value in worth.items()) / sum(weights.values())
    labelled = sum(1 for label in head.labels if label and label_key(label) not in _NOT_COUNTED)
    used = min(1.0, len(worth) / labelled) if labelled else 0.0
    return 0.6 * cover + 0.25 * used + 0.15 * title


@lru_cache(maxsize=4)
def _rarity(templates: tuple[Template, ...]) -> dict[tuple[str, str], float]:
    """How telling a column is: one over the number of templates that know any of its main words."""
    holders: dict[str, set[str]] = {}
    for template in templates:
        for column in template.columns:
            for word in column.vocabulary:
                holders.setdefault(word, set()).add(template.id)
    return {
        (template.id, column.name): 1 / len(holders[column.head])
        for template in templates
        for column in template.columns
    }


def _pairs(
    head: Head, body: Sequence[Row], template: Template, since_1904: bool
) -> list[tuple[float, int, int, Column]]:
    """(worth, rank, column index, field) for each head word that may mean a field."""
    found: list[tuple[float, int, int, Column]] = []
    for index, words in enumerate(head.words):
        for rank, column in enumerate(template.columns):
            weight = max((_word_fit(word, column) * own for word, own in words), default=0.0)
            if weight > 0:
                fit = _content_fit(body, index, column, since_1904)
                found.append((weight * (0.4 + 0.6 * fit), rank, index, column))
    return found


def _word_fit(word: str, column: Column) -> float:
    if word == column.head:
        return 1.0
    if word in column.vocabulary:
        return 0.96
    if column.type in _NEVER_LOOSE or word.startswith(_SOMEBODY_ELSE):
        return 0.0
    loose = any(
        len(known) >= 3 and word.endswith(known) and len(word) <= len(known) + 6
        for known in column.vocabulary
    )
    return 0.55 if loose else 0.0


def _content_fit(body: Sequence[Row], index: int, column: Column, since_1904: bool) -> float:
    """The share of filled cells below that read without a fault; 1 where nothing is filled."""
    read = reader_for(column, since_1904=since_1904)
    filled = good = 0
    for row in body:
        cell: CellValue = row.cells[index] if index < len(row.cells) else None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        filled += 1
        reading = read(cell)
        good += reading.code is None or reading.level == "warning" or reading.code.endswith("_rounded")
    return good / filled if filled else 1.0


def _title_fit(sheet_head: SheetHead, head: Head, template: Template) -> float:
    """How well the title, the sheet's name and the file's name speak of the ledger."""
    above = " ".join(
        shown(cell) or "" for row in sheet_head.rows if row.line < head.lines[0] for cell in row.cells[:4]
    )
    places = (key(above), key(sheet_head.sheet_name), key(sheet_head.file_name))
    best = 0.0
    for word in template.words:
        folded = key(word)
        if any(folded in place for place in places):
            best = max(best, min(1.0, len(folded) / 4))
    return best
