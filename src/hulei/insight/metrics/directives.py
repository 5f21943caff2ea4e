"""Directives and their assignments with the four dated steps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.governance import queries as governance
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def assigned(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Assignments deployed in the period to units of the place."""
    return window.within(governance.assignments_deployed(viewer, window.period))


def complete(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them with all four steps dated by the as-of day."""
    return assigned(viewer, window).filter(governance.complete_by(window.as_of))


def deployed(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Directives with at least one such assignment: a directive is where its units are."""
    return governance.directives(viewer).filter(pk__in=assigned(viewer, window).values("directive_id"))


DIRECTIVES = Metric(
    id="directives",
    title=Text("专项部署", "Directives"),
    definition=Text(
        "统计期内向至少一个单位部署的专项活动项数，每个专项编号计一次。",
        "Directives deployed to at least one unit in the period, each number once.",
    ),
    unit=Text("项", "directives"),
    chapter=Chapter.GOVERNANCE,
    kind="governance.directive",
    rows=deployed,
)

DIRECTIVE_ASSIGNMENTS = Metric(
    id="directive_assignments",
    title=Text("专项任务", "Directive assignments"),
    definition=Text(
        "统计期内部署到各单位的专项任务项数，一个专项一个责任单位计一项，按部署日期计；未填部署日期的按其首个有日期的环节计。",
        "Assignments of directives to units deployed in the period, one for each directive and unit; "
        "without a day of deployment the first dated step counts.",
    ),
    unit=Text("项", "assignments"),
    chapter=Chapter.GOVERNANCE,
    kind="governance.assignment",
    rows=assigned,
    dated="started_on",
)

DIRECTIVE_ASSIGNMENTS_COMPLETE = Metric(
    id="directive_assignments_complete",
    title=Text("四环节齐全的专项任务", "Assignments complete"),
    definition=Text(
        "上述任务中部署、落实、跟踪、考核四个环节均有日期、且均不晚于统计截止日的项数。",
        "Of these, those with all four steps (deployed, implemented, followed up, appraised) "
        "dated by the as-of day.",
    ),
    unit=Text("项", "assignments"),
    chapter=Chapter.GOVERNANCE,
    kind="governance.assignment",
    rows=complete,
    base=assigned,
    base_title=DIRECTIVE_ASSIGNMENTS.title,
    dated="started_on",
)
