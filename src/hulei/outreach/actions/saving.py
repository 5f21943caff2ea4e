"""What people save on pages: guard, lock, validate, save, tell the audit ledger, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from hulei.access.actions import save_record
from hulei.common import names
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.outreach import queries
from hulei.outreach.actions.taking_in import SCOPE, search_key
from hulei.outreach.models import Lecture, LegalVicePrincipal

Values = Mapping[str, Any]
_DERIVED = frozenset({*SCOPE, "topic_pinyin", "lecturer_pinyin", "name_pinyin"})


def save_lecture(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> Lecture:
    """Add or change a lecture. Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field."""
    lecturer = names.person(values.get("lecturer", ""))
    own = {
        **values,
        "lecturer": lecturer,
        "lecturer_pinyin": search_key(lecturer),
        "topic_pinyin": search_key(values.get("topic", "")),
        **values["school"].scope.fields(),
    }
    return save_record(
        "outreach.lecture", queries.lectures(by), Lecture, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip


def save_legal_vice_principal(
    *, by: Viewer, at: datetime, reason: str, record_id: int | None, version: int | None, values: Values
) -> LegalVicePrincipal:
    """Add or change an appointment; a term ends after it begins.

    Raises Forbidden, NotFound, Conflict, or ValidationError keyed by field.
    """
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        text = Text("聘期结束不得早于开始。", "A term must not end before it begins.")
        raise ValidationError({"until": str(text)})
    name = names.person(values["name"])
    own = {**values, "name": name, "name_pinyin": search_key(name), **values["school"].scope.fields()}
    return save_record(
        "outreach.legal_vice_principal", queries.legal_vice_principals(by), LegalVicePrincipal, own,
        by=by, at=at, reason=reason, record_id=record_id, version=version, derived=_DERIVED,
    )  # fmt: skip
