"""When a hazard is open, a line short, a drill in time, a gate under traffic control. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hulei.campus.terms import DrillResult, HazardStanding, Reinspection, Sufficiency
from hulei.common import names

# Local choice: a week is the span in which a school can still act before the deadline.
DUE_SOON_DAYS = 7


def closed_on(
    reinspection: str, reinspected_on: date | None, rectified_on: date | None, found_on: date
) -> date | None:
    """From which day a hazard is closed; None while no re-inspection has passed.

    Ledgers write 已复查 without a date: then the re-inspection is dated by the rectification, and if
    that is missing too, by the finding itself. The ledger vouches for the re-inspection, only not
    for its day, and a figure must not show as open what the ledger calls closed.
    """
    if reinspection != Reinspection.PASSED:
        return None
    return reinspected_on or rectified_on or found_on


def is_open(
    found_on: date, reinspection: str, reinspected_on: date | None, rectified_on: date | None, as_of: date
) -> bool:
    """Whether a hazard found by ``as_of`` was not yet re-inspected at the end of that day."""
    closed = closed_on(reinspection, reinspected_on, rectified_on, found_on)
    return found_on <= as_of and (closed is None or closed > as_of)


def hazard_standing(
    found_on: date,
    due_on: date | None,
    rectified_on: date | None,
    reinspection: str,
    reinspected_on: date | None,
    as_of: date,
) -> HazardStanding:
    """The one word shown for a hazard on a day. A failed re-inspection means: to rectify again."""
    closed = closed_on(reinspection, reinspected_on, rectified_on, found_on)
    if closed is not None and closed <= as_of:
        return HazardStanding.CLOSED
    rectified = rectified_on is not None and rectified_on <= as_of and reinspection != Reinspection.FAILED
    if rectified:
        return HazardStanding.RECTIFIED
    if due_on is not None and due_on < as_of:
        return HazardStanding.OVERDUE
    soon = due_on is not None and due_on <= as_of + timedelta(days=DUE_SOON_DAYS)
    return HazardStanding.DUE_SOON if soon else HazardStanding.FOUND


def sufficiency(required: int, sound: int) -> Sufficiency:
    """An equipment line is short when fewer are sound than required; expiry is shown, not counted."""
    return Sufficiency.SHORT if sound < required else Sufficiency.ENOUGH


# Local choice: a month is what it takes to order gear.
EXPIRES_SOON_DAYS = 30


def expires_soon(expires_on: date | None, as_of: date) -> bool:
    """Whether gear still valid on a day runs out within a month; the last day itself is still valid."""
    return expires_on is not None and as_of <= expires_on <= as_of + timedelta(days=EXPIRES_SOON_DAYS)


def has_expired(expires_on: date | None, as_of: date) -> bool:
    """Whether gear was past its last day."""
    return expires_on is not None and expires_on < as_of


@dataclass(frozen=True, slots=True)
class ResponseStandard:
    """Seconds from the trigger within which the three must come, since a day."""

    first_person: int
    unit: int
    police: int
    since: date
    basis: str


# Newest first.
RESPONSE_STANDARDS = (
    ResponseStandard(60, 180, 300, date(2019, 1, 1), "“1、3、5”处置要求（本地口径，未见全国统一条文）"),
)


def response_standard_on(day: date) -> ResponseStandard:
    """The standard of a day; before the first one, the first one serves as a yardstick."""
    return next((one for one in RESPONSE_STANDARDS if one.since <= day), RESPONSE_STANDARDS[-1])


def seconds(triggered_at: datetime, came_at: datetime | None) -> int | None:
    """Seconds from the trigger to an arrival; negative where a slip put it before the trigger."""
    return None if came_at is None else round((came_at - triggered_at).total_seconds())


def meets_1_3_5(
    first_person: int | None, unit: int | None, police: int | None, standard: ResponseStandard
) -> DrillResult:
    """Judge a drill by its three times in seconds; the limits themselves are still in time.

    A missing time proves nothing, so the drill does not count as meeting the standard; nor does one
    with an arrival before its trigger.
    """
    times = (first_person, unit, police)
    if any(time is None or time < 0 for time in times):
        return DrillResult.NOT_MEASURED
    limits = (standard.first_person, standard.unit, standard.police)
    met = all(time is not None and time <= limit for time, limit in zip(times, limits, strict=True))
    return DrillResult.MET if met else DrillResult.NOT_MET


# What offices write for "none"; also used as a PostgreSQL expression, so keep to plain syntax.
NO_CONTROL = r"^\s*($|[无否未不没×]|[-—/]+\s*$)"
_MINUTES = re.compile(r"(\d{1,3})\s*(?:分钟|分|min)")


def has_traffic_control(text: str) -> bool:
    """Whether the words about a gate's traffic control mean that there is one."""
    return not re.search(NO_CONTROL, text)


def control_minutes(text: str) -> int | None:
    """The minutes that the words name, or None: 校门路段临时管制15分钟 -> 15."""
    found = _MINUTES.search(text) if has_traffic_control(text) else None
    return int(found.group(1)) if found else None


def is_answered(answer: str, answered_on: date | None) -> bool:
    """Whether a parent's concern was answered: words or a date are enough."""
    return bool(answer.strip()) or answered_on is not None


def content_key(content: str) -> str:
    """By which the same concern, entered twice, is recognised: spaces and widths do not matter."""
    return hashlib.sha256(names.plain(content).encode()).hexdigest()
