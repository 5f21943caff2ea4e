"""Head rows: which rows could be the head of a sheet, and the labels they give its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from hulei.intake.reading.cells import CellValue, Row
from hulei.intake.reading.normal.text import is_nothing, label_key, tidy

HEAD_WITHIN = 20
MAX_LABEL = 40

_BRACKETS = re.compile(r"\(.*?\)|【.*?】|\[.*?\]")
_FILLERS = re.compile(r"(?:基本)?(?:信息|情况|资料)$")
_VALUE = re.compile(r"[\d.,:/年月日\-\s]+$")
SERIAL_LABELS = frozenset({"序号", "序", "编号", "no", "no.", "行号", "项次", "号"})


@dataclass(frozen=True)
class Head:
    """A candidate head: its lines, and for each column the label shown and the words it may mean.

    ``words[c]`` lists (folded word, weight); the weight is 1 for the label as a whole and less for
    readings that drop a part of it.
    """

    lines: tuple[int, ...]
    labels: tuple[str, ...]
    words: tuple[tuple[tuple[str, float], ...], ...]

    @property
    def filled(self) -> int:
        """How many columns have a label."""
        return sum(1 for label in self.labels if label)


def candidates(rows: Sequence[Row]) -> Iterator[Head]:
    """Every row, and every pair of rows, near the top that could be a head."""
    near = [row for row in rows[: HEAD_WITHIN + 1] if row.line <= rows[0].line + 2 * HEAD_WITHIN]
    for index, row in enumerate(near[:HEAD_WITHIN]):
        if not _could_be_head(row):
            continue
        below = near[index + 1] if index + 1 < len(near) else None
        if below is not None and below.line == row.line + 1 and _is_lower_level(row.cells, below.cells):
            yield _double(row, below)
        yield _single(row)


def _could_be_head(row: Row) -> bool:
    """At least two short texts, and hardly anything that looks like a value."""
    texts = [cell for cell in row.cells if isinstance(cell, str) and not is_nothing(cell)]
    others = sum(1 for cell in row.cells if cell is not None and not isinstance(cell, str))
    short = [text for text in texts if len(text.strip()) <= MAX_LABEL and not _VALUE.match(text.strip())]
    return len(short) >= 2 and others <= len(short) // 4 and len(set(short)) >= 2


def _is_lower_level(upper: Sequence[CellValue], lower: Sequence[CellValue]) -> bool:
    """Short texts standing under a merged cell: some of them where the upper row has a gap."""
    under_gap = 0
    for column, cell in enumerate(lower):
        if cell is None:
            continue
        if not isinstance(cell, str) or len(cell) > MAX_LABEL or _VALUE.match(cell.strip()):
            return False
        above = upper[column] if column < len(upper) else None
        under_gap += above is None and any(c is not None for c in upper[:column])
    return under_gap > 0 and len(lower) - lower.count(None) < len(upper) - upper.count(None) + under_gap


def _label(cell: CellValue) -> str:
    """What stands in a head cell; a year or a date in it is text too."""
    if cell is None or isinstance(cell, date | time):
        return ""
    text = tidy(str(cell))
    return text if len(text) <= MAX_LABEL else ""


def _single(row: Row) -> Head:
    labels = [_label(cell) for cell in row.cells]
    return Head((row.line,), _unique(labels), tuple(_words(label) for label in labels))


def _double(upper: Row, lower: Row) -> Head:
    width = max(len(upper.cells), len(lower.cells))
    above = [_label(cell) for cell in upper.cells] + [""] * (width - len(upper.cells))
    below = [_label(cell) for cell in lower.cells] + [""] * (width - len(lower.cells))
    labels: list[str] = []
    words: list[tuple[tuple[str, float], ...]] = []
    group = ""
    for top, bottom in zip(above, below, strict=True):
        group = top if top else (group if bottom else "")
        if bottom and group:
            labels.append(group + bottom)
            words.append(_joined_words(group, bottom))
        else:
            labels.append(top or bottom)
            words.append(_words(top or bottom))
    return Head((upper.line, lower.line), _unique(labels), tuple(words))


def _words(label: str) -> tuple[tuple[str, float], ...]:
    """The label whole, and without what stands in brackets."""
    whole = label_key(label)
    if not whole:
        return ()
    bare = _BRACKETS.sub("", whole)
    return ((whole, 1.0),) if bare == whole or not bare else ((whole, 1.0), (bare, 0.9))


def _joined_words(group: str, label: str) -> tuple[tuple[str, float], ...]:
    """监护人信息 over 电话: 监护人信息电话, 监护人电话, and with least weight 电话 alone."""
    bare = _FILLERS.sub("", label_key(group))
    found: dict[str, float] = {}
    for prefix, weight in ((label_key(group), 1.0), (bare, 1.0), ("", 0.6)):
        for word, own in _words(label):
            found.setdefault(prefix + word, weight * own)
    return tuple(found.items())


def _unique(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels that stand twice get a number, so that each names one column."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        found.append(label if not label or seen[label] == 1 else f"{label}({seen[label]})")
    return tuple(found)
