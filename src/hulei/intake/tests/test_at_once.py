"""Two at once, with real transactions: the same file, and the same children in two ledgers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from hulei.common import walls
from hulei.intake import queries
from hulei.intake.models import Upload
from hulei.intake.tests import office
from hulei.intake.tests.office import EDUCATION, POLICE, contents, sent, told, write
from hulei.journeys import ledger_intake
from tests import ground

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def district() -> None:
    with walls.entered(ground.OPERATOR):
        ground.found()


def at_once(*acts: Callable[[], Any]) -> Sequence[Any]:
    """Run all acts in threads of their own, begun in one moment."""
    line = Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        try:
            line.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_the_same_file_sent_twice_in_one_moment(tmp_path: Path) -> None:
    path = write(tmp_path / "e.xlsx", EDUCATION, [office.education(n) for n in range(1, 9)])
    first, second, third = at_once(*[lambda: sent(path, office.OPERATOR)[0]] * 3)
    assert first.pk == second.pk == third.pk
    assert Upload.objects.count() == 1
    office.work()
    assert told(first).rows == 8
    assert contents()["prevention_registerentry"] == 8


def test_the_same_children_in_two_ledgers_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hulei.intake.actions.running.BATCH", 5)
    children = range(1, 41)
    paths = [
        write(tmp_path / "e.xlsx", EDUCATION, [office.education(n) for n in children]),
        write(tmp_path / "p.xlsx", POLICE, [office.police(n) for n in reversed(children)]),
        write(tmp_path / "f.xlsx", EDUCATION, [office.education(n) for n in reversed(children)]),
    ]
    sheets = [sent(path, office.OPERATOR)[0] for path in paths]
    runs = [lambda sheet=sheet: list(ledger_intake.run_sheet(sheet.pk, office.OPERATOR)) for sheet in sheets]
    at_once(*runs)
    assert [told(sheet).rejected for sheet in sheets] == [0, 0, 0]
    kept = contents()
    assert kept["people_minor"] == kept["prevention_dossier"] == len(children)
    assert kept["prevention_registerentry"] == 2 * len(children)
    assert kept["people_guardian"] == kept["people_enrolment"] == len(children)
    accepted = [told(sheet).accepted for sheet in sheets]
    assert accepted[1] == len(children)
    assert accepted[0] + accepted[2] == len(children)


def test_one_sheet_run_by_two_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hulei.intake.actions.running.BATCH", 3)
    path = write(tmp_path / "e.xlsx", EDUCATION, [office.education(n) for n in range(1, 31)])
    sheet = sent(path, office.OPERATOR)[0]
    at_once(*[office.work] * 3)
    office.work()
    assert told(sheet).counts == (30, 0, 0)
    with walls.entered(office.OPERATOR):
        assert queries.source_records(office.OPERATOR).count() == 30
    assert contents()["prevention_registerentry"] == 30
