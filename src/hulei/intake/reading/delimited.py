"""csv and its kin: encoding and delimiter are found out, then rows are read as a stream."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hulei.intake.reading.cells import MAX_COLUMNS, CellValue, Row, Rows, clip_text, trim_right
from hulei.intake.reading.refusals import FileRefused, broken

CHUNK = 1 << 16
DELIMITERS = (",", "\t", ";", "|")
# A record longer than this is a quotation mark that was never closed.
MAX_RECORD_LINES = 60
_SAMPLE_RECORDS = 40
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class DelimitedBook:
    """One delimited text as a book of one sheet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.encoding = find_encoding(path)
        self.delimiter = _find_delimiter(path, self.encoding)

    def rows(self) -> Rows:
        """The filled rows in order; ``line`` counts records, as a spreadsheet would show them."""
        with self._path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(_without_nul(file), delimiter=self.delimiter)
            before, last_open = 0, False
            number = 0
            for record in _records(reader):
                if number == 0 and _is_separator_note(record):
                    continue
                number += 1
                spans, before = reader.line_num - before, reader.line_num
                if spans > MAX_RECORD_LINES:
                    raise _unpaired(before - spans + 1)
                last_open = spans > 1 and bool(record) and record[-1].endswith(("\n", "\r"))
                cells: list[CellValue] = [clip_text(cell) or None for cell in record[:MAX_COLUMNS]]
                if trim_right(cells):
                    yield Row(number, cells)
            if last_open:
                raise _unpaired(before)


def _records(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as fault:
        raise _unpaired(getattr(reader, "line_num", 0)) from fault


def _unpaired(line: int) -> FileRefused:
    return broken(f"第 {line} 行附近引号没有配对", f"a quotation mark near line {line} is never closed")


def _is_separator_note(record: list[str]) -> bool:
    """``sep=,`` on the first line is a hint for Excel."""
    return len(record) <= 2 and record[:1] != [] and record[0].lower().startswith("sep=")


def _without_nul(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if "\x00" in line:
            raise broken("文本中有空字节", "the text contains NUL bytes")
        yield line


def find_encoding(path: Path) -> str:
    """The encoding in which the whole file reads without a fault; raises ``encoding_unknown``."""
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _proven(path, (name,))
    if b"\x00" in head:
        return _proven(path, _wide_encodings(head))
    return _proven(path, ("utf-8", "gb18030"))


def _wide_encodings(head: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: the zeros of its ASCII fall on one side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 8 or min(even, odd) * 4 > max(even, odd):
        raise broken("文本中有空字节", "the text contains NUL bytes")
    return ("utf-16-le",) if odd > even else ("utf-16-be",)


def _proven(path: Path, candidates: tuple[str, ...]) -> str:
    for name in candidates:
        decoder = codecs.getincrementaldecoder(name)(errors="strict")
        odd = total = 0
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    text = decoder.decode(chunk)
                    total += len(text)
                    odd += sum(_is_odd(char) for char in text[:2000])
                decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        if odd * 50 <= total:
            return name
    raise FileRefused("encoding_unknown")


def _is_odd(char: str) -> bool:
    """Control characters and private-use ones do not stand in honest ledgers."""
    return ("\ue000" <= char <= "\uf8ff") or (char < " " and char not in "\t\r\n\x00\x0c")


def _find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter under which most records have the same number of cells, and the most of them."""
    with path.open(encoding=encoding, newline="") as file:
        sample = [line for _, line in zip(range(_SAMPLE_RECORDS * 3), file, strict=False) if line.strip()]
    if not sample:
        raise FileRefused("file_empty")
    return max(DELIMITERS, key=lambda mark: (_regularity(sample, mark), -DELIMITERS.index(mark)))


def _regularity(sample: list[str], delimiter: str) -> float:
    try:
        widths = [len(record) for record in csv.reader(sample[:_SAMPLE_RECORDS], delimiter=delimiter)]
    except csv.Error:
        return 0.0
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0
    width, times = counted.most_common(1)[0]
    return times / len(widths) * min(width, 40)
