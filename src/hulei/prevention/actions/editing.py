"""What people save on pages: calls, clues, cases and visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from hulei.audit import actions as audit
from hulei.common import editing
from hulei.common.models import Record, Scope
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.common.walls import visible
from hulei.people import queries as people
from hulei.people.rules import id_certain, tidy_id
from hulei.places import queries as places
from hulei.prevention import queries
from hulei.prevention.actions.cases import PLACES, scope_of, subject
from hulei.prevention.models import Case, Clue, Dossier, PoliceCall, Visit

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]
# The ledger says that these changed and not what they say: its readers work on no child's case.
SECRET = frozenset(
    {
        "national_id",
        "national_id_index",
        "subject_name",
        "subject_pinyin",
        "subject_initials",
        "content",
        "summary",
        "place",
    }
)


def save_police_call(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> PoliceCall:
    """Add or correct a police call; ``station`` is an agency.

    Raises Forbidden, NotFound, Conflict, ValidationError.
    """
    station = values.get("station")
    scope = scope_of(_place(values.get("place"), by), None) | {
        "station_code": station.code if station else ""
    }
    return _save(
        "prevention.police_call", queries.police_calls(by), PoliceCall, {**values, **scope},
        by=by, at=at, reason=reason, record_id=record_id, version=version,
    )  # fmt: skip


def save_clue(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Clue:
    """Add or change a clue; ``dossier`` is the number of the child's dossier or empty.

    Raises Forbidden, NotFound, Conflict, ValidationError.
    """
    own = {name: value for name, value in values.items() if name not in ("dossier", "subject_name")}
    own |= subject(values.get("subject_name") or "")
    own |= scope_of(_place(values.get("place"), by), values.get("school"))
    if "dossier" in values:
        own["minor_id"] = _child(values["dossier"], by)
    return _save(
        "prevention.clue", queries.clues(by), Clue, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version,
    )  # fmt: skip


def save_case(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Case:
    """Add or change a case. ``dossier`` links it to a child by hand; a certain id links it by itself.

    Raises Forbidden, NotFound, Conflict, ValidationError.
    """
    station = values.get("station")
    own = {
        name: value
        for name, value in values.items()
        if name not in ("dossier", "subject_name", "national_id")
    }
    own |= subject(values.get("subject_name") or "")
    own |= scope_of(Scope(by.district), values.get("school"))
    own["station_code"] = station.code if station else own["station_code"]
    if "national_id" in values:
        national_id = tidy_id(values["national_id"] or "")
        certain = national_id if id_certain(national_id, None) else ""
        own |= {"national_id": national_id, "national_id_index": people.id_index(certain)}
    if values.get("dossier"):
        own["minor_id"] = _child(values["dossier"], by)
    _check_end(values)
    with transaction.atomic():
        case = _save(
            "prevention.case", queries.cases(by), Case, own,
            by=by, at=at, reason=reason, record_id=record_id, version=version,
        )  # fmt: skip
        codes = {name: getattr(case, name) for name in PLACES}
        Visit.objects.filter(case=case).update(minor_id=case.minor_id, **codes)
    return case


def _check_end(values: Values) -> None:
    if values.get("outcome") and not values.get("outcome_on"):
        text = Text("填写帮扶成效时须填写成效日期。", "An outcome needs its date.")
        raise ValidationError({"outcome_on": str(text)})
    opened, closed = values.get("opened_on"), values.get("closed_on")
    if opened and closed and closed < opened:
        text = Text("结案日期不得早于建档日期。", "A case cannot be closed before it was opened.")
        raise ValidationError({"closed_on": str(text)})


def save_visit(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Visit:
    """Enter a visit once; ``case`` is a case in sight.

    Raises Forbidden, NotFound, Conflict, ValidationError.
    """
    case = values["case"]
    codes = {name: getattr(case, name) for name in PLACES}
    own = {**values, **codes, "minor_id": case.minor_id}
    return _save(
        "prevention.visit", queries.visits(by), Visit, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version,
    )  # fmt: skip


def _place(text: Any, by: Viewer) -> Scope:
    return places.locator_unscoped(by.district).locate(str(text or "")) or Scope(by.district)


def _child(number: Any, by: Viewer) -> int | None:
    """The child of a dossier in sight; a number that is not in sight and one that does not exist are one."""
    text = str(number or "").strip().upper()
    if not text:
        return None
    found = visible(by, Dossier.objects.filter(number=text, minor__merged_into=None)).first()
    if found is None:
        words = Text("没有这个编号的档案。", "There is no dossier of this number.")
        raise ValidationError({"dossier": str(words)})
    return found.minor_id


@transaction.atomic
def _save(
    kind: str,
    queryset: QuerySet[R],
    model: type[R],
    values: Values,
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    record_id: int | None,
    version: int | None,
) -> R:
    by.require(f"{kind}.{'add' if record_id is None else 'edit'}")
    if record_id is None:
        record = model(district_code=by.district)
    else:
        record = editing.locked(visible(by, model._base_manager.all()), record_id, version)
    differences = editing.changed(record, values, at=at, secret=SECRET)
    if not queryset.filter(pk=record.pk).exists():
        text = Text("该记录不在您的工作范围内。", "This record would lie outside your scope.")
        raise ValidationError(str(text))
    tag = f"{kind}.{'added' if record_id is None else 'changed'}"
    child = getattr(record, "minor_id", None)
    shown = {name: pair for name, pair in differences.items() if name not in PLACES}
    audit.record(by=by, at=at, tag=tag, target=(kind, record.pk), subject=child, reason=reason, details=shown)
    return record
