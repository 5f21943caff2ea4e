"""The page of a child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hulei.audit import queries as audit
from hulei.common import names
from hulei.common.clock import today
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.people import actions, forms, queries, rules
from hulei.people.terms import Relation, Sex
from hulei.places import queries as places


def age(minor: Any) -> int | None:
    """Today's age in full years."""
    return rules.age_on(minor.birth_date, today())


def school(minor: Any) -> str | None:
    """The name of the school of the running enrolment."""
    return next((e.school.name for e in minor.enrolments.all()), None)


def lacking(minor: Any) -> str | None:
    """What the child's file lacks, in words."""
    guardians = list(minor.guardians.all())
    terms = rules.missing(
        national_id=bool(minor.national_id),
        certain=minor.national_id_certain,
        birth_date=minor.birth_date is not None,
        guardian=any(g.name for g in guardians),
        phone=any(g.phone for g in guardians),
        village=bool(minor.village_code),
        school=bool(minor.school_code),
    )
    return "、".join(str(term.label) for term in terms) or None


def masked_id(minor: Any) -> str | None:
    """An id as 4+4 with what is known of its check digit; the full one is opened with a reason."""
    if not minor.national_id:
        return None
    doubt = "" if minor.national_id_certain else str(Text("（校验位不符，待核对）", " (to be checked)"))
    return f"{minor.national_id[:4]}{'*' * (len(minor.national_id) - 8)}{minor.national_id[-4:]}{doubt}"


def readers(viewer: Viewer, minor: Any) -> Sequence[Any]:
    """Who looked at the child lately; only for those who may read the ledger."""
    return list(audit.entries_about(viewer, minor.pk)[:50])


def _schools(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(s.code, s.name) for s in places.schools(viewer)]


def _villages(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    areas = places.areas(viewer).filter(district_code=viewer.district, level="village").order_by("code")
    return [(a.code, a.name) for a in areas]


COLUMNS = (
    Column("name", Text("姓名", "Name")),
    Column("age", Text("年龄", "Age"), "number", value=age),
    Column("sex", Text("性别", "Sex"), value=lambda m: Sex.label_of(m.sex)),
    Column("school", Text("就读学校", "School"), value=school),
    Column("village", Text("村（社区）", "Village"), value=lambda m: m.village_name),
    Column("missing", Text("待补", "Missing"), value=lacking),
)
GUARDIAN_COLUMNS = (
    Column("name", Text("姓名", "Name")),
    Column("relation", Text("关系", "Relation"), value=lambda g: Relation.label_of(g.relation)),
    Column("phone", Text("电话", "Phone"), "masked", value=lambda g: names.masked_phone(g.phone)),
    Column("since", Text("起始日期", "Since"), "date"),
)
READ_COLUMNS = (
    Column("at", Text("时间", "Time"), "datetime"),
    Column("role", Text("身份", "Role")),
    Column("tag", Text("事项", "Event")),
)
SECTIONS = (
    Section(
        Text("基本情况", "Particulars"),
        (
            *COLUMNS[:3],
            Column("birth_date", Text("出生日期", "Birth date"), "date"),
            Column("national_id", Text("身份证号", "National id"), "masked", value=masked_id),
            *COLUMNS[3:],
        ),
    ),
    Section(
        Text("监护人", "Guardians"), GUARDIAN_COLUMNS, rows=lambda viewer, minor: list(minor.guardians.all())
    ),
    Section(
        Text("学籍", "Enrolment"),
        (
            Column("school", Text("学校", "School"), value=lambda e: e.school.name),
            Column("since", Text("自", "From"), "date"),
            Column("until", Text("至", "Until"), "date"),
        ),
        rows=lambda viewer, minor: list(queries.enrolments(viewer).filter(minor_id=minor.pk)),
    ),
    Section(
        Text("同监护人的其他儿童", "Other children of the same guardian"),
        COLUMNS,
        rows=lambda viewer, minor: list(queries.kin(viewer, minor)),
        kind="people.minor",
    ),
)
READERS = Section(Text("查阅记录", "Who looked"), READ_COLUMNS, rows=readers, needs="audit.entry.read")

MINOR = Page(
    kind="people.minor",
    title=Text("未成年人", "Minors"),
    group="people",
    rows=queries.minors,
    columns=COLUMNS,
    order=("name_pinyin", "id"),
    name=lambda m: m.name,
    filters=(
        Filter("school", Text("学校", "School"), "choice", "school_code", choices=_schools),
        Filter("village", Text("村（社区）", "Village"), "choice", "village_code", choices=_villages),
        Filter("sex", Text("性别", "Sex"), "choice", "sex", choices=lambda viewer: Sex.choices()),
        Filter("birth_date", Text("出生日期", "Birth date"), "date_range", "birth_date"),
        Filter("certain", Text("身份证号已校验", "Id checked"), "yes_no", "national_id_certain"),
    ),
    search=queries.search,
    sections=(*SECTIONS, READERS),
    trace="prevention.police_call.read",
    form=forms.minor_form,
    save=actions.save_minor,
    initial=forms.minor_initial,
    subject=lambda m: m.pk,
    empty=Text(
        "范围内没有未成年人档案。导入四类登记台账后自动建立。",
        "No child in scope. Taking in the registers opens files.",
    ),
)

PAGES = (MINOR,)
