"""What entries prove, when they repeat each other, and how cases count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.prevention import rules
from hulei.prevention.rules import Entry
from hulei.prevention.terms import Unproven

DAY = date(2023, 4, 6)


@pytest.mark.parametrize(
    ("entry", "lacks"),
    [
        (Entry("police", "盗窃", DAY, "公(铁)矫字〔2023〕32号", "营盘派出所"), ()),
        (Entry("police", "盗窃", DAY), (Unproven.NO_DOCUMENT, Unproven.NO_AUTHORITY)),
        (
            Entry("education", "旷课", DAY, verification="verified", reporter="班主任"),
            (Unproven.NO_SECOND_REVIEWER,),
        ),
        (
            Entry("education", "旷课", DAY, verification="pending", reporter="班主任"),
            (Unproven.NOT_VERIFIED, Unproven.NO_SECOND_REVIEWER),
        ),
        (Entry("civil_affairs", circumstance="disabled"), (Unproven.STATUS_NOT_COMPUTED,)),
        (
            Entry("civil_affairs", circumstance="left_behind", entrusted_care=False),
            (Unproven.STATUS_NOT_COMPUTED,),
        ),
        (Entry("grid", visited_on=DAY, finding="正常"), (Unproven.OBSERVED_ONCE,)),
    ],
)
def test_what_an_entry_does_not_prove(entry: Entry, lacks: tuple[Unproven, ...]) -> None:
    found = rules.missing_to_verify(entry)
    assert set(lacks) <= set(found)
    if entry.register != "civil_affairs":
        assert found == lacks


def test_a_left_behind_child_without_agreement_lacks_it() -> None:
    lacking = Entry("civil_affairs", circumstance="left_behind", entrusted_care=False)
    assert Unproven.NO_AGREEMENT in rules.missing_to_verify(lacking)
    having = Entry("civil_affairs", circumstance="left_behind", entrusted_care=True)
    assert Unproven.NO_AGREEMENT not in rules.missing_to_verify(having)


@pytest.mark.parametrize(
    ("stored", "told", "same"),
    [
        (Entry("police", "盗窃", DAY, "1号"), Entry("police", "盗窃", DAY, "1号"), True),
        (Entry("police", "盗窃", DAY, ""), Entry("police", "盗窃", DAY, "1号"), True),
        (Entry("police", "盗窃", DAY, "1号"), Entry("police", "盗窃", DAY, "2号"), False),
        (Entry("police", "盗窃", DAY), Entry("police", "盗窃", date(2023, 5, 1)), False),
        (
            Entry("grid", visited_on=DAY, finding="正常"),
            Entry("grid", visited_on=DAY, finding="家中无人"),
            False,
        ),
        (
            Entry("civil_affairs", circumstance="hardship"),
            Entry("civil_affairs", circumstance="hardship", care_arrangement="parents"),
            True,
        ),
        (
            Entry("civil_affairs", circumstance="hardship", entrusted_care=False),
            Entry("civil_affairs", circumstance="hardship", entrusted_care=True),
            False,
        ),
        (Entry("police"), Entry("police", "盗窃"), False),
        (Entry("police"), Entry("police"), True),
    ],
)
def test_the_same_entry(stored: Entry, told: Entry, same: bool) -> None:
    assert rules.same_entry(stored, told) is same
    assert rules.same_entry(told, stored) is same


def entries(register: str) -> st.SearchStrategy[Entry]:
    words = st.sampled_from(["", "甲", "乙"])
    days = st.sampled_from([None, DAY, date(2023, 5, 1)])
    marks = st.sampled_from([None, True, False])
    return st.builds(
        Entry,
        st.just(register),
        behaviour=words,
        occurred_on=days,
        document_number=words,
        verification=st.sampled_from(["", "pending", "verified", "refuted"]),
        reporter=words,
        circumstance=words,
        care_arrangement=words,
        entrusted_care=marks,
        visited_on=days,
        finding=words,
    )


def take_in(known: list[Entry], rows: list[Entry]) -> list[str]:
    """The outcomes of taking rows in, changing ``known`` as the database would."""
    outcomes = []
    for row in rows:
        place = rules.find_entry(known, row)
        if place is None:
            known.append(row)
            outcomes.append("added")
            continue
        added = rules.additions(known[place], row)
        known[place] = Entry(**{**{f: getattr(known[place], f) for f in known[place].__slots__}, **added})
        outcomes.append("filled" if added else "unchanged")
    return outcomes


@given(
    st.sampled_from(["police", "education", "civil_affairs", "grid"]).flatmap(
        lambda r: st.lists(entries(r), max_size=6)
    )
)
def test_nothing_is_ever_overwritten(rows: list[Entry]) -> None:
    known: list[Entry] = []
    take_in(known, rows)
    for row in rows:
        assert rules.find_entry(known, row) is not None


def test_the_same_sheet_again_changes_nothing() -> None:
    rows = [
        Entry("civil_affairs", circumstance="left_behind", entrusted_care=True),
        Entry(
            "civil_affairs", circumstance="left_behind", care_arrangement="grandparents", entrusted_care=True
        ),
        Entry(
            "civil_affairs",
            circumstance="left_behind",
            care_arrangement="one_parent_away",
            entrusted_care=False,
        ),
    ]
    known: list[Entry] = []
    assert take_in(known, rows) == ["added", "filled", "added"]
    assert take_in(known, rows) == ["unchanged"] * 3


@pytest.mark.parametrize(
    ("reported", "entered", "counted"), [(None, 0, 0), (8, 0, 8), (3, 5, 5), (None, 2, 2)]
)
def test_visits_are_not_counted_twice(reported: int | None, entered: int, counted: int) -> None:
    assert rules.visits_counted(reported, entered) == counted


@pytest.mark.parametrize(
    ("opened", "closed", "runs"),
    [
        (date(2023, 1, 1), None, True),
        (date(2023, 12, 31), None, True),
        (date(2024, 1, 1), None, False),
        (date(2022, 5, 1), date(2023, 1, 1), True),
        (date(2022, 5, 1), date(2022, 12, 31), False),
    ],
)
def test_which_cases_run_in_a_year(opened: date, closed: date | None, runs: bool) -> None:
    assert rules.tracked(opened, closed, date(2023, 1, 1), date(2023, 12, 31)) is runs


def test_a_second_row_of_a_number_conflicts_only_where_both_say_something() -> None:
    stored = {"nature": "security", "place": "", "minor_age": 12}
    assert rules.conflicts(stored, {"nature": "security", "place": "南康镇", "minor_age": 13}) == (
        "minor_age",
    )
    assert rules.conflicts(stored, {"nature": "security", "place": "南康镇", "minor_age": None}) == ()


def test_dossier_numbers() -> None:
    assert rules.dossier_number("450512", "7K3M9Q2W") == "D450512-7K3M9Q2W"
