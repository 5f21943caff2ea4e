"""Reading lectures, legal vice-principals and the lesson hours of every school. The viewer comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from hulei.common.models import Scope
from hulei.common.periods import Period
from hulei.common.viewer import Viewer
from hulei.common.walls import visible
from hulei.outreach import rules
from hulei.outreach.models import Lecture, LegalVicePrincipal
from hulei.outreach.terms import LectureState
from hulei.places import queries as places


def lectures(viewer: Viewer) -> QuerySet[Lecture]:
    """The lectures in sight, each with its school and the lecturing unit."""
    return visible(viewer, Lecture.objects.select_related("school", "agency"))


def lectures_held(viewer: Viewer, period: Period) -> QuerySet[Lecture]:
    """Lectures held within the period; requested, scheduled and cancelled ones do not count."""
    return lectures(viewer).filter(held_on__range=(period.start, period.end), state=LectureState.HELD.value)


def legal_vice_principals(viewer: Viewer) -> QuerySet[LegalVicePrincipal]:
    """The legal vice-principals in sight, each with the school."""
    return visible(viewer, LegalVicePrincipal.objects.select_related("school"))


def schools_in_sight(viewer: Viewer) -> QuerySet[Any]:
    """The schools whose lectures the viewer may see: the same door as on the lectures themselves."""
    door = Lecture.wall.reads.get(viewer.viewpoint)
    schools = places.schools(viewer)
    return schools.filter(**door.lookup(viewer)) if door else schools.none()


@dataclass(frozen=True, slots=True)
class SchoolHours:
    """What one school got in a period; ``scope`` holds the codes by which areas are filtered."""

    school_id: int
    school_code: str
    school_name: str
    stage: str
    scope: Scope
    lesson_hours: Decimal
    lectures: int


def lesson_hours_by_school(viewer: Viewer, period: Period) -> list[SchoolHours]:
    """Lesson hours held in the period for every school and kindergarten in sight, those with none included.

    Two statements whatever the number of schools; ordered by hours, fewest first, then by code.
    """
    held = lectures_held(viewer, period).order_by().values("school_id")
    given = held.annotate(hours=Sum("lesson_hours"), number=Count("id"))
    sums: dict[int, tuple[Decimal, int]] = {one["school_id"]: (one["hours"], one["number"]) for one in given}
    rows = [
        SchoolHours(
            school_id=school.pk,
            school_code=school.code,
            school_name=school.name,
            stage=school.stage,
            scope=school.scope,
            lesson_hours=sums.get(school.pk, (Decimal(0), 0))[0],
            lectures=sums.get(school.pk, (Decimal(0), 0))[1],
        )
        for school in schools_in_sight(viewer)
    ]
    return sorted(rows, key=lambda row: (row.lesson_hours, row.school_code))


def schools_with_hours(viewer: Viewer, period: Period) -> QuerySet[Any]:
    """The schools in sight with ``lesson_hours``, ``lectures`` and ``below`` (the standard) of the period."""
    held = lectures_held(viewer, period).order_by().filter(school=OuterRef("pk")).values("school")
    hours = Subquery(held.annotate(hours=Sum("lesson_hours")).values("hours"))
    number = Subquery(held.annotate(number=Count("id")).values("number"))
    zero = Value(Decimal(0), DecimalField(max_digits=8, decimal_places=1))
    schools = schools_in_sight(viewer).annotate(
        lesson_hours=Coalesce(hours, zero), lectures=Coalesce(number, 0)
    )
    return schools.annotate(below=Q(lesson_hours__lt=rules.standard_on(period.end).hours))


def latest_year(viewer: Viewer, today: date) -> int:
    """The calendar year of the latest lecture held by ``today`` in sight; this year where there is none."""
    held = lectures(viewer).filter(held_on__lte=today, state=LectureState.HELD.value)
    latest = held.aggregate(day=Max("held_on"))["day"]
    return (latest or today).year
