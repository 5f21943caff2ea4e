"""Reading meetings, resolutions, directives and assignments. The viewer comes first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce

from hulei.common.periods import Period
from hulei.common.viewer import Viewer
from hulei.common.walls import visible
from hulei.governance.models import Assignment, Attendance, Directive, JointMeeting, Resolution
from hulei.governance.rules import DUE_SOON_DAYS
from hulei.governance.terms import ResolutionState, Standing, Step


def joint_meetings(viewer: Viewer) -> QuerySet[JointMeeting]:
    """The meetings in sight, each with its host."""
    return visible(viewer, JointMeeting.objects.select_related("host"))


def meetings_held(viewer: Viewer, period: Period) -> QuerySet[JointMeeting]:
    """Meetings held within the period."""
    return joint_meetings(viewer).filter(held_on__range=(period.start, period.end))


def attendances(viewer: Viewer, meeting: JointMeeting) -> QuerySet[Attendance]:
    """Who was at a meeting, in the order of the ledger."""
    rows = visible(viewer, Attendance.objects.select_related("agency"))
    return rows.filter(meeting=meeting, present=True).order_by("id")


def resolutions(viewer: Viewer) -> QuerySet[Resolution]:
    """The resolutions in sight, each with its meeting and lead unit."""
    return visible(viewer, Resolution.objects.select_related("meeting", "lead_agency"))


def resolutions_of(viewer: Viewer, period: Period) -> QuerySet[Resolution]:
    """Resolutions of meetings held within the period; one without a meeting counts by its deadline."""
    window = (period.start, period.end)
    return resolutions(viewer).filter(
        Q(meeting__held_on__range=window) | Q(meeting=None, due_on__range=window)
    )


def done_by(day: date) -> Q:
    """``rules.is_done`` as a condition."""
    return Q(state=ResolutionState.DONE.value) & (Q(done_on=None) | Q(done_on__lte=day))


def open_on(day: date) -> Q:
    """``rules.is_open`` as a condition."""
    undone = ~Q(state=ResolutionState.DONE.value) | Q(done_on__gt=day)
    return ~Q(state=ResolutionState.WITHDRAWN.value) & undone


def overdue_on(day: date) -> Q:
    """``rules.is_overdue`` as a condition."""
    return open_on(day) & Q(due_on__lt=day)


def with_standing(rows: QuerySet[Resolution], day: date) -> QuerySet[Any]:
    """The rows with ``standing``, the value of ``rules.standing`` on a day, to filter and sort by."""
    whens = (
        When(state=ResolutionState.WITHDRAWN.value, then=Value(Standing.WITHDRAWN.value)),
        When(done_by(day), then=Value(Standing.DONE.value)),
        When(overdue_on(day), then=Value(Standing.OVERDUE.value)),
        When(due_on__lte=day + timedelta(days=DUE_SOON_DAYS), then=Value(Standing.DUE_SOON.value)),
    )
    return rows.annotate(standing=Case(*whens, default=Value(Standing.OPEN.value), output_field=TextField()))


def directives(viewer: Viewer) -> QuerySet[Directive]:
    """The directives in sight."""
    return visible(viewer, Directive.objects.all())


def directives_with_progress(viewer: Viewer, day: date) -> QuerySet[Any]:
    """Directives with ``assigned`` and ``complete``: units that have it, and have finished it by a day."""
    finished = Q(**{f"assignments__{step.value}__lte": day for step in Step})
    return directives(viewer).annotate(
        assigned=Count("assignments", distinct=True),
        complete=Count("assignments", filter=finished, distinct=True),
    )


def directives_deployed(viewer: Viewer, period: Period) -> QuerySet[Directive]:
    """Directives of which at least one assignment was deployed within the period."""
    return directives(viewer).filter(pk__in=assignments_deployed(viewer, period).values("directive_id"))


def assignments(viewer: Viewer) -> QuerySet[Assignment]:
    """The assignments in sight, each with its directive and unit."""
    return visible(viewer, Assignment.objects.select_related("directive", "agency"))


def assignments_deployed(viewer: Viewer, period: Period) -> QuerySet[Assignment]:
    """Assignments deployed within the period.

    One whose deployment was never dated counts by its first dated step: the unit did have it by then.
    """
    started = Coalesce(*(step.value for step in Step))
    return (
        assignments(viewer).annotate(started_on=started).filter(started_on__range=(period.start, period.end))
    )


def complete_by(day: date) -> Q:
    """``rules.is_complete`` as a condition on assignments."""
    return Q(**{f"{step.value}__lte": day for step in Step})
