"""Whatever moves, every row that belongs to it follows: proven for each model there is, not for a list.

A new model is tested the day it is added; one that belongs to a school or an office and does not
follow fails here.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hulei.audit import queries as audit
from hulei.common.models import Scope
from hulei.journeys import delivery
from hulei.journeys.tests.any_rows import AT, OUTSIDE, SCOPED, Rows, follows_minor, label, targets
from hulei.journeys.tests.conftest import Ground
from hulei.people import actions as people_actions
from hulei.people import queries as people
from hulei.places import queries
from hulei.prevention import queries as prevention

PLACES = {f"places.{name}" for name in ("School", "Agency", "Area", "Grid", "PoliceGrid", "Beat")}
# Links that decide nobody's scope, and models of the whole district, each with the reason.
NO_SCOPE = {
    "outreach.Lecture.agency": "who lectured; the lecture belongs to its school",
    "prevention.RegisterEntry.station": "who handled it; the entry belongs to its child",
    "people.Enrolment.school": "it belongs to its child, who follows the school",
}
OF_THE_DISTRICT = {"governance.Directive": "a deployment of the whole district"}
HOME = "兴港镇粟山村31号"


@pytest.mark.parametrize("model", SCOPED, ids=label)
def test_every_model_says_where_its_scope_comes_from(model: Any) -> None:
    sources = bool(model.scope_from) + follows_minor(model) + (label(model) in OF_THE_DISTRICT)
    assert sources == 1, f"{label(model)}: give it scope_from or follows_minor"
    for name, target in targets(model).items():
        told = name in model.scope_from or f"{label(model)}.{name}" in NO_SCOPE
        assert told or target not in PLACES, f"{label(model)}.{name}: does the scope come from there?"


def test_everything_of_a_school_follows_it(ground: Ground) -> None:
    school = ground.school()
    rows = Rows(school.scope.fields(), **{"places.School": school})
    for model in OUTSIDE:
        of_school = "places.School" in targets(model).values()
        if of_school or follows_minor(model) or label(model) == "prevention.Visit":
            rows.of(model)
    assert len(rows.made) >= 14
    ground.save("school", school, station=ground.agency("营盘派出所"), town=ground.area("营盘镇"))
    delivery.deliver_waiting()
    moved = ground.school().scope
    assert (moved.station_code, moved.town_code) == (
        ground.agency("营盘派出所").code,
        ground.area("营盘镇").code,
    )
    for name, row in rows.again():
        assert Scope(**{n: getattr(row, n) for n in Scope.__slots__}) == moved, name


def test_everything_of_an_office_follows_it(ground: Ground) -> None:
    agency = ground.agency("铁山港区教育局")
    rows = Rows(agency.scope.fields(), **{"places.Agency": agency})
    for model in OUTSIDE:
        if [targets(model).get(name) for name in model.scope_from] == ["places.Agency"]:
            rows.of(model)
    assert {"governance.JointMeeting", "governance.Resolution", "governance.Assignment"} <= set(rows.made)
    ground.save("agency", agency, town=ground.area("营盘镇"))
    delivery.deliver_waiting()
    for name, row in rows.again():
        assert name in OF_THE_DISTRICT or row.town_code == ground.area("营盘镇").code, name


def at_home(address: str = HOME) -> Rows:
    """A child with every row there can be about a child, a call and a clue, all of one address."""
    scope = queries.locator_unscoped("450512").locate(address)
    assert scope and scope.grid_code and scope.station_code
    rows = Rows(scope.fields())
    rows.named("people.Minor", address=address)
    for model in OUTSIDE:
        if follows_minor(model) and label(model) != "people.Enrolment":
            rows.of(model)
    rows.named("prevention.PoliceCall", place=address)
    rows.named("prevention.Clue", place=address)
    return rows


def codes(rows: Rows, name: str) -> set[str]:
    """The codes that all rows but calls have, whose station is the one that took the call."""
    return {
        getattr(row, name)
        for kind, row in rows.again()
        if (kind, name) != ("prevention.PoliceCall", "station_code")
    }


def test_a_beat_takes_its_children_along(ground: Ground) -> None:
    rows = at_home()
    ground.take("stations", {"name": "兴港派出所", "town": "兴港镇", "villages": ("南乐社区", "粟山村")})
    delivery.deliver_waiting()
    assert codes(rows, "station_code") == {ground.agency("兴港派出所").code}
    station = ground.agency("石头埠派出所")
    villages = queries.areas(ground.by).filter(name__startswith="粟山")
    ground.save("agency", station, villages=villages)
    delivery.deliver_waiting()
    assert codes(rows, "station_code") == {station.code}


def test_houses_taken_in_later_and_changed_on_a_page_move_children(ground: Ground) -> None:
    rows = at_home()
    first, second = ground.grid(), ground.grid("粟山村第02网格")
    ground.take(
        "grids",
        {"village": "粟山村", "name": first.name, "houses": "1-30"},
        {"village": "粟山村", "name": second.name, "houses": "31-120"},
    )
    delivery.deliver_waiting()
    assert codes(rows, "grid_code") == {second.code}
    ground.save("grid", ground.grid(second.name), houses="32-120")
    delivery.deliver_waiting()
    assert codes(rows, "grid_code") == {""}
    ground.save("grid", ground.grid(), houses="1-31")
    delivery.deliver_waiting()
    assert codes(rows, "grid_code") == {first.code}


def test_a_village_goes_to_another_town_with_all_that_is_in_it(ground: Ground) -> None:
    rows, village = at_home(), ground.area("粟山村")
    ground.save("area", village, parent=ground.area("营盘镇"))
    delivery.deliver_waiting()
    town = ground.area("营盘镇").code
    assert ground.area("粟山村").path.endswith(f"{town}/{village.code}")
    assert ground.grid().town_code == town
    assert codes(rows, "town_code") == {town}  # their addresses still name the old one
    assert codes(rows, "village_code") == {village.code}
    assert codes(rows, "grid_code") == {ground.grid().code}
    assert codes(rows, "station_code") == {ground.agency("石头埠派出所").code}


def test_a_grid_goes_to_another_village(ground: Ground) -> None:
    rows = at_home()
    ground.save("grid", ground.grid(), village=ground.area("杨屋村"))
    delivery.deliver_waiting()
    assert codes(rows, "grid_code") == {ground.grid("粟山村第02网格").code}  # the only one that is left


def test_a_new_village_finds_the_children_who_named_it_before(ground: Ground) -> None:
    address = "营盘镇新村5号"
    rows = Rows(queries.locator_unscoped("450512").locate(address).fields())  # type: ignore[union-attr]
    rows.named("people.Minor", address=address)
    assert codes(rows, "village_code") == {""}
    ground.take("stations", {"name": "营盘派出所", "town": "营盘镇", "villages": ("白龙社区", "新村")})
    delivery.deliver_waiting()
    assert codes(rows, "village_code") == {ground.area("新村").code}


def test_a_police_grid_under_another_station(ground: Ground) -> None:
    station = ground.agency("兴港派出所")
    ground.save("police_grid", ground.grid().police_grid, station=station)
    assert ground.grid().station_code == station.code


def test_what_was_put_by_hand_stays_where_the_address_tells_nothing(ground: Ground) -> None:
    grid, school = ground.grid(), ground.school()
    rows = Rows({**grid.scope.fields(), "school_code": school.code}, **{"places.School": school})
    rows.named("people.Minor", address="")
    rows.named("people.Enrolment")
    ground.save("school", school, station=ground.agency("营盘派出所"), town=ground.area("营盘镇"))
    ground.take("stations", {"name": "兴港派出所", "town": "兴港镇", "villages": ("粟山村",)})
    delivery.deliver_waiting()
    assert codes(rows, "grid_code") == {grid.code}
    assert codes(rows, "station_code") == {ground.agency("兴港派出所").code}


def test_a_renamed_village_keeps_its_children(ground: Ground) -> None:
    rows, village = at_home(), ground.area("粟山村")
    ground.save("area", village, name="粟山新村")
    ground.take("stations", {"name": "兴港派出所", "town": "兴港镇", "villages": ("粟山新村",)})
    delivery.deliver_waiting()
    assert codes(rows, "village_code") == {village.code}
    assert codes(rows, "station_code") == {ground.agency("兴港派出所").code}


def test_one_entry_for_each_chapter_and_none_when_nothing_moves(ground: Ground) -> None:
    at_home()
    station = {"name": "兴港派出所", "town": "兴港镇", "villages": ("粟山村",)}
    ground.take("stations", station)
    delivery.deliver_waiting()

    def told() -> list[str]:
        return sorted(
            audit.entries(ground.by).filter(tag__endswith=".followed").values_list("tag", flat=True)
        )

    assert told() == ["people.scope.followed", "prevention.scope.followed"]
    entry = audit.entries(ground.by).get(tag="people.scope.followed")
    assert entry.subjects == [people.minors(ground.by).get().pk]
    ground.take("stations", station)
    assert delivery.deliver_waiting() == 0
    assert len(told()) == 2


def test_the_statements_are_as_many_for_one_child_as_for_thirty(ground: Ground) -> None:
    counts = []
    for children in (1, 29):
        for _ in range(children):
            at_home()
        other = "兴港派出所" if children == 1 else "石头埠派出所"
        ground.take("stations", {"name": other, "town": "兴港镇", "villages": ("粟山村",)})
        with CaptureQueriesContext(connection) as made:
            delivery.deliver_waiting()
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_a_child_entered_by_hand_has_a_dossier(ground: Ground) -> None:
    values = {"name": "容海", "national_id": "", "guardian": "", "guardian_phone": ""}
    minor = people_actions.save_minor(
        by=ground.by, at=AT, reason="走访发现", record_id=None, version=None, values=values
    )
    delivery.deliver_waiting()
    dossiers = [d for d in prevention.dossiers(ground.by) if d.minor_id == minor.pk]
    assert len(dossiers) == 1
