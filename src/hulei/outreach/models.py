"""Lectures and legal vice-principals."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from hulei.common import walls
from hulei.common.models import Record, Scoped
from hulei.outreach.terms import LectureState

# Shown when somebody registers the same thing a second time.
ONCE = "已有同一条记录。This is already registered."


class Lecture(Record, Scoped):
    """A lesson on law given at a school; its scope is the school's."""

    wall: ClassVar[walls.Wall] = walls.SCHOOL_RECORD
    scope_from: ClassVar[tuple[str, ...]] = ("school",)

    held_on = models.DateField("日期")
    school = models.ForeignKey("places.School", models.PROTECT, related_name="+", verbose_name="学校")
    topic = models.CharField("主题", max_length=200, blank=True, default="")
    topic_pinyin = models.TextField(blank=True, default="")
    agency = models.ForeignKey(
        "places.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="宣讲单位"
    )
    lecturer = models.CharField("宣讲人", max_length=60, blank=True, default="")
    lecturer_pinyin = models.TextField(blank=True, default="")
    lesson_hours = models.DecimalField(
        "课时", max_digits=4, decimal_places=1, validators=[MinValueValidator(0)]
    )
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)
    state = models.CharField("状态", max_length=12, default=LectureState.HELD.value)

    class Meta:
        verbose_name = "宣讲"
        constraints = (
            models.UniqueConstraint(
                fields=["school", "held_on", "topic", "lecturer"],
                name="lecture_once",
                violation_error_message=ONCE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in LectureState]), name="lecture_state_known"
            ),
            models.CheckConstraint(condition=Q(lesson_hours__gte=0), name="lecture_hours_not_negative"),
        )
        indexes = (models.Index(fields=["district_code", "held_on"], name="lecture_held"),)

    def __str__(self) -> str:
        return f"{self.held_on} {self.school} {self.topic}"


class LegalVicePrincipal(Record, Scoped):
    """A person appointed legal vice-principal of a school, as the school roster or a page names them."""

    wall: ClassVar[walls.Wall] = walls.SCHOOL_RECORD
    scope_from: ClassVar[tuple[str, ...]] = ("school",)

    school = models.ForeignKey("places.School", models.PROTECT, related_name="+", verbose_name="学校")
    name = models.CharField("姓名", max_length=60)
    name_pinyin = models.TextField(blank=True, default="")
    since = models.DateField("聘期自", null=True, blank=True)
    until = models.DateField("聘期至", null=True, blank=True)

    class Meta:
        verbose_name = "法治副校长"
        constraints = (
            models.UniqueConstraint(
                fields=["school", "name"], name="vice_principal_of_school_once", violation_error_message=ONCE
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="vice_principal_term_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.school}）"
