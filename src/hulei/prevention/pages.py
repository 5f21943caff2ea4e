"""The pages of 触法预防."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Term, Text
from hulei.common.viewer import Viewer
from hulei.linkage import queries as linkage
from hulei.linkage.terms import LinkChange, LinkRule
from hulei.people import pages as people
from hulei.places import queries as places
from hulei.prevention import actions, forms, queries, rules
from hulei.prevention.actions.registers import as_entry
from hulei.prevention.terms import (
    CareArrangement,
    Circumstance,
    ClueSource,
    ClueState,
    MinorRole,
    Nature,
    Outcome,
    Register,
    Verification,
)


def _label(term: type[Term], name: str) -> Callable[[Any], Any]:
    """A column's value: the label of a stored term."""
    return lambda record: term.label_of(getattr(record, name))


def _choices(term: type[Term]) -> Callable[[Viewer], Sequence[tuple[str, Any]]]:
    return lambda viewer: term.choices()


def _named(name: str) -> Callable[[Any], Any]:
    """A column's value: the name of a related unit or school."""
    return lambda record: getattr(record, name).name if getattr(record, name) else None


def _stations(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(s.code, s.name) for s in places.stations(viewer).order_by("code")]


def _schools(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(s.code, s.name) for s in places.schools(viewer).order_by("code")]


def _child(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda dossier: value(dossier.minor)


def _about_child(section: Section) -> Section:
    """A section of the child's page on the dossier's."""
    columns = tuple(Column(c.name, c.label, c.kind, _child(c.read), c.tone) for c in section.columns)
    rows = section.rows
    if rows is None:
        return Section(section.title, columns)
    return Section(
        section.title, section.columns, lambda viewer, dossier: rows(viewer, dossier.minor), section.kind
    )


def _tells(entry: Any) -> str:
    """What a register entry tells, in one line."""
    parts = (
        entry.behaviour,
        Circumstance.label_of(entry.circumstance),
        CareArrangement.label_of(entry.care_arrangement),
        entry.finding,
        Verification.label_of(entry.verification),
    )
    return " · ".join(str(part) for part in parts if part)


def _unproven(entry: Any) -> str | None:
    return "、".join(str(term.label) for term in rules.missing_to_verify(as_entry(entry))) or None


ENTRY_COLUMNS = (
    Column("source", Text("登记来源", "Register"), value=_label(Register, "register")),
    Column("tells", Text("登记内容", "Entry"), value=_tells),
    Column("on", Text("日期", "Date"), "date", value=lambda e: e.occurred_on or e.visited_on),
    Column("unproven", Text("尚不能证明", "Not proven"), value=_unproven),
)
ENTRY_DETAIL = (
    *ENTRY_COLUMNS,
    Column("document_number", Text("文书号", "Document")),
    Column("station", Text("办案单位", "Unit"), value=_named("station")),
    Column("reporter", Text("报告人", "Reporter")),
    Column("entrusted_care", Text("委托照护书", "Entrusted-care agreement"), "yes_no"),
)
REGISTER_ENTRY = Page(
    kind="prevention.register_entry",
    title=Text("登记记录", "Register entries"),
    group="people",
    rows=queries.entries,
    columns=(Column("minor", Text("姓名", "Name"), value=lambda e: e.minor.name), *ENTRY_COLUMNS),
    order=("-id",),
    filters=(
        Filter("register", Text("登记来源", "Register"), "choice", "register", choices=_choices(Register)),
        Filter("occurred_on", Text("发生日期", "Occurred on"), "date_range", "occurred_on"),
        Filter(
            "circumstance",
            Text("儿童类别", "Circumstance"),
            "choice",
            "circumstance",
            choices=_choices(Circumstance),
        ),
    ),
    search=("minor__name__contains", "minor__name_pinyin__startswith", "minor__name_initials"),
    sections=(Section(Text("登记内容", "Entry"), ENTRY_DETAIL),),
    subject=lambda e: e.minor_id,
    trace="prevention.police_call.read",
    note=Text(
        "登记内容是登记单位的陈述，未经核实不作为事实。",
        "What a register says is its claim, not a fact until verified.",
    ),
)

SOURCE_COLUMNS = (
    Column("source", Text("来源台账", "Register"), value=_label(Register, "register")),
    Column("number", Text("数据行", "Data row"), "number"),
    Column("rule", Text("归入依据", "Why linked"), value=_label(LinkRule, "rule")),
    Column("linked_at", Text("归入时间", "Linked at"), "datetime"),
)
HISTORY_COLUMNS = (
    Column("at", Text("时间", "Time"), "datetime"),
    Column("change", Text("变动", "Change"), value=_label(LinkChange, "change")),
    Column("rule", Text("依据", "Evidence"), value=_label(LinkRule, "rule")),
    Column("by_name", Text("操作人", "By")),
)
DOSSIER_COLUMNS = (
    Column("number", Text("档案编号", "Number")),
    *(Column(c.name, c.label, c.kind, _child(c.read)) for c in people.COLUMNS),
)
DOSSIER = Page(
    kind="prevention.dossier",
    title=Text("一人一档", "Dossiers"),
    group="people",
    rows=queries.dossiers,
    columns=DOSSIER_COLUMNS,
    order=("number",),
    name=lambda d: f"{d.number} {d.minor.name}",
    filters=(
        Filter("school", Text("学校", "School"), "choice", "school_code", choices=_schools),
        Filter(
            "sex", Text("性别", "Sex"), "choice", "minor__sex", choices=lambda viewer: people.Sex.choices()
        ),
        Filter("certain", Text("身份证号已校验", "Id checked"), "yes_no", "minor__national_id_certain"),
    ),
    search=queries.search_dossiers,
    sections=(
        # The day a file was opened tells partners that another office knew the child before them.
        Section(
            Text("档案", "Dossier"),
            (DOSSIER_COLUMNS[0], Column("opened_on", Text("建档日期", "Opened on"), "date")),
            needs="prevention.police_call.read",
        ),
        *(_about_child(section) for section in people.SECTIONS),
        Section(
            Text("登记记录", "Register entries"),
            ENTRY_DETAIL,
            rows=lambda viewer, dossier: list(queries.entries_of(viewer, dossier.minor_id)),
            kind="prevention.register_entry",
        ),
        Section(
            Text("来源行", "Source rows"),
            SOURCE_COLUMNS,
            rows=lambda viewer, dossier: list(linkage.sources(viewer, dossier.minor_id)),
        ),
        Section(
            Text("归并经过", "How rows were joined"),
            HISTORY_COLUMNS,
            rows=lambda viewer, dossier: list(linkage.history(viewer, dossier.minor_id)[:100]),
        ),
        _about_child(people.READERS),
    ),
    subject=lambda d: d.minor_id,
    trace="prevention.police_call.read",
    empty=Text("范围内没有档案。", "No dossier in scope."),
)

CALL_COLUMNS = (
    Column("number", Text("警情编号", "Call number")),
    Column("received_at", Text("接警时间", "Received at"), "datetime"),
    Column("station", Text("接警单位", "Station"), value=_named("station")),
    Column("nature", Text("性质", "Nature"), value=_label(Nature, "nature")),
    Column("category", Text("类别", "Category")),
    Column("minor_role", Text("未成年人角色", "Role"), value=_label(MinorRole, "minor_role")),
    Column("minor_age", Text("年龄", "Age"), "number"),
    Column("place", Text("发生地", "Place")),
    Column("disposal", Text("处置结果", "Disposal")),
)
POLICE_CALL = Page(
    kind="prevention.police_call",
    title=Text("涉未成年人警情", "Police calls"),
    group="prevention",
    rows=queries.police_calls,
    columns=CALL_COLUMNS,
    order=("-received_at", "-id"),
    name=lambda c: c.number,
    filters=(
        Filter("received", Text("接警时间", "Received"), "date_range", "received_at"),
        Filter("nature", Text("性质", "Nature"), "choice", "nature", choices=_choices(Nature)),
        Filter("station", Text("接警单位", "Station"), "choice", "station_code", choices=_stations),
        Filter("role", Text("未成年人角色", "Role"), "choice", "minor_role", choices=_choices(MinorRole)),
    ),
    search=("number__icontains", "category__contains", "place__contains"),
    sections=(Section(Text("警情", "Call"), CALL_COLUMNS),),
    form=forms.police_call_form,
    save=actions.save_police_call,
)

CLUE_COLUMNS = (
    Column("number", Text("线索编号", "Clue number")),
    Column("received_on", Text("接报日期", "Received on"), "date"),
    Column("source", Text("来源", "Source"), value=_label(ClueSource, "source")),
    Column("subject_name", Text("涉及未成年人", "Minor")),
    Column("school", Text("就读学校", "School"), value=_named("school")),
    Column("content", Text("线索内容", "Content")),
    Column("state", Text("核查状态", "State"), "badge", value=_label(ClueState, "state")),
)
CLUE = Page(
    kind="prevention.clue",
    title=Text("线索", "Clues"),
    group="prevention",
    rows=queries.clues,
    columns=CLUE_COLUMNS,
    order=("-received_on", "-id"),
    name=lambda c: c.number,
    filters=(
        Filter("received_on", Text("接报日期", "Received on"), "date_range", "received_on"),
        Filter("state", Text("核查状态", "State"), "choice", "state", choices=_choices(ClueState)),
        Filter("source", Text("来源", "Source"), "choice", "source", choices=_choices(ClueSource)),
        Filter("school", Text("学校", "School"), "choice", "school_code", choices=_schools),
    ),
    search=(
        "number__icontains",
        "subject_name__contains",
        "subject_pinyin__startswith",
        "subject_initials",
        "content__contains",
    ),
    sections=(Section(Text("线索", "Clue"), (*CLUE_COLUMNS, Column("place", Text("地点", "Place")))),),
    form=forms.clue_form,
    save=actions.save_clue,
    initial=forms.linked_initial,
    subject=lambda c: c.minor_id,
)

UNLINKED = Text(
    "未关联档案：台账没有可靠的身份证号，或名录中尚无该儿童；请核对后填写档案编号",
    "Not linked: no certain id in the ledger, or no file of this child yet",
)


def _linked(case: Any) -> str:
    return str(Text("已关联", "Linked") if case.minor_id else UNLINKED)


CASE_COLUMNS = (
    Column("number", Text("个案编号", "Case number")),
    Column("subject_name", Text("姓名", "Name")),
    Column("school", Text("学校", "School"), value=_named("school")),
    Column("opened_on", Text("建档日期", "Opened on"), "date"),
    Column("station", Text("责任派出所", "Station"), value=_named("station")),
    Column("responsible", Text("帮扶责任人", "Responsible")),
    Column("visit_count", Text("走访次数", "Visits"), "number"),
    Column(
        "outcome",
        Text("帮扶成效", "Outcome"),
        "badge",
        value=_label(Outcome, "outcome"),
        tone=lambda c: "done" if c.outcome else "",
    ),
    Column("outcome_on", Text("成效日期", "Outcome on"), "date"),
)
VISIT_COLUMNS = (
    Column("visited_on", Text("走访日期", "Visited on"), "date"),
    Column(
        "case",
        Text("个案", "Case"),
        value=lambda v: v.case.number,
        link=lambda v: ("prevention.case", v.case_id),
    ),
    Column("visitor", Text("走访人", "Visitor")),
    Column("summary", Text("走访情况", "What was seen")),
)
CASE = Page(
    kind="prevention.case",
    title=Text("个案帮扶", "Cases"),
    group="prevention",
    rows=queries.cases,
    columns=CASE_COLUMNS,
    order=("-opened_on", "-id"),
    name=lambda c: f"{c.number} {c.subject_name}",
    filters=(
        Filter("opened_on", Text("建档日期", "Opened on"), "date_range", "opened_on"),
        Filter("outcome", Text("帮扶成效", "Outcome"), "choice", "outcome", choices=_choices(Outcome)),
        Filter("station", Text("责任派出所", "Station"), "choice", "station_code", choices=_stations),
        Filter("school", Text("学校", "School"), "choice", "school_code", choices=_schools),
    ),
    search=("number__icontains", "subject_name__contains", "subject_pinyin__startswith", "subject_initials"),
    sections=(
        Section(
            Text("个案", "Case"),
            (
                *CASE_COLUMNS,
                Column("measures", Text("帮扶措施", "Measures"), value=lambda c: "、".join(c.measures)),
                Column("closed_on", Text("结案日期", "Closed on"), "date"),
                Column("linked", Text("关联档案", "Dossier"), value=_linked),
            ),
        ),
        Section(
            Text("走访", "Visits"),
            VISIT_COLUMNS,
            rows=lambda viewer, case: list(
                queries.visits(viewer).filter(case_id=case.pk).order_by("-visited_on")
            ),
            kind="prevention.visit",
        ),
    ),
    form=forms.case_form,
    save=actions.save_case,
    initial=forms.linked_initial,
    subject=lambda c: c.minor_id,
)
VISIT = Page(
    kind="prevention.visit",
    title=Text("走访", "Visits"),
    group="prevention",
    rows=queries.visits,
    columns=VISIT_COLUMNS,
    order=("-visited_on", "-id"),
    filters=(Filter("visited_on", Text("走访日期", "Visited on"), "date_range", "visited_on"),),
    search=("visitor__contains", "summary__contains", "case__number__icontains"),
    sections=(Section(Text("走访", "Visit"), VISIT_COLUMNS),),
    form=forms.visit_form,
    save=actions.save_visit,
    subject=lambda v: v.minor_id,
)

PAGES = (DOSSIER, REGISTER_ENTRY, POLICE_CALL, CLUE, CASE, VISIT)
