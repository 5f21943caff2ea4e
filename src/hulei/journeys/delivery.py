"""Events from those who publish them to those who listen, after commit, each exactly once.

An event is written down for each subscriber in the publisher's own transaction, so nothing is lost
when a process ends in between. After the commit it is delivered at once where this process may see
all rows, else by the job runner a moment later. A subscriber that fails undoes nothing but its own
part; the fault is in the audit ledger, and the delivery is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from psycopg import errors as postgres

from hulei.access import queries as access
from hulei.audit import actions as audit
from hulei.common import events, walls
from hulei.common.viewer import Viewer, Viewpoint
from hulei.journeys import wiring

log = logging.getLogger("hulei.events")
Now = Callable[[], datetime]


def connect() -> None:
    """From now on carry what actions publish. Called once, when Django starts."""
    events.carry_by(carry)


def carry(event: events.Event, by: Viewer, at: datetime) -> None:
    """Write an event down for all its subscribers, and have it delivered after the commit."""
    subscribers = wiring.SUBSCRIBERS[type(event)]
    audit.post(type(event).__name__, events.written(event), subscribers, by=by, at=at)
    transaction.on_commit(_deliver_at_once, robust=True)


def _deliver_at_once() -> None:
    """Deliver in this process if it may; where the database has gone, what is written down waits."""
    try:
        if walls.may_enter(Viewpoint.WORKER):
            deliver_waiting()
    except (OperationalError, InterfaceError) as fault:
        if not _lost(fault):
            raise
        log.warning("deliveries wait for the database: %s", type(fault).__name__)


def deliver_waiting(now: Now = timezone.now) -> int:
    """Deliver what is due, oldest first; gives how many deliveries were tried."""
    tried = 0
    while _deliver_next(now):
        tried += 1
    return tried


def _deliver_next(now: Now) -> bool:
    """One delivery in one transaction: its subscriber's part and the note that it is done, or the fault."""
    with walls.entered(access.operator()):
        found = audit.next_delivery(now())
        if found is None:
            return False
        by = access.on_behalf_of_account(found.by_id, found.by_name, found.district_code)
        try:
            with walls.entered(by):
                event = events.read(found.event, found.body)
                wiring.SUBSCRIBERS[type(event)][found.subscriber](event, by=by, at=now())
        except Exception as fault:
            if _lost(fault):
                raise
            log.exception("delivery %s to %s failed", found.pk, found.subscriber)
            audit.undelivered(found, type(fault).__name__, by=by, at=now())
        else:
            audit.delivered(found, at=now())
    return True


def _lost(fault: Exception) -> bool:
    """Whether the database went away, as against a conflict with another's transaction."""
    conflicts = (postgres.DeadlockDetected, postgres.SerializationFailure, postgres.LockNotAvailable)
    lost = isinstance(fault, (OperationalError, InterfaceError))
    return lost and not isinstance(fault.__cause__, conflicts)
