"""An office that sends its ledgers: sheets with made-up rows, written in any shape and taken in for real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import timezone

from hulei.access import queries as access
from hulei.access.rules import VIEWPOINT_OF, permissions
from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.landing import Finding
from hulei.common.viewer import Viewer
from hulei.intake import actions, queries
from hulei.intake.queries import Sheet
from hulei.intake.tests.reading.sheets import write_csv, write_ods, write_xls, write_xlsx
from hulei.journeys import ledger_intake
from hulei.prevention.tests.children import HOME, SCHOOL, national_id
from tests import ground

Row = dict[str, Any]
CHILD = ("序号", "姓名", "性别", "出生日期", "身份证号", "就读学校", "监护人", "监护人电话", "家庭住址")
EDUCATION = (*CHILD, "不良行为类别", "发生日期", "核实情况", "报告人")
POLICE = (*CHILD, "行为类别", "行为日期", "文书号", "办案单位")
CARE = (*CHILD, "儿童类别", "监护情况", "委托照护书")
HAZARDS = ("隐患编号", "发现日期", "学校", "类别", "隐患描述", "等级", "整改时限", "整改日期", "复查情况")
TITLES = {
    EDUCATION: "学生不良行为与控辍保学台账",
    POLICE: "严重不良行为未成年人矫治教育台账",
    CARE: "农村留守儿童和困境儿童信息台账",
    HAZARDS: "校园安全隐患排查整改台账",
}
OPERATOR = access.operator(ground.DISTRICT)
_SURNAMES, _GIVEN = "莫王李苏容龙罗曾周石", "建静怡强勇娟英熙晨曦"


def child(serial: int, **more: Any) -> Row:
    """A made-up child with an id, a guardian and a phone of their own."""
    born = date(2010, 1, 1 + serial % 28)
    name = _SURNAMES[serial % 10] + _GIVEN[serial // 10 % 10] + _GIVEN[serial // 100 % 10]
    return {
        "序号": serial,
        "姓名": name,
        "性别": "男",
        "出生日期": born,
        "身份证号": national_id(serial % 1000, born),
        "就读学校": SCHOOL,
        "监护人": f"{name[0]}家",
        "监护人电话": f"199{serial:08d}",
        "家庭住址": HOME,
        **more,
    }


def education(serial: int, **more: Any) -> Row:
    """A row of the education register."""
    told = {"不良行为类别": "多次旷课", "发生日期": date(2023, 5, 6), "核实情况": "已核实"}
    return child(serial, **{**told, "报告人": "班主任", **more})


def police(serial: int, **more: Any) -> Row:
    """A row of the police register."""
    told = {"行为类别": "盗窃", "行为日期": date(2023, 4, 6), "办案单位": "石头埠派出所"}
    return child(serial, **{**told, "文书号": f"公(铁)矫字〔2023〕{serial}号", **more})


def hazard(serial: int, **more: Any) -> Row:
    """A row of the hazards."""
    told = {"发现日期": date(2023, 3, 1), "学校": SCHOOL, "类别": "物防", "隐患描述": "灭火器过期"}
    return {"隐患编号": f"YH2023-{serial:03d}", **told, "等级": "一般", **more}


def grid(head: Sequence[str], rows: Sequence[Row], *, titled: bool = True) -> list[list[Any]]:
    """The cells of a sheet: title, head, rows."""
    top = [[TITLES[tuple(head)]]] if titled and tuple(head) in TITLES else []
    return [*top, list(head), *([row.get(word) for word in head] for row in rows)]


def write(path: Path, head: Sequence[str], rows: Sequence[Row], **more: Any) -> Path:
    """A file in the format that its name says."""
    cells = grid(head, rows, **more)
    if path.suffix == ".csv":
        cells = [[c.isoformat() if isinstance(c, date) else c for c in line] for line in cells]
    writer: Any = {".xlsx": write_xlsx, ".csv": write_csv, ".xls": write_xls, ".ods": write_ods}
    written: Path = writer[path.suffix](path, cells)
    return written


@dataclass(frozen=True)
class Told:
    """What the sender of one sheet is told."""

    rows: int
    accepted: int
    unchanged: int
    rejected: int
    codes: Counter[str]

    @property
    def counts(self) -> tuple[int, int, int]:
        """(accepted, unchanged, rejected)."""
        return self.accepted, self.unchanged, self.rejected


def told(sheet: Sheet, by: Viewer = OPERATOR) -> Told:
    """Read a sheet's result as its sender would."""
    with walls.entered(by):
        sheet = queries.sheets(by).get(pk=sheet.pk)
        codes = Counter(fault.code for _, fault in queries.faults(sheet))
        codes.update(fault.code for fault in queries.findings_of(sheet.findings))
    return Told(sheet.rows_done, sheet.accepted, sheet.unchanged, sheet.rejected, codes)


def taken_in(*paths: Path, by: Viewer = OPERATOR) -> list[Told]:
    """Take files in as the command does; what became of every sheet, in order."""
    uploads = ledger_intake.take_in_files(paths, by=by, progress=lambda sheet: None)
    sheets: list[Sheet] = []
    for upload in uploads:
        assert not isinstance(upload, Finding), upload
        sheets += upload.sheets.order_by("position")
    return [told(sheet, by) for sheet in sheets]


def sent(path: Path, by: Viewer) -> list[Sheet]:
    """Upload a file as a person does on the pages, and confirm it; the job has not run yet."""
    with path.open("rb") as file:
        upload = actions.receive(by=by, at=timezone.now(), file=file, name=path.name)
    with walls.entered(by):
        actions.confirm(by=by, at=timezone.now(), upload_id=upload.pk)
        return list(queries.sheets(by).filter(upload=upload).order_by("position"))


def work() -> None:
    """Run all waiting sheets as the job does."""
    while ledger_intake.run_next(stop=lambda: False):
        pass


def member(role: Role, account_id: int) -> Viewer:
    """Somebody of the district in a role."""
    return replace(
        OPERATOR,
        account_id=account_id,
        name=role.label.zh,
        role=role.value,
        viewpoint=VIEWPOINT_OF[role],
        permissions=permissions(role),
    )


# What a second pass may add: its own uploads, what tells of it, and which source row said what.
_TOLD_OF = ("intake_", "audit_", "linkage_", "django_", "auth_")


def contents() -> Mapping[str, int]:
    """Rows of every table that records of the district live in."""
    models = [m for m in apps.get_models() if not m._meta.db_table.startswith(_TOLD_OF)]
    return {m._meta.db_table: m._base_manager.count() for m in models}
