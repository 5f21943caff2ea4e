"""What people save on pages: guard, lock, validate, save, tell the audit ledger, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hulei.access.actions import save_record
from hulei.common.models import Scope
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import queries, rules
from hulei.governance.actions.taking_in import SCOPE, search_key
from hulei.governance.models import Assignment, Attendance, Directive, JointMeeting, Resolution
from hulei.governance.terms import ResolutionState, Step

if TYPE_CHECKING:
    from hulei.places.models import Agency

Values = Mapping[str, Any]
_DERIVED = frozenset({*SCOPE, "title_pinyin", "content_pinyin"})


def save_joint_meeting(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> JointMeeting:
    """Add or change a meeting; ``attendees`` are agencies, ``topics`` a list of texts.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    own = {name: value for name, value in values.items() if name != "attendees"}
    own |= {"title_pinyin": search_key(values["title"]), **_scope(values.get("host"), by)}
    with transaction.atomic():
        meeting = save_record(
            "governance.joint_meeting", queries.joint_meetings(by), JointMeeting, own,
            by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
        )  # fmt: skip
        if "attendees" in values:
            _attend(meeting, list(values["attendees"]))
    return meeting


def _attend(meeting: JointMeeting, agencies: list[Agency]) -> None:
    """Let exactly these agencies attend; names that no roster knows stay as they were written."""
    known = Attendance.objects.filter(meeting=meeting, agency__isnull=False)
    known.exclude(agency__in=agencies).update(present=False)
    known.filter(agency__in=agencies).update(present=True)
    there = set(known.values_list("agency_id", flat=True))
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, name=agency.name, agency=agency, district_code=meeting.district_code)
            for agency in agencies
            if agency.pk not in there
        ],
        ignore_conflicts=True,
    )


def save_resolution(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Resolution:
    """Add or change a resolution. Closing it takes the day on which it was done.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    _check_closing(values["state"], values.get("done_on"))
    own = {**values, "content_pinyin": search_key(values["content"]), **_scope(values.get("lead_agency"), by)}
    return save_record(
        "governance.resolution", queries.resolutions(by), Resolution, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def _check_closing(state: str, done_on: date | None) -> None:
    done = state == ResolutionState.DONE
    if done and done_on is None:
        raise _fault("done_on", Text("办结须填写办结日期。", "A done resolution needs the day it was done."))
    if not done and done_on is not None:
        raise _fault(
            "state", Text("填写了办结日期的决议，状态应为已办结。", "With a day done the state must be done.")
        )


def save_directive(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Directive:
    """Add or change a directive. Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field."""
    own = {**values, "title_pinyin": search_key(values["title"]), **_scope(None, by)}
    return save_record(
        "governance.directive", queries.directives(by), Directive, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def save_assignment(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Assignment:
    """Add or change a unit's part in a directive; its steps may not go back in time.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    _check_steps(values)
    own = {**values, **_scope(values["agency"], by)}
    return save_record(
        "governance.assignment", queries.assignments(by), Assignment, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def _check_steps(values: Values) -> None:
    for before, step in rules.backwards({step: values.get(step.value) for step in Step}):
        text = Text(
            f"{step.label.zh}日期不得早于{before.label.zh}日期。",
            f"{step.label.en} must not be before {before.label.en.lower()}.",
        )
        raise _fault(step.value, text)


def _scope(agency: Agency | None, by: Viewer) -> dict[str, str]:
    """The scope columns of a unit's record; the district is the viewer's."""
    codes = agency.scope.fields() if agency else Scope("").fields()
    return {**codes, "district_code": by.district}


def _fault(field: str, text: Text) -> ValidationError:
    return ValidationError({field: str(text)})
