"""Another district's ledgers: the demo year's rows under other names, heads, titles, orders and formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from hulei.intake.reading.recognition import recognise
from hulei.intake.reading.templates import load_templates
from hulei.intake.reading.workbook import open_workbook
from hulei.intake.tests.reading.sheets import write_csv, write_ods, write_xls

Cells = list[list[Any]]
DISTRICT = ("459901", "某某区")
# The agency keeps its kind of name, everything about the place is another's.
RENAMED = (
    ("北海市公安局铁山港分局", "某市公安局某某分局"),
    ("铁山港区", "某某区"),
    ("铁山港", "某某"),
    ("北海市", "某市"),
    ("兴港", "东河"),
    ("营盘", "西岭"),
    ("南康", "北桥"),
)


@dataclass(frozen=True)
class Sheet:
    """One ledger of the demo year: its kind, its own title, head and data rows."""

    ledger: str
    title: str
    fields: tuple[str | None, ...]
    head: tuple[str, ...]
    rows: Cells


def sheets_of(files: Sequence[Path]) -> Iterator[Sheet]:
    """Every ledger in the files, renamed to another district."""
    for path in files:
        with open_workbook(path) as book:
            for source in book:
                found = recognise(source.head(), load_templates())
                assert found.ledger and found.template, (path, source.name)
                last = max(found.head_lines)
                width = len(found.labels)
                rows = [
                    [_renamed(cell) for cell in [*row.cells, *[None] * width][:width]]
                    for row in source.rows()
                    if row.line > last and row.cells[0] != "合计"
                ]
                fields = tuple(found.mapping.get(index) for index in range(width))
                yield Sheet(found.ledger, found.template.title.zh, fields, tuple(found.labels), rows)


def _renamed(cell: Any) -> Any:
    if isinstance(cell, str):
        for here, there in RENAMED:
            cell = cell.replace(here, there)
    return cell


def shuffled(sheet: Sheet, dice: Random, *, synonyms: bool) -> tuple[list[str], Cells, list[str | None]]:
    """The same rows with columns in another order, a few more columns, and other head words."""
    order = dice.sample(range(len(sheet.head)), len(sheet.head))
    head = [_word(sheet, index, dice) if synonyms else sheet.head[index] for index in order]
    head = [
        word if head.count(word) == 1 else sheet.head[index] for word, index in zip(head, order, strict=True)
    ]
    rows = [[row[index] for index in order] for row in sheet.rows]
    fields = [sheet.fields[index] for index in order]
    for extra in dice.sample(("所属批次", "录入时间段", "档案柜号"), 2):
        at = dice.randrange(len(head) + 1)
        head.insert(at, extra)
        fields.insert(at, None)
        for row in rows:
            row.insert(at, None if dice.random() < 0.3 else dice.choice(("甲", "乙", "丙")))
    return head, rows, fields


def _word(sheet: Sheet, index: int, dice: Random) -> str:
    """A synonym of the column that stands for no other column of the same kind."""
    field = sheet.fields[index]
    if field is None:
        return sheet.head[index]
    template = next(t for t in load_templates() if t.id == sheet.ledger)
    column = template.by_name[field]
    foreign = set().union(*(c.vocabulary for c in template.columns if c is not column))
    words = [word for word in column.synonyms if word not in foreign]
    return dice.choice([*words, column.label.zh])


Writer = Callable[[Path, Sheet, Random], Path]


def plain(folder: Path, sheet: Sheet, dice: Random) -> Path:
    """No title, the same words in another order, a workbook and a sheet whose names say nothing."""
    head, rows, _ = shuffled(sheet, dice, synonyms=False)
    return _xlsx(folder / f"附件{dice.randrange(10**6)}.xlsx", [head, *rows])


def merged(folder: Path, sheet: Sheet, dice: Random) -> Path:
    """Title, note, a head of two lines with groups over merged cells, other words, total and signature."""
    head, rows, _ = shuffled(sheet, dice, synonyms=True)
    width = len(head)
    upper: list[Any] = list(head)
    lower: list[Any] = [None] * width
    start = dice.randrange(0, width - 2)
    upper[start : start + 3] = ["基本情况", None, None]
    lower[start : start + 3] = head[start : start + 3]
    top: Cells = [
        [f"某某区{sheet.title}(2023年)"],
        ["填报单位：某某区未保办", None, "单位：条"],
        upper,
        lower,
    ]
    tail: Cells = [[None] * width, ["合计", len(rows)], ["填表人：某人", None, "审核人：某人"]]
    line = len(top) - 1
    spans = [f"{_letter(start)}{line}:{_letter(start + 2)}{line}", f"A1:{_letter(width - 1)}1"]
    spans += [
        f"{_letter(i)}{line}:{_letter(i)}{line + 1}" for i in range(width) if not start <= i < start + 3
    ]
    name = f"{sheet.title}{dice.randrange(10**6)}.xlsx"
    return _xlsx(folder / name, [*top, *rows, *tail], spans)


def old_excel(folder: Path, sheet: Sheet, dice: Random) -> Path:
    """The format of before 2007, an empty first column, other words."""
    head, rows, _ = shuffled(sheet, dice, synonyms=True)
    grid = [[sheet.title], [None, *head], *([None, *row] for row in rows)]
    return write_xls(folder / f"{dice.randrange(10**6)}.xls", grid)


def open_document(folder: Path, sheet: Sheet, dice: Random) -> Path:
    """LibreOffice's own format."""
    head, rows, _ = shuffled(sheet, dice, synonyms=True)
    return write_ods(folder / f"{sheet.title}-{dice.randrange(10**6)}.ods", [head, *rows])


def text(folder: Path, sheet: Sheet, dice: Random) -> Path:
    """Text in GBK or UTF-8, with commas or tabs."""
    head, rows, _ = shuffled(sheet, dice, synonyms=True)
    words = [["" if cell is None else str(cell) for cell in row] for row in rows]
    path = folder / f"{sheet.title}{dice.randrange(10**6)}.csv"
    encoding = dice.choice(("gb18030", "utf-8-sig", "utf-8"))
    return write_csv(path, [head, *words], encoding=encoding, delimiter=dice.choice(",\t"))


WRITERS: tuple[Writer, ...] = (plain, merged, old_excel, open_document, text)


def _xlsx(path: Path, grid: Cells, spans: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in grid:
        page.append(row)
    for span in spans:
        page.merge_cells(span)
    book.save(path)
    return path


def _letter(index: int) -> str:
    return str(get_column_letter(index + 1))
