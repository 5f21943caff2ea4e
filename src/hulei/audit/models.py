"""The audit ledger as Django sees it: rows come only through the database function ``audit_append``."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hulei.common import walls
from hulei.common.viewer import Viewpoint


class AuditEntry(models.Model):
    """One event. ``payload`` is the text that is hashed; the columns repeat parts of it for search.

    ``hash`` = SHA-256 of the previous entry's hash followed by ``payload`` in UTF-8.
    """

    wall: ClassVar[walls.Wall] = walls.Wall(
        {
            Viewpoint.AUDITOR: walls.everywhere(),
            Viewpoint.PROSECUTION: walls.everywhere(),
            Viewpoint.WORKER: walls.everywhere(),
        }
    )

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    tag = models.CharField(max_length=80)
    target_kind = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    subjects = ArrayField(models.BigIntegerField())
    payload = models.TextField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = "留痕"
        indexes = (
            models.Index(fields=["at"], name="audit_audit_at_idx"),
            models.Index(fields=["actor_id", "seq"], name="audit_actor_idx"),
            models.Index(fields=["tag", "seq"], name="audit_tag_idx"),
            GinIndex(fields=["subjects"], name="audit_subjects"),
        )

    def __str__(self) -> str:
        return f"#{self.seq} {self.tag}"


_PUBLISHERS = walls.FIELD | {Viewpoint.POLICE_STATION, Viewpoint.EDUCATION, Viewpoint.CIVIL_AFFAIRS}


class Delivery(models.Model):
    """An event on its way to one subscriber, written with what it tells of. Codes and numbers, no names."""

    # Whoever works with records publishes; of others' events only the offices that repair them know.
    wall: ClassVar[walls.Wall] = walls.Wall(
        {
            **dict.fromkeys(_PUBLISHERS, walls.Door("by_id", "account")),
            Viewpoint.POLICE_DISTRICT: walls.in_district(),
            Viewpoint.SYSTEM_ADMIN: walls.in_district(),
            Viewpoint.WORKER: walls.everywhere(),
        },
        frozenset({*_PUBLISHERS, Viewpoint.POLICE_DISTRICT, Viewpoint.SYSTEM_ADMIN, Viewpoint.WORKER}),
    )

    id = models.BigAutoField(primary_key=True)
    event = models.CharField(max_length=60)
    body = models.JSONField()
    subscriber = models.CharField(max_length=80)
    district_code = models.CharField(max_length=24)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=60, blank=True, default="")
    published_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "待办通知"
        indexes = (
            models.Index(fields=["due_at"], condition=models.Q(delivered_at=None), name="delivery_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.event}→{self.subscriber}"
