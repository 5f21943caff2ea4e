"""The empty sheet of a ledger, for offices that start one."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from hulei.intake.reading.templates import Column, Template

# Rows that are prepared with formats and drop-down lists.
PREPARED_ROWS = 500
# Excel takes no longer list of words in a cell's own rule.
_MAX_LIST = 255
_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "int": "0", "decimal": "General"}


def blank_sheet(template: Template) -> bytes:
    """An xlsx with title and head words; required columns carry a star, choices a drop-down list."""
    body = BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        page = book.add_worksheet(template.title.zh[:31].translate(str.maketrans("[]:*?/\\", "       ")))
        page.write_string(0, 0, template.title.zh, book.add_format({"bold": True, "font_size": 14}))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for index, column in enumerate(template.columns):
            style = book.add_format({"num_format": _FORMATS.get(column.type, "@")})
            page.set_column(index, index, 22 if column.type == "national_id" else 15, style)
            page.write_string(1, index, column.label.zh + ("*" if column.required else ""), head)
            words = _words(column)
            if words:
                rule = {"validate": "list", "source": words, "error_type": "warning"}
                page.data_validation(2, index, 1 + PREPARED_ROWS, index, rule)
        page.freeze_panes(2, 0)
    return body.getvalue()


def _words(column: Column) -> list[str]:
    words = ["是", "否"] if column.type == "yes_no" else list((column.choice_labels or {}).values())
    return words if len(",".join(words)) <= _MAX_LIST else []
