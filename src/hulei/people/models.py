"""Minors, guardians, enrolments. Ethnicity, religion, origin and the like have no field on purpose."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hulei.common import walls
from hulei.common.crypto import EncryptedText
from hulei.common.ids import ScatteredId
from hulei.common.models import Record, Scoped
from hulei.people.terms import Relation, Sex

# The columns that decide who sees a child, equal on every row about the child.
CHILD_COLUMNS = (
    "district_code",
    "town_code",
    "village_code",
    "grid_code",
    "station_code",
    "school_code",
    "in_education",
    "in_care",
)


class ChildRecord(Record, Scoped):
    """A row about one child: where the child belongs, and through whose registers partners know it.

    ``follows_minor`` names the columns that ``actions.refresh_scope`` keeps equal to the child's.
    """

    follows_minor: ClassVar[tuple[str, ...]] = CHILD_COLUMNS

    in_education = models.BooleanField(default=False, editable=False)
    in_care = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class Minor(ScatteredId, ChildRecord):
    """One child. ``merged_into`` redirects a file that proved to be another child's; ids are never reused.

    There is deliberately no unique index on the id number: it would tell a partner who adds a child
    that a file out of their sight exists already. Linkage keeps ids single under a lock instead.
    """

    wall: ClassVar[walls.Wall] = walls.child_wall(minor_column="id")
    follows_minor: ClassVar[tuple[str, ...]] = ()

    name = models.CharField("姓名", max_length=60)
    name_pinyin = models.CharField(max_length=200, blank=True, default="", editable=False)
    name_initials = models.CharField(max_length=60, blank=True, default="", editable=False)
    sex = models.CharField("性别", max_length=8, blank=True, default="", choices=Sex.choices)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    national_id = EncryptedText("身份证号", blank=True, default="")
    national_id_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    national_id_suffix_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    national_id_certain = models.BooleanField("身份证号已校验", default=False, editable=False)
    address = EncryptedText("家庭住址", blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "未成年人"
        constraints = (
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="minor_not_merged_into_self"
            ),
            models.CheckConstraint(
                condition=Q(national_id_certain=False) | ~Q(national_id_index=""),
                name="certain_id_is_indexed",
            ),
        )
        indexes = (
            models.Index(fields=["name_pinyin", "id"], name="minor_by_pinyin"),
            models.Index(fields=["national_id_index"], name="minor_by_id"),
            models.Index(fields=["national_id_suffix_index"], name="minor_by_id_suffix"),
            models.Index(fields=["district_code", "name_pinyin", "id"], name="minor_of_district"),
            models.Index(fields=["station_code", "name_pinyin", "id"], name="minor_of_station"),
            models.Index(fields=["school_code", "name_pinyin", "id"], name="minor_of_school"),
            models.Index(fields=["village_code", "name_pinyin", "id"], name="minor_of_village"),
            models.Index(fields=["grid_code", "name_pinyin", "id"], name="minor_of_grid"),
        )

    def __str__(self) -> str:
        return self.name


class Guardian(ChildRecord):
    """A guardian as one child's records name them: the person and the guardianship in one row.

    Two siblings have two rows, equal in ``person_index``: so each row lies behind its own child's
    wall, and nobody learns from a mother's record that she has another child in another register.
    """

    wall: ClassVar[walls.Wall] = walls.child_wall()

    minor = models.ForeignKey(Minor, models.PROTECT, related_name="guardians", verbose_name="未成年人")
    name = models.CharField("姓名", max_length=60, blank=True, default="")
    name_pinyin = models.CharField(max_length=200, blank=True, default="", editable=False)
    relation = models.CharField(
        "关系", max_length=16, choices=Relation.choices, default=Relation.UNKNOWN.value
    )
    phone = EncryptedText("电话", blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    person_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    since = models.DateField("起始日期", null=True, blank=True)
    until = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        verbose_name = "监护人"
        constraints = (
            models.CheckConstraint(condition=~Q(name="") | ~Q(phone_index=""), name="guardian_is_somebody"),
        )
        indexes = (
            models.Index(fields=["phone_index"], name="guardian_by_phone"),
            models.Index(fields=["person_index"], name="guardian_by_person"),
        )

    def __str__(self) -> str:
        return self.name


class Enrolment(ChildRecord):
    """A child at a school. ``certain`` when the education register says so."""

    wall: ClassVar[walls.Wall] = walls.child_wall()

    minor = models.ForeignKey(Minor, models.PROTECT, related_name="enrolments", verbose_name="未成年人")
    school = models.ForeignKey("places.School", models.PROTECT, related_name="+", verbose_name="学校")
    certain = models.BooleanField("教育部门登记", default=False)
    since = models.DateField("入学日期", null=True, blank=True)
    until = models.DateField("离校日期", null=True, blank=True)

    class Meta:
        verbose_name = "学籍"
        constraints = (
            models.UniqueConstraint(fields=["minor"], condition=Q(until=None), name="one_running_enrolment"),
        )

    def __str__(self) -> str:
        return f"{self.minor_id}@{self.school_id}"
