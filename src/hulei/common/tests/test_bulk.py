"""Many rows in one statement keep what one row would keep: values, types, lengths, walls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hulei.common import walls
from hulei.common.bulk import insert_rows, update_rows
from hulei.common.viewer import Viewpoint
from hulei.governance.models import JointMeeting
from hulei.intake.models import Sheet, SourceRecord, Upload
from tests import ground

pytestmark = pytest.mark.django_db
# What PostgreSQL can hold: everything but NUL and halves of a pair.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


def sheet() -> Sheet:
    upload = Upload.objects.create(
        file_name="x", size=1, sha256="0", stored_as="x", uploaded_at=ground.AT, district_code="450512"
    )
    return Sheet.objects.create(upload=upload, position=0, district_code="450512")


def record(of: Sheet, number: int, **more: Any) -> SourceRecord:
    given = {"line": number, "content": "{}", "outcome": "added", "taken_at": ground.AT, **more}
    return SourceRecord(sheet_id=of.pk, number=number, district_code="450512", **given)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "content": TEXTS,
                "record_kind": TEXTS,
                "record_id": st.none() | st.integers(1 - 2**63, 2**63 - 1),
                "findings": NESTED.filter(lambda v: v is not None),
                "taken_at": MOMENTS,
            }
        ),
        max_size=4,
    )
)
def test_what_goes_in_comes_out(rows: list[dict[str, Any]]) -> None:
    """Sealed texts, json and moments too; and the same once more by an update."""
    with transaction.atomic():
        of = sheet()
        records = [record(of, number, **row) for number, row in enumerate(rows)]
        insert_rows(SourceRecord, records)
        stored = SourceRecord.objects.in_bulk([r.pk for r in records])
        for row, one in zip(rows, records, strict=True):
            assert {name: getattr(stored[one.pk], name) for name in row} == row
        turned = [record(of, number, **row) for number, row in enumerate(reversed(rows))]
        for one, other in zip(records, turned, strict=True):
            other.pk = one.pk
        assert update_rows(SourceRecord, turned, list(rows[0]) if rows else ["content"]) == len(rows)
        for row, one in zip(reversed(rows), turned, strict=True):
            found = SourceRecord.objects.get(pk=one.pk)
            assert {name: getattr(found, name) for name in row} == row
        transaction.set_rollback(True)


def test_ids_are_those_of_the_rows() -> None:
    of = sheet()
    records = [record(of, number) for number in range(500, 0, -1)]
    insert_rows(SourceRecord, records)
    assert all(SourceRecord.objects.get(number=r.number).pk == r.pk for r in records[::50])
    assert not records[0]._state.adding
    insert_rows(SourceRecord, [])
    drawn = [record(of, 900, id=10**12), record(of, 901, id=10**12 + 1)]
    insert_rows(SourceRecord, drawn)
    assert SourceRecord.objects.get(number=901).pk == 10**12 + 1


def test_sealed_texts_lie_sealed() -> None:
    of = sheet()
    one = record(of, 1, content="459900201001010000")
    insert_rows(SourceRecord, [one])
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM intake_sourcerecord")
        assert "459900" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"record_kind": "x" * 61}, DataError),
        ({"record_kind": "a\x00b"}, DataError),
        ({"record_id": 2**63}, DataError),
        ({"line": -1}, IntegrityError),
        ({"outcome": None}, IntegrityError),
    ],
)
def test_what_does_not_fit_is_refused(values: dict[str, Any], fault: type[Exception]) -> None:
    """Never cut: both ways of writing refuse it."""
    of = sheet()
    good = record(of, 1)
    insert_rows(SourceRecord, [good])
    with pytest.raises(fault), transaction.atomic():
        insert_rows(SourceRecord, [record(of, 2), record(of, 3, **values)])
    for name, value in values.items():
        setattr(good, name, value)
    with pytest.raises(fault), transaction.atomic():
        update_rows(SourceRecord, [good], list(values))


def test_dates_lists_and_numbers() -> None:
    meeting = JointMeeting(
        number="LX1",
        held_on=date(2023, 2, 8),
        title="会",
        topics=["一", '二"，{', ""],
        district_code="450512",
        created_at=ground.AT,
        updated_at=ground.AT,
    )
    insert_rows(JointMeeting, [meeting])
    stored = JointMeeting.objects.get()
    assert (stored.held_on, stored.topics) == (date(2023, 2, 8), ["一", '二"，{', ""])
    assert Decimal(str(stored.version)) == 1


def test_walls_stand_before_both() -> None:
    """Row-level security refuses what the viewer may not write, and hides what they may not see."""
    of = sheet()
    foreign = record(of, 1, uploaded_by_id=8)
    insert_rows(SourceRecord, [foreign])
    teacher = ground.viewer(Viewpoint.EDUCATION)  # account 7
    with walls.entered(teacher):
        insert_rows(SourceRecord, [record(of, 2, uploaded_by_id=7)])
        assert update_rows(SourceRecord, [foreign], ["line"]) == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            insert_rows(SourceRecord, [record(of, 3, uploaded_by_id=8)])
