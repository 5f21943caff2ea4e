"""A ledger's way from a file to records: the job that runs confirmed sheets, and the command's whole run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from hulei.access import queries as access
from hulei.common import walls
from hulei.common.landing import Finding
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.intake import actions, queries
from hulei.intake.queries import Sheet, Upload
from hulei.journeys import delivery, landing

log = logging.getLogger("hulei.intake")

# The database went away: no fault of the sheet, whose run goes on when it is back.
LOST = (OperationalError, InterfaceError)
UNREADABLE = Text("无法读取文件：{why}", "the file cannot be read: {why}")


def run_next(*, stop: Callable[[], bool]) -> bool:
    """Run the next waiting sheet to its end (or to a stop); False when none waits or another is at it.

    Events that wait are delivered first, and between batches: a long sheet holds up nobody's scope.

    A sheet that meets a fault is marked and does not hold up the others. Raises what ``LOST`` names.
    """
    operator = access.operator()
    delivery.deliver_waiting()
    with walls.entered(operator):
        sheet = queries.next_work(operator)
        if sheet is None:
            return False
        by = access.on_behalf_of_account(
            sheet.uploaded_by_id, sheet.upload.uploaded_by_name, sheet.district_code
        )
    ran = False
    for _ in run_sheet(sheet.pk, by):
        ran = True
        delivery.deliver_waiting()
        if stop():
            break
    return ran


def run_sheet(sheet_id: int, by: Viewer, *, wait: bool = False) -> Iterator[Sheet]:
    """Run one confirmed sheet, giving it back after every batch; a fault ends it, marked as stopped."""

    def land(ledger: str, rows: Sequence[landing.LedgerRow]) -> list[landing.Landed]:
        return landing.land(ledger, rows, by=by, at=timezone.now())

    try:
        yield from actions.run(sheet_id, land, by=by, now=timezone.now, wait=wait)
    except LOST:
        raise
    except Exception as fault:
        log.exception("sheet %s stopped", sheet_id)
        actions.give_up(sheet_id, type(fault).__name__, by=by, at=timezone.now())
        with walls.entered(by):
            yield queries.sheets(by).get(pk=sheet_id)


def take_in_files(
    paths: Sequence[Path],
    *,
    by: Viewer,
    progress: Callable[[Sheet], None],
    waiting: Callable[[], None] = lambda: None,
) -> list[Upload | Finding]:
    """Receive files and run all their sheets, rosters first, whatever order the files came in.

    Answers for each file: its upload, or why it could not even be opened. One such run at a time in
    a district; ``waiting`` is called once if another is going on.
    """
    with actions.district_held(by.district, waiting=waiting):
        received = [_receive(path, by) for path in paths]
        numbers = list(dict.fromkeys(one.pk for one in received if isinstance(one, Upload)))
        with walls.entered(by):
            for number in numbers:
                actions.confirm(by=by, at=timezone.now(), upload_id=number)
            wanted = list(queries.sheets(by).filter(upload_id__in=numbers, state__in=queries.RUNNABLE))
        for sheet in sorted(wanted, key=lambda s: (s.ledger_order, s.pk)):
            for state in run_sheet(sheet.pk, by, wait=True):
                progress(state)
        with walls.entered(by):
            done = {number: queries.upload(by, number) for number in numbers}
    return [done[one.pk] if isinstance(one, Upload) else one for one in received]


def _receive(path: Path, by: Viewer) -> Upload | Finding:
    try:
        with path.open("rb") as file:
            return actions.receive(by=by, at=timezone.now(), file=file, name=path.name)
    except ValidationError as refusal:
        return Finding("", refusal.code or "file_refused", refusal.messages[0])
    except OSError as fault:
        text = UNREADABLE.fill(why=fault.strerror)
        return Finding("", "file_unreadable", text.zh, text.en)
