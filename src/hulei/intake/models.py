"""Uploads, their sheets, the raw rows beside what was read from them, and remembered mappings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hulei.common import walls
from hulei.common.crypto import EncryptedText
from hulei.common.viewer import Viewpoint
from hulei.intake.terms import RowOutcome, SheetState

V = Viewpoint
OWN = walls.Door("uploaded_by_id", "account")

# The police office keeps the district's ledgers; partners see only what they sent themselves.
UPLOAD_WALL = walls.Wall(
    {
        V.POLICE_DISTRICT: walls.in_district(),
        V.EDUCATION: OWN,
        V.CIVIL_AFFAIRS: OWN,
        V.WORKER: walls.everywhere(),
    },
    frozenset({V.POLICE_DISTRICT, V.EDUCATION, V.CIVIL_AFFAIRS, V.WORKER}),
)


class Upload(models.Model):
    """One file as it arrived, kept encrypted outside the database under ``stored_as``."""

    wall: ClassVar[walls.Wall] = UPLOAD_WALL

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField("文件", max_length=200)
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField("上传人", max_length=60)
    uploaded_at = models.DateTimeField("上传时间")
    district_code = models.CharField(max_length=24)
    findings = models.JSONField(default=list)

    class Meta:
        verbose_name = "导入文件"
        constraints = (
            # NULLS NOT DISTINCT: the command line has no account, and its files are one set too.
            models.UniqueConstraint(
                fields=["district_code", "sha256", "file_name", "uploaded_by_id"],
                name="upload_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class Sheet(models.Model):
    """One sheet of an upload: which ledger it is, how its columns map, and how far it has come.

    The counters tell of the present pass; running the same sheet again starts them anew. With
    ``own_rows_only`` they are told from the sender's own rows (see ``rules.sees_own_rows_only``).
    """

    wall: ClassVar[walls.Wall] = UPLOAD_WALL

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="sheets")
    position = models.PositiveSmallIntegerField()
    name = models.CharField("工作表", max_length=100)
    ledger = models.CharField("台账", max_length=40, blank=True)
    ledger_order = models.PositiveSmallIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=20, choices=SheetState.choices, default=SheetState.PREVIEW)
    rows_expected = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)
    own_rows_only = models.BooleanField(default=False)
    uploaded_by_id = models.BigIntegerField(null=True)
    district_code = models.CharField(max_length=24)

    class Meta:
        verbose_name = "导入工作表"
        constraints = (models.UniqueConstraint(fields=["upload", "position"], name="sheet_of_upload"),)

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.name}"


class SourceRecord(models.Model):
    """One data row: the cells as they stood and what was read from them, encrypted together.

    ``number`` is the n-th data row of its sheet, refused ones counted; ``line`` its row in the file.
    ``subject_id`` is the minor it concerns, where the row landed on one. ``statement`` is a blind index
    of all that was read, the same for the same row of any file.
    """

    wall: ClassVar[walls.Wall] = UPLOAD_WALL

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    content = EncryptedText()
    statement = models.CharField(max_length=32, blank=True, db_index=True)
    outcome = models.CharField(max_length=12, choices=RowOutcome.choices)
    record_kind = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True, db_index=True)
    findings = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    district_code = models.CharField(max_length=24)

    class Meta:
        verbose_name = "源记录"
        constraints = (models.UniqueConstraint(fields=["sheet", "number"], name="row_of_sheet"),)
        indexes = (models.Index(fields=["record_kind", "record_id"], name="row_of_record"),)

    def __str__(self) -> str:
        return f"{self.sheet_id}#{self.number}"


class RememberedMapping(models.Model):
    """How a head that nobody had seen was mapped by hand, so that it is asked once."""

    wall: ClassVar[walls.Wall] = walls.Wall(
        {v: walls.in_district() for v in (V.POLICE_DISTRICT, V.EDUCATION, V.CIVIL_AFFAIRS)}
        | {V.WORKER: walls.everywhere()},
        UPLOAD_WALL.writes,
    )

    id = models.BigAutoField(primary_key=True)
    district_code = models.CharField(max_length=24)
    fingerprint = models.CharField(max_length=64)
    ledger = models.CharField(max_length=40)
    mapping = models.JSONField()
    decided_by_name = models.CharField(max_length=60)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = "列对应"
        constraints = (
            models.UniqueConstraint(fields=["district_code", "fingerprint"], name="mapping_remembered_once"),
        )

    def __str__(self) -> str:
        return self.ledger
