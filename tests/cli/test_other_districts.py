"""Ledgers of the same kinds from another district: other names, orders, words, formats; the same figures."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hulei.access import queries as access
from hulei.common import walls
from hulei.common.landing import Finding
from hulei.common.periods import Period
from hulei.common.viewer import Viewer
from hulei.insight import queries as insight
from hulei.intake import queries
from hulei.journeys import ledger_intake
from hulei.journeys.demo_year import DemoYear, generate
from hulei.people import queries as people
from hulei.places import actions as places
from hulei.places import queries as places_queries
from tests import ground
from tests.cli import rearranged
from tests.cli.rearranged import WRITERS, Sheet, Writer, sheets_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
YEAR, AS_OF = Period(date(2023, 1, 1), date(2023, 12, 29)), date(2023, 12, 29)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoYear:
    return generate(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def sheets(demo: DemoYear) -> list[Sheet]:
    return list(sheets_of(demo.files))


def taken_in(paths: list[Path], code: str, name: str) -> tuple[Viewer, list[dict[str, Any]]]:
    """Found a district and take files in; what became of every sheet, faults by code."""
    by = access.operator(code)
    with walls.entered(by):
        places.found_district(by=by, at=ground.AT, code=code, name=name)
    told = []
    for upload in ledger_intake.take_in_files(paths, by=by, progress=lambda sheet: None):
        assert not isinstance(upload, Finding)
        assert not upload.findings, upload.findings
        for sheet in upload.sheets.order_by("position"):
            faults = Counter(f.code for f in queries.findings_of(sheet.findings))
            faults.update(f.code for _, f in queries.faults(sheet))
            counts = {n: getattr(sheet, n) for n in ("rows_done", "accepted", "unchanged", "rejected")}
            told.append({"file": upload.file_name, "ledger": sheet.ledger, **counts, "faults": faults})
    return by, told


def figures(by: Viewer) -> dict[str, Any]:
    with walls.entered(by):
        return {one.metric.id: (one.value, one.numerator, one.denominator)
                for one in insight.figures(by, YEAR, AS_OF, "")}  # fmt: skip


def summed(told: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Rows and faults by kind of ledger, whatever files they lay in."""
    found: dict[str, Counter[str]] = {}
    for one in told:
        numbers = {n: one[n] for n in ("rows_done", "accepted", "unchanged", "rejected")}
        found.setdefault(one["ledger"], Counter()).update(numbers)
        found[one["ledger"]].update(one["faults"])
    return found


@pytest.fixture
def at_home(demo: DemoYear, db: None) -> tuple[dict[str, Any], dict[str, Counter[str]], int]:
    """The demo year as it is: figures, what became of the rows, children. Rolled back before another."""
    from django.db import transaction

    with transaction.atomic():
        by, told = taken_in(list(demo.files), ground.DISTRICT, "铁山港区")
        with walls.entered(by):
            children = people.minors(by).count()
        answer = figures(by), summed(told), children
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("seed", [1, 2])
def test_every_shape_gives_the_same_figures(
    at_home: tuple[dict[str, Any], dict[str, Counter[str]], int],
    sheets: list[Sheet],
    tmp_path: Path,
    seed: int,
) -> None:
    """All shapes at once, drawn by lot for each sheet, in any order of files, rosters among the rest."""
    dice = Random(seed)
    paths = [dice.choice(WRITERS)(tmp_path, sheet, dice) for sheet in sheets]
    dice.shuffle(paths)
    by, told = taken_in(paths, *rearranged.DISTRICT)
    known, results, children = at_home
    assert [one for one in told if not one["ledger"]] == []
    assert summed(told) == results
    assert figures(by) == known
    with walls.entered(by):
        assert people.minors(by).count() == children


@pytest.mark.parametrize("writer", WRITERS, ids=lambda w: w.__name__)
def test_rosters_found_the_places_that_the_tree_lacks(
    sheets: list[Sheet], tmp_path: Path, writer: Writer
) -> None:
    rosters = [s for s in sheets if s.ledger in ("agencies", "stations", "schools", "grids")]
    paths = [writer(tmp_path, sheet, Random(7)) for sheet in reversed(rosters)]
    by, told = taken_in(paths, *rearranged.DISTRICT)
    assert [one["rejected"] for one in told] == [0, 0, 0, 0], told
    with walls.entered(by):
        areas = {area.name: area.code for area in places_queries.areas(by)}
        assert all(code.startswith("459901") for code in areas.values())
        assert {"东河镇", "西岭镇", "北桥镇"} <= set(areas)
        assert (
            places_queries.schools(by).exclude(town_code="").count()
            == next(s for s in sheets if s.ledger == "schools").rows.__len__()
        )
        assert places_queries.grids(by).filter(village_code="").count() == 0


def test_a_unit_that_no_roster_names_is_reported_and_not_invented(
    sheets: list[Sheet], tmp_path: Path
) -> None:
    """Without the rosters, all that stands on them comes back by name; with them it goes in."""
    wanted = ("schools", "lectures", "hazards", "stations", "agencies")
    chosen = {s.ledger: rearranged.plain(tmp_path, s, Random(s.ledger)) for s in sheets if s.ledger in wanted}
    by, told = taken_in([chosen["lectures"], chosen["hazards"]], *rearranged.DISTRICT)
    for one in told:
        assert (one["accepted"], one["rejected"]) == (0, one["rows_done"])
        assert one["faults"].keys() <= {"school_unknown", "unit_unknown"}
    with walls.entered(by):
        assert not places_queries.schools(by).exists()
        assert not places_queries.agencies(by).exists()
    _, told = taken_in(list(chosen.values()), *rearranged.DISTRICT)
    assert [one["rejected"] for one in told] == [0] * 5
