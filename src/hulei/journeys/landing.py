"""Which chapter takes in which ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from hulei.campus import actions as campus
from hulei.common.landing import Landed, LedgerRow
from hulei.common.viewer import Viewer
from hulei.governance import actions as governance
from hulei.outreach import actions as outreach
from hulei.places import actions as places
from hulei.prevention import actions as prevention

TakeIn = Callable[..., list[Landed]]


def take_in_schools(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Schools, and the legal vice-principals that the same rows name."""
    landed = places.take_in_schools(rows, by=by, at=at)
    arrived = [row for row, result in zip(rows, landed, strict=True) if result.outcome != "rejected"]
    outreach.appoint_from_roster(arrived, by=by, at=at)
    return landed


LANDERS: Mapping[str, TakeIn] = MappingProxyType(
    {
        "agencies": places.take_in_agencies,
        "stations": places.take_in_stations,
        "schools": take_in_schools,
        "grids": places.take_in_grids,
        "police_calls": prevention.take_in_police_calls,
        "joint_meetings": governance.take_in_joint_meetings,
        "resolutions": governance.take_in_resolutions,
        "directive_assignments": governance.take_in_directive_assignments,
        "lectures": outreach.take_in_lectures,
        "hazards": campus.take_in_hazards,
        "equipment": campus.take_in_equipment,
        "drills": campus.take_in_drills,
        "guard_posts": campus.take_in_guard_posts,
        "parent_concerns": campus.take_in_parent_concerns,
        "clues": prevention.take_in_clues,
        "register_police": prevention.take_in_register_police,
        "register_education": prevention.take_in_register_education,
        "register_civil_affairs": prevention.take_in_register_civil_affairs,
        "register_grid": prevention.take_in_register_grid,
        "cases": prevention.take_in_cases,
    }
)


def land(ledger: str, rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Hand rows to their chapter. Raises KeyError for a ledger that no chapter takes."""
    return LANDERS[ledger](rows, by=by, at=at)
