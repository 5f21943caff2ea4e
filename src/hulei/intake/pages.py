"""The page of uploads: what was sent in, by whom, and what became of it."""

from __future__ import annotations

from typing import Any

from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.intake import queries
from hulei.intake.terms import SheetState


def _sum(name: str) -> Any:
    return lambda upload: sum(getattr(s, name) for s in upload.sheets.all())


def _states(upload: Any) -> str:
    return "、".join(sorted({str(SheetState.label_of(s.state)) for s in upload.sheets.all()}))


def _sheets(viewer: Viewer, upload: Any) -> Any:
    return queries.sheets(viewer).filter(upload=upload).order_by("position")


COLUMNS = (
    Column("file_name", Text("文件", "File")),
    Column("uploaded_by_name", Text("上传人", "Sent by")),
    Column("uploaded_at", Text("时间", "Time"), "datetime"),
    Column("states", Text("状态", "State"), value=_states),
    Column("accepted", Text("收入", "Taken in"), "number", value=_sum("accepted")),
    Column("unchanged", Text("无变化", "Unchanged"), "number", value=_sum("unchanged")),
    Column("rejected", Text("退回", "Handed back"), "number", value=_sum("rejected")),
)

UPLOAD = Page(
    kind="intake.upload",
    title=Text("导入记录", "Uploads"),
    group="intake",
    rows=queries.uploads,
    columns=COLUMNS,
    order=("-id",),
    name=lambda u: u.file_name,
    search=("file_name__contains",),
    filters=(Filter("uploaded", Text("时间", "Time"), "date_range", "uploaded_at"),),
    sections=(
        Section(Text("文件", "File"), COLUMNS),
        Section(
            Text("工作表", "Sheets"),
            (
                Column("name", Text("工作表", "Sheet")),
                Column("ledger", Text("台账", "Ledger")),
                Column("state", Text("状态", "State"), value=lambda s: SheetState.label_of(s.state)),
                Column("rows_done", Text("行数", "Rows"), "number"),
                Column("accepted", Text("收入", "Taken in"), "number"),
                Column("unchanged", Text("无变化", "Unchanged"), "number"),
                Column("rejected", Text("退回", "Handed back"), "number"),
            ),
            rows=_sheets,
        ),
    ),
)

PAGES = (UPLOAD,)
