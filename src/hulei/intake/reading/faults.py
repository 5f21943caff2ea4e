"""The faults a cell can have: stable codes, their level, and words that say what to do.

Messages never repeat an id, a phone, a name or an address; the row itself stands beside them.
"""

from __future__ import annotations

from hulei.common.landing import Finding, Level
from hulei.common.text import Text

ERRORS: dict[str, Text] = {
    "name_missing": Text(
        "没有填写姓名。请补填后重新上传。", "The name is missing. Fill it in and upload again."
    ),
    "value_missing": Text("必填项没有填写。", "A required cell is empty."),
    "date_invalid": Text(
        "日期不存在或写法无法识别,应如 2023-10-27。",
        "No such date, or its spelling cannot be read; write it like 2023-10-27.",
    ),
    "date_incomplete": Text(
        "日期不完整,请写明四位年份、月、日,如 2023-10-27。",
        "The date is incomplete; write a four-digit year, month and day, like 2023-10-27.",
    ),
    "time_invalid": Text(
        "时段写法无法识别,应如 07:10-07:50,且起在止之前。",
        "The time slot cannot be read; write it like 07:10-07:50, start before end.",
    ),
    "national_id_rounded": Text(
        "身份证号被表格软件按数字存储,末几位已失真。请把该列设为文本格式,照原件重新填写 18 位号码。",
        "The spreadsheet stored the id as a number and its last digits are lost. Format the column as text "
        "and type all 18 characters again from the document.",
    ),
    "national_id_invalid": Text(
        "身份证号位数或字符不对,应为 18 位。请照原件核对。",
        "The id has a wrong length or wrong characters; it must have 18. Check it against the document.",
    ),
    "number_invalid": Text("这里应填数字。", "A number belongs here."),
    "number_rounded": Text(
        "编号被表格软件按数字存储,末几位已失真。请把该列设为文本格式后重新填写。",
        "The spreadsheet stored the number rounded; format the column as text and type it again.",
    ),
    "choice_unknown": Text(
        "填写的内容不在可选范围内:{allowed}。", "Not one of the allowed values: {allowed}."
    ),
    "formula_injection": Text(
        "单元格以公式或命令形式开头,为安全起见不予读取。请改为普通文字或数值。",
        "The cell starts like a formula or a command and is not read, for safety. Put plain text or a value.",
    ),
    "cell_error": Text(
        "单元格是公式错误值(如 #REF!)。请改为实际内容。",
        "The cell holds a formula error such as #REF!. Put the real content.",
    ),
    "cell_too_long": Text(
        "单元格文字过长,不像是台账内容。请检查。",
        "The text of the cell is too long for a ledger. Check it.",
    ),
}

WARNINGS: dict[str, Text] = {
    "national_id_checksum": Text(
        "身份证号校验位不符,已收下但不作为确定的号码使用。请照原件核对。",
        "The check digit of the id is wrong. It was taken in but is never relied on; check the document.",
    ),
    "national_id_old": Text(
        "这是 15 位旧身份证号,不作为确定的号码使用。请补填 18 位号码。",
        "This is an old id of 15 digits and is not used as certain. Fill in the one of 18.",
    ),
    "phone_invalid": Text(
        "电话号码位数或写法不对,已按原样收下。", "The phone number looks wrong; kept as written."
    ),
    "phone_several": Text(
        "填了多个电话,只取第一个作为联系电话。",
        "Several phone numbers; only the first is used.",
    ),
    "date_implausible": Text(
        "日期在今天之后或太久远,请核对。", "The date lies in the future or too far back; check it."
    ),
    "choice_unknown": Text(
        "填写的内容不在常用范围内,已按“其他”或空白处理:{allowed}。",
        "Not one of the usual values, taken as other or empty: {allowed}.",
    ),
}


def finding(code: str, column: str, *, level: Level = "error", allowed: str = "") -> Finding:
    """The finding for a fault in a column, named as in the sheet."""
    text = (ERRORS if level == "error" else WARNINGS)[code].fill(allowed=allowed)
    return Finding(column=column, code=code, message=text.zh, message_en=text.en, level=level)


def level_of(code: str) -> Level:
    """Error unless the code is only ever a warning."""
    return "error" if code in ERRORS else "warning"
