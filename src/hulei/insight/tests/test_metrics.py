"""The list of metrics: complete, in order, each with its definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hulei.insight.documents import prose
from hulei.insight.metrics import METRICS, registry

IDS = [
    "criminal_calls",
    "criminal_call_zero_months",
    "security_calls",
    "security_calls_yoy_percent",
    "actors_under_14",
    "joint_meetings",
    "resolutions",
    "resolutions_done",
    "resolutions_overdue",
    "directives",
    "directive_assignments",
    "directive_assignments_complete",
    "lectures",
    "lecture_attendance",
    "schools_below_four_hours",
    "hazards",
    "hazards_open",
    "equipment_lines_short",
    "drills",
    "drills_meeting_1_3_5",
    "guard_posts",
    "guard_posts_with_traffic_control",
    "parent_concerns",
    "clues",
    "cases_tracked",
    "cases_back_to_school",
    "cases_back_to_family",
    "visits",
]


def test_the_metrics_in_their_order() -> None:
    assert list(METRICS) == IDS


@pytest.mark.parametrize("metric_id", IDS)
def test_each_says_what_it_counts_in_both_languages(metric_id: str) -> None:
    metric = METRICS[metric_id]
    for text in (metric.title, metric.definition, metric.unit):
        assert text.zh and text.en
    assert metric.version
    assert metric.kind or metric.months, "rows have a page, or are months"


def test_an_id_cannot_be_declared_twice() -> None:
    one = METRICS["clues"]
    with pytest.raises(ValueError, match="clues"):
        registry((one, replace(one, version="2")))


def test_every_metric_is_told_in_the_work_report() -> None:
    wordings = [
        clause.text
        for chapter in prose.CHAPTERS
        for topic in chapter.topics
        for sentence in topic.sentences
        for clause in sentence
    ]
    told = {name for wording in wordings for name, _ in prose._PLACE.findall(wording)}
    assert told == set(IDS)
