"""Rows below the head that are no data: totals, notes, repeated heads, numbered blanks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from hulei.intake.reading.cells import CellValue
from hulei.intake.reading.normal.text import is_nothing, key, label_key

_TOTAL = re.compile(
    r"(?:本页|本月|本年|全区|全县|全市|年度)?(?:合计|总计|小计|共计|累计|总数|合計|total|subtotal)(?:$|[:：\d(共])"
)
_TOTAL_BEGINS = frozenset("本全年合总小共累tTsSＴｔＳｓ")
_SIGNATURE = re.compile(
    r"(?:制表|填表|填报|审核|审批|复核|统计|录入|报送|打印|单位负责|分管领导|负责|经办|联系|核对|校对)"
    r"(?:人|单位|领导|日期|时间|电话|部门)?(?:签字|签名|\(.*?\)|盖章)*[:：]"
)
_NOTE = re.compile(
    r"(?:备注|说明|注|附注|填表说明|附件|数据来源|数据截至|截至)\d*[:：.]|注\d*$|[※*★]|以上|本表"
)
_SPACES = "\u3000 \t\r\n\xa0\u200b\ufeff"
_SECTION = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]+部分"
)


def skip_reason(
    cells: Sequence[CellValue],
    mapped: frozenset[int],
    required: frozenset[int],
    heads: Mapping[int, Collection[str]],
) -> str | None:
    """Why a row is no data row: ``blank``, ``total``, ``head``, ``note``; None for a data row.

    ``mapped`` and ``required`` are column indexes; ``heads`` the folded
    words that stand in the head of each column.
    """
    first = _first_words(cells)
    if any(word.lstrip(_SPACES)[:1] in _TOTAL_BEGINS and _TOTAL.match(key(word)) for _, word in first):
        return "total"
    if _is_head(cells, heads, first) or _is_numbering(cells):
        return "head"
    filled = [index for index, cell in enumerate(cells) if not _is_empty(cell)]
    if mapped.isdisjoint(filled):
        return "note" if first else "blank"
    return "note" if _is_note(cells, filled, required) else None


def _first_words(cells: Sequence[CellValue]) -> list[tuple[int, str]]:
    """The texts among the first two filled cells, with their columns."""
    found: list[tuple[int, str]] = []
    filled = 0
    for index, cell in enumerate(cells):
        if not _is_empty(cell):
            filled += 1
            if isinstance(cell, str):
                found.append((index, cell))
            if filled == 2:
                break
    return found


def _is_empty(cell: CellValue) -> bool:
    if not isinstance(cell, str):
        return cell is None
    return not cell or (cell[0] in _SPACES and not cell.strip(_SPACES))


def _is_head(
    cells: Sequence[CellValue], heads: Mapping[int, Collection[str]], first: Sequence[tuple[int, str]]
) -> bool:
    """Most of what is filled are head words, each in its own column again."""
    if not any(label_key(word) in heads.get(index, ()) for index, word in first):
        return False
    texts = [(index, cell) for index, cell in enumerate(cells) if isinstance(cell, str)]
    same = sum(label_key(cell) in heads.get(index, ()) for index, cell in texts)
    return same >= 2 and same * 5 >= len(texts) * 3


def _is_numbering(cells: Sequence[CellValue]) -> bool:
    """A row of 1 2 3 4 … under the head, as printed forms have it."""
    if len(cells) < 4 or str(cells[0]).strip("()栏 ") != "1" or str(cells[1]).strip("()栏 ") != "2":
        return False
    texts = [str(cell).strip("()栏 ") if cell is not None else "" for cell in cells]
    return texts == [str(number) for number in range(1, len(texts) + 1)]


def _is_note(cells: Sequence[CellValue], filled: Sequence[int], required: Collection[int]) -> bool:
    first = cells[filled[0]]
    few = len(filled) <= 2 or sum(index in required for index in filled) * 2 <= len(required)
    if not few or not isinstance(first, str):
        return False
    word = key(first)
    if _SIGNATURE.match(word):
        return True
    alone = len(filled) == 1
    return alone and (_NOTE.match(word) is not None or _SECTION.match(word) is not None or is_nothing(word))
