"""The compound file around xls: just enough to tell what it holds and to look before the reader leaps.

Layout after Microsoft's published [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hulei.intake.reading.refusals import FileRefused, broken

_END = 0xFFFFFFFA  # this and above are marks, not sectors
_ROOT, _STREAM = 5, 2


class CompoundFile:
    """Directory and streams of a compound file, read from memory. Raises FileRefused when broken."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._sector = 1 << struct.unpack_from("<H", data, 30)[0]
            if self._sector not in (512, 4096):
                raise ValueError("sector size")
            self._fat = self._read_fat()
            self._entries = self._read_directory()
        except (struct.error, ValueError, IndexError) as fault:
            raise broken("内部结构不完整", "its inner structure is incomplete") from fault

    @property
    def names(self) -> set[str]:
        """The names of all streams."""
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        """One stream whole; the small ones live together inside the root's stream."""
        start, size = self._entries[name]
        try:
            if size >= struct.unpack_from("<I", self._data, 56)[0]:
                return b"".join(self._chain(start))[:size]
            return self._small_stream(start, size)
        except (struct.error, IndexError) as fault:
            raise broken("内部结构不完整", "its inner structure is incomplete") from fault

    def _small_stream(self, start: int, size: int) -> bytes:
        store = b"".join(self._chain(self._root))
        table = b"".join(self._chain(struct.unpack_from("<I", self._data, 60)[0]))
        links = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
        found, sector = b"", start
        while sector < _END and len(found) < size:
            found += store[sector * 64 : sector * 64 + 64]
            sector = links[sector]
        return found[:size]

    def _at(self, sector: int) -> bytes:
        begin = (sector + 1) * self._sector
        piece = self._data[begin : begin + self._sector]
        if len(piece) < self._sector:
            raise IndexError(sector)
        return piece

    def _chain(self, sector: int) -> Iterator[bytes]:
        for _ in range(len(self._fat) + 1):
            if sector >= _END:
                return
            yield self._at(sector)
            sector = self._fat[sector]
        raise IndexError("the chain runs in a circle")

    def _read_fat(self) -> list[int]:
        sectors = [s for s in struct.unpack_from("<109I", self._data, 76) if s < _END]
        following = struct.unpack_from("<I", self._data, 68)[0]
        per = self._sector // 4
        for _ in range(len(self._data) // self._sector):
            if following >= _END:
                break
            numbers = struct.unpack(f"<{per}I", self._at(following))
            sectors += [s for s in numbers[:-1] if s < _END]
            following = numbers[-1]
        fat: list[int] = []
        for sector in sectors:
            piece = self._at(sector)
            fat += struct.unpack(f"<{len(piece) // 4}I", piece[: len(piece) // 4 * 4])
        return fat

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        entries: dict[str, tuple[int, int]] = {}
        self._root = _END
        for piece in self._chain(struct.unpack_from("<I", self._data, 48)[0]):
            for begin in range(0, len(piece) - 127, 128):
                entry = piece[begin : begin + 128]
                length, kind = struct.unpack_from("<HB", entry, 64)
                start, size = struct.unpack_from("<II", entry, 116)
                if kind == _ROOT:
                    self._root = start
                elif kind == _STREAM:
                    entries[entry[: max(length - 2, 0)].decode("utf-16-le", "replace")] = (start, size)
        return entries


@dataclass
class BinaryScan:
    """What a first walk over an xls workbook's records shows, before anything is laid out in memory."""

    encrypted: bool = False
    largest_box: int = 0
    errors: dict[tuple[int, int, int], str] = field(default_factory=dict)


_ERROR_WORDS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_CELLS = frozenset({0x0203, 0x027E, 0x00FD, 0x0204, 0x0006, 0x00BD, 0x0205, 0x00D6, 0x0201, 0x00BE})
_BOF, _FILEPASS, _BOOLERR, _FORMULA = 0x0809, 0x002F, 0x0205, 0x0006


def scan_workbook(stream: bytes) -> BinaryScan:
    """Walk the records: password, extent of each sheet, cells that hold errors (sheet, line, column)."""
    scan = BinaryScan()
    at, sheet, rows, columns = 0, -2, 0, 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if record in _CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            word = _error_word(stream, body, record, length)
            if word:
                scan.errors[sheet, row, column] = word
        elif record == _BOF:
            sheet += 1
            scan.largest_box = max(scan.largest_box, rows * columns)
            rows = columns = 0
        elif record == _FILEPASS:
            scan.encrypted = True
            break
        at = body + length
    scan.largest_box = max(scan.largest_box, rows * columns)
    return scan


def _error_word(stream: bytes, body: int, record: int, length: int) -> str | None:
    if record == _BOOLERR and length >= 8 and stream[body + 7] == 1:
        return _ERROR_WORDS.get(stream[body + 6])
    if (
        record == _FORMULA
        and length >= 14
        and stream[body + 6] == 2
        and stream[body + 12 : body + 14] == b"\xff\xff"
    ):
        return _ERROR_WORDS.get(stream[body + 8])
    return None


def open_compound(path: Path) -> CompoundFile:
    """The compound file at a path, refused where it is no workbook or locked."""
    compound = CompoundFile(path.read_bytes())
    names = compound.names
    if {"EncryptedPackage", "EncryptionInfo"} & names:
        raise FileRefused("file_encrypted")
    if "WordDocument" in names:
        raise FileRefused("file_kind_unknown", "Word 文档", "a Word document")
    if "PowerPoint Document" in names:
        raise FileRefused("file_kind_unknown", "PowerPoint 文档", "a PowerPoint document")
    if not {"Workbook", "Book"} & names:
        raise FileRefused("file_kind_unknown", "不是工作簿", "not a workbook")
    return compound
