"""The zip around xlsx and ods: opened with care, its parts read as streams."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from hulei.intake.reading.limits import Limits
from hulei.intake.reading.refusals import FileRefused, broken

CHUNK = 1 << 16
_READ_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The archive, after its table of contents was found plausible. Raises FileRefused."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise broken("压缩结构不完整", "the archive is incomplete") from fault
    try:
        _check_contents(archive, path, limits)
    except FileRefused:
        archive.close()
        raise
    return archive


def _check_contents(archive: zipfile.ZipFile, path: Path, limits: Limits) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused("file_encrypted")
    if len(parts) > limits.parts:
        raise FileRefused("file_bomb", f"{len(parts)} 个部件", f"{len(parts)} parts")
    unpacked = sum(part.file_size for part in parts)
    packed = max(path.stat().st_size, 1)
    if unpacked > limits.unpacked_bytes or (
        unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio
    ):
        size = f"{unpacked // (1024 * 1024)} MB"
        raise FileRefused("file_bomb", f"展开后 {size}", f"{size} when unpacked")


def stream_part(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of one part in chunks. The declared size is a hard end: zipfile reads no further."""
    try:
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                yield chunk
    except KeyError as fault:
        raise broken(f"缺少部件 {name}", f"part {name} is missing") from fault
    except _READ_FAULTS as fault:
        raise broken("内容无法解压", "its content cannot be unpacked") from fault


def new_parser(
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], Any] | None = None,
) -> expat.XMLParserType:
    """An XML parser that refuses document types, and with them every entity trick."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise FileRefused("file_bomb", "含 DTD 或外部实体", "a DTD or an external entity")


def parse_part(archive: zipfile.ZipFile, name: str, parser: expat.XMLParserType) -> Iterator[None]:
    """Feed a part to a parser, yielding after each chunk so that the caller can hand out rows."""
    try:
        for chunk in stream_part(archive, name):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, IndexError, KeyError) as fault:
        short = name.rsplit("/", 1)[-1]
        raise broken(f"部件 {short} 的内容不合规", f"part {short} is malformed") from fault
    yield


def parse_whole(archive: zipfile.ZipFile, name: str, parser: expat.XMLParserType) -> None:
    """Parse a part whose handlers collect what they need."""
    for _ in parse_part(archive, name, parser):
        pass


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rsplit(" ", 1)[-1]
