"""Why a source row belongs to a child. Pure."""

from __future__ import annotations

from hulei.common.text import Term


class LinkRule(Term):
    """The evidence by which a row was put to a child's file."""

    EXACT_ID = "exact_id", "身份证号一致且校验正确", "Same id number, check digit right"
    NAME_BIRTH_PHONE = (
        "name_birth_phone",
        "姓名、出生日期、监护人电话一致",
        "Same name, birth date and guardian's phone",
    )
    RESTATED = "restated", "同一登记行再次导入", "The same register row taken in again"
    ALONE = "alone", "无可靠依据，单独建档", "No sure evidence: a file of its own"


class LinkChange(Term):
    """What happened to a row's place."""

    OPENED = "opened", "新建档案", "Opened a file"
    JOINED = "joined", "归入已有档案", "Joined a file"
    MOVED = "moved", "改归其他档案", "Moved to another file"
