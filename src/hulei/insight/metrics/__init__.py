"""All metrics, in the order in which figures are listed everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hulei.insight.metrics import (
    cases,
    clues,
    directives,
    drills,
    equipment,
    guard_posts,
    hazards,
    joint_meetings,
    lectures,
    lesson_hours,
    parent_concerns,
    police_calls,
    resolutions,
    year_on_year,
    zero_months,
)
from hulei.insight.metrics.base import Metric


def registry(metrics: Sequence[Metric]) -> Mapping[str, Metric]:
    """The metrics by id, in their order. Raises ValueError where an id is declared twice."""
    found: dict[str, Metric] = {}
    for metric in metrics:
        if metric.id in found:
            raise ValueError(f"declared twice: {metric.id}")
        found[metric.id] = metric
    return MappingProxyType(found)


METRICS = registry(
    (
        police_calls.CRIMINAL_CALLS,
        zero_months.CRIMINAL_CALL_ZERO_MONTHS,
        police_calls.SECURITY_CALLS,
        year_on_year.SECURITY_CALLS_YOY_PERCENT,
        police_calls.ACTORS_UNDER_14,
        joint_meetings.JOINT_MEETINGS,
        resolutions.RESOLUTIONS,
        resolutions.RESOLUTIONS_DONE,
        resolutions.RESOLUTIONS_OVERDUE,
        directives.DIRECTIVES,
        directives.DIRECTIVE_ASSIGNMENTS,
        directives.DIRECTIVE_ASSIGNMENTS_COMPLETE,
        lectures.LECTURES,
        lectures.LECTURE_ATTENDANCE,
        lesson_hours.SCHOOLS_BELOW_FOUR_HOURS,
        hazards.HAZARDS,
        hazards.HAZARDS_OPEN,
        equipment.EQUIPMENT_LINES_SHORT,
        drills.DRILLS,
        drills.DRILLS_MEETING_1_3_5,
        guard_posts.GUARD_POSTS,
        guard_posts.GUARD_POSTS_WITH_TRAFFIC_CONTROL,
        parent_concerns.PARENT_CONCERNS,
        clues.CLUES,
        cases.CASES_TRACKED,
        cases.CASES_BACK_TO_SCHOOL,
        cases.CASES_BACK_TO_FAMILY,
        cases.VISITS,
    )
)
