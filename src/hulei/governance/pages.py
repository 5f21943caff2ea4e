"""The pages of 未保体系."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hulei.common.clock import today
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import actions, forms, queries, rules
from hulei.governance.terms import Standing, Step
from hulei.places import queries as places

_TONES = {Standing.OVERDUE: "late", Standing.DUE_SOON: "soon", Standing.DONE: "done"}


def _agencies(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(str(agency.pk), agency.name) for agency in places.agencies(viewer)]


def _term(term: Any, name: str) -> Any:
    """A column's value: the label of a stored term."""
    return lambda record: term.label_of(getattr(record, name))


RESOLUTION_COLUMNS = (
    Column("number", Text("决议编号", "Number")),
    Column("content", Text("决议事项", "Resolution")),
    Column(
        "meeting",
        Text("会议", "Meeting"),
        value=lambda r: r.meeting.number if r.meeting else None,
        link=lambda r: ("governance.joint_meeting", r.meeting_id) if r.meeting_id else None,
    ),
    Column(
        "lead_agency",
        Text("牵头单位", "Lead agency"),
        value=lambda r: str(r.lead_agency) if r.lead_agency else None,
    ),
    Column("due_on", Text("办结时限", "Due on"), "date"),
    Column(
        "standing",
        Text("状态", "State"),
        "badge",
        value=_term(Standing, "standing"),
        tone=lambda r: _TONES.get(Standing(r.standing), ""),
    ),
    Column("done_on", Text("办结日期", "Done on"), "date"),
)


def _resolutions_today(viewer: Viewer) -> Any:
    return queries.with_standing(queries.resolutions(viewer), today())


MEETING_COLUMNS = (
    Column("number", Text("会议编号", "Number")),
    Column("held_on", Text("召开日期", "Held on"), "date"),
    Column("title", Text("会议名称", "Title")),
    Column("kind", Text("会议类型", "Kind")),
    Column("host", Text("主持单位", "Host"), value=lambda m: str(m.host) if m.host else None),
    Column("topics", Text("议题", "Agenda"), value=lambda m: "、".join(m.topics)),
)

JOINT_MEETING = Page(
    kind="governance.joint_meeting",
    title=Text("联席会议", "Joint meetings"),
    group="governance",
    rows=queries.joint_meetings,
    columns=MEETING_COLUMNS,
    order=("-held_on", "-id"),
    name=lambda m: f"{m.number} {m.title}",
    filters=(
        Filter("held_on", Text("召开日期", "Held on"), "date_range", "held_on"),
        Filter("host", Text("主持单位", "Host"), "choice", "host_id", choices=_agencies),
        Filter("kind", Text("会议类型", "Kind"), "text", "kind__contains"),
        Filter("topic", Text("议题", "Agenda"), "text", "topics__icontains"),
    ),
    search=("number__icontains", "title__icontains", "title_pinyin__contains"),
    sections=(
        Section(Text("会议", "Meeting"), MEETING_COLUMNS),
        Section(
            Text("参会单位", "Attending agencies"),
            (
                Column("name", Text("登记名称", "As registered")),
                Column("agency", Text("单位", "Agency"), value=lambda a: str(a.agency) if a.agency else None),
            ),
            rows=lambda viewer, meeting: list(queries.attendances(viewer, meeting)),
        ),
        Section(
            Text("决议", "Resolutions"),
            RESOLUTION_COLUMNS,
            rows=lambda viewer, meeting: list(
                _resolutions_today(viewer).filter(meeting=meeting).order_by("number", "id")
            ),
            kind="governance.resolution",
        ),
    ),
    form=forms.joint_meeting_form,
    save=actions.save_joint_meeting,
    initial=forms.joint_meeting_initial,
    empty=Text(
        "还没有联席会议。导入会议台账，或新增一次会议。",
        "No joint meetings yet: take in the ledger or add one.",
    ),
)

RESOLUTION = Page(
    kind="governance.resolution",
    title=Text("会议决议", "Resolutions"),
    group="governance",
    rows=_resolutions_today,
    columns=RESOLUTION_COLUMNS,
    order=("-number", "-id"),
    name=lambda r: f"{r.number} {r.content}",
    filters=(
        Filter(
            "standing", Text("状态", "State"), "choice", "standing", choices=lambda viewer: Standing.choices()
        ),
        Filter("lead", Text("牵头单位", "Lead agency"), "choice", "lead_agency_id", choices=_agencies),
        Filter("due_on", Text("办结时限", "Due on"), "date_range", "due_on"),
        Filter("meeting", Text("会议编号", "Meeting number"), "text", "meeting__number__icontains"),
    ),
    search=("number__icontains", "content__icontains", "content_pinyin__contains"),
    sections=(
        Section(
            Text("决议", "Resolution"),
            (
                *RESOLUTION_COLUMNS,
                Column(
                    "supporting",
                    Text("配合单位", "Supporting agencies"),
                    value=lambda r: "、".join(r.supporting_agencies),
                ),
                Column("evidence", Text("佐证材料", "Evidence")),
            ),
        ),
    ),
    form=forms.resolution_form,
    save=actions.save_resolution,
    empty=Text(
        "还没有决议。导入决议清单，或在会议后新增。", "No resolutions yet: take in the ledger or add one."
    ),
)


def _dates(assignment: Any) -> dict[Step, date | None]:
    return {step: getattr(assignment, step.value) for step in Step}


def _missing(assignment: Any) -> str:
    """The steps still to take as of today, or that all four are there."""
    missing = rules.missing_steps(_dates(assignment), today())
    if not missing:
        return str(Text("四步齐全", "All four"))
    return str(Text("缺", "Missing: ")) + "、".join(str(step.label) for step in missing)


def _score(assignment: Any) -> int | float | None:
    """The score as a plain number: 81, 88.5."""
    score = assignment.score
    return score if score is None else int(score) if score == int(score) else float(score)


_STEPS = tuple(
    Column(step.value, Text(f"{step.label.zh}日期", f"{step.label.en} on"), "date") for step in Step
)

ASSIGNMENT_COLUMNS = (
    Column(
        "directive",
        Text("专项", "Directive"),
        value=lambda a: a.directive.title,
        link=lambda a: ("governance.directive", a.directive_id),
    ),
    Column("agency", Text("责任单位", "Unit"), value=lambda a: str(a.agency)),
    *_STEPS,
    Column("score", Text("考核得分", "Score"), "number", value=_score),
    Column(
        "missing",
        Text("四步", "Four steps"),
        "badge",
        value=_missing,
        tone=lambda a: "done" if rules.is_complete(_dates(a), today()) else "",
    ),
)

DIRECTIVE = Page(
    kind="governance.directive",
    title=Text("专项部署", "Directives"),
    group="governance",
    rows=lambda viewer: queries.directives_with_progress(viewer, today()),
    columns=(
        Column("number", Text("专项编号", "Number")),
        Column("title", Text("专项名称", "Title")),
        Column("assigned", Text("责任单位数", "Units"), "number"),
        Column("complete", Text("四步齐全数", "With all four steps"), "number"),
        Column(
            "progress",
            Text("进展", "Progress"),
            "badge",
            value=lambda d: (
                Text("已完成", "Complete")
                if d.assigned and d.complete == d.assigned
                else Text("进行中", "Running")
            ),
            tone=lambda d: "done" if d.assigned and d.complete == d.assigned else "",
        ),
    ),
    order=("-number", "-id"),
    name=lambda d: f"{d.number} {d.title}",
    search=("number__icontains", "title__icontains", "title_pinyin__contains"),
    sections=(
        Section(
            Text("专项", "Directive"),
            (Column("number", Text("专项编号", "Number")), Column("title", Text("专项名称", "Title"))),
        ),
        Section(
            Text("各单位四步", "Each unit's four steps"),
            ASSIGNMENT_COLUMNS[1:],
            rows=lambda viewer, directive: list(
                queries.assignments(viewer).filter(directive=directive).order_by("agency_id")
            ),
            kind="governance.assignment",
        ),
    ),
    form=forms.directive_form,
    save=actions.save_directive,
    empty=Text(
        "还没有专项部署。导入部署台账，或新增一个专项。", "No directives yet: take in the ledger or add one."
    ),
)

ASSIGNMENT = Page(
    kind="governance.assignment",
    title=Text("专项任务", "Assignments"),
    group="governance",
    rows=queries.assignments,
    columns=ASSIGNMENT_COLUMNS,
    order=("-directive__number", "agency_id", "id"),
    name=lambda a: f"{a.directive.title} · {a.agency}",
    filters=(
        Filter("agency", Text("责任单位", "Unit"), "choice", "agency_id", choices=_agencies),
        Filter("deployed_on", Text("部署日期", "Deployed on"), "date_range", "deployed_on"),
        Filter("appraised", Text("未考核", "Not appraised"), "yes_no", "appraised_on__isnull"),
    ),
    search=(
        "directive__number__icontains",
        "directive__title__icontains",
        "directive__title_pinyin__contains",
    ),
    sections=(Section(Text("任务", "Assignment"), ASSIGNMENT_COLUMNS),),
    form=forms.assignment_form,
    save=actions.save_assignment,
    empty=Text(
        "还没有专项任务。导入部署台账，或为专项新增责任单位。",
        "No assignments yet: take in the ledger or add one.",
    ),
)

PAGES = (JOINT_MEETING, RESOLUTION, DIRECTIVE, ASSIGNMENT)
