"""The forms of 宣教工程, made anew for each viewer so that they offer only what is in sight."""

from __future__ import annotations

from typing import Any

from django import forms

from hulei.common import fields
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.outreach import queries
from hulei.outreach.terms import USUAL_TOPICS, LectureState
from hulei.places import queries as places


def lecture_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a lecture."""
    usual = Text("常用：" + "、".join(USUAL_TOPICS), "Usual: " + ", ".join(USUAL_TOPICS))

    class LectureForm(forms.Form):
        held_on = fields.day(Text("日期", "Held on"), required=True)
        school = fields.pick(
            Text("学校", "School"), queries.schools_in_sight(viewer).order_by("name"), required=True
        )
        topic = fields.line(Text("主题", "Topic"), most=200, required=True, help_text=usual)
        agency = fields.pick(Text("宣讲单位", "Lecturing unit"), places.agencies(viewer).order_by("name"))
        lecturer = fields.line(Text("宣讲人", "Lecturer"), most=60)
        lesson_hours = fields.amount(Text("课时", "Lesson hours"), required=True, digits=4, places=1)
        attendance = fields.number(Text("参加人数", "Attendance"))
        state = fields.choice(Text("状态", "State"), LectureState.choices(), required=True)

    if record is None:
        LectureForm.base_fields["state"].initial = LectureState.HELD.value
    return LectureForm


def legal_vice_principal_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a legal vice-principal's appointment."""

    class LegalVicePrincipalForm(forms.Form):
        school = fields.pick(
            Text("学校", "School"), queries.schools_in_sight(viewer).order_by("name"), required=True
        )
        name = fields.line(Text("姓名", "Name"), most=60, required=True)
        since = fields.day(Text("聘期自", "Term from"))
        until = fields.day(Text("聘期至", "Term until"))

    return LegalVicePrincipalForm
