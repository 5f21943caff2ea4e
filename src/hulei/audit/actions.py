"""Writing the ledger: one call, inside the transaction of what it tells of. And events on their way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from hulei.audit import rules
from hulei.audit.models import Delivery
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


def post(
    event: str,
    body: Mapping[str, Any],
    subscribers: Iterable[str],
    *,
    by: Viewer,
    at: datetime,
) -> None:
    """Put an event on its way to each subscriber; it goes with the running transaction or not at all."""
    Delivery.objects.bulk_create(
        Delivery(
            event=event,
            body=dict(body),
            subscriber=subscriber,
            district_code=by.district,
            by_id=by.account_id,
            by_name=by.name[:60],
            published_at=at,
            due_at=at,
        )
        for subscriber in subscribers
    )


def next_delivery(at: datetime) -> Delivery | None:
    """The oldest delivery that is due, locked until the transaction ends; another's is passed over."""
    waiting = Delivery.objects.filter(delivered_at=None, due_at__lte=at).order_by("id")
    return waiting.select_for_update(skip_locked=True).first()


def delivered(delivery: Delivery, *, at: datetime) -> None:
    """The subscriber has done its part."""
    Delivery.objects.filter(pk=delivery.pk).update(delivered_at=at, tries=delivery.tries + 1, fault="")


def undelivered(delivery: Delivery, fault: str, *, by: Viewer, at: datetime) -> None:
    """The subscriber failed: kept in the ledger, and tried again after 1, 2, 4 ... minutes, at most 64."""
    tries = delivery.tries + 1
    due_at = at + timedelta(minutes=2 ** min(tries - 1, 6))
    Delivery.objects.filter(pk=delivery.pk).update(tries=tries, fault=fault[:80], due_at=due_at)
    details = {"event": delivery.event, "subscriber": delivery.subscriber, "fault": fault, "tries": tries}
    record(by=by, at=at, tag="audit.delivery.failed", target=("audit.delivery", delivery.pk), details=details)
