"""The shared district-year through reading and landing, as far as it concerns offices and schools.

The figures were worked out from the sheets by hand once.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from hulei.campus import actions as campus
from hulei.campus import queries as safety
from hulei.common.landing import Landed, LedgerRow
from hulei.common.periods import Period
from hulei.governance import actions as governance
from hulei.governance import queries as offices
from hulei.intake.reading.recognition import recognise
from hulei.intake.reading.rows import read_ledger
from hulei.intake.reading.templates import load_templates
from hulei.intake.reading.workbook import open_workbook
from hulei.outreach import actions as outreach
from hulei.outreach import queries as lessons
from hulei.places import actions as places
from tests import ground

SAMPLES = (
    Path(os.environ.get("HULEI_SAMPLES", Path(__file__).parents[2] / "shared" / "data")) / "ledgers-2023"
)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared sample ledgers are not here (HULEI_SAMPLES)"),
]
BY, AT = ground.OPERATOR, ground.AT
YEAR = Period(date(2023, 1, 1), date(2023, 12, 29))
AS_OF = YEAR.end

BY_HAND = {
    "joint_meetings": 13,
    "resolutions": 33,
    "resolutions_done": 27,
    "resolutions_overdue": 2,
    "directives": 6,
    "directive_assignments": 24,
    "directive_assignments_complete": 22,
    "lectures": 34,
    "lecture_attendance": 4920,
    "schools_below_four_hours": 5,
    "hazards": 58,
    "hazards_open": 9,
    "equipment_lines_short": 22,
    "drills": 24,
    "drills_meeting_1_3_5": 10,
    "guard_posts": 36,
    "guard_posts_with_traffic_control": 19,
    "parent_concerns": 21,
}

# In the order of taking in.
LEDGERS: dict[str, Any] = {
    "agencies": places.take_in_agencies,
    "stations": places.take_in_stations,
    "schools": places.take_in_schools,
    "joint_meetings": governance.take_in_joint_meetings,
    "resolutions": governance.take_in_resolutions,
    "directive_assignments": governance.take_in_directive_assignments,
    "lectures": outreach.take_in_lectures,
    "hazards": campus.take_in_hazards,
    "equipment": campus.take_in_equipment,
    "drills": campus.take_in_drills,
    "guard_posts": campus.take_in_guard_posts,
    "parent_concerns": campus.take_in_parent_concerns,
}


def read() -> dict[str, list[LedgerRow]]:
    """The rows of every ledger of the folder, by its kind."""
    found: dict[str, list[LedgerRow]] = {}
    for path in sorted(SAMPLES.glob("0[134567]*.xlsx")):
        with open_workbook(path) as book:
            for sheet in book:
                seen = recognise(sheet.head(), load_templates())
                labels = {name: seen.labels[index] for index, name in seen.mapping.items()}
                rows = list(read_ledger(sheet, seen, today=AS_OF))
                assert not [finding for row in rows for finding in row.findings], path.name
                found[seen.ledger or ""] = [LedgerRow(row.number, row.values, labels=labels) for row in rows]
    return found


def land(rows: dict[str, list[LedgerRow]]) -> dict[str, list[Landed]]:
    """Take everything in, rosters first."""
    return {ledger: action(rows[ledger], by=BY, at=AT) for ledger, action in LEDGERS.items()}


def test_the_year_comes_in_without_a_finding_and_its_figures_are_those_of_the_sheets() -> None:
    places.found_district(by=BY, at=AT, code=ground.DISTRICT, name="铁山港区")
    rows = read()
    first = land(rows)
    assert {k: [f for one in v for f in one.findings] for k, v in first.items()} == {k: [] for k in LEDGERS}
    assert {k: Counter(one.outcome for one in v) for k, v in first.items()} == {
        k: {"added": len(rows[k])} for k in LEDGERS
    }
    check_figures()
    again = land(rows)
    assert {one.outcome for landed in again.values() for one in landed} == {"unchanged"}
    check_figures()


def check_figures() -> None:
    resolutions = offices.resolutions_of(BY, YEAR)
    assignments = offices.assignments_deployed(BY, YEAR)
    lectures = lessons.lectures_held(BY, YEAR)
    drills = safety.drills_held(BY, YEAR)
    figures = {
        "joint_meetings": offices.meetings_held(BY, YEAR).count(),
        "resolutions": resolutions.count(),
        "resolutions_done": resolutions.filter(offices.done_by(AS_OF)).count(),
        "resolutions_overdue": resolutions.filter(offices.overdue_on(AS_OF)).count(),
        "directives": offices.directives_deployed(BY, YEAR).count(),
        "directive_assignments": assignments.count(),
        "directive_assignments_complete": assignments.filter(offices.complete_by(AS_OF)).count(),
        "lectures": lectures.count(),
        "lecture_attendance": lectures.aggregate(total=Sum("attendance"))["total"],
        "schools_below_four_hours": lessons.schools_with_hours(BY, YEAR).filter(below=True).count(),
        "hazards": safety.hazards_found(BY, YEAR).count(),
        "hazards_open": safety.hazards_open_on(BY, AS_OF).count(),
        "equipment_lines_short": safety.equipment_short(BY).count(),
        "drills": drills.count(),
        "drills_meeting_1_3_5": drills.filter(safety.MET).count(),
        "guard_posts": safety.guard_posts_during(BY, YEAR).count(),
        "guard_posts_with_traffic_control": safety.guard_posts(BY).filter(controlled=True).count(),
        "parent_concerns": safety.concerns_received(BY, YEAR).count(),
    }
    assert figures == BY_HAND
