"""Hazards, equipment, drills, guard posts, concerns: taken in, read, saved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError
from pytest_django import DjangoAssertNumQueries

from hulei.audit import queries as audit
from hulei.campus import actions, forms, pages, queries, rules
from hulei.campus.models import Drill, Hazard
from hulei.common import walls
from hulei.common.periods import CHINA, Period
from hulei.common.viewer import Conflict, Forbidden, NotFound, Viewpoint
from tests import ground

pytestmark = pytest.mark.django_db
BY, AT = ground.OPERATOR, ground.AT
YEAR = Period(date(2023, 1, 1), date(2023, 12, 29))
AS_OF = YEAR.end
TRIGGER = datetime(2023, 9, 9, 15, 11)


@pytest.fixture(autouse=True)
def district(db: None) -> None:
    ground.found()


HAZARD = {
    "number": "YH-001", "found_on": date(2023, 1, 2), "school": "粟山小学", "category": "physical",
    "description": "一键报警未接通", "grade": "general", "due_on": date(2023, 1, 17),
    "rectified_on": date(2023, 1, 8), "reinspection": "passed",
}  # fmt: skip
LINE = {
    "school": "粟山小学", "item": "防爆棍", "required": 2, "present": 1, "sound": 1,
    "expires_on": date(2023, 10, 1), "keeper": "钟豪",
}  # fmt: skip
DRILL = {
    "school": "粟山小学", "triggered_at": TRIGGER, "first_person_at": TRIGGER + timedelta(seconds=60),
    "unit_assembled_at": TRIGGER + timedelta(seconds=180),
    "police_arrived_at": TRIGGER + timedelta(seconds=300),
    "scenario": "消防",
}  # fmt: skip
POST = {
    "school": "粟山小学", "point": "校门", "slot": (time(7, 10), time(7, 50)), "police": 2, "guards": 1,
    "volunteers": 0, "traffic_control": "校门路段临时管制15分钟",
}  # fmt: skip
CONCERN = {
    "received_on": date(2023, 11, 14), "school": "粟山小学", "content": "放学高峰拥堵", "answer": None,
    "answered_on": None,
}  # fmt: skip

LEDGERS = {
    "hazards": (actions.take_in_hazards, HAZARD, {"due_on": None}),
    "equipment": (actions.take_in_equipment, LINE, {"keeper": None}),
    "drills": (actions.take_in_drills, DRILL, {"police_arrived_at": None}),
    "guard_posts": (actions.take_in_guard_posts, POST, {"police": None}),
    "parent_concerns": (
        actions.take_in_parent_concerns,
        {**CONCERN, "answer": "已增设护学岗"},
        {"answer": None},
    ),
}


def take_in(action: Any, *values: dict[str, Any]) -> list[Any]:
    landed: list[Any] = action(ground.rows(*values), by=BY, at=AT)
    return landed


def outcomes(landed: list[Any]) -> list[str]:
    return [one.outcome for one in landed]


def codes(landed: list[Any]) -> list[list[str]]:
    return [[finding.code for finding in one.findings] for one in landed]


@pytest.mark.parametrize("ledger", LEDGERS)
def test_taken_in_filled_in_and_then_unchanged(ledger: str) -> None:
    action, row, gap = LEDGERS[ledger]
    first = take_in(action, {**row, **gap})
    assert (outcomes(first), codes(first)) == (["added"], [[]])
    assert outcomes(take_in(action, {**row, **gap})) == ["unchanged"]
    assert outcomes(take_in(action, row)) == ["filled"]
    assert outcomes(take_in(action, row)) == ["unchanged"]
    assert outcomes(take_in(action, {**row, "school": "营盘中学", "number": "YH-002"})) == ["added"]
    entry = audit.entries(BY).first()
    assert entry.tag == f"{first[0].kind}.taken_in"
    assert '"added":1' in entry.payload.replace(" ", "")


@pytest.mark.parametrize("ledger", LEDGERS)
def test_an_unknown_school_is_refused_and_the_rest_is_in(ledger: str) -> None:
    action, row, _ = LEDGERS[ledger]
    landed = take_in(action, {**row, "school": "无此小学"}, row, row)
    assert outcomes(landed) == ["rejected", "added", "unchanged"]
    assert codes(landed) == [["school_unknown"], [], ["row_repeated"]]


@pytest.mark.parametrize("ledger", LEDGERS)
def test_a_ledger_costs_the_same_statements_whatever_its_length(
    ledger: str, django_assert_max_num_queries: Any
) -> None:
    action, row, _ = LEDGERS[ledger]
    many = [
        {**row, "number": f"YH-{n}", "item": f"器材{n}", "point": f"点位{n}", "content": f"关切{n}",
         "triggered_at": TRIGGER - timedelta(days=n)} for n in range(200)
    ]  # fmt: skip
    with django_assert_max_num_queries(10):
        assert outcomes(take_in(action, *many)) == ["added"] * 200


def test_odd_orders_are_warned_about_and_taken_in() -> None:
    assert codes(take_in(actions.take_in_hazards, {**HAZARD, "rectified_on": date(2023, 1, 1)})) == [
        ["date_order"]
    ]
    undated = {**HAZARD, "number": "YH-002", "rectified_on": None}
    assert codes(take_in(actions.take_in_hazards, undated)) == [["reinspection_undated"]]
    assert codes(take_in(actions.take_in_equipment, {**LINE, "sound": 2})) == [["count_order"]]
    early = {**DRILL, "first_person_at": TRIGGER - timedelta(seconds=1)}
    assert codes(take_in(actions.take_in_drills, early)) == [["date_order"]]
    # The unit may well assemble before the first person reaches the spot.
    swapped = {**DRILL, "triggered_at": TRIGGER - timedelta(seconds=1), "unit_assembled_at": TRIGGER}
    assert codes(take_in(actions.take_in_drills, swapped)) == [[]]


def test_numbers_out_of_range_are_refused() -> None:
    landed = take_in(actions.take_in_equipment, {**LINE, "required": -1, "present": 10**12})
    assert codes(landed) == [["value_out_of_range", "value_out_of_range"]]


HAZARD_FACTS = [
    (due, rectified, reinspection)
    for due in (None, *(AS_OF + timedelta(days=n) for n in (-1, 0, 7, 8)))
    for rectified in (None, AS_OF, AS_OF + timedelta(days=1))
    for reinspection in (None, "passed", "failed", "pending")
]


def test_the_conditions_on_hazards_say_what_the_rules_say() -> None:
    take_in(
        actions.take_in_hazards,
        *(
            {
                **HAZARD,
                "number": f"YH-{n}",
                "due_on": due,
                "rectified_on": rectified,
                "reinspection": reinspection,
            }
            for n, (due, rectified, reinspection) in enumerate(HAZARD_FACTS)
        ),
    )
    Hazard.objects.filter(number__endswith="3").update(reinspected_on=AS_OF + timedelta(days=2))
    opened = set(queries.hazards_open_on(BY, AS_OF).values_list("pk", flat=True))
    assert opened
    for one in queries.with_hazard_standing(queries.hazards(BY), AS_OF):
        facts = (one.reinspection, one.reinspected_on, one.rectified_on)
        assert (one.pk in opened) is rules.is_open(one.found_on, *facts, AS_OF), facts
        assert one.closed_on == rules.closed_on(*facts, one.found_on)
        standing = rules.hazard_standing(
            one.found_on, one.due_on, one.rectified_on, one.reinspection, one.reinspected_on, AS_OF
        )
        assert one.standing == standing, facts


def test_the_conditions_on_drills_say_what_the_rules_say() -> None:
    moments = (None, *(TRIGGER + timedelta(seconds=n) for n in (-1, 60, 61, 180, 181, 300, 301)))
    take_in(
        actions.take_in_drills,
        *(
            {**DRILL, "triggered_at": TRIGGER - timedelta(days=n), "first_person_at": shifted(first, n),
             "unit_assembled_at": shifted(unit, n), "police_arrived_at": shifted(police, n)}
            for n, (first, unit, police) in enumerate(
                (first, unit, police) for first in moments[:4] for unit in moments[:6] for police in moments
            )
        ),
    )  # fmt: skip
    met = set(queries.drills(BY).filter(queries.MET).values_list("pk", flat=True))
    assert met
    for one in queries.drills(BY):
        arrivals = (one.first_person_at, one.unit_assembled_at, one.police_arrived_at)
        first, unit, police = (rules.seconds(one.triggered_at, moment) for moment in arrivals)
        result = rules.meets_1_3_5(first, unit, police, rules.response_standard_on(AS_OF))
        assert one.result == result, arrivals
        assert (one.pk in met) is (result == "met")


def shifted(moment: datetime | None, days: int) -> datetime | None:
    return None if moment is None else moment - timedelta(days=days)


def test_a_drill_belongs_to_its_day_in_china() -> None:
    midnight = datetime(2023, 12, 29, 23, 59)
    take_in(
        actions.take_in_drills,
        {**DRILL, "triggered_at": midnight},
        {**DRILL, "triggered_at": midnight + timedelta(minutes=1)},
    )
    assert [d.triggered_at.astimezone(CHINA).replace(tzinfo=None) for d in queries.drills_held(BY, YEAR)] == [
        midnight
    ]


def test_traffic_control_is_read_alike_by_database_and_rule() -> None:
    words = ("校门路段临时管制15分钟", "是", "无", "否", "", None, "/", "--", "不需要", "未实施", " 有 ")
    take_in(
        actions.take_in_guard_posts,
        *({**POST, "point": f"点{n}", "traffic_control": text} for n, text in enumerate(words)),
    )
    for post in queries.guard_posts(BY):
        assert post.controlled is rules.has_traffic_control(post.traffic_control), post.traffic_control
    assert queries.guard_posts_during(BY, YEAR).filter(controlled=True).count() == 3


def test_short_lines_and_answered_concerns() -> None:
    take_in(actions.take_in_equipment, LINE, {**LINE, "item": "防割手套", "present": 4, "sound": 2})
    assert [line.item for line in queries.equipment_short(BY)] == ["防爆棍"]
    take_in(
        actions.take_in_parent_concerns, CONCERN, {**CONCERN, "content": "摊贩占道", "answer": "已增设护学岗"}
    )
    for one in queries.concerns_received(BY, YEAR):
        assert one.answered is rules.is_answered(one.answer, one.answered_on)


def test_each_viewer_sees_the_records_of_the_schools_in_sight() -> None:
    for action, row, _ in LEDGERS.values():
        take_in(action, row)
    reads = (
        queries.hazards,
        queries.equipment_lines,
        queries.drills,
        queries.guard_posts,
        queries.parent_concerns,
    )
    here = (
        ground.officer_of("石头埠派出所"),
        ground.safety_of("粟山小学"),
        ground.viewer(Viewpoint.EDUCATION),
    )
    elsewhere = (
        ground.officer_of("营盘派出所"),
        ground.safety_of("营盘中学"),
        ground.viewer(Viewpoint.CIVIL_AFFAIRS),
    )
    assert [read(viewer).count() for read in reads for viewer in here] == [1] * 15
    assert [read(viewer).count() for read in reads for viewer in elsewhere] == [0] * 15


def hazard_form(viewer: Any = BY, **values: Any) -> dict[str, Any]:
    data = {
        "number": "YH-009", "school": ground.school("粟山小学").pk, "found_on": "2023年6月1日",
        "category": "physical", "description": "监控画面离线", "grade": "general", "due_on": "2023.6.16",
    }  # fmt: skip
    form = forms.hazard_form(viewer, None)({**data, **values})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def save(
    values: dict[str, Any], by: Any = BY, record_id: int | None = None, version: int | None = None
) -> Hazard:
    return actions.save_hazard(by=by, at=AT, reason="", record_id=record_id, version=version, values=values)


def test_no_reinspection_no_closing() -> None:
    stored = save(hazard_form())
    for missing in ({"rectified_on": "2023-06-09"}, {"reinspected_on": "2023-06-10"}):
        with pytest.raises(ValidationError):
            save(hazard_form(reinspection="passed", **missing), record_id=stored.pk, version=1)
    with pytest.raises(ValidationError):
        backwards = hazard_form(reinspection="passed", rectified_on="2023-06-09", reinspected_on="2023-06-08")
        save(backwards, record_id=stored.pk, version=1)
    whole = hazard_form(reinspection="passed", rectified_on="2023-06-09", reinspected_on="2023-06-10")
    assert save(whole, record_id=stored.pk, version=1).version == 2
    assert queries.hazards_open_on(BY, date(2023, 6, 9)).count() == 1
    assert queries.hazards_open_on(BY, date(2023, 6, 10)).count() == 0
    with pytest.raises(Conflict):
        save(hazard_form(), record_id=stored.pk, version=1)


def test_what_a_ledger_closed_can_be_edited_as_it_is() -> None:
    (one,) = take_in(actions.take_in_hazards, HAZARD)
    values = hazard_form(number="YH-001", reinspection="passed", rectified_on="2023-06-09", note="核对无误")
    assert save(values, record_id=one.record_id, version=1).note == "核对无误"


def test_a_school_edits_its_own_and_cannot_move_it_away() -> None:
    stored = save(hazard_form())
    own, other = ground.safety_of("粟山小学"), ground.safety_of("营盘中学")
    assert save(hazard_form(own, description="已报修"), by=own, record_id=stored.pk, version=1).version == 2
    with pytest.raises(NotFound):
        save(hazard_form(), by=other, record_id=stored.pk, version=2)
    with pytest.raises(Forbidden):
        save(hazard_form(school=ground.school("营盘中学").pk), by=own, record_id=stored.pk, version=2)
    assert Hazard.objects.get().school_code == ground.school("粟山小学").code


def test_postgresql_itself_keeps_a_school_to_its_own() -> None:
    own, other = ground.safety_of("粟山小学"), ground.safety_of("营盘中学")
    with walls.entered(own):
        stored = save(hazard_form(own), by=own)
        save(hazard_form(own, description="已报修"), by=own, record_id=stored.pk, version=1)
        assert Hazard.objects.count() == 1
    with walls.entered(other):
        assert Hazard.objects.count() == 0
        assert Hazard.objects.update(description="改") == 0
    with pytest.raises(ProgrammingError, match="row-level security"), walls.entered(other):
        Hazard.objects.create(**{**FOREIGN, "school": ground.school("粟山小学")}, **scope_of("粟山小学"))


FOREIGN = {"number": "YH-7", "found_on": AS_OF, "description": "器材老化", "created_at": AT, "updated_at": AT}


def scope_of(name: str) -> dict[str, str]:
    scope: dict[str, str] = ground.school(name).scope.fields()
    return scope


def test_a_ledger_lands_as_the_worker() -> None:
    with walls.entered(BY):
        for action, row, _ in LEDGERS.values():
            assert outcomes(take_in(action, row)) == ["added"]


PAGE_VALUES = {
    "campus.equipment": {"item": "防爆棍", "required": "2", "present": "2", "sound": "1"},
    "campus.drill": {"triggered_at": "2023-09-09T15:11:00", "first_person_at": "2023-09-09 15:11:37"},
    "campus.guard_post": {"point": "校门", "starts_at": "07:10", "ends_at": "07:50", "police": "１"},
    "campus.parent_concern": {"received_on": "20231114", "content": "放学高峰拥堵"},
    "campus.hazard": {"number": "YH-1", "found_on": "2023-06-01", "description": "器材老化"},
}
FAULTS = {
    "campus.equipment": {"sound": "3"},
    "campus.drill": {"first_person_at": "2023-09-09 15:10"},
    "campus.guard_post": {"ends_at": "07:00"},
    "campus.parent_concern": {"answered_on": "2023-11-13"},
    "campus.hazard": {"rectified_on": "2023-05-31"},
}


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.kind)
def test_each_form_saves_what_it_takes_and_refuses_a_contradiction(page: Any) -> None:
    def save_form(**more: str) -> Any:
        form = page.form(BY, None)({"school": ground.school("粟山小学").pk, **PAGE_VALUES[page.kind], **more})
        assert form.is_valid(), form.errors
        return page.save(by=BY, at=AT, reason="", record_id=None, version=None, values=form.cleaned_data)

    with pytest.raises(ValidationError) as fault:
        save_form(**FAULTS[page.kind])
    assert set(fault.value.message_dict) == set(FAULTS[page.kind])
    stored = save_form()
    assert stored.station_code == ground.agency("石头埠派出所").code
    with pytest.raises(ValidationError, match="已有同一条记录"):
        save_form()
    assert audit.entries(BY).first().tag == f"{page.kind}.added"


def test_a_drills_time_is_chinas() -> None:
    form = forms.drill_form(BY, None)({"school": ground.school("粟山小学").pk, **PAGE_VALUES["campus.drill"]})
    assert form.is_valid()
    actions.save_drill(by=BY, at=AT, reason="", record_id=None, version=None, values=form.cleaned_data)
    assert Drill.objects.get().triggered_at == TRIGGER.replace(tzinfo=CHINA)


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.kind)
def test_a_page_reads_its_rows_in_one_statement(
    page: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for action, row, gap in LEDGERS.values():
        take_in(action, row, {**row, **gap, "school": "营盘中学", "number": "YH-002"})
    with django_assert_num_queries(1):
        shown = [[column.read(row) for column in page.columns] for row in page.rows(BY).order_by(*page.order)]
    assert len(shown) == 2
    for row in page.rows(BY):
        assert page.name(row)
        assert {column.tone(row) for column in page.columns if column.tone} <= {"", "late", "soon", "done"}
        assert all(
            column.read(row) is None or str(column.read(row)) for s in page.sections for column in s.columns
        )
    for item in page.filters:
        values = [value for value, _ in item.choices(BY)] if item.choices else [True]
        for value in values if item.kind in ("choice", "yes_no") else ():
            list(page.rows(BY).filter(**{item.lookup: value}))
    for lookup in page.search:
        list(page.rows(BY).filter(**{lookup: "su"}))
