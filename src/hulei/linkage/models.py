"""Source rows as linkage knows them, and the history of where each belonged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hulei.common import walls
from hulei.common.crypto import EncryptedText
from hulei.common.models import Scoped
from hulei.common.viewer import Viewpoint
from hulei.linkage.terms import LinkChange, LinkRule
from hulei.people.terms import Compartment

V = Viewpoint

# Each office sees the rows of its own registers; the police and the procuratorate see all.
COMPARTMENT_WALL = walls.Wall(
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
    frozenset({V.POLICE_DISTRICT, V.WORKER}),
)
_SCOPE = ("district_code", "town_code", "village_code", "grid_code", "station_code", "school_code")


class SourceIdentity(Scoped):
    """A register row and the child whose it is. What the row said never changes; ``minor`` may.

    ``source_id`` is the intake.SourceRecord. The keys are blind indexes, empty where the row lacks
    the key; ``particulars`` is what the row said about the person, as encrypted JSON.
    """

    wall: ClassVar[walls.Wall] = COMPARTMENT_WALL
    follows_minor: ClassVar[tuple[str, ...]] = _SCOPE

    id = models.BigAutoField(primary_key=True)
    minor = models.ForeignKey("people.Minor", models.PROTECT, related_name="+", verbose_name="未成年人")
    source_id = models.BigIntegerField(null=True, unique=True)
    register = models.CharField("台账", max_length=20)
    compartment = models.CharField(max_length=12, choices=Compartment.choices)
    number = models.PositiveIntegerField("行")
    id_key = models.CharField(max_length=32, blank=True, default="")
    name_birth_phone_key = models.CharField(max_length=32, blank=True, default="")
    row_key = models.CharField(max_length=32, blank=True, default="")
    particulars = EncryptedText()
    rule = models.CharField("依据", max_length=20, choices=LinkRule.choices)
    linked_at = models.DateTimeField("归入时间")

    class Meta:
        verbose_name = "来源行"
        indexes = (
            models.Index(fields=["id_key"], name="source_by_id"),
            models.Index(fields=["name_birth_phone_key"], name="source_by_nbp"),
            models.Index(fields=["row_key"], name="source_by_row"),
        )

    def __str__(self) -> str:
        return f"{self.register}#{self.number}"


class LinkEvent(models.Model):
    """One step of a row's way through the files; append-only (a trigger sees to it), so it can be undone."""

    wall: ClassVar[walls.Wall] = walls.Wall(
        {
            V.POLICE_DISTRICT: walls.in_district(),
            V.PROSECUTION: walls.in_district(),
            V.WORKER: walls.everywhere(),
        },
        frozenset({V.POLICE_DISTRICT, V.WORKER}),
    )

    id = models.BigAutoField(primary_key=True)
    identity = models.ForeignKey(SourceIdentity, models.PROTECT, related_name="events")
    change = models.CharField("变动", max_length=12, choices=LinkChange.choices)
    from_minor_id = models.BigIntegerField(null=True)
    to_minor_id = models.BigIntegerField()
    rule = models.CharField("依据", max_length=20, choices=LinkRule.choices)
    evidence = models.JSONField("佐证", default=dict)
    at = models.DateTimeField("时间")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField("操作人", max_length=60, blank=True, default="")
    district_code = models.CharField(max_length=24)

    class Meta:
        verbose_name = "归并记录"
        indexes = (models.Index(fields=["to_minor_id", "id"], name="link_event_of_minor"),)

    def __str__(self) -> str:
        return f"{self.identity_id}→{self.to_minor_id}"
