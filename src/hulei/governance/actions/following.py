"""Rows that follow their office when it gets another town or becomes a station."""

from __future__ import annotations

from datetime import datetime

from hulei.audit import actions as audit
from hulei.common.events import AgenciesMoved
from hulei.common.following import follow
from hulei.common.viewer import Viewer
from hulei.places import queries as places


def follow_agencies(moved: AgenciesMoved, *, by: Viewer, at: datetime) -> None:
    """Bring everything that belongs to these offices to where they are now. Again: changes nothing."""
    agencies = {a.pk: a.scope for a in places.agencies(by).filter(pk__in=moved.agency_ids)}
    if changed := follow("governance", "places.Agency", agencies):
        audit.record(
            by=by, at=at, tag="governance.scope.followed", target=("governance", ""), details=changed
        )
