"""The forms of 未保体系, made anew for each viewer so that they offer only what is in sight."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from hulei.common import fields
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import queries
from hulei.governance.terms import ResolutionState, Step
from hulei.places import queries as places

_SEPARATORS = re.compile(r"[、,，;；\n]+")


class Topics(forms.CharField):
    """Texts separated by 、 or a line break, as a list."""

    def clean(self, value: Any) -> list[str]:
        return [part.strip()[:200] for part in _SEPARATORS.split(super().clean(value)) if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


def joint_meeting_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a joint meeting."""
    units = places.agencies(viewer)

    class JointMeetingForm(forms.Form):
        number = fields.line(Text("会议编号", "Number"), most=40, required=True)
        held_on = fields.day(Text("召开日期", "Held on"), required=True)
        title = fields.line(Text("会议名称", "Title"), most=200, required=True)
        kind = fields.line(Text("会议类型", "Kind"), most=60)
        host = fields.pick(Text("主持单位", "Host"), units, required=True)
        attendees = fields.pick_many(Text("参会单位", "Attending agencies"), units)
        topics = Topics(
            label=str(Text("议题", "Agenda")),
            required=False,
            help_text=str(Text("用、分隔", "Separate with 、")),
        )

    return JointMeetingForm


def joint_meeting_initial(meeting: Any) -> dict[str, Any]:
    """What the form shows of a stored meeting."""
    attendees = [one.agency_id for one in meeting.attendances.all() if one.agency_id and one.present]
    names = ("number", "held_on", "title", "kind", "host", "topics")
    return {**{name: getattr(meeting, name) for name in names}, "attendees": attendees}


def resolution_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a resolution."""
    units = places.agencies(viewer)

    class ResolutionForm(forms.Form):
        number = fields.line(Text("决议编号", "Number"), most=40, required=True)
        meeting = fields.pick(Text("会议", "Meeting"), queries.joint_meetings(viewer).order_by("-held_on"))
        content = fields.words(Text("决议事项", "Resolution"), required=True)
        lead_agency = fields.pick(Text("牵头单位", "Lead agency"), units, required=True)
        supporting_agencies = Topics(
            label=str(Text("配合单位", "Supporting agencies")),
            required=False,
            help_text=str(Text("用、分隔", "Separate with 、")),
        )
        due_on = fields.day(Text("办结时限", "Due on"))
        state = fields.choice(Text("办理状态", "State"), ResolutionState.choices(), required=True)
        done_on = fields.day(Text("办结日期", "Done on"))
        evidence = fields.words(Text("佐证材料", "Evidence"))

    return ResolutionForm


def directive_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a directive."""

    class DirectiveForm(forms.Form):
        number = fields.line(Text("专项编号", "Number"), most=40, required=True)
        title = fields.line(Text("专项名称", "Title"), most=200, required=True)

    return DirectiveForm


def assignment_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a unit's part in a directive."""

    class AssignmentForm(forms.Form):
        directive = fields.pick(
            Text("专项", "Directive"), queries.directives(viewer).order_by("-number"), required=True
        )
        agency = fields.pick(Text("责任单位", "Unit"), places.agencies(viewer), required=True)
        score = fields.amount(Text("考核得分", "Score"), digits=6, places=2)
        field_order = ("directive", "agency", *(step.value for step in Step), "score")

    for step in Step:
        label = Text(f"{step.label.zh}日期", f"{step.label.en} on")
        AssignmentForm.base_fields[step.value] = fields.day(label)
    return AssignmentForm
