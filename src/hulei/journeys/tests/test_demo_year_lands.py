"""The demo year through the real chain: read, recognise, land; then again, which changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hulei.access import queries as access
from hulei.common.landing import LedgerRow
from hulei.common.periods import CHINA
from hulei.common.viewer import Viewer, Viewpoint
from hulei.intake.reading.recognition import recognise
from hulei.intake.reading.rows import read_ledger
from hulei.intake.reading.templates import load_templates
from hulei.intake.reading.workbook import open_workbook
from hulei.journeys.demo_year import DemoYear, generate
from hulei.journeys.demo_year.generator import DISTRICT
from hulei.journeys.landing import land
from hulei.people import queries as people
from hulei.places import actions as places
from hulei.places import queries as places_queries

AT = datetime(2023, 12, 29, 9, tzinfo=CHINA)


def take_in(year: DemoYear, by: Viewer) -> tuple[Counter[str], Counter[str]]:
    """Outcomes and codes of findings of one whole run, rosters first."""
    outcomes: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    sheets = [
        (recognition.template.order, file.name, sheet, recognition)
        for file in year.files
        for sheet in open_workbook(file).sheets
        if (recognition := recognise(sheet.head(), load_templates())).template
    ]
    for _, _, sheet, recognition in sorted(sheets, key=lambda found: found[:2]):
        read = list(read_ledger(sheet, recognition, today=year.as_of))
        codes.update(finding.code for row in read for finding in row.findings)
        good = [row for row in read if not any(finding.level == "error" for finding in row.findings)]
        outcomes["refused"] += len(read) - len(good)
        rows = [LedgerRow(row.number, row.values, None, recognition.field_labels) for row in good]
        landed = land(recognition.ledger or "", rows, by=by, at=AT)
        outcomes.update(one.outcome for one in landed)
        codes.update(finding.code for one in landed for finding in one.findings)
    return outcomes, codes


def assert_everybody_sees_their_own(by: Viewer) -> None:
    """The grid worker sees the children of the own houses, the child director those of the village."""
    grid = places_queries.grids(by).get(name="粟山村第01网格")
    worker = replace(by, viewpoint=Viewpoint.GRID, scope=grid.code)
    director = replace(by, viewpoint=Viewpoint.VILLAGE, scope=grid.village_code)
    own, village = list(people.minors(worker)), list(people.minors(director))
    assert 5 < len(own) < len(village)
    houses = {int(re.findall(r"粟山村(\d+)", minor.address)[0]) for minor in own}
    assert min(houses) >= 1 and max(houses) <= 56
    assert {minor.pk for minor in own} == {m.pk for m in village if m.grid_code == grid.code}
    homeless = people.minors(by).filter(grid_code="").count()
    assert homeless == 0


@pytest.mark.django_db
@pytest.mark.slow
def test_the_demo_year_lands(tmp_path: Path) -> None:
    year = generate(tmp_path)
    by = access.operator(DISTRICT[0])
    places.found_district(by=by, at=AT, code=DISTRICT[0], name=DISTRICT[1])
    outcomes, codes = take_in(year, by)
    assert outcomes["refused"] == sum(year.story.refused_rows.values())
    assert set(outcomes) == {"refused", "added", "unchanged"}
    assert outcomes["unchanged"] == year.story.findings["duplicate_call_number"]
    assert dict(codes) == year.story.findings
    assert people.minors(by).count() == year.story.children
    assert_everybody_sees_their_own(by)
    again, _ = take_in(year, by)
    assert set(again) == {"refused", "unchanged"}
    assert people.minors(by).count() == year.story.children
