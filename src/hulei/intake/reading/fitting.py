"""How well a head word, the cells below it and a title fit a field of a template. Numbers from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hulei.intake.reading.cells import CellValue, Row, shown
from hulei.intake.reading.columns import reader_for
from hulei.intake.reading.heads import Head
from hulei.intake.reading.normal.text import key
from hulei.intake.reading.templates import Column, Template
from hulei.intake.reading.workbook import SheetHead

# In front of a known head word these make it somebody else's: 父亲身份证号 is not the child's.
_SOMEBODY_ELSE = ("父", "母", "监护", "家长", "祖", "联系", "紧急", "帮扶", "配偶", "报案", "报警", "委托")
_NEVER_LOOSE = frozenset({"name", "national_id"})


@lru_cache(maxsize=4)
def all_words(templates: tuple[Template, ...]) -> frozenset[str]:
    """Every head word that any template knows."""
    return frozenset().union(*(column.vocabulary for template in templates for column in template.columns))


@lru_cache(maxsize=4)
def rarity(templates: tuple[Template, ...]) -> dict[tuple[str, str], float]:
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


def pairs(
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


def title_fit(sheet_head: SheetHead, head: Head, template: Template) -> float:
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
