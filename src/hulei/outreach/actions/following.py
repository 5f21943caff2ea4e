"""Rows that follow their school when it gets another town or station."""

from __future__ import annotations

from datetime import datetime

from hulei.audit import actions as audit
from hulei.common.events import SchoolsMoved
from hulei.common.following import follow
from hulei.common.viewer import Viewer
from hulei.places import queries as places


def follow_schools(moved: SchoolsMoved, *, by: Viewer, at: datetime) -> None:
    """Bring everything that belongs to these schools to where they are now. Again: changes nothing."""
    schools = {s.pk: s.scope for s in places.schools(by).filter(pk__in=moved.school_ids)}
    if changed := follow("outreach", "places.School", schools):
        audit.record(by=by, at=at, tag="outreach.scope.followed", target=("outreach", ""), details=changed)
