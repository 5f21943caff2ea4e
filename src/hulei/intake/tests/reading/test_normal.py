"""What cells mean, as tables, and as properties that no input may break."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.intake.reading.moments import from_serial, is_date_format
from hulei.intake.reading.normal import amounts, dates, identity
from hulei.intake.reading.normal.text import is_nothing, key, label_key, person_name, tidy

DAY = datetime(2023, 10, 27)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023.10.27", DAY),
        ("2023年10月27日", DAY),
        ("2023年10月27号", DAY),
        ("20231027", DAY),
        ("2023/10/27", DAY),
        ("2023-10-27", DAY),
        ("2023–10–27", DAY),
        ("２０２３年１０月２７日", DAY),
        ("２０２３．１０．２７", DAY),
        (" 2023 年 10 月 27 日 ", DAY),
        ("\u30002023-10-27\u00a0", DAY),
        ("2023、10、27", DAY),
        ("2023-10-27（星期五）", DAY),
        ("二〇二三年十月二十七日", DAY),
        ("'2023-10-27", DAY),
        ("45226", DAY),
        (45226, DAY),
        (20231027, DAY),
        (20231027.0, DAY),
        (date(2023, 10, 27), DAY),
        ("2023.1.2", datetime(2023, 1, 2)),
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2023-10-27 08:05:09", datetime(2023, 10, 27, 8, 5, 9)),
        ("2023-10-27T08:05:09", datetime(2023, 10, 27, 8, 5, 9)),
        ("2023/10/27 8:05", datetime(2023, 10, 27, 8, 5)),
        ("2023年10月27日8时5分", datetime(2023, 10, 27, 8, 5)),
        ("2023年10月27日 下午3点", datetime(2023, 10, 27, 15)),
        ("202310270805", datetime(2023, 10, 27, 8, 5)),
        (45226.5, datetime(2023, 10, 27, 12)),
        (datetime(2023, 10, 27, 8, 5), datetime(2023, 10, 27, 8, 5)),
    ],
)
def test_dates_in_all_their_spellings(written: object, meant: datetime) -> None:
    assert dates.read_moment(written) == (meant, None)  # type: ignore[arg-type]
    assert dates.read_date(written) == (meant.date(), None)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", [None, "", " ", "/", "-", "——", "无", "不详"])
def test_no_date_is_no_fault(written: str | None) -> None:
    assert dates.read_date(written) == (None, None)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2011年13月40日", "date_invalid"),
        ("2023-02-30", "date_invalid"),
        ("2023-02-29", "date_invalid"),
        ("20230231", "date_invalid"),
        ("1023-01-01", "date_invalid"),
        ("27/10/2023", "date_invalid"),
        ("2023-10-27左右", "date_invalid"),
        ("2023-10-27 25:00", "date_invalid"),
        ("2023.10.27-10.29", "date_invalid"),
        ("昨天", "date_invalid"),
        (True, "date_invalid"),
        (time(8, 0), "date_invalid"),
        (-3, "date_invalid"),
        (float("nan"), "date_invalid"),
        (float("inf"), "date_invalid"),
        ("23.10.27", "date_incomplete"),
        ("23年10月27日", "date_incomplete"),
        ("231027", "date_incomplete"),
        ("2023年10月", "date_incomplete"),
        ("2023.10", "date_incomplete"),
        (2023.1, "date_incomplete"),
        ("10月27日", "date_incomplete"),
        ("2023年", "date_incomplete"),
    ],
)
def test_dates_that_are_none(written: object, code: str) -> None:
    assert dates.read_date(written) == (None, code)  # type: ignore[arg-type]


@given(st.dates(min_value=date(1927, 6, 1), max_value=date(2100, 12, 31)), st.sampled_from("-./年"))
def test_every_day_reads_back_from_every_spelling(day: date, mark: str) -> None:
    written = (
        f"{day.year}年{day.month}月{day.day}日"
        if mark == "年"
        else f"{day.year}{mark}{day.month}{mark}{day.day}"
    )
    full_width = written.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"})
    serial = (day - date(1899, 12, 30)).days
    for spelling in (written, full_width, f"{day:%Y%m%d}", f"{day.isoformat()} 00:00:00", serial):
        assert dates.read_date(spelling) == (day, None)


@given(st.dates(min_value=date(1931, 6, 1), max_value=date(2100, 12, 31)))
def test_workbooks_that_count_from_1904(day: date) -> None:
    assert dates.read_date((day - date(1904, 1, 1)).days, since_1904=True) == (day, None)


@given(st.text(max_size=60) | st.floats() | st.integers() | st.booleans() | st.none())
def test_no_cell_breaks_a_reader(cell: object) -> None:
    for read in (
        dates.read_date,
        identity.read_national_id,
        identity.read_phone,
        amounts.read_int,
        amounts.read_decimal,
        amounts.read_yes_no,
        amounts.read_slot,
    ):
        value, code = read(cell)  # type: ignore[operator]
        assert code is None or value is None or code.startswith(("national_id_", "phone_"))


def _with_check(first_17: str) -> str:
    return first_17 + identity.check_character(first_17)


def test_the_check_character_of_the_standard() -> None:
    # The worked example of GB 11643-1999.
    assert identity.check_character("11010519491231002") == "X"


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("459900201206254033", "459900201206254033", None),
        (" 4599 0020 1206 2540 33 ", "459900201206254033", None),
        ("４５９９００２０１２０６２５４０３３", "459900201206254033", None),
        ("'459900201206254033", "459900201206254033", None),
        ("\t459900201206254033", "459900201206254033", None),
        ("45990020140727433x", "45990020140727433X", None),
        ("45990020140727433Ｘ", "45990020140727433X", None),
        ("45990020140727433×", "45990020140727433X", None),
        (None, None, None),
        ("", None, None),
        ("无", None, None),
        ("/", None, None),
        ("459900201206254034", "459900201206254034", "national_id_checksum"),
        ("459900201213404033", "459900201213404033", "national_id_checksum"),
        (4.59900201206254e17, None, "national_id_rounded"),
        (459900201206254033, None, "national_id_rounded"),
        ("4.59900201206254E+17", None, "national_id_rounded"),
        ("4.599E+17", None, "national_id_rounded"),
        ("459900201206254000.0", None, "national_id_rounded"),
        ("459900201206254000", None, "national_id_rounded"),
        (459900120625403, "459900120625403", "national_id_old"),
        ("459900120625403", "459900120625403", "national_id_old"),
        ("459900129925403", None, "national_id_invalid"),
        ("45990020120625403", None, "national_id_invalid"),
        ("4599002012062540333", None, "national_id_invalid"),
        ("A59900201206254033", None, "national_id_invalid"),
        ("4599002012062540X3", None, "national_id_invalid"),
        (12345, None, "national_id_invalid"),
        (True, None, "national_id_invalid"),
    ],
)
def test_national_ids(written: object, value: str | None, code: str | None) -> None:
    assert identity.read_national_id(written) == (value, code)  # type: ignore[arg-type]


def test_three_zeros_with_the_right_check_digit_are_a_real_id() -> None:
    real = next(
        whole
        for serial in range(0, 1000, 10)
        if (whole := _with_check(f"45990020120625{serial:03d}"))[-3:] == "000"
    )
    assert identity.read_national_id(real) == (real, None)


_IDS = st.builds(
    lambda day, serial: _with_check(f"459900{day:%Y%m%d}{serial:03d}"),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 1, 1)),
    st.integers(0, 999),
)


@given(_IDS)
def test_a_right_id_is_certain_and_its_number_never_is(whole: str) -> None:
    assert identity.read_national_id(whole) == (whole, None)
    if whole.isdigit():
        assert identity.read_national_id(float(whole)) == (None, "national_id_rounded")
        assert identity.read_national_id(f"{float(whole):.14E}") == (None, "national_id_rounded")


@given(_IDS, st.integers(0, 16), st.integers(1, 9))
def test_one_digit_mistyped_is_never_certain(whole: str, place: int, by: int) -> None:
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    value, code = identity.read_national_id(wrong)
    assert code in {"national_id_checksum", "national_id_rounded"}
    assert value in {wrong, None}


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("19912345678", "19912345678", None),
        (19912345678, "19912345678", None),
        (19912345678.0, "19912345678", None),
        ("1.9912345678E+10", "19912345678", None),
        ("199 1234 5678", "19912345678", None),
        ("199-1234-5678", "19912345678", None),
        ("+86 199 1234 5678", "19912345678", None),
        ("008619912345678", "19912345678", None),
        ("１９９１２３４５６７８", "19912345678", None),
        ("0779-8601234", "07798601234", None),
        ("(0779)8601234", "07798601234", None),
        ("8601234", "8601234", None),
        ("12345", "12345", None),
        ("19912345678/19987654321", "19912345678", "phone_several"),
        ("19912345678、0779-8601234", "19912345678", "phone_several"),
        ("1991234567", "1991234567", "phone_invalid"),
        ("199****5678", "199****5678", "phone_invalid"),
        ("无", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_phones(written: object, value: str | None, code: str | None) -> None:
    assert identity.read_phone(written) == (value, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("张怡", "张怡"),
        ("张 怡", "张怡"),
        ("张\u3000怡", "张怡"),
        (" 张\u00a0怡\u200b ", "张怡"),
        ("\ufeff张怡\n", "张怡"),
        ("买买提.阿里", "买买提·阿里"),
        ("买买提•阿里", "买买提·阿里"),
        ("买买提・阿里", "买买提·阿里"),
        ("买买提 · 阿里", "买买提·阿里"),
        ("买买提。阿里", "买买提·阿里"),
        ("Anna  Müller", "Anna Müller"),
        ("", None),
        ("/", None),
        ("——", None),
        ("无", None),
        ("不详", None),
    ],
)
def test_names(written: str, value: str | None) -> None:
    assert person_name(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("（示例）ＡＢＣ１２３", "(示例)ABC123"),
        ("结伙斗殴，追逐、拦截他人；情节严重。", "结伙斗殴，追逐、拦截他人；情节严重。"),
        ("一　二\u00a0\u00a0三", "一 二 三"),
        ("第一行\r\n第二行", "第一行 第二行"),
        ("⼀⽇", "一日"),
    ],
)
def test_text_keeps_chinese_punctuation(written: str, value: str) -> None:
    assert tidy(written) == value


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert key(key(text)) == key(text)
    assert once == once.strip()
    assert not any(unicodedata.category(char) == "Cc" for char in once)


def test_words_for_nothing() -> None:
    assert is_nothing("—— / . ")
    assert not is_nothing("无")
    assert label_key("*身份证号 ：") == "身份证号"


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        (1460, 1460, None),
        (1460.0, 1460, None),
        ("1460", 1460, None),
        ("１４６０", 1460, None),
        ("1,460人", 1460, None),
        ("13岁", 13, None),
        ("0", 0, None),
        ("/", None, None),
        (None, None, None),
        (1.5, None, "number_invalid"),
        (-1, None, "number_invalid"),
        ("约100", None, "number_invalid"),
        ("十五", None, "number_invalid"),
        (True, None, "number_invalid"),
        (1e15, None, "number_invalid"),
    ],
)
def test_whole_numbers(written: object, value: int | None, code: str | None) -> None:
    assert amounts.read_int(written) == (value, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value"), [("95.5分", "95.5"), (0.5, "0.5"), (2, "2"), ("1节", "1"), ("1.50", "1.50")]
)
def test_decimals(written: object, value: str) -> None:
    assert amounts.read_decimal(written) == (Decimal(value), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("是", True, None),
        ("√", True, None),
        ("有", True, None),
        (True, True, None),
        (1, True, None),
        ("已签订", True, None),
        ("否", False, None),
        ("无", False, None),
        ("×", False, None),
        ("X", False, None),
        ("未签", False, None),
        (0, False, None),
        (None, None, None),
        ("/", None, None),
        ("也许", None, "choice_unknown"),
    ],
)
def test_yes_and_no(written: object, value: bool | None, code: str | None) -> None:
    assert amounts.read_yes_no(written) == (value, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("07:10-07:50", time(7, 10), time(7, 50)),
        ("7：10—7：50", time(7, 10), time(7, 50)),
        ("7:10～7:50", time(7, 10), time(7, 50)),
        ("7时10分至7时50分", time(7, 10), time(7, 50)),
        ("早上7:10-7:50", time(7, 10), time(7, 50)),
        ("下午4:40-5:30", time(16, 40), time(17, 30)),
        ("上学 07:10 - 07:50", time(7, 10), time(7, 50)),
    ],
)
def test_slots(written: str, begin: time, end: time) -> None:
    assert amounts.read_slot(written) == ((begin, end), None)


@pytest.mark.parametrize("written", ["7:50-7:10", "放学", "7:10", "25:00-26:00", 7])
def test_slots_that_are_none(written: object) -> None:
    assert amounts.read_slot(written) == (None, "time_invalid")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("公(铁)矫字〔2023〕32号", "公(铁)矫字〔2023〕32号"),
        ("公（铁）矫字[2023]32号", "公(铁)矫字〔2023〕32号"),
        ("公(铁)矫字（2023） 32 号", "公(铁)矫字〔2023〕32号"),
        ("公(铁)矫字【2023】32号", "公(铁)矫字〔2023〕32号"),
        ("/", None),
    ],
)
def test_document_numbers(written: str, value: str | None) -> None:
    assert amounts.read_document_number(written) == value


def test_lists_keep_their_order_and_name_each_once() -> None:
    assert amounts.read_list("x", "公安、教育,检察院；公安\n民政") == (
        ("公安", "教育", "检察院", "民政"),
        None,
    )
    assert amounts.read_list(None, None) == ((), None)


@pytest.mark.parametrize(
    ("number", "code", "is_date"),
    [
        (14, None, True),
        (31, None, True),
        (57, None, True),
        (0, None, False),
        (49, None, False),
        (176, "yyyy-mm-dd", True),
        (176, 'yyyy"年"m"月"d"日"', True),
        (176, "[$-804]yyyy年m月d日;@", True),
        (176, "h:mm", True),
        (176, "0.00", False),
        (176, "@", False),
        (176, '"第"0"号"', False),
        (176, "[Red]0", False),
        (176, "#,##0.00_ ", False),
        (176, "General", False),
    ],
)
def test_which_formats_show_dates(number: int, code: str | None, is_date: bool) -> None:
    assert is_date_format(number, code) is is_date


@given(
    st.datetimes(min_value=datetime(1900, 3, 1), max_value=datetime(2100, 1, 1)).map(
        lambda d: d.replace(microsecond=0)
    )
)
def test_serials_to_the_second(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
    assert from_serial(serial) == moment
