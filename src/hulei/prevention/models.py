"""Police calls, clues, dossiers with their register entries, cases and visits."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from hulei.common import walls
from hulei.common.crypto import EncryptedText
from hulei.common.ids import ScatteredId
from hulei.common.models import Record, Scoped
from hulei.common.viewer import Viewpoint
from hulei.people.terms import Compartment
from hulei.prevention.terms import (
    CareArrangement,
    Circumstance,
    ClueSource,
    ClueState,
    MinorRole,
    Nature,
    Outcome,
    Register,
    Verification,
)

V = Viewpoint
_SCOPE = ("district_code", "town_code", "village_code", "grid_code", "station_code", "school_code")

# Each office sees the entries of its own registers, and none can tell whether another has any.
REGISTER_WALL = walls.Wall(
    {
        V.POLICE_DISTRICT: walls.in_district(),
        V.POLICE_STATION: walls.at("station_code"),
        V.PROSECUTION: walls.in_district(),
        V.EDUCATION: walls.in_district(compartment=Compartment.EDUCATION.value),
        V.SCHOOL: walls.at("school_code", compartment=Compartment.EDUCATION.value),
        V.CIVIL_AFFAIRS: walls.in_district(compartment=Compartment.CARE.value),
        V.VILLAGE: walls.at("village_code", compartment=Compartment.CARE.value),
        V.GRID: walls.at("grid_code", compartment=Compartment.CARE.value),
        V.WORKER: walls.everywhere(),
    },
    frozenset({V.POLICE_DISTRICT, V.POLICE_STATION, V.WORKER}),
)

# A case names the child that it is about: the responsible station, the district, the procuratorate,
# and whoever is assigned to the child.
CASE_WALL = walls.Wall(
    {
        V.POLICE_DISTRICT: walls.in_district(),
        V.POLICE_STATION: walls.at("station_code"),
        V.PROSECUTION: walls.in_district(),
        V.ASSIGNED: walls.Door("minor_id", "assigned"),
        V.WORKER: walls.everywhere(),
    },
    frozenset({V.POLICE_DISTRICT, V.POLICE_STATION, V.WORKER}),
)
VISIT_WALL = walls.Wall(CASE_WALL.reads, CASE_WALL.writes | {V.ASSIGNED})


def _station(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        "places.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def _school(label: str = "就读学校") -> models.ForeignKey:
    return models.ForeignKey(
        "places.School", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Dossier(ScatteredId, Record, Scoped):
    """一人一档: one file per child. It holds no personal data itself; those are the child's and the rows'."""

    wall: ClassVar[walls.Wall] = walls.child_wall()
    follows_minor: ClassVar[tuple[str, ...]] = (*_SCOPE, "in_education", "in_care")

    in_education = models.BooleanField(default=False, editable=False)
    in_care = models.BooleanField(default=False, editable=False)
    minor = models.OneToOneField(
        "people.Minor", models.PROTECT, related_name="dossier", verbose_name="未成年人"
    )
    number = models.CharField("档案编号", max_length=24, unique=True)
    opened_on = models.DateField("建档日期")

    class Meta:
        verbose_name = "一人一档"

    def __str__(self) -> str:
        return self.number


class RegisterEntry(Record, Scoped):
    """What one register says of a child. A claim of its register: whether it is proven is another matter.

    ``source_ids`` are the source records that say it; ``superseded_by`` leads from an entry that
    proved to repeat another, after files were joined.
    """

    wall: ClassVar[walls.Wall] = REGISTER_WALL
    follows_minor: ClassVar[tuple[str, ...]] = _SCOPE

    minor = models.ForeignKey("people.Minor", models.PROTECT, related_name="entries", verbose_name="未成年人")
    register = models.CharField("登记来源", max_length=16, choices=Register.choices)
    compartment = models.CharField(max_length=12, choices=Compartment.choices, editable=False)
    behaviour = models.CharField("行为类别", max_length=200, blank=True, default="")
    occurred_on = models.DateField("发生日期", null=True, blank=True)
    document_number = models.CharField("文书号", max_length=80, blank=True, default="")
    station = _station("办案单位")
    verification = models.CharField(
        "核实情况", max_length=12, blank=True, default="", choices=Verification.choices
    )
    reporter = models.CharField("报告人", max_length=80, blank=True, default="")
    circumstance = models.CharField(
        "儿童类别", max_length=20, blank=True, default="", choices=Circumstance.choices
    )
    care_arrangement = models.CharField(
        "监护情况", max_length=20, blank=True, default="", choices=CareArrangement.choices
    )
    entrusted_care = models.BooleanField("委托照护书", null=True, blank=True)
    visited_on = models.DateField("走访日期", null=True, blank=True)
    finding = models.CharField("走访情况", max_length=400, blank=True, default="")
    # JSON and not an array: Django inserts arrays row by row.
    source_ids = models.JSONField(default=list, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "登记记录"
        indexes = (
            models.Index(fields=["minor", "register"], name="entry_of_minor"),
            models.Index(fields=["district_code", "register", "id"], name="entry_of_register"),
        )

    def __str__(self) -> str:
        return f"{Register.label_of(self.register)} {self.behaviour or self.circumstance or self.finding}"


class PoliceCall(Record, Scoped):
    """A police call that involves a minor. It names nobody; its scope is the station's and the place's.

    ``ledger_row`` is the data row it came from: the same row of a sheet taken in again is no duplicate.
    """

    wall: ClassVar[walls.Wall] = walls.POLICE_ONLY
    scope_from: ClassVar[tuple[str, ...]] = ("station", "place")

    number = models.CharField("警情编号", max_length=40)
    received_at = models.DateTimeField("接警时间")
    station = _station("接警单位")
    nature = models.CharField("警情性质", max_length=12, choices=Nature.choices)
    category = models.CharField("类别", max_length=80, blank=True, default="")
    minor_role = models.CharField(
        "未成年人角色", max_length=12, blank=True, default="", choices=MinorRole.choices
    )
    minor_age = models.PositiveSmallIntegerField(
        "未成年人年龄", null=True, blank=True, validators=[MaxValueValidator(150)]
    )
    place = models.CharField("发生地", max_length=200, blank=True, default="")
    disposal = models.CharField("处置结果", max_length=200, blank=True, default="")
    ledger_row = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "警情"
        constraints = (models.UniqueConstraint(fields=["district_code", "number"], name="call_number_once"),)
        indexes = (
            models.Index(fields=["district_code", "received_at", "id"], name="call_received"),
            models.Index(fields=["station_code", "received_at", "id"], name="call_of_station"),
        )

    def __str__(self) -> str:
        return self.number


class Clue(Record, Scoped):
    """A clue about misbehaviour or harm. Police and procuratorate only for now: it names a child in the
    words of whoever reported, before anybody has verified it. ``minor`` is linked by hand, never by name.
    """

    wall: ClassVar[walls.Wall] = walls.POLICE_ONLY
    scope_from: ClassVar[tuple[str, ...]] = ("place", "school")

    number = models.CharField("线索编号", max_length=40)
    received_on = models.DateField("接报日期")
    source = models.CharField("来源", max_length=24, blank=True, default="", choices=ClueSource.choices)
    subject_name = models.CharField("涉及未成年人", max_length=60, blank=True, default="")
    subject_pinyin = models.CharField(max_length=200, blank=True, default="", editable=False)
    subject_initials = models.CharField(max_length=60, blank=True, default="", editable=False)
    school = _school()
    content = models.TextField("线索内容")
    place = models.CharField("地点", max_length=200, blank=True, default="")
    state = models.CharField(
        "核查状态", max_length=12, choices=ClueState.choices, default=ClueState.RECEIVED.value
    )
    minor = models.ForeignKey(
        "people.Minor", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="关联档案"
    )

    class Meta:
        verbose_name = "线索"
        constraints = (models.UniqueConstraint(fields=["district_code", "number"], name="clue_number_once"),)
        indexes = (models.Index(fields=["district_code", "received_on", "id"], name="clue_received"),)

    def __str__(self) -> str:
        return self.number


class Case(Record, Scoped):
    """A child followed one by one. ``minor`` is linked by a certain id or by hand, never by name.

    ``station_code`` is the responsible station's and ``school_code`` the school's that the ledger names.
    """

    wall: ClassVar[walls.Wall] = CASE_WALL
    scope_from: ClassVar[tuple[str, ...]] = ("station", "school")

    number = models.CharField("个案编号", max_length=40)
    minor = models.ForeignKey(
        "people.Minor", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="关联档案"
    )
    subject_name = models.CharField("姓名", max_length=60)
    subject_pinyin = models.CharField(max_length=200, blank=True, default="", editable=False)
    subject_initials = models.CharField(max_length=60, blank=True, default="", editable=False)
    national_id = EncryptedText("身份证号", blank=True, default="")
    national_id_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    school = _school("学校")
    opened_on = models.DateField("建档日期")
    station = _station("责任派出所")
    responsible = models.CharField("帮扶责任人", max_length=60, blank=True, default="")
    measures = ArrayField(models.CharField(max_length=80), verbose_name="帮扶措施", blank=True, default=list)
    visits_reported = models.PositiveIntegerField(
        "台账走访次数", null=True, blank=True, validators=[MaxValueValidator(10_000)]
    )
    outcome = models.CharField("帮扶成效", max_length=16, blank=True, default="", choices=Outcome.choices)
    outcome_on = models.DateField("成效日期", null=True, blank=True)
    closed_on = models.DateField("结案日期", null=True, blank=True)

    class Meta:
        verbose_name = "个案"
        constraints = (
            models.UniqueConstraint(fields=["district_code", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="case_ends_after_it_opens",
            ),
        )
        indexes = (
            models.Index(fields=["district_code", "opened_on", "id"], name="case_opened"),
            models.Index(fields=["national_id_index"], name="case_by_id"),
        )

    def __str__(self) -> str:
        return self.number


class Visit(Record, Scoped):
    """A visit entered once in Hulei. Its scope is the case's."""

    wall: ClassVar[walls.Wall] = VISIT_WALL
    scope_from: ClassVar[tuple[str, ...]] = ("case",)

    case = models.ForeignKey(Case, models.PROTECT, related_name="visits", verbose_name="个案")
    minor = models.ForeignKey(
        "people.Minor", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    visited_on = models.DateField("走访日期")
    visitor = models.CharField("走访人", max_length=60)
    summary = models.TextField("走访情况")

    class Meta:
        verbose_name = "走访"
        indexes = (models.Index(fields=["case", "visited_on"], name="visit_of_case"),)

    def __str__(self) -> str:
        return f"{self.visited_on} {self.visitor}"
