"""The forms of places, made anew for each viewer so that they offer only what is in sight."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from hulei.common import fields
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.places import queries
from hulei.places.terms import AgencyKind, AgencyUnit, AreaLevel, SchoolStage

_SEPARATORS = re.compile(r"[、,，;；\n]+")
_YES_NO = (("", "--"), ("true", Text("是", "Yes")), ("false", Text("否", "No")))


class Aliases(forms.CharField):
    """Names separated by 、, as a list."""

    def clean(self, value: Any) -> list[str]:
        return [part.strip() for part in _SEPARATORS.split(super().clean(value)) if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


def _aliases() -> Aliases:
    help_text = Text("其他台账中的叫法，用、分隔", "How other ledgers call it, separated by 、")
    return Aliases(label=str(Text("又称", "Also called")), required=False, help_text=str(help_text))


def _yes_no(label: Text) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=str(label),
        required=False,
        choices=[(value, str(text)) for value, text in _YES_NO],
        coerce=lambda value: value == "true",
        empty_value=None,
    )


def area_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """A stored area may be renamed, a village go to another town; a new one is a local town or village."""

    class RenameForm(forms.Form):
        name = fields.line(Text("名称", "Name"), most=80, required=True)

    class VillageForm(RenameForm):
        parent = fields.pick(
            Text("上级", "In"),
            queries.areas(viewer).filter(level__in=(AreaLevel.DISTRICT, AreaLevel.TOWN)).order_by("code"),
            required=True,
        )

    if record is not None:
        return VillageForm if record.level == AreaLevel.VILLAGE else RenameForm

    class AreaForm(RenameForm):
        level = fields.choice(
            Text("级别", "Level"),
            [(v, t) for v, t in AreaLevel.choices() if v in (AreaLevel.TOWN, AreaLevel.VILLAGE)],
            required=True,
        )
        parent = fields.pick(
            Text("上级（默认为本区）", "In (the district by default)"),
            queries.areas(viewer).filter(level__in=(AreaLevel.DISTRICT, AreaLevel.TOWN)).order_by("code"),
        )

    return AreaForm


def agency_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of an office or station."""

    class AgencyForm(forms.Form):
        name = fields.line(Text("单位", "Name"), most=80, required=True)
        kind = fields.choice(Text("类别", "Kind"), AgencyKind.choices(), required=True)
        unit = fields.choice(Text("层级", "Unit"), AgencyUnit.choices(), required=True)
        parent = fields.pick(Text("上级单位", "Parent"), queries.agencies(viewer).order_by("code"))
        town = fields.pick(Text("所在镇", "Town"), _towns(viewer))
        contact = fields.line(Text("联络员", "Contact"), most=60)
        phone = fields.line(Text("联系电话", "Phone"), most=30)
        officer = fields.line(Text("未保民警", "Protection officer"), most=60)
        badge_number = fields.line(Text("警号", "Badge number"), most=20)
        villages = fields.pick_many(Text("辖区村（社区）", "Villages of the beat"), _villages(viewer))
        aliases = _aliases()

    return AgencyForm


def _towns(viewer: Viewer) -> Any:
    return queries.areas(viewer).filter(level=AreaLevel.TOWN).order_by("code")


def _villages(viewer: Viewer) -> Any:
    return queries.areas(viewer).filter(level=AreaLevel.VILLAGE).order_by("code")


def agency_initial(agency: Any) -> dict[str, Any]:
    """What the form shows of a stored office."""
    names = (
        "name",
        "kind",
        "unit",
        "parent",
        "town",
        "contact",
        "phone",
        "officer",
        "badge_number",
        "aliases",
    )
    return {
        **{name: getattr(agency, name) for name in names},
        "villages": [beat.village_id for beat in agency.beats.all()],
    }


def police_grid_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a police grid."""

    class PoliceGridForm(forms.Form):
        name = fields.line(Text("警格", "Police grid"), most=80, required=True)
        station = fields.pick(Text("派出所", "Station"), queries.stations(viewer), required=True)
        officer = fields.line(Text("警格民警", "Officer"), most=60)

    return PoliceGridForm


_HOUSES = Text(
    "如 1-60、101-130，或 1-59单号、双号、全村；用于把住址归入网格",
    "Such as 1-60、101-130, or 1-59单号 (odd), 双号 (even), 全村 (all): by them addresses find their grid",
)


def grid_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a village grid."""

    class GridForm(forms.Form):
        name = fields.line(Text("网格名称", "Grid"), most=80, required=True)
        village = fields.pick(Text("村（社区）", "Village"), _villages(viewer), required=True)
        police_grid = fields.pick(Text("警格", "Police grid"), queries.police_grids(viewer))
        worker = fields.line(Text("网格员", "Grid worker"), most=60)
        phone = fields.line(Text("电话", "Phone"), most=30)
        houses = fields.line(Text("门牌范围", "House numbers"), most=200, help_text=_HOUSES)

    return GridForm


def school_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a school."""

    class SchoolForm(forms.Form):
        name = fields.line(Text("学校名称", "Name"), most=80, required=True)
        stage = fields.choice(Text("学段", "Stage"), SchoolStage.choices(), required=True)
        town = fields.pick(Text("所在镇", "Town"), _towns(viewer))
        station = fields.pick(Text("所属派出所", "Station"), queries.stations(viewer))
        pupils = fields.number(Text("在校生数", "Pupils"))
        boarders = fields.number(Text("寄宿生数", "Boarders"))
        guards = fields.number(Text("专职保安数", "Full-time guards"), most=1000)
        closed_management = _yes_no(Text("封闭管理", "Closed management"))
        alarm_linked = _yes_no(Text("一键报警联网", "Alarm linked"))
        video_compliant = _yes_no(Text("视频达标", "Video compliant"))
        legal_vice_principal = fields.line(Text("法治副校长", "Legal vice-principal"), most=60)
        aliases = _aliases()

    return SchoolForm


def school_initial(school: Any) -> dict[str, Any]:
    """What the form shows of a stored school."""
    names = (
        "name", "stage", "town", "station", "pupils", "boarders", "guards", "legal_vice_principal", "aliases",
    )  # fmt: skip
    flags = ("closed_management", "alarm_linked", "video_compliant")
    words = {True: "true", False: "false", None: ""}
    return {
        **{name: getattr(school, name) for name in names},
        **{name: words[getattr(school, name)] for name in flags},
    }
