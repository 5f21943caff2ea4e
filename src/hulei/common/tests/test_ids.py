"""Ids that tell nothing, yet never meet."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hulei.common.ids import scattered, spelled

KEY = b"k" * 32
SERIALS = st.integers(0, 2**40 - 1)


@given(SERIALS, SERIALS)
def test_two_serials_never_meet(one: int, other: int) -> None:
    assert (scattered(one, KEY) == scattered(other, KEY)) == (one == other)


@given(SERIALS)
def test_ids_stay_within_forty_bits_and_are_spelled_in_eight(serial: int) -> None:
    number = scattered(serial, KEY)
    assert 0 <= number < 2**40
    assert len(spelled(number)) == 8


def test_the_first_ids_are_in_no_order() -> None:
    ids = [scattered(n, KEY) for n in range(2000)]
    assert len(set(ids)) == 2000
    rising = sum(a < b for a, b in pairwise(ids))
    assert 900 < rising < 1100


def test_another_key_gives_other_ids() -> None:
    assert [scattered(n, KEY) for n in range(8)] != [scattered(n, b"j" * 32) for n in range(8)]


@given(SERIALS, SERIALS)
def test_spelling_keeps_them_apart(one: int, other: int) -> None:
    assert (spelled(one) == spelled(other)) == (one == other)
