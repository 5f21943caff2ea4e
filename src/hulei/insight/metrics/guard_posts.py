"""Guard posts at school gates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.campus import queries as campus
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Chapter


def posts(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Posts that stood in the period; one without dates stands always."""
    return window.within(campus.guard_posts_during(viewer, window.period))


def with_traffic_control(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them with temporary traffic control."""
    return posts(viewer, window).filter(controlled=True)


GUARD_POSTS = Metric(
    id="guard_posts",
    title=Text("护学岗", "Guard posts"),
    definition=Text(
        "登记的护学岗岗次，一校一个点位一个时段为一岗次；登记了起止日期的，须在统计期内有效。",
        "Guard posts as registered, one for each school, point and slot; one with dates counts if it stood "
        "in the period.",
    ),
    unit=Text("岗次", "posts"),
    chapter=Chapter.CAMPUS,
    kind="campus.guard_post",
    rows=posts,
    standing=True,
)

GUARD_POSTS_WITH_TRAFFIC_CONTROL = Metric(
    id="guard_posts_with_traffic_control",
    title=Text("实施临时交通管制的护学岗", "Guard posts with traffic control"),
    definition=Text(
        "上述岗次中登记有临时交通管制的岗次。",
        "Of these, those with temporary traffic control registered.",
    ),
    unit=Text("岗次", "posts"),
    chapter=Chapter.CAMPUS,
    kind="campus.guard_post",
    rows=with_traffic_control,
    base=posts,
    base_title=GUARD_POSTS.title,
    standing=True,
)
