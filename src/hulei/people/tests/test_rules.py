"""Ids, ages, keys and what a file lacks, as tables."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.people import rules
from hulei.people.rules import Particulars
from hulei.people.terms import Missing

BIRTH = date(2010, 7, 31)


def with_check(body: str) -> str:
    """A made-up id with its right check character."""
    return next(body + c for c in "0123456789X" if rules.check_digit_right(body + c))


@given(st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_slip_in_an_id_breaks_its_check_digit(serial: int, place: int, by: int) -> None:
    right = with_check(f"45990020100731{serial:03d}")
    slip = str((int(right[place]) + by) % 10)
    assert rules.check_digit_right(right)
    assert not rules.check_digit_right(right[:place] + slip + right[place + 1 :])


@pytest.mark.parametrize(
    ("national_id", "birth", "certain"),
    [
        (with_check("45990020100731123"), BIRTH, True),
        (with_check("45990020100731123"), None, True),
        (with_check("45990020100731123"), date(2010, 1, 3), True),  # the row's own date may be wrong
        (with_check("45990019820731123"), BIRTH, False),  # a parent's id
        (with_check("45990020101340123"), BIRTH, False),  # no such day
        ("459900201007311230", BIRTH, False),
        ("45990020100731", BIRTH, False),
        ("4.59900201007311E+17", BIRTH, False),
        ("", BIRTH, False),
    ],
)
def test_which_ids_are_certain(national_id: str, birth: date | None, certain: bool) -> None:
    if national_id == "459900201007311230":
        assert not rules.check_digit_right(national_id)
    assert rules.id_certain(national_id, birth) is certain


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2010, 5, 1), date(2024, 5, 1), 13),
        (date(2010, 5, 1), date(2024, 5, 2), 14),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2012, 2, 29), 0),
        (None, date(2024, 5, 1), None),
        (date(2025, 1, 1), date(2024, 5, 1), None),
    ],
)
def test_ages(birth: date | None, day: date, age: int | None) -> None:
    assert rules.age_on(birth, day) == age


def test_the_second_key_needs_all_three_parts_and_forgives_spelling() -> None:
    whole = Particulars("买买提•阿不都", birth_date=BIRTH, guardian_phone="199 0000 0001")
    same = Particulars("买买提·阿不都 ", birth_date=BIRTH, guardian_phone="+86 １９９０００００００１")
    assert rules.name_birth_phone(whole) == rules.name_birth_phone(same) != ""
    for lacking in (
        Particulars("", birth_date=BIRTH, guardian_phone="19900000001"),
        Particulars("王", guardian_phone="19900000001"),
        Particulars("王", birth_date=BIRTH, guardian_phone="无"),
    ):
        assert rules.name_birth_phone(lacking) == ""


def test_an_uncertain_id_is_asked_for_as_such() -> None:
    present = {"birth_date": True, "guardian": True, "phone": True, "village": True, "school": True}
    assert rules.missing(national_id=True, certain=True, **present) == ()
    assert rules.missing(national_id=True, certain=False, **present) == (Missing.CERTAIN_ID,)
    assert rules.missing(national_id=False, certain=False, **present) == (Missing.NATIONAL_ID,)
    nothing = dict.fromkeys(present, False)
    assert len(rules.missing(national_id=False, certain=False, **nothing)) == 6
