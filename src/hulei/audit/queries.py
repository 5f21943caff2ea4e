"""Reading the ledger: for auditors and the prosecutor, for the verifier, and who looked at a child."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from django.db import connection
from django.db.models import QuerySet

from hulei.audit.models import AuditEntry, Delivery
from hulei.audit.rules import Break, Link, verify
from hulei.common.viewer import Viewer
from hulei.common.walls import visible


def entries(viewer: Viewer) -> QuerySet[AuditEntry]:
    """The entries that ``viewer`` may read, newest first."""
    return visible(viewer, AuditEntry.objects.order_by("-seq"))


def entries_about(viewer: Viewer, minor_id: int) -> QuerySet[AuditEntry]:
    """Entries about one child, newest first."""
    return entries(viewer).filter(subjects__contains=[minor_id])


def deliveries(viewer: Viewer) -> QuerySet[Delivery]:
    """Events on their way, the oldest first; delivered ones included."""
    return visible(viewer, Delivery.objects.order_by("id"))


def head_unscoped() -> tuple[int, bytes]:
    """(number, hash) of the newest entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit_head")
        seq, digest = cursor.fetchone()
        return int(seq), bytes(digest)


def breaks_unscoped() -> Iterator[Break]:
    """Every fault of the chain, read in bounded memory from a consistent snapshot."""
    return verify(_links(), head_unscoped())


def _links() -> Iterator[Link]:
    for row in AuditEntry.objects.order_by("seq").iterator(chunk_size=5000):
        columns = {
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": row.actor_id,
            "role": row.role,
            "tag": row.tag,
            "kind": row.target_kind,
            "target": row.target_id,
            "subjects": list(row.subjects),
        }
        yield Link(row.seq, row.payload, bytes(row.hash), columns)
