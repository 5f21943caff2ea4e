"""Writing the ledger: one call, inside the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from hulei.audit import rules
from hulei.common.viewer import Viewer


def record(
    *,
    by: Viewer | None,
    at: datetime,
    tag: str,
    target: tuple[str, object],
    subject: int | None = None,
    subjects: Iterable[int] = (),
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Append one entry and give its number.

    ``tag`` is ``<package>.<noun>.<past participle>``; ``subject``/``subjects`` are ids of the minors
    that the event concerns. ``details`` must hold no id number, phone or address in clear.
    Raises TransactionManagementError outside a transaction: an entry stands or falls with its event.
    """
    transaction.get_connection().validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit entry belongs in a transaction")
    text = rules.payload(
        at=at,
        actor=by.account_id if by else None,
        actor_name=by.name if by else "",
        role=by.role if by else "",
        purpose=by.purpose if by else "",
        tag=tag,
        kind=target[0],
        target=str(target[1] or ""),
        subjects=[*subjects, *([] if subject is None else [subject])],
        reason=reason,
        details=details or {},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_append(%s)", [text])
        return int(cursor.fetchone()[0])
