"""xlsx, read as a stream: memory does not grow with the number of rows."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass

from hulei.intake.reading.archive import local, new_parser, parse_part, parse_whole, stream_part
from hulei.intake.reading.cells import MAX_SHEETS, Rows
from hulei.intake.reading.moments import is_date_format
from hulei.intake.reading.refusals import FileRefused, broken
from hulei.intake.reading.shelf import TextShelf
from hulei.intake.reading.xlsx_cells import COLUMNS, RowReader, TextReader

_MERGE = re.compile(rb'mergeCell\s+ref="\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)"')
_SHEET_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
MAX_MERGES = 20_000
MAX_MERGE_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet as the workbook names it."""

    name: str
    part: str
    hidden: bool


class XlsxBook:
    """The parts of one xlsx: its sheets, which styles are dates, and the shared texts."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.since_1904 = False
        self.sheets: list[SheetPart] = []
        self._styles: list[bool] = []
        self._texts: TextShelf | None = None
        workbook = self._find("", "/officeDocument") or "xl/workbook.xml"
        self._targets = self._relations(workbook)
        self._read_workbook(workbook)
        styles = self._find(workbook, "/styles")
        if styles and styles in archive.namelist():
            self._styles = _date_styles(archive, styles)
        self._texts_part = self._find(workbook, "/sharedStrings")

    def rows(self, sheet: SheetPart) -> Rows:
        """The filled rows of a sheet in order. Raises FileRefused where the file turns out broken."""
        reader = RowReader(self._shelf(), self._styles, self.since_1904)
        parser = new_parser(start=reader.start, end=reader.end, text=reader.texts.append)
        for _ in parse_part(self._archive, sheet.part, parser):
            reader.shorten()
            if reader.done:
                yield from reader.done
                reader.done.clear()

    def merges(self, sheet: SheetPart) -> list[tuple[int, int, int, int]]:
        """Merged ranges as (top, left, bottom, right): lines from 1, columns from 0."""
        tail = b""
        inside = False
        for chunk in stream_part(self._archive, sheet.part):
            tail += chunk
            if not inside and (end := _SHEET_END.search(tail)):
                inside, tail = True, tail[end.end() :]
            if len(tail) > MAX_MERGE_BYTES:
                break
            tail = tail if inside else tail[-32:]
        found = _MERGE.findall(tail)[:MAX_MERGES]
        return [
            (int(top), COLUMNS[left.decode()], int(bottom), COLUMNS[right.decode()])
            for left, top, right, bottom in found
        ]

    def close(self) -> None:
        """Let go of the texts."""
        if self._texts is not None:
            self._texts.close()

    def _shelf(self) -> TextShelf:
        if self._texts is None:
            self._texts = TextShelf()
            if self._texts_part and self._texts_part in self._archive.namelist():
                _read_texts(self._archive, self._texts_part, self._texts)
        return self._texts

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (type, target part) of a part; empty where none are declared."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._archive.namelist():
            return {}
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), posixpath.normpath(whole))

        parse_whole(self._archive, rels, new_parser(start=start, end=_nothing))
        return found

    def _find(self, part: str, kind: str) -> str | None:
        return next(
            (target for type_, target in self._relations(part).values() if type_.endswith(kind)), None
        )

    def _read_workbook(self, workbook: str) -> None:
        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "workbookPr":
                self.since_1904 = attributes.get("date1904", "0") in {"1", "true"}
            elif name == "sheet":
                relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
                type_, part = self._targets.get(relation, ("", ""))
                if type_.endswith("/worksheet"):
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(SheetPart(attributes.get("name", ""), part, hidden))

        parse_whole(self._archive, workbook, new_parser(start=start, end=_nothing))
        if len(self.sheets) > MAX_SHEETS:
            raise FileRefused("file_bomb", f"{len(self.sheets)} 个工作表", f"{len(self.sheets)} sheets")
        if not self.sheets:
            raise broken("没有工作表", "it has no worksheet")


def _nothing(_: str) -> None:
    """Ends of elements that nobody waits for."""


def _date_styles(archive: zipfile.ZipFile, part: str) -> list[bool]:
    """For each cell style whether it shows a date."""
    codes: dict[int, str] = {}
    styles: list[bool] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt" and "numFmtId" in attributes:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            number = int(attributes.get("numFmtId", "0"))
            styles.append(is_date_format(number, codes.get(number)))
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    parse_whole(archive, part, new_parser(start=start, end=end))
    return styles


def _read_texts(archive: zipfile.ZipFile, part: str, shelf: TextShelf) -> None:
    """Fill the shelf; phonetic guides are not part of a text."""
    reader = TextReader(shelf)
    parse_whole(archive, part, new_parser(start=reader.start, end=reader.end, text=reader.text))
