"""The course that every save of a record takes: guard, lock, validate, save, look again, audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from hulei.audit import actions as audit
from hulei.common import editing
from hulei.common.models import Record
from hulei.common.viewer import Forbidden, Viewer

R = TypeVar("R", bound=Record)


def save_record(
    kind: str,
    rows: QuerySet[R],
    model: Callable[[], R],
    values: Mapping[str, Any],
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    record_id: int | None,
    version: int | None,
    derived: Collection[str] = (),
) -> R:
    """Add a record, or change the one of ``rows`` (the viewer's own rows) with this id and version.

    ``derived`` names columns that follow from others and are not told of in the ledger. Raises
    Forbidden without the permission and for a record that would leave the viewer's sight, NotFound,
    Conflict, or ValidationError keyed by field.
    """
    permission = f"{kind}.{'add' if record_id is None else 'edit'}"
    by.require(permission)
    with transaction.atomic():
        record = model() if record_id is None else editing.locked(rows, record_id, version)
        changes = editing.changed(record, values, at=at)
        if not rows.filter(pk=record.pk).exists():
            raise Forbidden(permission)
        told = {name: pair for name, pair in changes.items() if name not in derived}
        tag = f"{kind}.{'added' if record_id is None else 'changed'}"
        audit.record(by=by, at=at, tag=tag, target=(kind, record.pk), reason=reason, details=told)
    return record
