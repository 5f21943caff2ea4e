"""The shared middle of every save action: lock, compare versions, validate, tell what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hulei.common.models import Record
from hulei.common.text import Text
from hulei.common.viewer import Conflict, NotFound

R = TypeVar("R", bound=Record)
TAKEN = Text("与已登记的记录重复，请核对后另填。", "Registered already: please check and enter another.")


def locked(queryset: QuerySet[R], record_id: int, version: int | None) -> R:
    """The record for editing, locked until the transaction ends.

    Raises NotFound where it is absent or out of scope, Conflict where ``version`` is older than stored.
    """
    record = queryset.select_for_update(of=("self",)).filter(pk=record_id).first()
    if record is None:
        raise NotFound(record_id)
    if version is not None and version != record.version:
        raise Conflict(record)
    return record


def changed(
    record: Record,
    values: Mapping[str, Any],
    *,
    at: datetime,
    secret: frozenset[str] = frozenset(),
    check: Callable[[], None] | None = None,
) -> dict[str, list[Any]]:
    """Set ``values`` on ``record``, validate it whole, save it, and give {field: [old, new]}.

    Fields named in ``secret`` (ids, phones, addresses) are reported only as changed. A new record
    reports its values with None as the old ones. Raises ValidationError keyed by field; ``check``
    adds rules that look at the whole record.
    """
    fresh = record._state.adding
    differences: dict[str, list[Any]] = {}
    for name, value in values.items():
        old = None if fresh else getattr(record, name)
        if fresh or old != value:
            differences[name] = ["•••", "•••"] if name in secret else [_plain(old), _plain(value)]
        setattr(record, name, value)
    if fresh:
        record.created_at = at
    elif differences:
        record.version += 1
    record.updated_at = at
    record.hand_edited = True
    record.full_clean()
    if check:
        check()
    _save(record)
    return differences


def _save(record: Record) -> None:
    """Save, or say at the number that it is taken: a record out of sight may hold it, or a double click."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as fault:
        field = "number" if any(f.name == "number" for f in record._meta.fields) else "__all__"
        raise ValidationError({field: str(TAKEN)}) from fault


def _plain(value: Any) -> Any:
    """A value as the audit ledger shows it."""
    if hasattr(value, "pk"):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
