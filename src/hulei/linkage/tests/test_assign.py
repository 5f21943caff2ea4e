"""Linkage in the database: batches, simultaneous arrivals, and the history that never changes."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hulei.common import walls
from hulei.linkage import actions, rules
from hulei.linkage.models import LinkEvent, SourceIdentity
from hulei.linkage.rules import Keys, RegisterIdentity
from hulei.people.models import Minor
from hulei.people.rules import Particulars, check_digit_right
from tests import ground


def national_id(serial: int) -> str:
    """A made-up id with its right check digit."""
    body = f"45990020100731{serial:03d}"
    return next(body + c for c in "0123456789X" if check_digit_right(body + c))


def row(number: int, id_: int = 0, phone: int = 0, address: str = "") -> RegisterIdentity:
    """A row of one made-up name whose id, phone and address are chosen."""
    said = Particulars(
        "王杰",
        birth_date=date(2010, 7, 31),
        national_id=national_id(id_) if id_ else "",
        guardian_phone=f"1990000000{phone}" if phone else "",
        guardian="王伟",
        address=address,
    )
    return RegisterIdentity("grid", "care", number, said, source_id=number + 1)


def assign(rows: Sequence[RegisterIdentity]) -> actions.Linked:
    """Take rows in as the worker does."""
    with walls.entered(ground.OPERATOR):
        return actions.assign(rows, by=ground.OPERATOR, at=ground.AT)


def stored_files() -> set[frozenset[int]]:
    grouped: dict[int, set[int]] = defaultdict(set)
    for number, minor_id in SourceIdentity.objects.values_list("number", "minor_id"):
        grouped[minor_id].add(number)
    return {frozenset(group) for group in grouped.values()}


def expected_files(rows: Sequence[RegisterIdentity]) -> set[frozenset[int]]:
    keys = [Keys(r.number, r.said.national_id, r.said.guardian_phone, rules.row_text(r)) for r in rows]
    grouped: dict[object, set[int]] = defaultdict(set)
    for ref, found in rules.partition(keys).items():
        grouped[found].add(ref)  # type: ignore[arg-type]
    return {frozenset(group) for group in grouped.values()}


few = st.integers(0, 3)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(
    told=st.lists(st.tuples(few, few, st.sampled_from(["", "甲地1号", "乙地2号"])), min_size=1, max_size=10),
    sizes=st.lists(st.integers(1, 4), max_size=6),
)
def test_any_batches_give_the_partition_of_all_rows(
    told: list[tuple[int, int, str]], sizes: list[int]
) -> None:
    rows = [row(n, *one) for n, one in enumerate(told)]
    with transaction.atomic():
        start = 0
        for size in [*sizes, len(rows)]:
            assign(rows[start : start + size])
            start += size
        assert stored_files() == expected_files(rows)
        live = set(Minor.objects.filter(merged_into=None).values_list("pk", flat=True))
        assert set(SourceIdentity.objects.values_list("minor_id", flat=True)) == live
        ids = [
            pk
            for pk in Minor.objects.filter(merged_into=None, national_id_certain=True).values_list(
                "national_id_index"
            )
        ]
        assert len(ids) == len(set(ids))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_source_row_taken_in_again_replaces_what_it_said() -> None:
    first = assign([row(1, phone=1)])
    again = assign([row(1, id_=1, phone=2)])
    assert again.rows[0].minor_id == first.rows[0].minor_id
    assert SourceIdentity.objects.get().id_key != ""
    other = assign([row(2, id_=2)])
    moved = assign([row(1, id_=2)])
    assert moved.rows[0].minor_id == other.rows[0].minor_id


@pytest.mark.django_db
def test_every_step_is_recorded_and_cannot_be_changed() -> None:
    linked = assign([row(1, id_=1), row(2, id_=1, phone=1), row(3, phone=1)])
    assert [(one.how, one.opened) for one in linked.rows] == [
        ("exact_id", True),
        ("exact_id", False),
        ("name_birth_phone", False),
    ]
    assert [e.change for e in LinkEvent.objects.order_by("id")] == ["opened", "joined", "joined"]
    with pytest.raises(ProgrammingError), transaction.atomic():
        LinkEvent.objects.update(rule="alone")
    with pytest.raises(ProgrammingError), transaction.atomic():
        LinkEvent.objects.all().delete()


@pytest.mark.django_db
def test_keys_and_particulars_are_not_stored_in_clear() -> None:
    assign([row(1, id_=1, phone=1)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s::text || m::text FROM linkage_sourceidentity s JOIN people_minor m ON m.id = s.minor_id"
        )
        text = cursor.fetchone()[0]
    assert national_id(1) not in text and "19900000001" not in text


@pytest.mark.django_db(transaction=True)
def test_two_arrivals_at_once_open_one_file() -> None:
    barrier, faults = threading.Barrier(2), []

    def arrive(number: int) -> None:
        try:
            barrier.wait(10)
            assign([row(number * 100 + n, id_=n % 3 + 1, phone=n % 2) for n in range(20)])
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=arrive, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert Minor.objects.filter(merged_into=None).count() == 3
    assert SourceIdentity.objects.count() == 40
