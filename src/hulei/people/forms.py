"""The form of a child."""

from __future__ import annotations

from typing import Any

from django import forms

from hulei.common import fields
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.people.actions.editing import MOVERS
from hulei.people.rules import check_digit_right, tidy_id
from hulei.people.terms import Sex
from hulei.places import queries as places


def minor_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form of a child. Address and school of a child on file are changed by the district office only."""

    stored = minor_secrets(record)

    class MinorForm(fields.KeepingForm):
        kept = tuple(name for name, value in stored.items() if value)

        name = fields.line(Text("姓名", "Name"), most=60, required=True)
        sex = fields.choice(Text("性别", "Sex"), Sex.choices())
        birth_date = fields.day(Text("出生日期", "Birth date"))
        national_id = fields.held(Text("身份证号", "National id"), most=18, stored=stored["national_id"])
        guardian = fields.line(Text("监护人", "Guardian"), most=60)
        guardian_phone = fields.held(
            Text("监护人电话", "Guardian's phone"), most=20, stored=stored["guardian_phone"]
        )

        def clean_national_id(self) -> str:
            """An id typed by hand must be right."""
            text = tidy_id(self.cleaned_data["national_id"] or "")
            if text and text != fields.NOTHING and not check_digit_right(text):
                raise forms.ValidationError(
                    str(Text("身份证号校验位不符，请核对。", "The check digit of this id is wrong."))
                )
            return text

    if record is not None and viewer.viewpoint not in MOVERS:
        return MinorForm

    class MinorAndHomeForm(MinorForm):
        address = fields.held(Text("家庭住址", "Address"), most=200, stored=stored["address"])
        school = fields.pick(Text("就读学校", "School"), places.schools(viewer))

    return MinorAndHomeForm


def minor_secrets(minor: Any) -> dict[str, str]:
    """What the form never shows of a stored child, by field."""
    if minor is None:
        return dict.fromkeys(("national_id", "address", "guardian_phone"), "")
    guardian = next(iter(minor.guardians.all()), None)
    phone = guardian.phone if guardian else ""
    return {"national_id": minor.national_id, "address": minor.address, "guardian_phone": phone}


def minor_initial(minor: Any) -> dict[str, Any]:
    """What the form shows of a stored child."""
    guardian = next(iter(minor.guardians.all()), None)
    enrolment = next(iter(minor.enrolments.all()), None)
    own = {name: getattr(minor, name) for name in ("name", "sex", "birth_date")}
    return {
        **own,
        **dict.fromkeys(minor_secrets(minor), ""),
        "guardian": guardian.name if guardian else "",
        "school": enrolment.school_id if enrolment else None,
    }
