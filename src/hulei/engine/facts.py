"""What the index is told about a child. There is no field for anything that it must not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hulei.engine.terms import Confidence, Role, Status


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it stands; ``type`` is a type of the rulebook, absent texts are None, never empty."""

    id: str
    type: str
    incident: str
    role: Role
    occurred_on: date
    recorded_on: date
    confidence: Confidence
    status: Status
    statute: str | None = None
    reported_by: str | None = None
    verified_by: str | None = None
    verifier_agency: str | None = None
    decision_no: str | None = None
    notified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child by pseudonym; without an intake basis nothing is scored."""

    child: str
    birth: date
    intake_basis: str | None
    facts: tuple[Fact, ...] = ()


def age_on(birth: date, day: date) -> int:
    """Full years; a year is complete from the day after the birthday (29 February: from 1 March)."""
    return day.year - birth.year - ((day.month, day.day) <= (birth.month, birth.day))


def of_age_from(birth: date, age: int) -> date:
    """The first day on which the age is complete: the day after the birthday (see :func:`age_on`)."""
    if birth.year + age > date.max.year:
        return date.max
    try:
        return birth.replace(year=birth.year + age) + timedelta(1)
    except ValueError:  # born on 29 February
        return date(birth.year + age, 3, 1)
