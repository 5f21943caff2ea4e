"""The pages of places: areas, offices and stations, police grids, grids, schools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hulei.common.names import masked_phone
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.places import actions, forms, queries, rules
from hulei.places.terms import AgencyKind, AgencyUnit, AreaLevel, SchoolStage

_SEARCH = ("name__contains", "name_pinyin__startswith", "name_initials__startswith")


def _label(term: Any, name: str) -> Callable[[Any], Any]:
    return lambda record: term.label_of(getattr(record, name))


def _named(attribute: str) -> Callable[[Any], Any]:
    """The name of a related record, None where there is none."""
    return lambda record: str(related) if (related := getattr(record, attribute)) else None


def _to(attribute: str, kind: str) -> Callable[[Any], tuple[str, int] | None]:
    return lambda record: (kind, related) if (related := getattr(record, f"{attribute}_id")) else None


def _phone(record: Any) -> str | None:
    return masked_phone(record.phone) if record.phone else None


def _towns(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    rows = queries.areas(viewer).filter(level=AreaLevel.TOWN).order_by("code")
    return [(area.code, area.name) for area in rows]


def _stations(viewer: Viewer) -> Sequence[tuple[str, Any]]:
    return [(station.code, station.name) for station in queries.stations(viewer).order_by("code")]


def _listed(query: Callable[[Viewer, Any], Any]) -> Callable[[Viewer, Any], Sequence[Any]]:
    return lambda viewer, record: list(query(viewer, record))


_TOWN_FILTER = Filter("town", Text("所在镇", "Town"), "choice", "town_code", choices=_towns)
_STATION_FILTER = Filter("station", Text("派出所", "Station"), "choice", "station_code", choices=_stations)

SCHOOL_COLUMNS = (
    Column("name", Text("学校", "School")),
    Column("stage", Text("学段", "Stage"), value=_label(SchoolStage, "stage")),
    Column("town", Text("所在镇", "Town"), value=_named("town")),
    Column(
        "station", Text("派出所", "Station"), value=_named("station"), link=_to("station", "places.agency")
    ),
    Column("pupils", Text("在校生", "Pupils"), "number"),
    Column("boarders", Text("寄宿生", "Boarders"), "number"),
    Column("guards", Text("专职保安", "Guards"), "number"),
    Column(
        "guards_required", Text("应配保安", "Guards required"), "number", value=lambda s: _need(s).at_least
    ),
)


def _need(school: Any) -> rules.GuardNeed:
    return rules.required_guards(school.pupils, school.boarders)


def _guard_standing(school: Any) -> Text:
    """Whether the guards suffice, and how sure that is."""
    need = _need(school)
    if need.at_least is None or school.guards is None:
        return Text("资料不全", "Not known")
    enough = school.guards >= need.at_least
    sure = Text("", "") if need.confirmed else Text("（条文待核实）", " (clause to be confirmed)")
    word = Text("达到", "Met") if enough else Text("不足", "Short")
    return Text(word.zh + sure.zh, word.en + sure.en)


SCHOOL = Page(
    kind="places.school",
    title=Text("学校", "Schools"),
    group="places",
    rows=queries.schools,
    columns=SCHOOL_COLUMNS,
    order=("code", "id"),
    filters=(
        Filter(
            "stage", Text("学段", "Stage"), "choice", "stage", choices=lambda viewer: SchoolStage.choices()
        ),
        _TOWN_FILTER,
        _STATION_FILTER,
        Filter("closed_management", Text("封闭管理", "Closed management"), "yes_no", "closed_management"),
        Filter("alarm_linked", Text("一键报警联网", "Alarm linked"), "yes_no", "alarm_linked"),
        Filter("video_compliant", Text("视频达标", "Video compliant"), "yes_no", "video_compliant"),
    ),
    search=_SEARCH,
    sections=(
        Section(
            Text("基本情况", "Profile"),
            (
                *SCHOOL_COLUMNS,
                Column("guard_standing", Text("保安配备", "Guards against the norm"), value=_guard_standing),
                Column("guard_reason", Text("计算依据", "Reason"), value=lambda s: _need(s).reason),
                Column("guard_clause", Text("条文", "Clause"), value=lambda s: _need(s).clause),
                Column("closed_management", Text("封闭管理", "Closed management"), "yes_no"),
                Column("alarm_linked", Text("一键报警联网", "Alarm linked"), "yes_no"),
                Column("video_compliant", Text("视频达标", "Video compliant"), "yes_no"),
                Column("legal_vice_principal", Text("法治副校长", "Legal vice-principal")),
                Column("aliases", Text("又称", "Also called"), value=lambda s: "、".join(s.aliases)),
                Column("code", Text("代码", "Code")),
            ),
        ),
    ),
    form=forms.school_form,
    initial=forms.school_initial,
    save=actions.save_school,
    empty=Text("还没有学校。请导入学校名录，或逐所登记。", "No school yet: take in the roster, or add one."),
)

AGENCY_COLUMNS = (
    Column("name", Text("单位", "Office")),
    Column("kind", Text("类别", "Kind"), value=_label(AgencyKind, "kind")),
    Column("unit", Text("层级", "Unit"), value=_label(AgencyUnit, "unit")),
    Column("contact", Text("联络员", "Contact")),
    Column("phone", Text("联系电话", "Phone"), "masked", value=_phone),
    Column("officer", Text("未保民警", "Protection officer")),
)

AREA_COLUMNS = (
    Column("name", Text("名称", "Name")),
    Column("level", Text("级别", "Level"), value=_label(AreaLevel, "level")),
    Column("parent", Text("上级", "In"), value=_named("parent"), link=_to("parent", "places.area")),
    Column("code", Text("代码", "Code")),
    Column("local", Text("本地增补", "Added locally"), "yes_no"),
)

GRID_COLUMNS = (
    Column("name", Text("网格", "Grid")),
    Column(
        "village", Text("村（社区）", "Village"), value=_named("village"), link=_to("village", "places.area")
    ),
    Column("town", Text("所在镇", "Town"), value=lambda g: str(g.village.parent) if g.town_code else None),
    Column(
        "police_grid",
        Text("警格", "Police grid"),
        value=_named("police_grid"),
        link=_to("police_grid", "places.police_grid"),
    ),
    Column("houses", Text("门牌范围", "House numbers")),
    Column("worker", Text("网格员", "Grid worker")),
    Column("phone", Text("电话", "Phone"), "masked", value=_phone),
)

AGENCY = Page(
    kind="places.agency",
    title=Text("单位与派出所", "Offices and stations"),
    group="places",
    rows=queries.agencies,
    columns=AGENCY_COLUMNS,
    order=("code", "id"),
    filters=(
        Filter("kind", Text("类别", "Kind"), "choice", "kind", choices=lambda viewer: AgencyKind.choices()),
        Filter("unit", Text("层级", "Unit"), "choice", "unit", choices=lambda viewer: AgencyUnit.choices()),
    ),
    search=(*_SEARCH, "contact__contains", "officer__contains"),
    sections=(
        Section(
            Text("基本情况", "Profile"),
            (
                *AGENCY_COLUMNS,
                Column("badge_number", Text("警号", "Badge number")),
                Column(
                    "parent",
                    Text("上级单位", "Parent"),
                    value=_named("parent"),
                    link=_to("parent", "places.agency"),
                ),
                Column("town", Text("所在镇", "Town"), value=_named("town")),
                Column("aliases", Text("又称", "Also called"), value=lambda a: "、".join(a.aliases)),
                Column("code", Text("代码", "Code")),
            ),
        ),
        Section(
            Text("辖区村（社区）", "Beat"),
            AREA_COLUMNS,
            rows=_listed(queries.villages_of),
            kind="places.area",
        ),
        Section(
            Text("辖区学校", "Schools"),
            SCHOOL_COLUMNS,
            rows=_listed(queries.schools_of),
            kind="places.school",
        ),
        Section(Text("网格", "Grids"), GRID_COLUMNS, rows=_listed(queries.grids_of), kind="places.grid"),
    ),
    form=forms.agency_form,
    initial=forms.agency_initial,
    save=actions.save_agency,
    empty=Text("还没有单位。请导入成员单位名录。", "No office yet: take in the roster."),
)

AREA = Page(
    kind="places.area",
    title=Text("区划", "Areas"),
    group="places",
    rows=queries.areas,
    columns=AREA_COLUMNS,
    order=("code", "id"),
    filters=(
        Filter("level", Text("级别", "Level"), "choice", "level", choices=lambda viewer: AreaLevel.choices()),
        Filter("local", Text("本地增补", "Added locally"), "yes_no", "local"),
    ),
    search=(*_SEARCH, "code__startswith"),
    sections=(
        Section(Text("区划", "Area"), AREA_COLUMNS),
        Section(Text("下级", "Within"), AREA_COLUMNS, rows=_listed(queries.children_of), kind="places.area"),
        Section(Text("网格", "Grids"), GRID_COLUMNS, rows=_listed(queries.grids_in), kind="places.grid"),
    ),
    form=forms.area_form,
    initial=lambda area: {"name": area.name, "parent": area.parent},
    save=actions.save_area,
)

POLICE_GRID_COLUMNS = (
    Column("name", Text("警格", "Police grid")),
    Column(
        "station", Text("派出所", "Station"), value=_named("station"), link=_to("station", "places.agency")
    ),
    Column("officer", Text("警格民警", "Officer")),
)

POLICE_GRID = Page(
    kind="places.police_grid",
    title=Text("警格", "Police grids"),
    group="places",
    rows=queries.police_grids,
    columns=POLICE_GRID_COLUMNS,
    order=("code", "id"),
    search=_SEARCH,
    sections=(
        Section(Text("警格", "Police grid"), (*POLICE_GRID_COLUMNS, Column("code", Text("代码", "Code")))),
        Section(
            Text("网格", "Grids"),
            GRID_COLUMNS,
            rows=_listed(queries.grids_of_police_grid),
            kind="places.grid",
        ),
    ),
    form=forms.police_grid_form,
    initial=lambda grid: {"name": grid.name, "station": grid.station, "officer": grid.officer},
    save=actions.save_police_grid,
)

_GRID_FIELDS = ("name", "village", "police_grid", "worker", "phone", "houses")
GRID = Page(
    kind="places.grid",
    title=Text("网格", "Grids"),
    group="places",
    rows=queries.grids,
    columns=GRID_COLUMNS,
    order=("code", "id"),
    filters=(_TOWN_FILTER, _STATION_FILTER),
    search=(*_SEARCH, "worker__contains"),
    sections=(Section(Text("网格", "Grid"), (*GRID_COLUMNS, Column("code", Text("代码", "Code")))),),
    form=forms.grid_form,
    initial=lambda grid: {n: getattr(grid, n) for n in _GRID_FIELDS},
    save=actions.save_grid,
)

PAGES = (SCHOOL, AGENCY, AREA, POLICE_GRID, GRID)
