"""The shared district-year as far as it concerns children: calls, clues, the four registers, cases.

The expected partition of register rows is computed here a second time, by plain union-find.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from hulei.common import names, walls
from hulei.common.landing import Landed, LedgerRow
from hulei.common.periods import Period
from hulei.common.viewer import Viewpoint
from hulei.intake.reading.recognition import recognise
from hulei.intake.reading.rows import read_ledger
from hulei.intake.reading.templates import load_templates
from hulei.intake.reading.workbook import open_workbook
from hulei.linkage import queries as linkage
from hulei.people import queries as people
from hulei.people.rules import check_digit_right, digits
from hulei.places import actions as places
from hulei.prevention import actions, queries
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
OFFICE = ground.viewer(Viewpoint.POLICE_DISTRICT)
YEAR = Period(date(2023, 1, 1), date(2023, 12, 29))
REGISTERS = ("register_police", "register_education", "register_civil_affairs", "register_grid")
ROSTERS = ("agencies", "stations", "schools", "grids")
Rows = dict[str, list[LedgerRow]]


@pytest.fixture(scope="module")
def sheets() -> Rows:
    """The rows without errors of every ledger, by its kind, each with a source number of its own."""
    found: Rows = defaultdict(list)
    source = count(1)
    for path in sorted(SAMPLES.iterdir()):
        with open_workbook(path) as book:
            for sheet in book:
                seen = recognise(sheet.head(), load_templates())
                labels = {name: seen.labels[index] for index, name in seen.mapping.items()}
                for row in read_ledger(sheet, seen, today=YEAR.end):
                    if not any(finding.level == "error" for finding in row.findings):
                        kept = LedgerRow(row.number, row.values, next(source), labels)
                        found[seen.ledger or ""].append(kept)
    return found


@pytest.fixture(autouse=True)
def rosters(db: None, sheets: Rows) -> None:
    with walls.entered(BY):
        places.found_district(by=BY, at=AT, code=ground.DISTRICT, name="铁山港区")
        for ledger in ROSTERS:
            getattr(places, f"take_in_{ledger}")(sheets[ledger], by=BY, at=AT)


def land(ledger: str, rows: Sequence[LedgerRow], size: int = 1000) -> list[Landed]:
    landed: list[Landed] = []
    for start in range(0, len(rows), size):
        with walls.entered(BY):
            landed += getattr(actions, f"take_in_{ledger}")(rows[start : start + size], by=BY, at=AT)
    return landed


def expected(rows: Sequence[LedgerRow]) -> set[frozenset[int]]:
    """Union over exact valid id and over name + birth date + phone, unless that joins two valid ids."""
    parent = {row.source_id: row.source_id for row in rows}

    def root(ref: Any) -> Any:
        while parent[ref] != ref:
            parent[ref] = parent[parent[ref]]
            ref = parent[ref]
        return ref

    keyed: dict[Any, list[Any]] = defaultdict(list)
    ids: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        national_id, birth = row.values.get("national_id") or "", row.values.get("birth_date")
        phone = digits(row.values.get("guardian_phone") or "")
        certain = national_id if check_digit_right(national_id) else ""
        if certain:
            keyed[certain].append((row.source_id, ""))
        if birth and phone:
            key = (names.plain(row.values["name"]), birth, phone)
            keyed[key].append((row.source_id, certain))
            ids[key] |= {certain} - {""}
    for key, members in keyed.items():
        fitting = [ref for ref, certain in members if not (len(ids[key]) > 1 and certain)]
        for ref in fitting[1:]:
            parent[root(ref)] = root(fitting[0])
    grouped: dict[Any, set[Any]] = defaultdict(set)
    for row in rows:
        grouped[root(row.source_id)].add(row.source_id)
    return {frozenset(group) for group in grouped.values()}


def stored() -> set[frozenset[int]]:
    grouped: dict[int, set[int]] = defaultdict(set)
    for source_id, _, minor_id in linkage.assigned_unscoped():
        grouped[minor_id].add(source_id)
    return {frozenset(group) for group in grouped.values()}


def test_registers_come_in_whole_and_the_same_again_changes_nothing(sheets: Rows) -> None:
    for ledger in REGISTERS:
        landed = land(ledger, sheets[ledger])
        assert [f for one in landed for f in one.findings] == []
        assert {one.outcome for one in landed} <= {"added", "filled", "unchanged"}
    rows = [row for ledger in REGISTERS for row in sheets[ledger]]
    assert len(rows) == 3061
    assert stored() == expected(rows)
    assert people.minors(OFFICE).count() == queries.dossiers(OFFICE).count() == len(stored())
    unplaced = people.minors(OFFICE).filter(village_code="") | people.minors(OFFICE).filter(station_code="")
    assert unplaced.count() == 0
    for ledger in REGISTERS:
        again = [
            LedgerRow(r.number, r.values, (r.source_id or 0) + 100_000, r.labels) for r in sheets[ledger]
        ]
        assert Counter(one.outcome for one in land(ledger, again)) == {"unchanged": len(again)}


def test_the_order_of_files_and_the_size_of_batches_do_not_matter(sheets: Rows) -> None:
    for ledger in reversed(REGISTERS):
        land(ledger, list(reversed(sheets[ledger])), size=430)
    assert stored() == expected([row for ledger in REGISTERS for row in sheets[ledger]])


def test_calls_clues_and_cases_give_the_figures_of_the_sheets(sheets: Rows) -> None:
    calls = land("police_calls", sheets["police_calls"])
    assert Counter(f.code for one in calls for f in one.findings) == {"duplicate_call_number": 2}
    found = queries.calls_received(OFFICE, YEAR)
    before = queries.calls_received(OFFICE, YEAR.year_before())
    assert (before.filter(nature="security").count(), found.filter(nature="security").count()) == (98, 65)
    assert {c.received_at.month for c in found.filter(nature="criminal")} <= {1, 2, 3, 4}
    land("register_police", sheets["register_police"])
    assert [f for one in land("clues", sheets["clues"]) for f in one.findings] == []
    assert [f for one in land("cases", sheets["cases"]) for f in one.findings] == []
    assert queries.clues_received(OFFICE, YEAR).count() == 13
    cases = queries.cases_tracked(OFFICE, YEAR)
    outcomes = Counter(cases.values_list("outcome", flat=True))
    assert (cases.count(), outcomes["back_to_school"], outcomes["back_to_family"]) == (36, 7, 11)
    reported = sum(row.values["visits"] for row in sheets["cases"])
    assert cases.aggregate(n=Sum("visit_count"))["n"] == reported
    without = sum(1 for row in sheets["cases"] if not row.values["national_id"])
    assert cases.filter(minor=None).count() >= without
