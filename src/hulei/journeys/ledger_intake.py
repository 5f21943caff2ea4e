"""A ledger's way from a file to records: the job that runs confirmed sheets, and the command's whole run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db import DatabaseError
from django.utils import timezone

from hulei.access import queries as access
from hulei.common import walls
from hulei.common.viewer import Viewer
from hulei.intake import actions, queries
from hulei.intake.queries import Sheet, Upload
from hulei.journeys import landing

log = logging.getLogger("hulei.intake")


def run_next(*, stop: Callable[[], bool]) -> bool:
    """Run the next waiting sheet to its end (or to a stop); False when none waits."""
    operator = access.operator()
    with walls.entered(operator):
        sheet = queries.next_work(operator)
        if sheet is None:
            return False
        by = access.on_behalf_of_account(sheet.uploaded_by_id, sheet.upload.uploaded_by_name, sheet.district_code)
    try:
        ran = False
        for _ in run_sheet(sheet.pk, by):
            ran = True
            if stop():
                break
        return ran
    except DatabaseError:
        raise
    except Exception as fault:
        log.exception("sheet %s stopped", sheet.pk)
        actions.give_up(sheet.pk, f"{type(fault).__name__}", by=by, at=timezone.now())
        return True


def run_sheet(sheet_id: int, by: Viewer) -> Iterator[Sheet]:
    """Run one confirmed sheet, giving it back after every batch."""

    def land(ledger: str, rows: Sequence[landing.LedgerRow]) -> list[landing.Landed]:
        return landing.land(ledger, rows, by=by, at=timezone.now())

    yield from actions.run(sheet_id, land, by=by, now=timezone.now)


def take_in_files(paths: Sequence[Path], *, by: Viewer, progress: Callable[[Sheet], None]) -> list[Upload]:
    """Receive files and run all their sheets, rosters first, whatever order the files came in."""
    uploads = []
    for path in paths:
        with path.open("rb") as file:
            uploads.append(actions.receive(by=by, at=timezone.now(), file=file, name=path.name))
    with walls.entered(by):
        for upload in uploads:
            actions.confirm(by=by, at=timezone.now(), upload_id=upload.pk)
        wanted = [s for u in uploads for s in queries.sheets(by).filter(upload=u, state__in=queries.RUNNABLE)]
    for sheet in sorted(wanted, key=lambda s: (s.ledger_order, s.pk)):
        for state in run_sheet(sheet.pk, by):
            progress(state)
    with walls.entered(by):
        return [queries.upload(by, upload.pk) for upload in uploads]
