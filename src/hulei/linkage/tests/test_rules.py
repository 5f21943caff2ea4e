"""The guarantees of linkage, as cases that can be read and as properties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.linkage import rules
from hulei.linkage.rules import Class, Keys, RegisterIdentity, partition
from hulei.people.rules import Particulars


def files(rows: Sequence[Keys]) -> set[frozenset[object]]:
    """The partition as sets of references."""
    grouped: dict[Class, set[object]] = defaultdict(set)
    for ref, found in partition(rows).items():
        grouped[found].add(ref)
    return {frozenset(refs) for refs in grouped.values()}


def together(*groups: str) -> set[frozenset[object]]:
    return {frozenset(group) for group in groups}


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("the same id", [Keys("a", "I", "K"), Keys("b", "I", "L")], together("ab")),
        ("name, birth, phone", [Keys("a", "", "K"), Keys("b", "", "K")], together("ab")),
        ("an id joins a file without one", [Keys("a", "", "K"), Keys("b", "I", "K")], together("ab")),
        (
            "one id bridges two spellings",
            [Keys("a", "", "K"), Keys("b", "I", "K"), Keys("c", "I", "L"), Keys("d", "", "L")],
            together("abcd"),
        ),
        ("two ids are two children", [Keys("a", "I", "K"), Keys("b", "J", "K")], together("a", "b")),
        (
            "between two ids a row stays apart",
            [Keys("a", "I", "K"), Keys("b", "J", "K"), Keys("c", "", "K"), Keys("d", "", "K")],
            together("a", "b", "cd"),
        ),
        ("nothing but a name", [Keys("a"), Keys("b")], together("a", "b")),
        ("a row restated", [Keys("a", row="R"), Keys("b", row="R")], together("ab")),
        ("a row restated with its phone", [Keys("a", row="R"), Keys("b", "", "K", "R")], together("ab")),
        ("a row restated with its id", [Keys("a", row="R"), Keys("b", "I", "", "R")], together("ab")),
        (
            "restated by two children",
            [Keys("a", row="R"), Keys("b", "I", "", "R"), Keys("c", "J", "", "R")],
            together("a", "b", "c"),
        ),
        (
            "a hand-entered id counts",
            [Keys("a", "", "K", confirmed="J"), Keys("b", "I", "K")],
            together("a", "b"),
        ),
    ],
)  # fmt: skip
def test_cases(what: str, rows: list[Keys], expected: set[frozenset[object]]) -> None:
    assert files(rows) == expected, what


few = st.sampled_from(["", "1", "2", "3"])
many_rows = st.lists(st.tuples(few, few, few), max_size=14).map(
    lambda rows: [Keys(n, i and f"I{i}", k and f"K{k}", r and f"R{r}") for n, (i, k, r) in enumerate(rows)]
)


@given(many_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Keys], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert files(rows) == files(shuffled)


@given(many_rows)
def test_one_id_is_one_child_and_two_ids_never_are(rows: list[Keys]) -> None:
    found = partition(rows)
    by_id: dict[str, set[Class]] = defaultdict(set)
    for row in rows:
        if row.id:
            by_id[row.id].add(found[row.ref])
    assert all(len(classes) == 1 for classes in by_id.values())
    assert len({c for classes in by_id.values() for c in classes}) == len(by_id)


@given(many_rows)
def test_where_ids_do_not_contradict_it_is_the_union_over_both_keys(rows: list[Keys]) -> None:
    rows = [Keys(row.ref, row.id, row.name_birth_phone) for row in rows]
    known: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        known[row.name_birth_phone] |= {row.id} - {""}
    if any(len(ids) > 1 for key, ids in known.items() if key):
        return
    parent = {row.ref: row.ref for row in rows}

    def root(ref: object) -> object:
        while parent[ref] != ref:
            ref = parent[ref]
        return ref

    for a in rows:
        for b in rows:
            if (a.id and a.id == b.id) or (a.name_birth_phone and a.name_birth_phone == b.name_birth_phone):
                parent[root(a.ref)] = root(b.ref)
    grouped: dict[object, set[object]] = defaultdict(set)
    for row in rows:
        grouped[root(row.ref)].add(row.ref)
    assert files(rows) == {frozenset(group) for group in grouped.values()}


def replay(rows: Sequence[Keys], sizes: Sequence[int]) -> set[frozenset[object]]:
    """Take rows in by batches, as the database does, and give the files that come of it."""
    lying: dict[object, int] = {}
    by_id: dict[str, list[int]] = defaultdict(list)
    last, start = 0, 0
    for size in [*sizes, len(rows)]:
        seen = list(rows[: start + size])
        start += size
        classes = partition(seen)
        owners = rules.owners(classes, seen, lying, by_id)
        for found in sorted(owners, key=lambda c: c.order):
            if owners[found] is None:
                last += 1
                owners[found] = last
        lying = {row.ref: owners[classes[row.ref]] or 0 for row in seen}
        for row in seen:
            if row.id and lying[row.ref] not in by_id[row.id]:
                by_id[row.id].append(lying[row.ref])
    grouped: dict[int, set[object]] = defaultdict(set)
    for ref, pk in lying.items():
        grouped[pk].add(ref)
    return {frozenset(group) for group in grouped.values()}


@given(many_rows, st.lists(st.integers(1, 4), max_size=8))
def test_batches_give_what_all_rows_at_once_give(rows: list[Keys], sizes: list[int]) -> None:
    assert replay(rows, sizes) == files(rows)


def test_a_row_with_little_more_than_a_name_is_never_known_again() -> None:
    def text(**said: object) -> str:
        return rules.row_text(RegisterIdentity("grid", "care", 1, Particulars("王杰", **said)))  # type: ignore[arg-type]

    assert text() == ""
    assert text(guardian="王伟") == ""
    assert text(address="粟山村1号") == ""
    assert text(guardian="王伟", address="粟山村1号") != ""
    assert text(birth_date=date(2010, 1, 1), address="粟山村1号") != text(
        birth_date=date(2010, 1, 2), address="粟山村1号"
    )
