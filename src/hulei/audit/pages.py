"""The ledger's page: read only, for those whose work it is to check."""

from __future__ import annotations

import json
from typing import Any

from hulei.audit import queries
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Text


def _body(entry: Any) -> dict[str, Any]:
    return json.loads(entry.payload)


COLUMNS = (
    Column("seq", Text("序号", "No."), "number"),
    Column("at", Text("时间", "Time"), "datetime"),
    Column("actor_name", Text("操作人", "Actor"), value=lambda e: _body(e)["actor_name"]),
    Column("role", Text("身份", "Role")),
    Column("tag", Text("事项", "Event")),
    Column("target", Text("对象", "Object"), value=lambda e: f"{e.target_kind} {e.target_id}".strip()),
    Column("reason", Text("理由", "Reason"), value=lambda e: _body(e)["reason"]),
)

AUDIT_ENTRY = Page(
    kind="audit.entry",
    title=Text("操作留痕", "Audit ledger"),
    group="system",
    rows=queries.entries,
    columns=COLUMNS,
    order=("-seq",),
    name=lambda e: f"#{e.seq} {e.tag}",
    filters=(
        Filter("at", Text("时间", "Time"), "date_range", "at"),
        Filter("tag", Text("事项", "Event"), "text", "tag__startswith"),
        Filter("actor", Text("操作人编号", "Actor id"), "text", "actor_id"),
    ),
    sections=(
        Section(
            Text("内容", "Content"),
            (
                *COLUMNS,
                Column("purpose", Text("目的", "Purpose"), value=lambda e: _body(e)["purpose"]),
                Column("subjects", Text("涉及未成年人", "Minors concerned"), value=lambda e: len(e.subjects)),
                Column(
                    "details",
                    Text("细节", "Details"),
                    value=lambda e: json.dumps(_body(e)["details"], ensure_ascii=False),
                ),
                Column("hash", Text("链值", "Chain value"), value=lambda e: bytes(e.hash).hex()),
            ),
        ),
    ),
)

PAGES = (AUDIT_ENTRY,)
