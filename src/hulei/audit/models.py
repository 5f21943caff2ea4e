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
