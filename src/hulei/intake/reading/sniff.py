"""What kind of file lies before us, told from its first bytes and never from its name."""

from __future__ import annotations

import re
from pathlib import Path

from hulei.intake.reading.refusals import FileRefused, broken

HEAD_BYTES = 8192
ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")

# (first bytes, what it is, the same in English): kinds that people upload by mistake
STRANGERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM", "图片", "a picture"),
    (b"II*\x00", "图片", "a picture"),
    (b"RIFF", "音视频或图片", "media"),
    (b"MZ", "程序文件", "a program"),
    (b"\x7fELF", "程序文件", "a program"),
    (b"Rar!", "RAR 压缩包,请先解压", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "7z 压缩包,请先解压", "a 7z archive; unpack it first"),
    (b"\x1f\x8b", "gzip 压缩包,请先解压", "a gzip archive; unpack it first"),
    (b"BZh", "压缩包,请先解压", "an archive; unpack it first"),
    (b"\xfd7zXZ", "压缩包,请先解压", "an archive; unpack it first"),
    (b"SQLite format 3", "数据库文件", "a database"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"PAR1", "Parquet 数据文件", "a Parquet file"),
    (b"\x09\x08", "很旧的 Excel 格式", "a very old Excel format"),
    (b"\x09\x04", "很旧的 Excel 格式", "a very old Excel format"),
    (b"\x09\x02", "很旧的 Excel 格式", "a very old Excel format"),
)

_HTML = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.I | re.S
)
_MARKUP = re.compile(rb"^\s*<(?:\?xml|[a-z!])", re.I)


def kind_of(path: Path) -> str:
    """``zip``, ``ole`` or ``text``; anything else raises :class:`FileRefused` with the reason."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise FileRefused("file_empty")
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        return "ole"
    if head.startswith(b"PK"):
        raise broken("压缩结构不完整", "the archive is incomplete")
    if not head.strip(b"\x00"):
        raise broken("全是空字节,多半是下载或拷贝没有完成", "nothing but NUL bytes; a copy was cut short")
    for magic, name, name_en in STRANGERS:
        if head.startswith(magic) and not _reads_as_text(head, magic):
            raise FileRefused("file_kind_unknown", name, name_en)
    _refuse_markup(head)
    return "text"


def _reads_as_text(head: bytes, magic: bytes) -> bool:
    """A short magic made of letters (``BM``, ``MZ``) may open an honest text."""
    return len(magic) == 2 and magic.isalpha() and b"\x00" not in head


def _refuse_markup(head: bytes) -> None:
    """Web pages and XML saved under the name of a sheet: very common from office systems."""
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = plain[2:].replace(b"\x00", b"")
    if _HTML.match(plain):
        raise FileRefused("file_kind_unknown", "网页,只是改了扩展名", "a web page under another name")
    if plain.lstrip().lower().startswith(b"mime-version:"):
        raise FileRefused("file_kind_unknown", "网页归档文件", "a web archive")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in plain:
        raise FileRefused("file_kind_unknown", "XML 表格 2003", "an XML spreadsheet of 2003")
    if _MARKUP.match(plain):
        raise FileRefused("file_kind_unknown", "XML 或网页文件", "an XML file or a web page")
