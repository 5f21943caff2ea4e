"""The forms of 校园防护, made anew for each viewer so that they offer only what is in sight."""

from __future__ import annotations

from typing import Any

from django import forms

from hulei.campus import queries
from hulei.campus.terms import EIGHT_ITEMS, HazardCategory, HazardGrade, Reinspection
from hulei.common import fields
from hulei.common.text import Text
from hulei.common.viewer import Viewer


def _school(viewer: Viewer) -> forms.ModelChoiceField:
    return fields.pick(
        Text("学校", "School"), queries.schools_in_sight(viewer).order_by("name"), required=True
    )


def hazard_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a hazard."""

    class HazardForm(forms.Form):
        number = fields.line(Text("隐患编号", "Number"), most=40, required=True)
        school = _school(viewer)
        found_on = fields.day(Text("发现日期", "Found on"), required=True)
        category = fields.choice(Text("类别", "Category"), HazardCategory.choices())
        description = fields.words(Text("隐患描述", "Description"), required=True)
        grade = fields.choice(Text("等级", "Grade"), HazardGrade.choices())
        due_on = fields.day(Text("整改时限", "Due on"))
        rectified_on = fields.day(Text("整改日期", "Rectified on"))
        reinspection = fields.choice(Text("复查情况", "Re-inspection"), Reinspection.choices())
        reinspected_on = fields.day(Text("复查日期", "Re-inspected on"))
        note = fields.words(Text("备注", "Note"))

    return HazardForm


def equipment_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of an equipment line."""
    usual = Text("常用：" + "、".join(EIGHT_ITEMS), "Usual: " + ", ".join(EIGHT_ITEMS))

    class EquipmentForm(forms.Form):
        school = _school(viewer)
        item = fields.line(Text("器材", "Item"), most=60, required=True, help_text=usual)
        required = fields.number(Text("应配数", "Required"), required=True)
        present = fields.number(Text("实有数", "Present"))
        sound = fields.number(Text("完好数", "Sound"), required=True)
        expires_on = fields.day(Text("有效期至", "Expires on"))
        keeper = fields.line(Text("保管人", "Keeper"), most=60)

    return EquipmentForm


def drill_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a drill."""

    class DrillForm(forms.Form):
        school = _school(viewer)
        triggered_at = fields.moment(Text("触发时刻", "Triggered at"), required=True)
        first_person_at = fields.moment(Text("首人到位", "First person at"))
        unit_assembled_at = fields.moment(Text("应急单元到位", "Unit assembled at"))
        police_arrived_at = fields.moment(Text("警力到场", "Police arrived at"))
        scenario = fields.line(Text("科目", "Scenario"), most=100)

    return DrillForm


def guard_post_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a guard post."""
    example = Text(
        "例如：校门路段临时管制15分钟；没有则留空", "For example: 15 minutes at the gate; empty if none"
    )

    class GuardPostForm(forms.Form):
        school = _school(viewer)
        point = fields.line(Text("点位", "Point"), most=100, required=True)
        starts_at = fields.clock(Text("时段起", "From"), required=True)
        ends_at = fields.clock(Text("时段止", "Until"), required=True)
        police = fields.number(Text("民警人数", "Police"), most=100)
        guards = fields.number(Text("保安（教师）人数", "Guards and teachers"), most=100)
        volunteers = fields.number(Text("家长志愿者人数", "Parent volunteers"), most=1000)
        traffic_control = fields.line(Text("交通管制", "Traffic control"), most=200, help_text=example)
        since = fields.day(Text("自", "Since"))
        until = fields.day(Text("至", "Until"))

    return GuardPostForm


def parent_concern_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a parent's concern."""

    class ParentConcernForm(forms.Form):
        received_on = fields.day(Text("日期", "Received on"), required=True)
        school = _school(viewer)
        content = fields.words(Text("关切内容", "Concern"), required=True)
        answer = fields.words(Text("回应", "Answer"))
        answered_on = fields.day(Text("回应日期", "Answered on"))

    return ParentConcernForm
