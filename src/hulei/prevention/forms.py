"""The forms of 触法预防, made anew for each viewer so that they offer only what is in sight."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist

from hulei.common import fields
from hulei.common.text import Text
from hulei.common.viewer import Viewer, Viewpoint
from hulei.places import queries as places
from hulei.prevention import queries
from hulei.prevention.terms import ClueSource, ClueState, MinorRole, Nature, Outcome

_SEPARATORS = re.compile(r"[、,，;；\n]+")


class Measures(forms.CharField):
    """Measures separated by 、 as a list."""

    def clean(self, value: Any) -> list[str]:
        """The parts without empty ones."""
        return [part.strip()[:80] for part in _SEPARATORS.split(super().clean(value)) if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        """A list as one line."""
        return "、".join(value) if isinstance(value, list) else value


def _stations(viewer: Viewer) -> Any:
    """The stations that a viewer may register for: a station its own, the district all."""
    found = places.stations(viewer)
    return found.filter(code=viewer.scope) if viewer.viewpoint is Viewpoint.POLICE_STATION else found


DOSSIER_HELP = Text(
    "填写一人一档编号；没有可靠依据（如核对过的身份证号）时留空，不得仅凭姓名关联。",
    "The number of the dossier; leave empty without sure evidence. A name alone is none.",
)


def police_call_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a police call."""

    class PoliceCallForm(forms.Form):
        number = fields.line(Text("警情编号", "Call number"), most=40, required=True)
        received_at = fields.moment(Text("接警时间", "Received at"), required=True)
        station = fields.pick(Text("接警单位", "Station"), _stations(viewer), required=True)
        nature = fields.choice(Text("警情性质", "Nature"), Nature.choices(), required=True)
        category = fields.line(Text("类别", "Category"), most=80)
        minor_role = fields.choice(Text("未成年人角色", "Role of the minor"), MinorRole.choices())
        minor_age = fields.number(Text("未成年人年龄", "Age of the minor"), most=150)
        place = fields.line(Text("发生地", "Place"), most=200)
        disposal = fields.line(Text("处置结果", "Disposal"), most=200)

    return PoliceCallForm


def clue_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a clue."""

    class ClueForm(forms.Form):
        number = fields.line(Text("线索编号", "Clue number"), most=40, required=True)
        received_on = fields.day(Text("接报日期", "Received on"), required=True)
        source = fields.choice(Text("来源", "Source"), ClueSource.choices())
        subject_name = fields.line(Text("涉及未成年人", "Minor"), most=60)
        school = fields.pick(Text("就读学校", "School"), places.schools(viewer))
        content = fields.words(Text("线索内容", "Content"), required=True)
        place = fields.line(Text("地点", "Place"), most=200)
        state = fields.choice(Text("核查状态", "State"), ClueState.choices(), required=True)
        dossier = fields.line(Text("关联档案", "Dossier"), most=24, help_text=DOSSIER_HELP)

    return ClueForm


def case_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a case."""

    stored = record.national_id if record else ""

    class CaseForm(fields.KeepingForm):
        kept = ("national_id",) if stored else ()

        number = fields.line(Text("个案编号", "Case number"), most=40, required=True)
        subject_name = fields.line(Text("姓名", "Name"), most=60, required=True)
        national_id = fields.held(Text("身份证号", "National id"), most=18, stored=stored)
        dossier = fields.line(Text("关联档案", "Dossier"), most=24, help_text=DOSSIER_HELP)
        school = fields.pick(Text("学校", "School"), places.schools(viewer))
        opened_on = fields.day(Text("建档日期", "Opened on"), required=True)
        station = fields.pick(Text("责任派出所", "Station"), _stations(viewer), required=True)
        responsible = fields.line(Text("帮扶责任人", "Responsible"), most=60)
        measures = Measures(
            label=str(Text("帮扶措施", "Measures")),
            required=False,
            help_text=str(Text("用、分隔", "Separate with 、")),
        )
        visits_reported = fields.number(Text("台账走访次数", "Visits as reported"), most=10_000)
        outcome = fields.choice(Text("帮扶成效", "Outcome"), Outcome.choices())
        outcome_on = fields.day(Text("成效日期", "Outcome on"))
        closed_on = fields.day(Text("结案日期", "Closed on"))

    return CaseForm


def visit_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a visit."""

    class VisitForm(forms.Form):
        case = fields.pick(Text("个案", "Case"), queries.cases(viewer).order_by("-opened_on"), required=True)
        visited_on = fields.day(Text("走访日期", "Visited on"), required=True)
        visitor = fields.line(Text("走访人", "Visitor"), most=60, required=True)
        summary = fields.words(Text("走访情况", "What was seen"), required=True)

    return VisitForm


def linked_initial(record: Any) -> dict[str, Any]:
    """What the form of a clue or a case shows, the linked dossier by its number."""
    own = {f.name: getattr(record, f.attname) for f in record._meta.concrete_fields}
    try:
        dossier = record.minor.dossier.number if record.minor_id else ""
    except ObjectDoesNotExist:  # the child's file is out of the viewer's sight
        dossier = ""
    return {**own, "national_id": "", "dossier": dossier}
