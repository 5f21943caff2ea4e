"""Write docs/metrics.md and docs/ledgers.md from what the program itself declares.

``reference_pages.py`` writes them; a test compares. What is written by hand in them stands here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def metrics_page() -> str:
    """docs/metrics.md."""
    return "\n".join(_metrics()) + "\n"


def ledgers_page() -> str:
    """docs/ledgers.md."""
    return "\n".join(_ledgers()) + "\n"


def _metrics() -> Iterator[str]:
    from hulei.insight.metrics import METRICS
    from hulei.insight.terms import Chapter

    yield from METRICS_HEAD.splitlines()
    for chapter in Chapter:
        found = [one for one in METRICS.values() if one.chapter == chapter]
        if not found:
            continue
        yield f"\n## {chapter.label.zh} · {chapter.label.en}"
        for one in found:
            base = f" · 分母 denominator: {one.base_title.zh} {one.base_title.en}" if one.base_title else ""
            yield f"\n### `{one.id}` {one.title.zh} · {one.title.en}\n"
            yield f"{one.definition.zh}\n"
            yield f"{one.definition.en}\n"
            yield (
                f"单位 unit: {one.unit.zh} {one.unit.en} · 版本 version: {one.version}{base}"
                f" · 可见 for: {one.audience.label.zh} {one.audience.label.en}"
            )


def _ledgers() -> Iterator[str]:
    from hulei.intake.reading.templates import Column, load_templates

    def kind(column: Column) -> str:
        named = dict(TYPES)[column.type]
        if column.choice_labels:
            named += "：" + "、".join(word for word in column.choice_labels.values())
        return named

    yield from LEDGERS_HEAD.splitlines()
    for one in load_templates():
        yield f"\n## `{one.id}` {one.title.zh} · {one.title.en}\n"
        yield "| 列 column | 字段 field | 内容 content | 也认作 also recognised as |"
        yield "|---|---|---|---|"
        for column in one.columns:
            must = " **必填 required**" if column.required else ""
            also = "、".join(column.synonyms)
            yield f"| {column.label.zh} {column.label.en}{must} | `{column.name}` | {kind(column)} | {also} |"


METRICS_HEAD = """# Figures · 指标

Each figure has an id, a definition and a version; its value is an aggregate of rows that can be
opened. Definitions change only with their version. This page is written by
`scripts/reference_pages.py` from the definitions themselves.

- **Period, as-of day, area.** Any period; nothing dated after the as-of day counts. An area is the
  district, a town, a village, a station, a school or a grid.
- **Everyone sees the same number** where they may see the figure at all; the rows below it are
  those in the viewer's own scope ("412 counted, 37 visible to you").
- **Who sees it.** Some figures are for all partners. Those about single children are shown to
  partners outside police and procuratorate only for the whole district, without months, and a
  number below 5 as `<5`, so that no subtraction reveals a child. Those about offences are for
  police and procuratorate alone.
- `null` (shown `--`) means that there is no base to compare with, never zero.
"""

LEDGERS_HEAD = """# Ledgers · 台账

What Hulei takes in from the offices' own sheets: .xlsx, .xls, .ods, .csv. This page is written by
`scripts/reference_pages.py` from the column templates.

- **Recognised by its heads.** Titles, notes, merged heads, total rows, blank rows, other columns
  and another order do no harm. A column that is not known by name is mapped once by hand on the
  preview page and remembered for sheets with the same heads. Columns that Hulei does not read are
  kept as they are beside the record.
- **Read as meant.** Real dates and 2023.10.27, 2023年10月27日, 20231027, 2023/10/27; full-width
  digits, odd spaces; GBK, GB18030 and UTF-8 files.
- **Handed back, never guessed.** A row with an id that a spreadsheet has rounded, without a
  required value, with an impossible date, or naming an office or school that the roster does not
  know comes back in the same sheet with the reason. An id whose check digit is wrong is taken in
  with a warning and never relied on.
- **The same sheet again changes nothing**; a corrected one fills in what was missing and changes what
  differs, except what somebody has edited by hand since: that stands, and the row carries a warning.
- **Order.** Rosters first (offices, stations, schools, grids): the other ledgers name them.

Faults are named by code, in the JSON of `hulei intake PATH --json` and on the result page: see [the
command line](cli.md#intake--导入台账).
"""

TYPES = (
    ("text", "文字 text"),
    ("name", "姓名 name"),
    ("int", "整数 whole number"),
    ("decimal", "数 number"),
    ("date", "日期 date"),
    ("datetime", "日期时间 date and time"),
    ("time_range", "时段 from-to"),
    ("yes_no", "是/否 yes or no"),
    ("national_id", "身份证号 national id"),
    ("phone", "电话 phone"),
    ("choice", "选项 one of"),
    ("list", "多项，用、分隔 several"),
    ("document_no", "文号 document number"),
)


def main() -> int:
    """Write both pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hulei.config.settings.test")
    import django

    django.setup()
    (DOCS / "metrics.md").write_text(metrics_page(), encoding="utf-8")
    (DOCS / "ledgers.md").write_text(ledgers_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
