"""Meetings, resolutions, directives and assignments: taken in, read, saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from hulei.audit import queries as audit
from hulei.common import walls
from hulei.common.periods import Period
from hulei.common.viewer import Conflict, Forbidden, NotFound, Viewpoint
from hulei.governance import actions, forms, pages, queries, rules
from hulei.governance.models import Attendance, Resolution
from hulei.governance.terms import ResolutionState
from tests import ground

pytestmark = pytest.mark.django_db
BY, AT = ground.OPERATOR, ground.AT
YEAR = Period(date(2023, 1, 1), date(2023, 12, 29))
AS_OF = YEAR.end
BUREAU, EDUCATION, WOMEN = (name for name, _ in ground.AGENCIES)


@pytest.fixture(autouse=True)
def district(db: None) -> None:
    ground.found()


def meeting(**values: Any) -> dict[str, Any]:
    return {
        "number": "LX-01", "held_on": date(2023, 2, 8), "title": "未成年人保护工作联席会议",
        "kind": "分局—教育局",
        "host": BUREAU, "attendees": ("公安", "教育", "妇联"), "topics": ("留守儿童关爱",), **values,
    }  # fmt: skip


def resolution(**values: Any) -> dict[str, Any]:
    return {
        "meeting_number": "LX-01", "number": "JY-01", "content": "增设护学岗", "lead_agency": EDUCATION,
        "due_on": date(2023, 3, 1), "state": "open", "done_on": None, **values,
    }  # fmt: skip


def assignment(**values: Any) -> dict[str, Any]:
    return {
        "directive_number": "ZX-01", "directive_title": "寒假护苗行动", "agency": "石头埠派出所",
        "deployed_on": date(2023, 1, 5), "implemented_on": date(2023, 1, 9),
        "tracked_on": date(2023, 1, 20), "appraised_on": None, "score": None, **values,
    }  # fmt: skip


def outcomes(landed: list[Any]) -> list[str]:
    return [one.outcome for one in landed]


def codes(landed: list[Any]) -> list[list[str]]:
    return [[finding.code for finding in one.findings] for one in landed]


def take_in_meetings(*values: dict[str, Any]) -> list[Any]:
    return actions.take_in_joint_meetings(ground.rows(*values), by=BY, at=AT)


def take_in_resolutions(*values: dict[str, Any]) -> list[Any]:
    return actions.take_in_resolutions(ground.rows(*values), by=BY, at=AT)


def take_in_assignments(*values: dict[str, Any]) -> list[Any]:
    return actions.take_in_directive_assignments(ground.rows(*values), by=BY, at=AT)


def test_a_meeting_comes_in_with_its_attendance() -> None:
    (one,) = take_in_meetings(meeting())
    stored = queries.joint_meetings(BY).get(pk=one.record_id)
    assert (stored.host.name, stored.topics, stored.district_code) == (
        BUREAU,
        ["留守儿童关爱"],
        ground.DISTRICT,
    )
    assert [a.agency.name for a in queries.attendances(BY, stored)] == [BUREAU, EDUCATION, WOMEN]
    assert audit.entries(BY).first().tag == "governance.joint_meeting.taken_in"


def test_the_same_meeting_again_changes_nothing_and_a_fuller_row_fills_in() -> None:
    take_in_meetings(meeting(kind=None))
    assert outcomes(take_in_meetings(meeting(kind=None))) == ["unchanged"]
    assert outcomes(take_in_meetings(meeting())) == ["filled"]
    assert outcomes(take_in_meetings(meeting())) == ["unchanged"]
    assert Attendance.objects.count() == 3


def test_an_unknown_host_is_refused_and_an_unknown_attendee_is_noted() -> None:
    landed = take_in_meetings(
        meeting(host="某某指挥部"), meeting(number="LX-02", attendees=("公安", "某某协会"))
    )
    assert outcomes(landed) == ["rejected", "added"]
    assert codes(landed) == [["unit_unknown"], ["unit_unknown"]]
    assert [f.level for one in landed for f in one.findings] == ["error", "warning"]
    assert "某某指挥部" in landed[0].findings[0].message
    stored = queries.joint_meetings(BY).get()
    assert [(a.name, a.agency_id is None) for a in queries.attendances(BY, stored)] == [
        ("公安", False),
        ("某某协会", True),
    ]


def test_values_that_no_field_holds_are_refused_not_crashed_on() -> None:
    landed = take_in_meetings(meeting(number="9" * 41), meeting(title="长" * 201))
    assert codes(landed) == [["value_too_long"], ["value_too_long"]]


def test_a_resolution_needs_its_meeting() -> None:
    take_in_meetings(meeting())
    landed = take_in_resolutions(resolution(), resolution(number="JY-02", meeting_number="LX-99"))
    assert outcomes(landed) == ["added", "rejected"]
    assert codes(landed)[1] == ["meeting_unknown"]


def test_every_fault_of_a_resolution_is_told() -> None:
    (one,) = take_in_resolutions(resolution(lead_agency="某某指挥部"))
    assert sorted(f.code for f in one.findings) == ["meeting_unknown", "unit_unknown"]


def test_a_row_repeated_in_a_sheet_counts_once_with_a_warning() -> None:
    take_in_meetings(meeting())
    landed = take_in_resolutions(resolution(), resolution())
    assert outcomes(landed) == ["added", "unchanged"]
    assert codes(landed) == [[], ["row_repeated"]]
    assert queries.resolutions(BY).count() == 1


def test_a_corrected_sheet_closes_a_resolution_unless_a_person_has_edited_it() -> None:
    take_in_meetings(meeting())
    (one,) = take_in_resolutions(resolution())
    closed = resolution(state="done", done_on=date(2023, 2, 20))
    assert outcomes(take_in_resolutions(closed)) == ["filled"]
    Resolution.objects.filter(pk=one.record_id).update(hand_edited=True)
    (again,) = take_in_resolutions(resolution(state="done", done_on=date(2023, 2, 21), content="另一事项"))
    assert again.outcome == "unchanged"
    # The search key and the scope follow silently: only what the sheet shows is named.
    assert sorted(f.column for f in again.findings) == ["content", "done_on"]


STATES = [
    (state, due, done)
    for state in ResolutionState
    for due in (None, *(AS_OF + timedelta(days=n) for n in (-1, 0, 7, 8)))
    for done in (None, AS_OF, AS_OF + timedelta(days=1))
]


def test_the_conditions_say_what_the_rules_say() -> None:
    take_in_meetings(meeting())
    take_in_resolutions(
        *(resolution(number=f"JY-{n}", state=s, due_on=u, done_on=d) for n, (s, u, d) in enumerate(STATES))
    )
    rows = queries.resolutions(BY)
    overdue = set(rows.filter(queries.overdue_on(AS_OF)).values_list("number", flat=True))
    done = set(rows.filter(queries.done_by(AS_OF)).values_list("number", flat=True))
    opened = set(rows.filter(queries.open_on(AS_OF)).values_list("number", flat=True))
    for one in queries.with_standing(rows, AS_OF):
        facts = (one.state, one.due_on, one.done_on)
        assert (one.number in overdue) is rules.is_overdue(*facts, AS_OF), facts
        assert (one.number in done) is rules.is_done(one.state, one.done_on, AS_OF), facts
        assert (one.number in opened) is rules.is_open(one.state, one.done_on, AS_OF), facts
        assert one.standing == rules.standing(*facts, AS_OF), facts


def test_resolutions_belong_to_the_period_of_their_meeting() -> None:
    take_in_meetings(meeting(), meeting(number="LX-02", held_on=date(2022, 12, 30)))
    take_in_resolutions(
        resolution(number="of this year", due_on=date(2024, 1, 5)),
        resolution(number="of last year", meeting_number="LX-02"),
        resolution(number="without a meeting", meeting_number=None),
        resolution(number="without, due later", meeting_number=None, due_on=date(2024, 1, 5)),
    )
    found = queries.resolutions_of(BY, YEAR).values_list("number", flat=True)
    assert set(found) == {"of this year", "without a meeting"}
    assert queries.meetings_held(BY, YEAR).count() == 1


def test_assignments_bring_their_directive() -> None:
    landed = take_in_assignments(
        assignment(),
        assignment(agency="营盘派出所", appraised_on=date(2023, 2, 7), score=81),
        assignment(directive_number="ZX-02", directive_title="春季开学护校安园"),
    )
    assert outcomes(landed) == ["added"] * 3
    assert queries.directives(BY).count() == 2
    stored = queries.assignments(BY).get(pk=landed[0].record_id)
    assert stored.station_code == ground.agency("石头埠派出所").code
    complete = queries.assignments_deployed(BY, YEAR).filter(queries.complete_by(AS_OF))
    assert [a.pk for a in complete] == [landed[1].record_id]
    again = take_in_assignments(assignment(appraised_on=date(2023, 2, 18), score=96))
    assert outcomes(again) == ["filled"]


def test_an_assignment_with_dates_going_back_or_another_title_is_warned_about() -> None:
    landed = take_in_assignments(
        assignment(implemented_on=date(2023, 1, 1)),
        assignment(agency="营盘派出所", directive_title="另一专项"),
        assignment(agency="无此派出所"),
    )
    assert outcomes(landed) == ["added", "added", "rejected"]
    assert codes(landed) == [["date_order"], ["title_differs"], ["unit_unknown"]]


def test_a_directive_counts_in_the_period_of_its_deployment() -> None:
    take_in_assignments(
        assignment(),
        assignment(directive_number="ZX-00", deployed_on=None, implemented_on=date(2022, 12, 31)),
    )
    assert [d.number for d in queries.directives_deployed(BY, YEAR)] == ["ZX-01"]
    (shown,) = queries.directives_with_progress(BY, AS_OF).filter(number="ZX-01")
    assert (shown.assigned, shown.complete) == (1, 0)


FORM = {
    "number": "JY-09", "content": "联合走访", "due_on": date(2023, 12, 1), "state": "open", "done_on": None,
    "meeting": None, "supporting_agencies": [], "evidence": "",
}  # fmt: skip


def save(by: Any = BY, record_id: int | None = None, version: int | None = None, **values: Any) -> Resolution:
    own = {**FORM, "lead_agency": ground.agency(EDUCATION), **values}
    return actions.save_resolution(
        by=by, at=AT, reason="会上决定", record_id=record_id, version=version, values=own
    )


def test_saving_a_resolution_is_versioned_and_told() -> None:
    stored = save()
    changed = save(record_id=stored.pk, version=1, state="done", done_on=date(2023, 12, 2))
    assert (changed.version, changed.hand_edited) == (2, True)
    entry = audit.entries(BY).first()
    assert entry.tag == "governance.resolution.changed"
    assert '"state":["open","done"]' in entry.payload.replace(" ", "")
    with pytest.raises(Conflict):
        save(record_id=stored.pk, version=1, content="另一事项")


def test_a_resolution_is_not_closed_without_its_day() -> None:
    with pytest.raises(ValidationError) as fault:
        save(state="done")
    assert "done_on" in fault.value.message_dict
    with pytest.raises(ValidationError):
        save(done_on=date(2023, 12, 2))


def test_a_number_is_registered_once() -> None:
    save()
    with pytest.raises(ValidationError) as fault:
        save()
    assert "已有同一条记录" in str(fault.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.update(state="nonsense")


def test_saving_takes_the_permission_and_the_sight() -> None:
    stored = save()
    reader = replace(BY, permissions={"governance.*": frozenset({"read"})})
    with pytest.raises(Forbidden):
        save(by=reader, record_id=stored.pk, version=1)
    stranger = replace(ground.viewer(Viewpoint.EDUCATION), district="110101")
    with pytest.raises(NotFound):
        save(by=stranger, record_id=stored.pk, version=1)


def test_schools_and_villages_see_no_governance() -> None:
    take_in_meetings(meeting())
    assert queries.joint_meetings(ground.officer_of("石头埠派出所")).count() == 1
    for viewpoint in (
        Viewpoint.SCHOOL,
        Viewpoint.VICE_PRINCIPAL,
        Viewpoint.GRID,
        Viewpoint.VILLAGE,
        Viewpoint.AUDITOR,
    ):
        assert queries.joint_meetings(ground.viewer(viewpoint)).count() == 0


def test_a_meeting_saved_on_a_page_keeps_the_names_that_no_roster_knows() -> None:
    (one,) = take_in_meetings(meeting(attendees=("教育", "某某协会")))
    stored = queries.joint_meetings(BY).get(pk=one.record_id)
    form = forms.joint_meeting_form(BY, stored)({
        "number": "LX-01", "held_on": "2023年2月8日", "title": "联席会议", "kind": "", "host": stored.host_id,
        "attendees": [ground.agency("妇联").pk], "topics": "护学岗、防欺凌",
    })  # fmt: skip
    assert form.is_valid(), form.errors
    saved = actions.save_joint_meeting(
        by=BY, at=AT, reason="", record_id=stored.pk, version=1, values=form.cleaned_data
    )
    assert saved.topics == ["护学岗", "防欺凌"]
    assert [a.name for a in queries.attendances(BY, saved)] == ["某某协会", WOMEN]
    assert forms.joint_meeting_initial(saved)["attendees"] == [ground.agency("妇联").pk]


def test_an_assignment_saved_on_a_page_keeps_its_steps_in_order() -> None:
    (one,) = take_in_assignments(assignment())
    stored = queries.assignments(BY).get(pk=one.record_id)
    data = {
        "directive": stored.directive_id,
        "agency": stored.agency_id,
        "deployed_on": "2023-01-05",
        "score": "",
    }
    form_class = forms.assignment_form(BY, stored)
    assert list(form_class().fields) == [
        "directive", "agency", "deployed_on", "implemented_on", "tracked_on", "appraised_on", "score"
    ]  # fmt: skip
    form = form_class({**data, "implemented_on": "2023-01-04"})
    assert form.is_valid(), form.errors
    with pytest.raises(ValidationError) as fault:
        actions.save_assignment(
            by=BY, at=AT, reason="", record_id=stored.pk, version=1, values=form.cleaned_data
        )
    assert "implemented_on" in fault.value.message_dict


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.kind)
def test_a_page_reads_its_rows_in_one_statement(
    page: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take_in_meetings(meeting(), meeting(number="LX-02"))
    take_in_resolutions(resolution(), resolution(number="JY-02"))
    take_in_assignments(assignment(), assignment(agency="营盘派出所"), assignment(directive_number="ZX-02"))
    with django_assert_num_queries(1):
        shown = [[column.read(row) for column in page.columns] for row in page.rows(BY).order_by(*page.order)]
    assert len(shown) >= 2
    for row in page.rows(BY):
        assert page.name(row)
        tones = {column.tone(row) for column in page.columns if column.tone}
        assert tones <= {"", "late", "soon", "done"}
        for section in page.sections:
            related = section.rows(BY, row) if section.rows else [row]
            assert all(
                column.read(one) is None or str(column.read(one))
                for one in related
                for column in section.columns
            )


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.kind)
def test_filters_and_search_of_a_page_run(page: Any) -> None:
    take_in_meetings(meeting())
    take_in_resolutions(resolution())
    take_in_assignments(assignment())
    for item in page.filters:
        if item.kind == "choice":
            for value, _ in item.choices(BY):
                list(page.rows(BY).filter(**{item.lookup: value}))
        elif item.kind == "text":
            list(page.rows(BY).filter(**{item.lookup: "护"}))
        elif item.kind == "yes_no":
            list(page.rows(BY).filter(**{item.lookup: True}))
        else:
            list(page.rows(BY).filter(**{f"{item.lookup}__gte": YEAR.start}))
    words = {"governance.joint_meeting": "wcnr", "governance.resolution": "zengshe"}.get(page.kind, "hanjia")
    pinyin = [lookup for lookup in page.search if "pinyin" in lookup]
    assert page.rows(BY).filter(**{pinyin[0]: words}).count() == 1


def test_a_ledger_lands_as_the_worker_and_the_bureau_edits_it() -> None:
    with walls.entered(BY):
        (one,) = take_in_meetings(meeting())
        assert outcomes(take_in_resolutions(resolution())) == ["added"]
        assert outcomes(take_in_assignments(assignment())) == ["added"]
    bureau = ground.viewer(Viewpoint.POLICE_DISTRICT)
    with walls.entered(bureau):
        stored = queries.joint_meetings(bureau).get(pk=one.record_id)
        values = {
            **forms.joint_meeting_initial(stored),
            "attendees": [ground.agency(EDUCATION), ground.agency(BUREAU)],
        }
        saved = actions.save_joint_meeting(
            by=bureau, at=AT, reason="", record_id=stored.pk, version=1, values=values
        )
        assert [a.agency.name for a in queries.attendances(bureau, saved)] == [BUREAU, EDUCATION]
    with walls.entered(ground.viewer(Viewpoint.SCHOOL)):
        assert Resolution.objects.count() == 0
