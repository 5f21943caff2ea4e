"""今日: what is due for a viewer, from every chapter the viewer works in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from hulei.campus import queries as campus
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import queries as governance
from hulei.prevention import queries as prevention
from hulei.prevention.terms import ClueState

Group = Literal["overdue", "today", "week", "waiting"]
MOST = 40
SOON = timedelta(days=7)
GEAR_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: what, of which kind, where, until when (None: waits for somebody else)."""

    what: str
    kind: Text
    where: str
    due_on: date | None
    record: tuple[str, int]

    def group(self, day: date) -> Group:
        """In which part of the list it stands on a day."""
        if self.due_on is None:
            return "waiting"
        if self.due_on < day:
            return "overdue"
        return "today" if self.due_on == day else "week"


def due(viewer: Viewer, day: date) -> list[Due]:
    """What is due until a week from ``day``, the longest overdue first; at most forty of each kind."""
    found = [item for part in (_hazards, _gear, _resolutions, _clues) for item in part(viewer, day)]
    return sorted(found, key=lambda item: (item.due_on or date.max, item.what))


def _hazards(viewer: Viewer, day: date) -> Iterator[Due]:
    if not viewer.may("campus.hazard.read"):
        return
    kind = Text("隐患整改与复查", "Hazard to rectify and re-inspect")
    for hazard in (
        campus.hazards_open_on(viewer, day).filter(due_on__lte=day + SOON).order_by("due_on", "id")[:MOST]
    ):
        yield Due(
            f"{hazard.number} {hazard.description}",
            kind,
            hazard.school.name,
            hazard.due_on,
            ("campus.hazard", hazard.pk),
        )


def _gear(viewer: Viewer, day: date) -> Iterator[Due]:
    if not viewer.may("campus.equipment.read"):
        return
    kind = Text("器材到期", "Gear expiring")
    lines = campus.equipment_lines(viewer).filter(expires_on__lte=day + GEAR_AHEAD)
    for line in lines.order_by("expires_on", "id")[:MOST]:
        yield Due(line.item, kind, line.school.name, line.expires_on, ("campus.equipment", line.pk))


def _resolutions(viewer: Viewer, day: date) -> Iterator[Due]:
    if not viewer.may("governance.resolution.read"):
        return
    kind = Text("会议决议", "Resolution")
    rows = governance.resolutions(viewer).filter(governance.open_on(day), due_on__lte=day + SOON)
    for one in rows.order_by("due_on", "id")[:MOST]:
        where = one.lead_agency.name if one.lead_agency else ""
        yield Due(f"{one.number} {one.content}", kind, where, one.due_on, ("governance.resolution", one.pk))


def _clues(viewer: Viewer, day: date) -> Iterator[Due]:
    if not viewer.may("prevention.clue.read"):
        return
    kind = Text("线索核查", "Clue to verify")
    rows = prevention.clues(viewer).filter(
        state__in=[ClueState.RECEIVED, ClueState.VERIFYING], received_on__lte=day
    )
    for one in rows.order_by("received_on", "id")[:MOST]:
        # Only the number: a clue speaks of a child, and opening it is logged.
        yield Due(one.number, kind, "", None, ("prevention.clue", one.pk))
