"""The pages of 校园防护."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from hulei.campus import actions, forms, queries, rules
from hulei.campus.terms import (
    DrillResult,
    HazardCategory,
    HazardGrade,
    HazardStanding,
    Reinspection,
    Sufficiency,
)
from hulei.common.clock import today
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Term, Text
from hulei.common.viewer import Viewer


def _schools(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(str(school.pk), school.name) for school in queries.schools_in_sight(viewer).order_by("name")]


def _labelled(term: type[Term], name: str) -> Callable[[Any], Any]:
    """A column's value: the label of a stored term."""
    return lambda record: term.label_of(getattr(record, name))


def _offered(term: type[Term]) -> Callable[[Viewer], Sequence[tuple[str, Any]]]:
    return lambda viewer: term.choices()


SCHOOL = Column(
    "school",
    Text("学校", "School"),
    value=lambda r: str(r.school),
    link=lambda r: ("places.school", r.school_id),
)
BY_SCHOOL = Filter("school", Text("学校", "School"), "choice", "school_id", choices=_schools)
SCHOOL_SEARCH = (
    "school__name__icontains",
    "school__name_pinyin__contains",
    "school__name_initials__contains",
)

_HAZARD_TONES = {
    HazardStanding.OVERDUE: "late",
    HazardStanding.DUE_SOON: "soon",
    HazardStanding.CLOSED: "done",
}

HAZARD_COLUMNS = (
    Column("number", Text("隐患编号", "Number")),
    Column("found_on", Text("发现日期", "Found on"), "date"),
    SCHOOL,
    Column("category", Text("类别", "Category"), value=_labelled(HazardCategory, "category")),
    Column("description", Text("隐患描述", "Description")),
    Column("grade", Text("等级", "Grade"), value=_labelled(HazardGrade, "grade")),
    Column("due_on", Text("整改时限", "Due on"), "date"),
    Column(
        "standing",
        Text("状态", "State"),
        "badge",
        value=_labelled(HazardStanding, "standing"),
        tone=lambda r: _HAZARD_TONES.get(HazardStanding(r.standing), ""),
    ),
)

HAZARD = Page(
    kind="campus.hazard",
    title=Text("安全隐患", "Hazards"),
    group="campus",
    rows=lambda viewer: queries.with_hazard_standing(queries.hazards(viewer), today()),
    columns=HAZARD_COLUMNS,
    order=("-found_on", "-id"),
    name=lambda r: f"{r.number} {r.description}",
    filters=(
        BY_SCHOOL,
        Filter("standing", Text("状态", "State"), "choice", "standing", choices=_offered(HazardStanding)),
        Filter("category", Text("类别", "Category"), "choice", "category", choices=_offered(HazardCategory)),
        Filter("grade", Text("等级", "Grade"), "choice", "grade", choices=_offered(HazardGrade)),
        Filter("found_on", Text("发现日期", "Found on"), "date_range", "found_on"),
        Filter("due_on", Text("整改时限", "Due on"), "date_range", "due_on"),
    ),
    search=("number__icontains", "description__icontains", *SCHOOL_SEARCH),
    sections=(
        Section(
            Text("隐患", "Hazard"),
            (
                *HAZARD_COLUMNS,
                Column("rectified_on", Text("整改日期", "Rectified on"), "date"),
                Column(
                    "reinspection",
                    Text("复查情况", "Re-inspection"),
                    value=_labelled(Reinspection, "reinspection"),
                ),
                Column("reinspected_on", Text("复查日期", "Re-inspected on"), "date"),
                Column("closed_on", Text("销号日期", "Closed on"), "date"),
                Column("note", Text("备注", "Note")),
            ),
        ),
    ),
    form=forms.hazard_form,
    save=actions.save_hazard,
    empty=Text(
        "还没有隐患。导入隐患台账，或登记一条隐患。", "No hazards yet: take in the ledger or add one."
    ),
)


def _expiry_tone(line: Any) -> str:
    if rules.has_expired(line.expires_on, today()):
        return "late"
    return "soon" if rules.expires_soon(line.expires_on, today()) else ""


def _expiry(line: Any) -> Any:
    if rules.has_expired(line.expires_on, today()):
        return Text(f"{line.expires_on} 已过期", f"{line.expires_on} expired")
    return line.expires_on


EQUIPMENT_COLUMNS = (
    SCHOOL,
    Column("item", Text("器材", "Item")),
    Column("required", Text("应配数", "Required"), "number"),
    Column("present", Text("实有数", "Present"), "number"),
    Column("sound", Text("完好数", "Sound"), "number"),
    Column(
        "sufficiency",
        Text("配备", "Supply"),
        "badge",
        value=_labelled(Sufficiency, "sufficiency"),
        tone=lambda r: "" if r.sufficiency == Sufficiency.SHORT else "done",
    ),
    Column("expires_on", Text("有效期至", "Expires on"), "badge", value=_expiry, tone=_expiry_tone),
    Column("keeper", Text("保管人", "Keeper")),
)

EQUIPMENT = Page(
    kind="campus.equipment",
    title=Text("安防器材", "Equipment"),
    group="campus",
    rows=queries.equipment_lines,
    columns=EQUIPMENT_COLUMNS,
    order=("school__code", "id"),
    name=lambda r: f"{r.school} {r.item}",
    filters=(
        BY_SCHOOL,
        Filter("item", Text("器材", "Item"), "text", "item__icontains"),
        Filter("sufficiency", Text("配备", "Supply"), "choice", "sufficiency", choices=_offered(Sufficiency)),
        Filter("expires_on", Text("有效期至", "Expires on"), "date_range", "expires_on"),
    ),
    search=("item__icontains", "keeper__icontains", *SCHOOL_SEARCH),
    sections=(Section(Text("器材", "Equipment"), EQUIPMENT_COLUMNS),),
    form=forms.equipment_form,
    save=actions.save_equipment,
    empty=Text(
        "还没有器材。导入八小件台账，或登记一项器材。", "No equipment yet: take in the ledger or add one."
    ),
)


def _after(name: str) -> Callable[[Any], Any]:
    """A column's value: minutes and seconds from the trigger to an arrival, as 1′08″."""

    def shown(drill: Any) -> str | None:
        passed = rules.seconds(drill.triggered_at, getattr(drill, name))
        if passed is None:
            return None
        sign = "-" if passed < 0 else ""
        return f"{sign}{abs(passed) // 60}′{abs(passed) % 60:02d}″"

    return shown


DRILL_COLUMNS = (
    SCHOOL,
    Column("triggered_at", Text("触发时刻", "Triggered at"), "datetime"),
    Column("scenario", Text("科目", "Scenario")),
    Column("first_person", Text("首人到位", "First person"), value=_after("first_person_at")),
    Column("unit", Text("应急单元到位", "Unit"), value=_after("unit_assembled_at")),
    Column("police", Text("警力到场", "Police"), value=_after("police_arrived_at")),
    Column(
        "result",
        Text("1-3-5", "1-3-5"),
        "badge",
        value=_labelled(DrillResult, "result"),
        tone=lambda r: "done" if r.result == DrillResult.MET else "",
    ),
)

DRILL = Page(
    kind="campus.drill",
    title=Text("应急演练", "Drills"),
    group="campus",
    rows=queries.drills,
    columns=DRILL_COLUMNS,
    order=("-triggered_at", "-id"),
    name=lambda r: f"{r.school} {timezone.localtime(r.triggered_at):%Y-%m-%d %H:%M}",
    filters=(
        BY_SCHOOL,
        Filter("triggered_at", Text("触发时刻", "Triggered at"), "date_range", "triggered_at"),
        Filter("result", Text("1-3-5", "1-3-5"), "choice", "result", choices=_offered(DrillResult)),
    ),
    search=("scenario__icontains", *SCHOOL_SEARCH),
    sections=(Section(Text("演练", "Drill"), DRILL_COLUMNS),),
    form=forms.drill_form,
    save=actions.save_drill,
    empty=Text("还没有演练。导入演练记录，或登记一次演练。", "No drills yet: take in the ledger or add one."),
)

GUARD_POST_COLUMNS = (
    SCHOOL,
    Column("point", Text("点位", "Point")),
    Column("slot", Text("时段", "Slot"), value=lambda r: f"{r.starts_at:%H:%M}-{r.ends_at:%H:%M}"),
    Column("police", Text("民警人数", "Police"), "number"),
    Column("guards", Text("保安（教师）人数", "Guards and teachers"), "number"),
    Column("volunteers", Text("家长志愿者人数", "Parent volunteers"), "number"),
    Column("traffic_control", Text("交通管制", "Traffic control")),
)

GUARD_POST = Page(
    kind="campus.guard_post",
    title=Text("护学岗", "Guard posts"),
    group="campus",
    rows=queries.guard_posts,
    columns=GUARD_POST_COLUMNS,
    order=("school__code", "id"),
    name=lambda r: f"{r.point} {r.starts_at:%H:%M}-{r.ends_at:%H:%M}",
    filters=(
        BY_SCHOOL,
        Filter("controlled", Text("有交通管制", "With traffic control"), "yes_no", "controlled"),
    ),
    search=("point__icontains", *SCHOOL_SEARCH),
    sections=(
        Section(
            Text("护学岗", "Guard post"),
            (
                *GUARD_POST_COLUMNS,
                Column(
                    "minutes",
                    Text("管制分钟数", "Minutes of control"),
                    "number",
                    value=lambda r: rules.control_minutes(r.traffic_control),
                ),
                Column("since", Text("自", "Since"), "date"),
                Column("until", Text("至", "Until"), "date"),
            ),
        ),
    ),
    form=forms.guard_post_form,
    save=actions.save_guard_post,
    empty=Text(
        "还没有护学岗。导入定岗台账，或新增一个岗。", "No guard posts yet: take in the ledger or add one."
    ),
    note=Text(
        "家长志愿者自愿参加，可随时退出，不计分、不排名。",
        "Parents volunteer and may leave at any time; nothing is scored.",
    ),
)


def _answered(concern: Any) -> Text:
    done = rules.is_answered(concern.answer, concern.answered_on)
    return Text("已回应", "Answered") if done else Text("待回应", "To answer")


CONCERN_COLUMNS = (
    Column("received_on", Text("日期", "Received on"), "date"),
    SCHOOL,
    Column("content", Text("关切内容", "Concern")),
    Column("answer", Text("回应", "Answer")),
    Column("answered_on", Text("回应日期", "Answered on"), "date"),
    Column(
        "answered",
        Text("状态", "State"),
        "badge",
        value=_answered,
        tone=lambda r: "done" if rules.is_answered(r.answer, r.answered_on) else "",
    ),
)

PARENT_CONCERN = Page(
    kind="campus.parent_concern",
    title=Text("家长关切", "Parents' concerns"),
    group="campus",
    rows=queries.parent_concerns,
    columns=CONCERN_COLUMNS,
    order=("-received_on", "-id"),
    name=lambda r: f"{r.received_on} {r.school}",
    filters=(
        BY_SCHOOL,
        Filter("received_on", Text("日期", "Received on"), "date_range", "received_on"),
        Filter("answered", Text("已回应", "Answered"), "yes_no", "answered"),
    ),
    search=("content__icontains", "answer__icontains", *SCHOOL_SEARCH),
    sections=(Section(Text("关切", "Concern"), CONCERN_COLUMNS),),
    form=forms.parent_concern_form,
    save=actions.save_parent_concern,
    empty=Text(
        "还没有家长关切。导入关切登记，或登记一条。", "No concerns yet: take in the ledger or add one."
    ),
)

PAGES = (HAZARD, EQUIPMENT, DRILL, GUARD_POST, PARENT_CONCERN)
