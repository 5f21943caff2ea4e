"""Areas, agencies with their beats, police grids and grids, schools."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q

from hulei.common import walls
from hulei.common.crypto import EncryptedText
from hulei.common.models import Record, Scope, Scoped
from hulei.places.terms import AgencyKind, AgencyUnit, AreaLevel, SchoolStage


def _aliases() -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=80), blank=True, default=list, verbose_name="又称")


class Named(models.Model):
    """A name with its comparable form and its pinyin, which the actions keep in step."""

    name = models.CharField("名称", max_length=80)
    name_key = models.CharField(max_length=80, editable=False)
    name_pinyin = models.CharField(max_length=300, editable=False, default="", blank=True)
    name_initials = models.CharField(max_length=80, editable=False, default="", blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Area(Record, Named):
    """A node of the area tree. ``path`` is the codes from the top joined by ``/``.

    ``local``: named by a roster and absent from the official tree; its code has a letter in it.
    """

    wall: ClassVar[walls.Wall] = walls.REFERENCE

    code = models.CharField("代码", max_length=24, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    level = models.CharField("级别", max_length=12, choices=AreaLevel.choices)
    local = models.BooleanField("本地增补", default=False)
    path = models.CharField(max_length=120, editable=False)
    district_code = models.CharField(max_length=24, blank=True, default="", editable=False)

    class Meta:
        verbose_name = "区划"
        constraints = (
            models.UniqueConstraint(fields=["parent", "name_key"], name="area_named_once_in_parent"),
        )
        indexes = (models.Index(fields=["district_code", "level"], name="area_of_district"),)


class Agency(Record, Named):
    """An office: the bureau, its stations, the partner agencies. Phones are office contacts, encrypted."""

    wall: ClassVar[walls.Wall] = walls.REFERENCE

    code = models.CharField("代码", max_length=24, unique=True, editable=False)
    district_code = models.CharField(max_length=24, editable=False)
    kind = models.CharField("类别", max_length=20, choices=AgencyKind.choices, default=AgencyKind.OTHER.value)
    unit = models.CharField(
        "层级", max_length=10, choices=AgencyUnit.choices, default=AgencyUnit.PARTNER.value
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级单位"
    )
    town = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在镇"
    )
    contact = models.CharField("联络员", max_length=60, blank=True, default="")
    phone = EncryptedText("联系电话", blank=True, default="")
    officer = models.CharField("未保民警", max_length=60, blank=True, default="")
    badge_number = models.CharField("警号", max_length=20, blank=True, default="")
    aliases = _aliases()

    class Meta:
        verbose_name = "单位"
        constraints = (
            models.UniqueConstraint(fields=["district_code", "name_key"], name="agency_named_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="agency_is_not_its_own_parent"),
        )

    @property
    def scope(self) -> Scope:
        """Where the office belongs; a station is its own station scope."""
        station = self.code if self.unit == AgencyUnit.STATION else ""
        return Scope(self.district_code, town_code=self.town.code if self.town else "", station_code=station)


class Beat(models.Model):
    """A village that a station polices. A village has one station."""

    wall: ClassVar[walls.Wall] = walls.REFERENCE

    id = models.BigAutoField(primary_key=True)
    station = models.ForeignKey(Agency, models.PROTECT, related_name="beats")
    village = models.OneToOneField(Area, models.PROTECT, related_name="beat")

    class Meta:
        verbose_name = "辖区"

    def __str__(self) -> str:
        return f"{self.station_id}:{self.village_id}"


class PoliceGrid(Record, Named):
    """A police grid (警格) of a station; the village grids lie in it."""

    wall: ClassVar[walls.Wall] = walls.REFERENCE

    code = models.CharField("代码", max_length=24, unique=True, editable=False)
    station = models.ForeignKey(Agency, models.PROTECT, related_name="police_grids", verbose_name="派出所")
    district_code = models.CharField(max_length=24, editable=False)
    officer = models.CharField("警格民警", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "警格"
        constraints = (
            models.UniqueConstraint(fields=["station", "name_key"], name="police_grid_named_once"),
        )


class Grid(Record, Scoped, Named):
    """A village grid with its worker. ``grid_code`` repeats ``code`` for the walls."""

    wall: ClassVar[walls.Wall] = walls.REFERENCE
    scope_from: ClassVar[tuple[str, ...]] = ("village", "police_grid")

    code = models.CharField("代码", max_length=24, unique=True, editable=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="grids", verbose_name="村（社区）")
    police_grid = models.ForeignKey(
        PoliceGrid, models.PROTECT, null=True, blank=True, related_name="grids", verbose_name="警格"
    )
    worker = models.CharField("网格员", max_length=60, blank=True, default="")
    phone = EncryptedText("电话", blank=True, default="")
    # As it is shown and compared; what addresses are looked up in are the rows of GridHouses.
    houses = models.CharField("门牌范围", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "网格"
        constraints = (models.UniqueConstraint(fields=["village", "name_key"], name="grid_named_once"),)

    @property
    def scope(self) -> Scope:
        """The grid's own scope, its station included."""
        return Scope(**{name: getattr(self, name) for name in Scope.__slots__})


class GridHouses(models.Model):
    """House numbers of one parity that a grid covers until ``ended_at``; a house lies in one grid."""

    wall: ClassVar[walls.Wall] = walls.REFERENCE

    id = models.BigAutoField(primary_key=True)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="runs")
    village = models.ForeignKey(Area, models.PROTECT, related_name="+")
    parity = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "门牌"
        constraints = (
            ExclusionConstraint(
                name="house_in_one_grid",
                expressions=[
                    ("village", RangeOperators.EQUAL),
                    ("parity", RangeOperators.EQUAL),
                    (
                        Func(
                            "first",
                            "last",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                condition=Q(parity__in=(0, 1), first__gte=1, last__gte=F("first")), name="houses_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.grid_id}:{self.first}-{self.last}"


class School(Record, Scoped, Named):
    """A school or kindergarten with its safety profile. ``school_code`` repeats ``code`` for the walls."""

    wall: ClassVar[walls.Wall] = walls.REFERENCE
    scope_from: ClassVar[tuple[str, ...]] = ("town", "station")

    code = models.CharField("代码", max_length=24, unique=True, editable=False)
    stage = models.CharField(
        "学段", max_length=20, choices=SchoolStage.choices, default=SchoolStage.OTHER.value
    )
    town = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在镇"
    )
    station = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属派出所"
    )
    pupils = models.PositiveIntegerField(
        "在校生数", null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    boarders = models.PositiveIntegerField(
        "寄宿生数", null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    guards = models.PositiveIntegerField(
        "专职保安数", null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    closed_management = models.BooleanField("封闭管理", null=True, blank=True)
    alarm_linked = models.BooleanField("一键报警联网", null=True, blank=True)
    video_compliant = models.BooleanField("视频达标", null=True, blank=True)
    legal_vice_principal = models.CharField("法治副校长", max_length=60, blank=True, default="")
    aliases = _aliases()

    class Meta:
        verbose_name = "学校"
        constraints = (
            models.UniqueConstraint(fields=["district_code", "name_key"], name="school_named_once"),
        )

    @property
    def scope(self) -> Scope:
        """The school's own scope: its town and its station included."""
        return Scope(**{name: getattr(self, name) for name in Scope.__slots__})
