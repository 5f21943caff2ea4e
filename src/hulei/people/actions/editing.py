"""Edits by hand, and contacts opened with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hulei.audit import actions as audit
from hulei.common import editing
from hulei.common.events import MinorsAdded, publish
from hulei.common.periods import local_day
from hulei.common.text import Text
from hulei.common.viewer import Viewer, Viewpoint
from hulei.common.walls import visible
from hulei.people import queries
from hulei.people.actions.registers import guardian_fields, identity_fields, name_fields
from hulei.people.actions.scope import NOWHERE, refresh_scope, scope_of
from hulei.people.models import CHILD_COLUMNS, Enrolment, Guardian, Minor
from hulei.places import queries as places

# The ledger says that these changed and not what they say: its readers work on no child's case.
SECRET = frozenset(
    {
        "name",
        "name_pinyin",
        "name_initials",
        "birth_date",
        "national_id",
        "national_id_index",
        "national_id_suffix_index",
        "address",
    }
)
# Moving a child to another village or school changes who sees the child: the district office does it.
MOVERS = frozenset({Viewpoint.POLICE_DISTRICT, Viewpoint.WORKER})
CARERS = frozenset({Viewpoint.CIVIL_AFFAIRS, Viewpoint.VILLAGE, Viewpoint.GRID})
OWN_COLUMN = {
    Viewpoint.POLICE_STATION: "station_code",
    Viewpoint.SCHOOL: "school_code",
    Viewpoint.VILLAGE: "village_code",
    Viewpoint.GRID: "grid_code",
}
TEACHERS = frozenset({Viewpoint.EDUCATION, Viewpoint.SCHOOL})


@transaction.atomic
def save_minor(
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    record_id: int | None,
    version: int | None,
    values: Mapping[str, Any],
) -> Minor:
    """Add a child by hand or correct a child's particulars.

    ``values`` may name name, sex, birth_date, national_id, address, school, guardian and
    guardian_phone; ``school`` is a school or None.
    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    by.require(f"people.minor.{'add' if record_id is None else 'edit'}")
    if record_id is None:
        minor = _opened(by, values)
    else:
        minor = editing.locked(_editable(by), record_id, version)
        if by.viewpoint not in MOVERS:
            _refuse_move(minor, values)
    differences = editing.changed(minor, _columns(minor, values), at=at, secret=SECRET)
    if values.get("guardian") or values.get("guardian_phone"):
        differences |= _save_guardian(minor, values, at)
    if "school" in values:
        differences |= _save_school(minor, _pk(values["school"]), at)
    if record_id is not None and by.viewpoint in MOVERS:
        refresh_scope([minor.pk], by=by, at=at)
    tag = f"people.minor.{'added' if record_id is None else 'changed'}"
    target = ("people.minor", minor.pk)
    audit.record(by=by, at=at, tag=tag, target=target, subject=minor.pk, reason=reason, details=differences)
    if record_id is None:
        publish(MinorsAdded((minor.pk,)), by=by, at=at)
    return queries.minor(by, minor.pk)


OUTSIDE = Text(
    "该住址或学校不在您的工作范围内，请改由区未保办登记。",
    "This address or school lies outside your scope: let the district office register the child.",
)


def _editable(by: Viewer) -> Any:
    return visible(by, Minor.objects.filter(merged_into=None))


def _opened(by: Viewer, values: Mapping[str, Any]) -> Minor:
    """A new file, in the compartment and scope of whoever opens it. Raises ValidationError outside of it."""
    school = values.get("school")
    known = (school.code, school.station_code, school.town_code) if school else NOWHERE
    locator = places.locator_unscoped(by.district)
    scope = scope_of(by.district, values.get("address") or "", locator, known).fields()
    column = OWN_COLUMN.get(by.viewpoint)
    if column and scope[column] not in ("", by.scope):
        raise ValidationError({"address": str(OUTSIDE)})
    if column:
        scope[column] = by.scope
    marks = {"in_care": by.viewpoint in CARERS, "in_education": by.viewpoint in TEACHERS}
    return Minor(**scope, **marks)


def _refuse_move(minor: Minor, values: Mapping[str, Any]) -> None:
    running = Enrolment.objects.filter(minor=minor, until=None).first()
    moves = {
        "address": "address" in values and (values["address"] or "") != minor.address,
        "school": "school" in values and _pk(values["school"]) != (running.school_id if running else None),
    }
    text = Text(
        "变更住址或学校会改变谁能看到该儿童，请由区未保办办理。",
        "A new address or school changes who sees the child: the district office makes this change.",
    )
    if found := {name: str(text) for name, moved in moves.items() if moved}:
        raise ValidationError(found)


def _columns(minor: Minor, values: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: values[name] for name in ("sex", "birth_date", "address") if name in values}
    if "name" in values:
        columns |= name_fields(values["name"] or "")
    if "national_id" in values or "birth_date" in values:
        national_id = values.get("national_id", minor.national_id) or ""
        columns |= identity_fields(national_id, columns.get("birth_date", minor.birth_date))
    return columns


def _save_guardian(minor: Minor, values: Mapping[str, Any], at: datetime) -> dict[str, list[Any]]:
    first = Guardian.objects.filter(minor=minor, until=None).order_by("id").first()
    name = values.get("guardian") or ""
    phone = values.get("guardian_phone", first.phone if first else "") or ""
    guardian = first or Guardian(minor=minor, **{c: getattr(minor, c) for c in CHILD_COLUMNS})
    secret = frozenset({"name", "name_pinyin", "phone", "phone_index", "person_index"})
    found = editing.changed(guardian, guardian_fields(name, phone), at=at, secret=secret)
    return {f"guardian.{key}": value for key, value in found.items() if not key.endswith("_index")}


def _pk(record: Any) -> int | None:
    return None if record is None else record.pk


def _save_school(minor: Minor, school_id: int | None, at: datetime) -> dict[str, list[Any]]:
    running = Enrolment.objects.select_for_update().filter(minor=minor, until=None).first()
    if (running.school_id if running else None) == school_id:
        return {}
    if running:
        running.until, running.updated_at = local_day(at), at
        running.version += 1
        running.save(update_fields=["until", "updated_at", "version"])
    if school_id is not None:
        columns = {c: getattr(minor, c) for c in CHILD_COLUMNS}
        Enrolment.objects.create(
            minor=minor,
            school_id=school_id,
            since=local_day(at),
            hand_edited=True,
            created_at=at,
            updated_at=at,
            **columns,
        )
    return {"school": [running.school_id if running else None, school_id]}


@dataclass(frozen=True, slots=True)
class Contact:
    """What is otherwise shown masked: the id, the address, and the guardians with their phones."""

    national_id: str
    address: str
    guardians: tuple[tuple[str, str], ...]


@transaction.atomic
def reveal_contact(*, by: Viewer, at: datetime, reason: str, minor_id: int) -> Contact:
    """Open a child's id, address and guardians' phones in full; who, when and why is in the ledger.

    Raises Forbidden, NotFound, or ValidationError without a reason.
    """
    by.require("people.contact.reveal")
    if not reason.strip():
        text = Text("请填写查看完整联系方式的理由。", "Give the reason for opening the full contact data.")
        raise ValidationError({"reason": str(text)})
    minor = queries.minor(by, minor_id)
    target = ("people.minor", minor.pk)
    audit.record(by=by, at=at, tag="people.contact.revealed", target=target, subject=minor.pk, reason=reason)
    known = tuple((g.name, g.phone) for g in minor.guardians.all())
    return Contact(minor.national_id, minor.address, known)
