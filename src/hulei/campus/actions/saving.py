"""What people save on pages: guard, lock, validate, save, tell the audit ledger, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from hulei.access.actions import save_record
from hulei.campus import queries, rules
from hulei.campus.actions.taking_in import SCOPE
from hulei.campus.models import Drill, Equipment, GuardPost, Hazard, ParentConcern
from hulei.campus.terms import Reinspection
from hulei.common import names
from hulei.common.text import Text
from hulei.common.viewer import Viewer

Values = Mapping[str, Any]
_DERIVED = frozenset({*SCOPE, "content_key"})


def save_hazard(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Hazard:
    """Add or change a hazard. It closes only with a rectification and a dated re-inspection after it.

    One that a ledger closed without the day of re-inspection may still be edited as it is.
    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    _not_before(
        values,
        "found_on",
        "rectified_on",
        Text("整改日期不得早于发现日期。", "Rectified before it was found."),
    )
    _not_before(
        values,
        "rectified_on",
        "reinspected_on",
        Text("复查日期不得早于整改日期。", "Re-inspected before rectified."),
    )
    closed = queries.hazards(by).filter(pk=record_id, closed_on__isnull=False) if record_id else None
    if values.get("reinspection") == Reinspection.PASSED and not (closed and closed.exists()):
        _needs(
            values,
            "rectified_on",
            Text("未整改不得销号：请填写整改日期。", "Not closed without a rectification: give its day."),
        )
        _needs(
            values,
            "reinspected_on",
            Text("未复查不得销号：请填写复查日期。", "Not closed without a re-inspection: give its day."),
        )
    return save_record(
        "campus.hazard", queries.hazards(by), Hazard, _placed(values),
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def save_equipment(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Equipment:
    """Add or change an equipment line; no more are sound than there are.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    present = values.get("present")
    if present is not None and values["sound"] > present:
        raise _fault("sound", Text("完好数不得大于实有数。", "No more can be sound than are there."))
    own = {**values, "keeper": names.person(values.get("keeper", ""))}
    return save_record(
        "campus.equipment", queries.equipment_lines(by), Equipment, _placed(own),
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def save_drill(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Drill:
    """Add or change a drill; nobody arrives before the trigger.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    for name in ("first_person_at", "unit_assembled_at", "police_arrived_at"):
        _not_before(
            values,
            "triggered_at",
            name,
            Text("到位时刻不得早于触发时刻。", "Nobody arrives before the trigger."),
        )
    return save_record(
        "campus.drill", queries.drills(by), Drill, _placed(values),
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def save_guard_post(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> GuardPost:
    """Add or change a guard post. Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field."""
    if values["ends_at"] <= values["starts_at"]:
        raise _fault("ends_at", Text("时段结束应晚于开始。", "A slot ends after it begins."))
    _not_before(
        values, "since", "until", Text("结束日期不得早于开始日期。", "It must not end before it begins.")
    )
    return save_record(
        "campus.guard_post", queries.guard_posts(by), GuardPost, _placed(values),
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def save_parent_concern(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> ParentConcern:
    """Add or change a parent's concern; an answer comes with words.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    _not_before(
        values,
        "received_on",
        "answered_on",
        Text("回应日期不得早于收到日期。", "Answered before it was received."),
    )
    if values.get("answered_on") and not values.get("answer", "").strip():
        raise _fault(
            "answer", Text("填写了回应日期，请写明如何回应。", "With a day of answer, say what was answered.")
        )
    own = {**values, "content_key": rules.content_key(values["content"])}
    return save_record(
        "campus.parent_concern", queries.parent_concerns(by), ParentConcern, _placed(own),
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def _not_before(values: Values, earlier: str, later: str, text: Text) -> None:
    first: date | None = values.get(earlier)
    second: date | None = values.get(later)
    if first is not None and second is not None and second < first:
        raise _fault(later, text)


def _needs(values: Values, name: str, text: Text) -> None:
    if values.get(name) is None:
        raise _fault(name, text)


def _fault(field: str, text: Text) -> ValidationError:
    return ValidationError({field: str(text)})


def _placed(values: Values) -> Values:
    """The values with the scope columns of their school."""
    return {**values, **values["school"].scope.fields()}
