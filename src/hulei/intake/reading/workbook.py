"""Open any ledger file as a book of sheets whose rows can be walked again and again."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from hulei.common.landing import Finding
from hulei.intake.reading.archive import open_archive, stream_part
from hulei.intake.reading.cells import Row, Rows
from hulei.intake.reading.delimited import DelimitedBook
from hulei.intake.reading.limits import STANDARD, Limits
from hulei.intake.reading.ods import OdsBook
from hulei.intake.reading.refusals import FileRefused
from hulei.intake.reading.sniff import kind_of
from hulei.intake.reading.xls import XlsBook
from hulei.intake.reading.xlsx import XlsxBook

HEAD_LINES = 25
HEAD_ROWS = 60
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"

Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One visible sheet. ``rows()`` starts anew each time and yields filled rows only."""

    name: str
    file_name: str
    _rows: Callable[[], Rows]
    _merges: Callable[[], list[Merge]] = list
    since_1904: bool = False

    def rows(self) -> Rows:
        """The filled rows, as a stream."""
        return self._rows()

    def merges(self) -> list[Merge]:
        """Merged ranges (top, left, bottom, right), where the kind of file tells them."""
        return self._merges()

    def head(self) -> SheetHead:
        """The first rows, for recognition and preview."""
        return SheetHead(self.name, self.file_name, tuple(islice(self.rows(), HEAD_ROWS)), self.since_1904)


@dataclass(frozen=True)
class SheetHead:
    """What recognition sees of a sheet: its name, the file's name, and the first filled rows."""

    sheet_name: str
    file_name: str
    rows: tuple[Row, ...]
    since_1904: bool = False


@dataclass
class Workbook:
    """An opened file. Close it, or use it as a context manager."""

    path: Path
    kind: str
    sheets: tuple[Sheet, ...]
    warnings: tuple[Finding, ...] = ()
    _closers: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        """Let go of files and texts."""
        while self._closers:
            self._closers.pop()()

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_workbook(path: Path | str, *, name: str | None = None, limits: Limits = STANDARD) -> Workbook:
    """Open xlsx, xls, ods or delimited text, told by content. ``name`` is the name people gave the file.

    Raises :class:`FileRefused` with a stable code and words that say what to do.
    """
    path = Path(path)
    name = name or path.name
    size = path.stat().st_size
    kind = kind_of(path)
    if size > limits.file_bytes:
        limit = f"{limits.file_bytes // (1024 * 1024)} MB"
        raise FileRefused("file_too_large", f"超过 {limit}", f"more than {limit}")
    if kind == "zip":
        return _open_zip(path, name, limits)
    return _open_xls(path, name, limits) if kind == "ole" else _open_text(path, name)


def _open_zip(path: Path, name: str, limits: Limits) -> Workbook:
    archive = open_archive(path, limits)
    try:
        parts = set(archive.namelist())
        if "mimetype" in parts and b"".join(stream_part(archive, "mimetype")).strip() == _ODS:
            return _open_ods(archive, path, name, limits)
        if any(part.startswith("xl/") and part.endswith("workbook.bin") for part in parts):
            raise FileRefused("file_kind_unknown", "xlsb 二进制工作簿", "a binary xlsb workbook")
        if "xl/workbook.xml" in parts or any(part.endswith("/workbook.xml") for part in parts):
            return _open_xlsx(archive, path, name)
        raise FileRefused("file_kind_unknown", *_name_stranger(parts))
    except BaseException:
        archive.close()
        raise


def _name_stranger(parts: set[str]) -> tuple[str, str]:
    if any(part.startswith("word/") for part in parts):
        return "Word 文档", "a Word document"
    if any(part.startswith("ppt/") for part in parts):
        return "PowerPoint 文档", "a PowerPoint document"
    return "压缩包,请先解压", "an archive; unpack it first"


def _open_xlsx(archive: zipfile.ZipFile, path: Path, name: str) -> Workbook:
    book = XlsxBook(archive)
    shown = [part for part in book.sheets if not part.hidden]
    sheets = tuple(
        Sheet(part.name, name, partial(book.rows, part), partial(book.merges, part), book.since_1904)
        for part in shown
    )
    hidden = [part.name for part in book.sheets if part.hidden]
    return _book(path, "xlsx", sheets, hidden, [archive.close, book.close])


def _open_ods(archive: zipfile.ZipFile, path: Path, name: str, limits: Limits) -> Workbook:
    book = OdsBook(archive, limits)
    sheets = tuple(
        Sheet(title, name, partial(book.rows, index))
        for index, (title, hidden) in enumerate(book.sheets)
        if not hidden
    )
    return _book(path, "ods", sheets, [title for title, hidden in book.sheets if hidden], [archive.close])


def _open_xls(path: Path, name: str, limits: Limits) -> Workbook:
    book = XlsBook(path, limits)
    sheets = tuple(
        Sheet(title, name, partial(book.rows, index))
        for index, (title, hidden) in enumerate(book.sheets)
        if not hidden
    )
    return _book(path, "xls", sheets, [title for title, hidden in book.sheets if hidden], [book.close])


def _open_text(path: Path, name: str) -> Workbook:
    book = DelimitedBook(path)
    return _book(path, "csv", (Sheet(Path(name).stem, name, book.rows),), [], [])


def _book(
    path: Path, kind: str, sheets: tuple[Sheet, ...], hidden: list[str], closers: list[Callable[[], None]]
) -> Workbook:
    """Put it together; a book in which no sheet holds anything is refused as empty."""
    book = Workbook(path, kind, sheets, tuple(_hidden(title) for title in hidden), closers)
    try:
        if not any(next(sheet.rows(), None) for sheet in sheets):
            raise FileRefused("file_empty")
    except BaseException:
        book.close()
        raise
    return book


def _hidden(title: str) -> Finding:
    return Finding(
        column="",
        code="sheet_hidden",
        message=f"隐藏的工作表“{title}”没有读取;需要时请先取消隐藏。",
        message_en=f"The hidden sheet “{title}” was not read; unhide it if it is needed.",
        level="warning",
    )
