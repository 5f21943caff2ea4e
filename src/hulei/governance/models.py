"""Joint meetings, resolutions, directives and assignments."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from hulei.common import walls
from hulei.common.models import Record, Scoped
from hulei.governance.terms import ResolutionState

# Shown when somebody registers the same thing a second time.
ONCE = "已有同一条记录。This is already registered."


class JointMeeting(Record, Scoped):
    """A joint meeting of the bureau and its partners; its scope is the host's."""

    wall: ClassVar[walls.Wall] = walls.GOVERNANCE
    scope_from: ClassVar[tuple[str, ...]] = ("host",)

    number = models.CharField("会议编号", max_length=40)
    held_on = models.DateField("召开日期")
    title = models.CharField("会议名称", max_length=200)
    title_pinyin = models.TextField(blank=True, default="")
    kind = models.CharField("会议类型", max_length=60, blank=True, default="")
    host = models.ForeignKey(
        "places.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主持单位"
    )
    topics = ArrayField(models.CharField(max_length=200), verbose_name="议题", blank=True, default=list)

    class Meta:
        verbose_name = "联席会议"
        constraints = (
            models.UniqueConstraint(
                fields=["district_code", "number"], name="meeting_number_once", violation_error_message=ONCE
            ),
        )
        indexes = (models.Index(fields=["district_code", "held_on"], name="meeting_held"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Attendance(models.Model):
    """A unit at a joint meeting, as the ledger names it; ``agency`` is empty where no roster knows it.

    Struck off by mistake or on purpose: ``present`` false. Rows are never removed.
    """

    wall: ClassVar[walls.Wall] = walls.GOVERNANCE

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(JointMeeting, models.CASCADE, related_name="attendances", verbose_name="会议")
    name = models.CharField("参会单位", max_length=100)
    agency = models.ForeignKey(
        "places.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    present = models.BooleanField("到会", default=True)
    district_code = models.CharField(max_length=24)

    class Meta:
        verbose_name = "参会"
        constraints = (models.UniqueConstraint(fields=["meeting", "name"], name="attendance_once"),)

    def __str__(self) -> str:
        return self.name


class Resolution(Record, Scoped):
    """What a joint meeting decided that somebody shall do; its scope is the lead unit's.

    A done resolution may lack its date: old ledgers do. Being overdue is not stored, it follows from the day.
    """

    wall: ClassVar[walls.Wall] = walls.GOVERNANCE
    scope_from: ClassVar[tuple[str, ...]] = ("lead_agency",)

    number = models.CharField("决议编号", max_length=40)
    meeting = models.ForeignKey(
        JointMeeting, models.PROTECT, null=True, blank=True, related_name="resolutions", verbose_name="会议"
    )
    content = models.TextField("决议事项")
    content_pinyin = models.TextField(blank=True, default="")
    lead_agency = models.ForeignKey(
        "places.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头单位"
    )
    supporting_agencies = ArrayField(
        models.CharField(max_length=100), verbose_name="配合单位", blank=True, default=list
    )
    due_on = models.DateField("办结时限", null=True, blank=True)
    state = models.CharField("办理状态", max_length=12, default=ResolutionState.OPEN.value)
    done_on = models.DateField("办结日期", null=True, blank=True)
    evidence = models.TextField("佐证材料", blank=True, default="")

    class Meta:
        verbose_name = "决议"
        constraints = (
            models.UniqueConstraint(
                fields=["district_code", "number"],
                name="resolution_number_once",
                violation_error_message=ONCE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ResolutionState]),
                name="resolution_state_known",
            ),
        )
        indexes = (models.Index(fields=["district_code", "due_on"], name="resolution_due"),)

    def __str__(self) -> str:
        return f"{self.number} {self.content}"


class Directive(Record, Scoped):
    """A special deployment for a holiday or term node, carried out by units through assignments."""

    wall: ClassVar[walls.Wall] = walls.GOVERNANCE

    number = models.CharField("专项编号", max_length=40)
    title = models.CharField("专项名称", max_length=200)
    title_pinyin = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = "专项部署"
        constraints = (
            models.UniqueConstraint(
                fields=["district_code", "number"], name="directive_number_once", violation_error_message=ONCE
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Assignment(Record, Scoped):
    """One unit's part in a directive with its four dated steps; its scope is the unit's."""

    wall: ClassVar[walls.Wall] = walls.GOVERNANCE
    scope_from: ClassVar[tuple[str, ...]] = ("agency",)

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="assignments", verbose_name="专项")
    agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+", verbose_name="责任单位")
    deployed_on = models.DateField("部署日期", null=True, blank=True)
    implemented_on = models.DateField("落实日期", null=True, blank=True)
    tracked_on = models.DateField("跟踪日期", null=True, blank=True)
    appraised_on = models.DateField("考核日期", null=True, blank=True)
    score = models.DecimalField(
        "考核得分",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1000)],
    )

    class Meta:
        verbose_name = "专项任务"
        constraints = (
            models.UniqueConstraint(
                fields=["directive", "agency"], name="assignment_of_unit_once", violation_error_message=ONCE
            ),
        )
        indexes = (models.Index(fields=["district_code", "deployed_on"], name="assignment_deployed"),)

    def __str__(self) -> str:
        return f"{self.directive.title} · {self.agency}"
