"""Files as they really arrive: every format read alike, and the malformed refused with their reason."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hulei.intake.reading.cells import ErrorCell, FormulaCell, LongCell
from hulei.intake.reading.limits import Limits
from hulei.intake.reading.refusals import MESSAGES, FileRefused
from hulei.intake.reading.workbook import open_workbook
from hulei.intake.tests.reading.sheets import (
    MAIN,
    REGISTER_HEAD,
    bare_xlsx,
    cells_of,
    register_row,
    write_csv,
    write_ods,
    write_xls,
    write_xlsx,
)

GRID = [["姓名", "人数", "日期"], ["张怡", 3, datetime(2023, 10, 27)], ["莫,熙", 1.5, None]]


def refusal(path: Path, **limits: int) -> FileRefused:
    """The reason why the file is refused, wherever in the reading it comes to light."""
    with pytest.raises(FileRefused) as caught, open_workbook(path, limits=Limits(**limits)) as book:
        for sheet in book:
            for _ in sheet.rows():
                pass
    assert caught.value.message and caught.value.message_en
    return caught.value


class TestFormats:
    """The same grid from every format."""

    @pytest.mark.parametrize("write", [write_xlsx, write_xls, write_ods])
    def test_typed_formats(self, tmp_path: Path, write) -> None:
        first, second, third = (cells for _, cells in cells_of(write(tmp_path / "misnamed.csv", GRID)))
        assert first == ["姓名", "人数", "日期"]
        assert second[:2] == ["张怡", 3] and isinstance(second[1], int)
        assert second[2] in (datetime(2023, 10, 27), date(2023, 10, 27))
        assert third == ["莫,熙", 1.5]

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
    )
    @pytest.mark.parametrize("delimiter", [",", "\t", ";"])
    def test_text_in_every_encoding(self, tmp_path: Path, encoding: str, delimiter: str) -> None:
        grid = [["姓名", "备注", "电话"], ["张怡", "第一行\n第二行", "199"], ["莫,熙", '他说"好"', "188"]] * 5
        path = write_csv(tmp_path / "t.xls", grid, encoding=encoding, delimiter=delimiter)
        assert [cells for _, cells in cells_of(path)] == grid

    def test_a_separator_note_is_no_row(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_text("sep=;\n姓名;人数\n张怡;3\n", encoding="utf-8")
        assert cells_of(tmp_path / "t.csv") == [(1, ["姓名", "人数"]), (2, ["张怡", "3"])]

    def test_lines_are_those_of_the_sheet(self, tmp_path: Path) -> None:
        grid = [["标题"], [None], ["姓名", "人数"], [None, None], ["张怡", 3]]
        for path in (
            write_xlsx(tmp_path / "a", grid),
            write_xls(tmp_path / "b", grid),
            write_ods(tmp_path / "c", grid),
        ):
            assert [line for line, _ in cells_of(path)] == [1, 3, 5]
        assert [line for line, _ in cells_of(write_csv(tmp_path / "d", grid))] == [1, 3, 5]

    def test_hidden_sheets_are_passed_over_and_named(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(["姓名", "人数"])  # type: ignore[union-attr]
        hidden = book.create_sheet("旧数据")
        hidden.append(["不该读到"])
        hidden.sheet_state = "hidden"
        book.save(tmp_path / "t.xlsx")
        with open_workbook(tmp_path / "t.xlsx") as opened:
            assert [sheet.name for sheet in opened] == ["Sheet"]
            assert [warning.code for warning in opened.warnings] == ["sheet_hidden"]
            assert "旧数据" in opened.warnings[0].message

    def test_a_book_of_hidden_sheets_of_xls(self, tmp_path: Path) -> None:
        book = xlwt.Workbook()
        book.add_sheet("a").write(0, 0, "x")
        second = book.add_sheet("b")
        second.write(0, 0, "不该读到")
        second.visibility = 1
        book.save(str(tmp_path / "t.xls"))
        with open_workbook(tmp_path / "t.xls") as opened:
            assert [sheet.name for sheet in opened] == ["a"]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.lists(
                st.none()
                | st.text(
                    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
                ).filter(lambda text: not text.startswith("=") and "_x" not in text)
                | st.integers(-(10**9), 10**9)
                | st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2090, 1, 1)).map(
                    lambda d: d.replace(microsecond=0)
                ),
                min_size=1,
                max_size=6,
            ),
            min_size=1,
            max_size=12,
        )
    )
    def test_reads_what_openpyxl_reads(self, tmp_path: Path, grid) -> None:
        path = write_xlsx(tmp_path / "t.xlsx", [["头", "尾"], *grid])
        page = openpyxl.load_workbook(path).active
        assert page is not None
        theirs = [list(row) for row in page.iter_rows(values_only=True)]
        ours = dict(cells_of(path))
        for line, row in enumerate(theirs, 1):
            while row and row[-1] is None:
                row.pop()
            assert ours.get(line, []) == row

    def test_both_calendars(self, tmp_path: Path) -> None:
        for since_1904 in (False, True):
            path = tmp_path / f"{since_1904}.xlsx"
            with xlsxwriter.Workbook(str(path), {"date_1904": since_1904}) as book:
                day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
                book.add_worksheet().write_datetime(0, 0, datetime(2023, 10, 27, 8, 5, 9), day)
            assert cells_of(path) == [(1, [datetime(2023, 10, 27, 8, 5, 9)])]
            with open_workbook(path) as opened:
                assert opened.sheets[0].since_1904 is since_1904

    def test_inline_rich_and_phonetic_texts(self, tmp_path: Path) -> None:
        texts = (
            "<si><r><t>张</t></r><r><t>怡</t></r><rPh><t>zhang</t></rPh></si><si><t>一_x000D_\n二</t></si>"
        )
        sheet = (
            '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>莫熙</t></is></c><c t="s"><v>1</v></c>'
            '<c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c t="str"><f>A1</f><v>算出</v></c></row>'
        )
        path = bare_xlsx(tmp_path / "t.xlsx", sheet, texts=texts)
        assert cells_of(path) == [(1, ["张怡", "莫熙", "一\r\n二", True, ErrorCell("#REF!"), "算出"])]

    def test_formulas(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
            page = book.add_worksheet()
            page.write_formula(0, 0, "=1+1", None, 2)
            page.write_formula(0, 1, '=HYPERLINK("http://x","看")', None, "看")
            page.write_formula(0, 2, "=cmd|' /C calc'!A0", None, 0)
        cells = cells_of(tmp_path / "t.xlsx")[0][1]
        assert cells[0] == 2
        assert isinstance(cells[1], FormulaCell) and isinstance(cells[2], FormulaCell)
        blank = '<row><c><v>1</v></c><c t="str"><f>IF(1,"","x")</f><v></v></c></row>'
        assert cells_of(bare_xlsx(tmp_path / "b.xlsx", blank)) == [(1, [1])]
        unread = cells_of(write_xlsx(tmp_path / "u.xlsx", [["=1+1", "x"]]))[0][1]
        assert unread == [FormulaCell("=1+1"), "x"]

    def test_errors_of_xls_are_not_lost(self, tmp_path: Path) -> None:
        book = xlwt.Workbook()
        page = book.add_sheet("a")
        page.row(0).write(0, "x")
        page.row(0).set_cell_error(1, "#REF!")
        page.row(0).write(2, "y")
        book.save(str(tmp_path / "t.xls"))
        assert cells_of(tmp_path / "t.xls") == [(1, ["x", ErrorCell("#REF!"), "y"])]


def _cut(path: Path, source: Path, share: float) -> Path:
    body = source.read_bytes()
    path.write_bytes(body[: int(len(body) * share)])
    return path


class TestRefused:
    """Malformed and foreign files: a stable code, words that say what to do, and no traceback."""

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"")
        (tmp_path / "b").write_text("\n\n , , \n".replace(" ", ""), encoding="utf-8")
        assert refusal(tmp_path / "a").code == "file_empty"
        assert refusal(tmp_path / "b").code == "file_empty"
        assert refusal(write_xlsx(tmp_path / "c", [])).code == "file_empty"
        assert refusal(write_ods(tmp_path / "d", [[None]])).code == "file_empty"

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            (b"%PDF-1.7\n...", "PDF"),
            (b"\x89PNG\r\n\x1a\n", "图片"),
            (b"\xff\xd8\xff\xe0", "图片"),
            (b"MZ\x90\x00\x03", "程序"),
            (b"\x7fELF\x02", "程序"),
            (b"Rar!\x1a\x07", "解压"),
            (b"<html><body><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d</td></tr></table>", "网页"),
            (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "网页"),
            ("<table border=1><tr><td>姓名".encode("gb18030"), "网页"),
            ("<html><table>".encode("utf-16"), "网页"),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页"),
            (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "2003"),
            (b'<?xml version="1.0"?><svg/>', "XML"),
            (b"{\\rtf1\\ansi", "RTF"),
        ],
    )
    def test_other_kinds(self, tmp_path: Path, body: bytes, word: str) -> None:
        (tmp_path / "台账.xls").write_bytes(body)
        found = refusal(tmp_path / "台账.xls")
        assert found.code == "file_kind_unknown" and word in found.message

    @pytest.mark.parametrize(
        ("part", "word"), [("word/document.xml", "Word"), ("ppt/p.xml", "PowerPoint"), ("a.txt", "解压")]
    )
    def test_other_archives(self, tmp_path: Path, part: str, word: str) -> None:
        with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
            archive.writestr(part, "x")
        found = refusal(tmp_path / "t.xlsx")
        assert found.code == "file_kind_unknown" and word in found.message

    def test_a_binary_workbook(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "t.xlsb", "w") as archive:
            archive.writestr("xl/workbook.bin", b"\x00")
        assert refusal(tmp_path / "t.xlsb").code == "file_kind_unknown"

    def test_locked_office_files(self, tmp_path: Path) -> None:
        (tmp_path / "a.xlsx").write_bytes(
            _compound({"EncryptionInfo": b"x" * 5000, "EncryptedPackage": b"y" * 9000})
        )
        assert refusal(tmp_path / "a.xlsx").code == "file_encrypted"
        (tmp_path / "b.doc").write_bytes(_compound({"WordDocument": b"x" * 5000}))
        assert refusal(tmp_path / "b.doc").code == "file_kind_unknown"

    def test_a_locked_xls(self, tmp_path: Path) -> None:
        book = (
            struct.pack("<HHHH", 0x0809, 4, 0x0600, 5) + struct.pack("<HH", 0x002F, 4) + b"\x01\x00\x01\x00"
        )
        for size in (200, 6000):
            (tmp_path / "t.xls").write_bytes(_compound({"Workbook": book.ljust(size, b"\x00")}))
            assert refusal(tmp_path / "t.xls").code == "file_encrypted"

    def test_a_locked_zip(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "t.xlsx", GRID)
        body = bytearray(path.read_bytes())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = body.find(mark)
            while at >= 0:
                body[at + place] |= 1
                at = body.find(mark, at + 4)
        path.write_bytes(bytes(body))
        assert refusal(path).code == "file_encrypted"

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_cut_short(self, tmp_path: Path, share: float) -> None:
        rows = [REGISTER_HEAD, *[register_row(n) for n in range(200)]]
        for write in (write_xlsx, write_xls, write_ods):
            path = _cut(tmp_path / f"{write.__name__}-cut", write(tmp_path / write.__name__, rows), share)
            assert refusal(path).code == "file_broken"

    def test_one_flipped_byte_is_noticed_or_harmless(self, tmp_path: Path) -> None:
        rows = [REGISTER_HEAD, *[register_row(n) for n in range(50)]]
        dice = random.Random(7)
        for write in (write_xlsx, write_xls, write_ods):
            whole = write(tmp_path / write.__name__, rows).read_bytes()
            for _ in range(40):
                body = bytearray(whole)
                body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
                (tmp_path / "t").write_bytes(bytes(body))
                try:
                    with open_workbook(tmp_path / "t") as book:
                        for sheet in book:
                            list(sheet.rows())
                            sheet.merges()
                except FileRefused as fault:
                    assert fault.code in MESSAGES

    def test_zeros(self, tmp_path: Path) -> None:
        with (tmp_path / "t.xlsx").open("wb") as file:
            file.truncate(100 * 1024 * 1024)
        found = refusal(tmp_path / "t.xlsx")
        assert found.code == "file_broken" and "空字节" in found.message

    def test_too_large(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "t.xlsx", GRID)
        assert refusal(path, file_bytes=1000).code == "file_too_large"

    def test_a_bomb_of_zeros(self, tmp_path: Path) -> None:
        path = bare_xlsx(tmp_path / "t.xlsx", "<row><c><v>1</v></c></row>")
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/a.bin", bytes(100 * 1024 * 1024))
        assert path.stat().st_size < 300_000
        assert refusal(path).code == "file_bomb"

    def test_too_many_parts(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
            for number in range(60):
                archive.writestr(f"xl/{number}", "")
        assert refusal(tmp_path / "t.xlsx", parts=50).code == "file_bomb"

    @pytest.mark.parametrize(
        "prolog",
        [
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
            '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        ],
    )
    def test_entities(self, tmp_path: Path, prolog: str) -> None:
        path = bare_xlsx(
            tmp_path / "t.xlsx", '<row><c t="inlineStr"><is><t>x</t></is></c></row>', prolog=prolog
        )
        assert refusal(path).code == "file_bomb"

    def test_a_box_too_large_of_xls(self, tmp_path: Path) -> None:
        book = xlwt.Workbook()
        page = book.add_sheet("a")
        page.write(0, 0, "x")
        page.write(65_535, 255, "y")
        book.save(str(tmp_path / "t.xls"))
        assert refusal(tmp_path / "t.xls").code == "file_bomb"

    def test_repeats_without_end_of_ods(self, tmp_path: Path) -> None:
        path = write_ods(tmp_path / "t.ods", [["x", "y"]])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["content.xml"] = parts["content.xml"].replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="90000000">'
        )
        with zipfile.ZipFile(path, "w") as archive:
            for name, body in parts.items():
                archive.writestr(name, body)
        assert refusal(path).code == "file_bomb"

    def test_texts_that_are_missing(self, tmp_path: Path) -> None:
        path = bare_xlsx(tmp_path / "t.xlsx", '<row><c t="s"><v>7</v></c></row>', texts="<si><t>x</t></si>")
        assert refusal(path).code == "file_broken"
        path = bare_xlsx(tmp_path / "u.xlsx", '<row><c t="s"><v>-1</v></c></row>', texts="<si><t>x</t></si>")
        assert refusal(path).code == "file_broken"

    def test_a_number_that_is_none(self, tmp_path: Path) -> None:
        path = bare_xlsx(tmp_path / "t.xlsx", "<row><c><v>zwölf</v></c></row>")
        assert refusal(path).code == "file_broken"

    def test_styles_and_sheets_out_of_order(self, tmp_path: Path) -> None:
        row = "<row><c><v>1</v></c></row>"
        styles = '<cellXfs><xf numFmtId="zwölf"/></cellXfs>'
        assert refusal(bare_xlsx(tmp_path / "a.xlsx", row, styles=styles)).code == "file_broken"
        many = "<sheets>" + '<sheet name="x" sheetId="1" r:id="s1"/>' * 300 + "</sheets>"
        assert refusal(bare_xlsx(tmp_path / "b.xlsx", row, workbook=many)).code == "file_bomb"

    def test_nul_in_text(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_bytes("姓名,人数\n张怡,3\n".encode() * 3 + b"\x00\x00,1\n")
        assert refusal(tmp_path / "t.csv").code == "file_broken"

    def test_a_quotation_mark_never_closed(self, tmp_path: Path) -> None:
        rows = "".join(f"甲{n},1\n" for n in range(20))
        (tmp_path / "a.csv").write_text('姓名,人数\n"乙,1\n' + rows, encoding="utf-8")
        (tmp_path / "b.csv").write_text('姓名,人数\n"乙,1\n' + rows * 100, encoding="utf-8")
        for name in ("a.csv", "b.csv"):
            found = refusal(tmp_path / name)
            assert found.code == "file_broken" and "引号" in found.message

    def test_an_unknown_encoding(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_bytes(b"a,b\n" + bytes(range(1, 255)) * 4 + b"\xff\xff\n")
        assert refusal(tmp_path / "t.csv").code == "encoding_unknown"


class TestExtremes:
    """Odd but honest, or evil but harmless: read without harm."""

    def test_a_giant_cell(self, tmp_path: Path) -> None:
        giant = "长" * 3_000_000
        inline = bare_xlsx(
            tmp_path / "a.xlsx", f'<row><c t="inlineStr"><is><t>{giant}</t></is></c><c><v>1</v></c></row>'
        )
        shared = bare_xlsx(
            tmp_path / "b.xlsx",
            '<row><c t="s"><v>0</v></c><c><v>1</v></c></row>',
            texts=f"<si><t>{giant}</t></si>",
        )
        (tmp_path / "c.csv").write_text(f"{giant[:100_000]},1\n", encoding="utf-8")
        for path in (inline, shared, tmp_path / "c.csv"):
            cells = cells_of(path)[0][1]
            assert isinstance(cells[0], LongCell) and len(cells[0].beginning) <= 200
            assert cells[1] in (1, "1")

    def test_all_the_columns_there_are(self, tmp_path: Path) -> None:
        from openpyxl.utils import get_column_letter

        cells = "".join(f'<c r="{get_column_letter(n)}1"><v>{n}</v></c>' for n in range(1, 16_385))
        assert cells_of(bare_xlsx(tmp_path / "t.xlsx", f'<row r="1">{cells}</row>'))[0][1] == list(
            range(1, 1001)
        )

    def test_a_million_empty_rows(self, tmp_path: Path) -> None:
        rows = "".join(f'<row r="{n}"/>' for n in range(2, 1_000_000))
        path = bare_xlsx(
            tmp_path / "t.xlsx",
            f'<row r="1"><c><v>1</v></c></row>{rows}<row r="1000000"><c><v>2</v></c></row>',
        )
        assert cells_of(path) == [(1, [1]), (1_000_000, [2])]

    def test_a_namespace_with_a_prefix(self, tmp_path: Path) -> None:
        path = bare_xlsx(tmp_path / "t.xlsx", "<row><c><v>1</v></c></row>")
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        parts["xl/worksheets/sheet1.xml"] = (
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="3"><x:c r="B3"><x:v>5</x:v></x:c></x:row>'
            "</x:sheetData>"
            '<x:mergeCells count="1"><x:mergeCell ref="B3:B4"/></x:mergeCells></x:worksheet>'
        )
        with zipfile.ZipFile(path, "w") as archive:
            for name, body in parts.items():
                archive.writestr(name, body)
        assert cells_of(path) == [(3, [None, 5])]
        with open_workbook(path) as book:
            assert book.sheets[0].merges() == [(3, 1, 4, 1)]

    def test_hostile_row_numbers(self, tmp_path: Path) -> None:
        path = bare_xlsx(
            tmp_path / "t.xlsx",
            '<row r="-5"><c r="??"><v>1</v></c></row><row r="x"><c r="A1"><v>2</v></c></row>',
        )
        with open_workbook(path) as book:
            assert sum(1 for _ in book.sheets[0].rows()) == 2


def _compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 with these streams; small ones go into the root's stream."""
    sector = 512
    small = {name: body for name, body in streams.items() if len(body) < 4096}
    store, links, starts = b"", [], {}
    for name, body in small.items():
        starts[name] = len(store) // 64
        count = -(-len(body) // 64)
        links += [*range(starts[name] + 1, starts[name] + count), 0xFFFFFFFE]
        store += body.ljust(count * 64, b"\x00")
    chains = [("dir", b"")] + [(name, body) for name, body in streams.items() if name not in small]
    if store:
        chains += [("store", store), ("links", struct.pack(f"<{len(links)}I", *links))]
    fat, body_at, out = [0xFFFFFFFD], {}, io.BytesIO()
    directory_sectors = -(-(len(streams) + 1) // 4)
    for name, body in chains:
        count = directory_sectors if name == "dir" else -(-len(body) // sector)
        body_at[name] = len(fat)
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, body_at.get("store", 0xFFFFFFFE), len(store))]
    entries += [_entry(n, 2, starts.get(n, body_at.get(n, 0)), len(b)) for n, b in streams.items()]
    bodies = dict(chains) | {"dir": b"".join(entries)}
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(10)
    )
    header += struct.pack("<IIIII", 1, body_at["dir"], 0, 4096, body_at.get("links", 0xFFFFFFFE))
    header += struct.pack("<III", 1 if store else 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    out.write(header)
    out.write(struct.pack(f"<{len(fat)}I", *fat).ljust(sector, b"\xff"))
    for name, _ in chains:
        body = bodies[name]
        out.write(body.ljust(-(-len(body) // sector) * sector, b"\x00"))
    return out.getvalue()


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\x00\x00"
    body = raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw), kind, 1)
    return body.ljust(116, b"\x00") + struct.pack("<III", start, size, 0)
