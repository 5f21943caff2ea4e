"""The ledger in PostgreSQL: in the same transaction, append-only, verified, closed to others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from hulei.access import queries as access
from hulei.audit import actions, queries
from hulei.audit.models import AuditEntry
from hulei.audit.rules import Break
from hulei.common import walls
from hulei.common.viewer import Viewer, Viewpoint

NOON = datetime(2023, 12, 29, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _viewer(viewpoint: Viewpoint) -> Viewer:
    return Viewer(7, "容海", "station_officer", viewpoint, "450512", "450512")


def _write(count: int = 3, by: Viewer | None = None) -> None:
    for number in range(count):
        actions.record(
            by=by, at=NOON, tag="test.entry.written", target=("test.entry", number), subject=number
        )


def _tamper(statement: str) -> None:
    """Do what only somebody with the owner's rights and ill will could: switch the guard off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_no_change")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_no_change")


def test_entries_are_numbered_without_gaps_and_verify() -> None:
    _write(5, _viewer(Viewpoint.POLICE_DISTRICT))
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert list(queries.breaks_unscoped()) == []


def test_an_entry_goes_with_its_event() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        _write(1)
        raise RuntimeError
    assert not AuditEntry.objects.exists()
    _write(1)
    assert AuditEntry.objects.get().seq == 1


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE audit_auditentry SET payload = replace(payload, 'test.entry', 'x.entry') WHERE seq = 2",
            Break(2, "altered"),
        ),
        ("DELETE FROM audit_auditentry WHERE seq = 2", Break(2, "missing")),
        ("DELETE FROM audit_auditentry WHERE seq = 3", Break(3, "tail")),
        ("UPDATE audit_auditentry SET actor_id = 99 WHERE seq = 1", Break(1, "columns")),
        ("UPDATE audit_auditentry SET hash = sha256('x') WHERE seq = 2", Break(2, "altered")),
    ],
)
def test_tampering_is_named(statement: str, expected: Break) -> None:
    _write(3)
    _tamper(statement)
    assert expected in list(queries.breaks_unscoped())


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET role = ''", "DELETE FROM audit_auditentry", "TRUNCATE audit_auditentry"],
)
def test_even_the_owner_cannot_change_an_entry_by_mistake(statement: str) -> None:
    _write(1)
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("viewpoint", list(Viewpoint))
def test_no_viewpoint_writes_except_through_the_function(viewpoint: Viewpoint) -> None:
    with walls.entered(_viewer(viewpoint)):
        _write(1, _viewer(viewpoint))
        for statement in (
            "INSERT INTO audit_auditentry SELECT * FROM audit_auditentry",
            "UPDATE audit_auditentry SET role = ''",
            "DELETE FROM audit_auditentry",
            "UPDATE audit_head SET seq = 0",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


@pytest.mark.parametrize("viewpoint", list(Viewpoint))
def test_only_auditor_prosecutor_and_jobs_read_it(viewpoint: Viewpoint) -> None:
    _write(2)
    may = {Viewpoint.AUDITOR, Viewpoint.PROSECUTION, Viewpoint.WORKER}
    with walls.entered(_viewer(viewpoint)):
        expected = 2 if viewpoint in may else 0
        assert AuditEntry.objects.count() == expected
        assert queries.entries(_viewer(viewpoint)).count() == expected


def test_who_looked_at_a_child() -> None:
    actions.record(by=None, at=NOON, tag="people.minor.listed", target=("people.minor", ""), subjects=[3, 4])
    actions.record(by=None, at=NOON, tag="people.minor.read", target=("people.minor", 4), subject=4)
    found = queries.entries_about(access.operator(), 4)
    assert [e.tag for e in found] == ["people.minor.read", "people.minor.listed"]
    assert queries.entries_about(access.operator(), 5).count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        actions.record(by=None, at=NOON, tag="x", target=("x", 1))
