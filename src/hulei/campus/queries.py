"""Reading what belongs to the safety of schools. The viewer comes first.

``QuerySet[Any]``: rows of the model named after the function with the annotations that it tells of.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from hulei.campus.models import Drill, Equipment, GuardPost, Hazard, ParentConcern
from hulei.campus.rules import DUE_SOON_DAYS, NO_CONTROL, RESPONSE_STANDARDS
from hulei.campus.terms import DrillResult, HazardStanding, Reinspection, Sufficiency
from hulei.common.periods import Period, start_of
from hulei.common.viewer import Viewer
from hulei.common.walls import visible
from hulei.places import queries as places


def hazards(viewer: Viewer) -> QuerySet[Any]:
    """The hazards in sight, each with its school and ``closed_on`` (see ``rules.closed_on``)."""
    day = Coalesce("reinspected_on", "rectified_on", "found_on")
    closed = Case(
        When(reinspection=Reinspection.PASSED.value, then=day), default=None, output_field=DateField()
    )
    return visible(viewer, Hazard.objects.select_related("school")).annotate(closed_on=closed)


def hazards_found(viewer: Viewer, period: Period) -> QuerySet[Any]:
    """Hazards found within the period."""
    return hazards(viewer).filter(found_on__range=(period.start, period.end))


def open_on(day: date) -> Q:
    """``rules.is_open`` as a condition on :func:`hazards`."""
    return Q(found_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))


def hazards_open_on(viewer: Viewer, day: date) -> QuerySet[Any]:
    """Every hazard that stood open at the end of a day, whenever it was found."""
    return hazards(viewer).filter(open_on(day))


def with_hazard_standing(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """The rows with ``standing``, the value of ``rules.hazard_standing`` on a day."""
    rectified = Q(rectified_on__lte=day) & ~Q(reinspection=Reinspection.FAILED.value)
    whens = (
        When(closed_on__lte=day, then=Value(HazardStanding.CLOSED.value)),
        When(rectified, then=Value(HazardStanding.RECTIFIED.value)),
        When(due_on__lt=day, then=Value(HazardStanding.OVERDUE.value)),
        When(due_on__lte=day + timedelta(days=DUE_SOON_DAYS), then=Value(HazardStanding.DUE_SOON.value)),
    )
    return rows.annotate(
        standing=Case(*whens, default=Value(HazardStanding.FOUND.value), output_field=TextField())
    )


SHORT = Q(sound__lt=F("required"))


def equipment_lines(viewer: Viewer) -> QuerySet[Any]:
    """The equipment of the schools in sight, each line with its school and ``sufficiency``."""
    sufficiency = Case(
        When(SHORT, then=Value(Sufficiency.SHORT.value)),
        default=Value(Sufficiency.ENOUGH.value),
        output_field=TextField(),
    )
    return visible(viewer, Equipment.objects.select_related("school")).annotate(sufficiency=sufficiency)


def equipment_short(viewer: Viewer) -> QuerySet[Any]:
    """Lines of which fewer are sound than required."""
    return equipment_lines(viewer).filter(SHORT)


def drills(viewer: Viewer) -> QuerySet[Any]:
    """The drills in sight, each with its school and ``result`` (see ``rules.meets_1_3_5``)."""
    result = Case(
        When(
            _timed(),
            then=Case(
                When(_in_time(), then=Value(DrillResult.MET.value)), default=Value(DrillResult.NOT_MET.value)
            ),
        ),
        default=Value(DrillResult.NOT_MEASURED.value),
        output_field=TextField(),
    )
    return visible(viewer, Drill.objects.select_related("school")).annotate(result=result)


_ARRIVALS = ("first_person_at", "unit_assembled_at", "police_arrived_at")


def _timed() -> Q:
    """All three arrivals are there and none stands before the trigger."""
    condition = Q()
    for name in _ARRIVALS:
        condition &= Q(**{f"{name}__gte": F("triggered_at")})
    return condition


def _in_time() -> Q:
    """Within the limits of the standard of its day; the newest standard that had begun counts."""
    whole, before = Q(), None
    for standard in RESPONSE_STANDARDS:
        limits = zip(_ARRIVALS, (standard.first_person, standard.unit, standard.police), strict=True)
        one = Q()
        for name, limit in limits:
            one &= Q(**{f"{name}__lte": _later(limit)})
        if before is not None:
            one &= Q(triggered_at__lt=start_of(before))
        if standard is not RESPONSE_STANDARDS[-1]:
            one &= Q(triggered_at__gte=start_of(standard.since))
        whole, before = whole | one, standard.since
    return whole


def _later(limit: int) -> ExpressionWrapper:
    return ExpressionWrapper(
        F("triggered_at") + Value(timedelta(seconds=limit), DurationField()),
        Drill._meta.get_field("triggered_at"),
    )


def drills_held(viewer: Viewer, period: Period) -> QuerySet[Any]:
    """Drills triggered within the period, by China's time."""
    start, end = period.moments()
    return drills(viewer).filter(triggered_at__gte=start, triggered_at__lt=end)


MET = Q(result=DrillResult.MET.value)


_CONTROLLED = ~Q(traffic_control__regex=NO_CONTROL)


def guard_posts(viewer: Viewer) -> QuerySet[Any]:
    """The guard posts in sight, with their schools and ``controlled`` (``rules.has_traffic_control``)."""
    return visible(viewer, GuardPost.objects.select_related("school")).annotate(controlled=_CONTROLLED)


def guard_posts_during(viewer: Viewer, period: Period) -> QuerySet[Any]:
    """Posts that stood on some day of the period; a post without dates stands always."""
    begun = Q(since=None) | Q(since__lte=period.end)
    return guard_posts(viewer).filter(begun & (Q(until=None) | Q(until__gte=period.start)))


_ANSWERED = Q(answer__regex=r"\S") | Q(answered_on__isnull=False)


def parent_concerns(viewer: Viewer) -> QuerySet[Any]:
    """The parents' concerns in sight, each with its school and ``answered`` (see ``rules.is_answered``)."""
    return visible(viewer, ParentConcern.objects.select_related("school")).annotate(answered=_ANSWERED)


def concerns_received(viewer: Viewer, period: Period) -> QuerySet[Any]:
    """Concerns received within the period."""
    return parent_concerns(viewer).filter(received_on__range=(period.start, period.end))


def schools_in_sight(viewer: Viewer) -> QuerySet[Any]:
    """The schools whose records the viewer may see: the same door as on the records themselves."""
    door = Hazard.wall.reads.get(viewer.viewpoint)
    schools = places.schools(viewer)
    return schools.filter(**door.lookup(viewer)) if door else schools.none()
