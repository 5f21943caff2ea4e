"""Hazards, equipment, drills, guard posts and parents' concerns: each belongs to one school."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from hulei.campus.terms import HazardCategory, HazardGrade, Reinspection
from hulei.common import walls
from hulei.common.models import Record, Scoped

# Far above what any school has, low enough to catch a phone number in the wrong column.
MANY = 100_000


def _count(label: str) -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(MANY)])


# Shown when somebody registers the same thing a second time.
ONCE = "已有同一条记录。This is already registered."


class SchoolRecord(Record, Scoped):
    """A record of one school; its scope is the school's."""

    wall: ClassVar[walls.Wall] = walls.SCHOOL_RECORD
    scope_from: ClassVar[tuple[str, ...]] = ("school",)

    school = models.ForeignKey("places.School", models.PROTECT, related_name="+", verbose_name="学校")

    class Meta:
        abstract = True


class Hazard(SchoolRecord):
    """Something wrong with a school's safety: found, to rectify, rectified, re-inspected."""

    number = models.CharField("隐患编号", max_length=40)
    found_on = models.DateField("发现日期")
    category = models.CharField("类别", max_length=12, blank=True, default="")
    description = models.TextField("隐患描述")
    grade = models.CharField("等级", max_length=12, blank=True, default="")
    due_on = models.DateField("整改时限", null=True, blank=True)
    rectified_on = models.DateField("整改日期", null=True, blank=True)
    reinspection = models.CharField("复查情况", max_length=12, blank=True, default="")
    reinspected_on = models.DateField("复查日期", null=True, blank=True)
    note = models.TextField("备注", blank=True, default="")

    class Meta:
        verbose_name = "隐患"
        constraints = (
            models.UniqueConstraint(
                fields=["district_code", "number"], name="hazard_number_once", violation_error_message=ONCE
            ),
            models.CheckConstraint(
                condition=Q(category__in=["", *(one.value for one in HazardCategory)]),
                name="hazard_category_known",
            ),
            models.CheckConstraint(
                condition=Q(grade__in=["", *(one.value for one in HazardGrade)]), name="hazard_grade_known"
            ),
            models.CheckConstraint(
                condition=Q(reinspection__in=["", *(one.value for one in Reinspection)]),
                name="hazard_reinspection_known",
            ),
        )
        indexes = (
            models.Index(fields=["district_code", "found_on"], name="hazard_found"),
            models.Index(fields=["school_code", "found_on"], name="hazard_of_school"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.description}"


class Equipment(SchoolRecord):
    """One kind of gear at a school: how many are required, there and sound."""

    item = models.CharField("器材", max_length=60)
    required = models.PositiveIntegerField("应配数", validators=[MaxValueValidator(MANY)])
    present = _count("实有数")
    sound = models.PositiveIntegerField("完好数", validators=[MaxValueValidator(MANY)])
    expires_on = models.DateField("有效期至", null=True, blank=True)
    keeper = models.CharField("保管人", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "安防器材"
        constraints = (
            models.UniqueConstraint(
                fields=["school", "item"], name="equipment_line_once", violation_error_message=ONCE
            ),
        )

    def __str__(self) -> str:
        return f"{self.school} {self.item}"


class Drill(SchoolRecord):
    """A drill of the smallest response unit with its four moments."""

    triggered_at = models.DateTimeField("触发时刻")
    first_person_at = models.DateTimeField("首人到位", null=True, blank=True)
    unit_assembled_at = models.DateTimeField("应急单元到位", null=True, blank=True)
    police_arrived_at = models.DateTimeField("警力到场", null=True, blank=True)
    scenario = models.CharField("科目", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "应急演练"
        constraints = (
            models.UniqueConstraint(
                fields=["school", "triggered_at"], name="drill_once", violation_error_message=ONCE
            ),
        )
        indexes = (models.Index(fields=["district_code", "triggered_at"], name="drill_held"),)

    def __str__(self) -> str:
        return f"{self.school} {self.triggered_at:%Y-%m-%d %H:%M} {self.scenario}"


class GuardPost(SchoolRecord):
    """A post at a school gate in a slot of the day, with whom it needs and its traffic control.

    ``since`` and ``until`` are empty for a post that simply stands.
    """

    point = models.CharField("点位", max_length=100)
    starts_at = models.TimeField("时段起")
    ends_at = models.TimeField("时段止")
    police = _count("民警人数")
    guards = _count("保安（教师）人数")
    volunteers = _count("家长志愿者人数")
    traffic_control = models.TextField("交通管制", blank=True, default="")
    since = models.DateField("自", null=True, blank=True)
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "护学岗"
        constraints = (
            models.UniqueConstraint(
                fields=["school", "point", "starts_at"], name="guard_post_once", violation_error_message=ONCE
            ),
        )

    def __str__(self) -> str:
        return f"{self.point} {self.starts_at:%H:%M}-{self.ends_at:%H:%M}"


class ParentConcern(SchoolRecord):
    """What a parent brought up and what was answered; parents are not named."""

    received_on = models.DateField("日期")
    content = models.TextField("关切内容")
    content_key = models.CharField(max_length=64, editable=False)
    answer = models.TextField("回应", blank=True, default="")
    answered_on = models.DateField("回应日期", null=True, blank=True)

    class Meta:
        verbose_name = "家长关切"
        constraints = (
            models.UniqueConstraint(
                fields=["school", "received_on", "content_key"],
                name="concern_once",
                violation_error_message=ONCE,
            ),
        )
        indexes = (models.Index(fields=["district_code", "received_on"], name="concern_received"),)

    def __str__(self) -> str:
        return f"{self.received_on} {self.content}"
