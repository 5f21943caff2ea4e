"""Cells merged downwards in the body of a sheet: each row gets the value they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hulei.intake.reading.cells import CellValue, Row
from hulei.intake.reading.workbook import Merge


def fill_merged(rows: Iterator[Row], merges: Sequence[Merge], *, after: int) -> Iterator[Row]:
    """The same rows; below line ``after`` a cell merged downwards is filled in each line it spans.

    Only the first column of a range is filled: sideways there is nothing to share.
    """
    waiting = sorted((m for m in merges if m[2] > m[0] > after), reverse=True)
    if not waiting:
        return rows
    return _filled(rows, waiting)


def _filled(rows: Iterator[Row], waiting: list[Merge]) -> Iterator[Row]:
    open_ranges: dict[int, tuple[int, CellValue]] = {}
    for line, cells in rows:
        for column, (bottom, value) in list(open_ranges.items()):
            if line > bottom:
                del open_ranges[column]
            elif column >= len(cells) or cells[column] is None:
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = value
        while waiting and waiting[-1][0] <= line:
            top, left, bottom, _ = waiting.pop()
            if top == line and left < len(cells):
                open_ranges[left] = (bottom, cells[left])
        yield Row(line, cells)
