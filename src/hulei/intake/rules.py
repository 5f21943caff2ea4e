"""Which office may take in which ledgers, and when two rows say the same. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hulei.access.terms import Role
from hulei.common.landing import Finding
from hulei.common.text import Text

# Ledgers that an office keeps itself. Whoever keeps the district's files takes in all of them.
_ALL = frozenset({Role.BUREAU_OFFICE, Role.OPERATOR})
_OWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        Role.EDUCATION_OFFICER: frozenset(
            {
                "schools",
                "lectures",
                "register_education",
                "hazards",
                "equipment",
                "drills",
                "guard_posts",
                "parent_concerns",
            }
        ),
        Role.CIVIL_AFFAIRS_OFFICER: frozenset({"register_civil_affairs"}),
    }
)
NOT_YOURS = Text(
    "“{what}”不属于您所在单位可以导入的台账，未导入。请交由主管单位或区未保办导入。",
    'Your office does not take in "{what_en}": nothing was taken in. Hand it to the office that keeps it.',
)

# Instructions that lie beside the ledgers of a workbook: worth a word, no reason to hand anything back.
NO_LEDGER = Finding(
    "",
    "sheet_no_ledger",
    "此工作表不是表格（如填表说明），未读取。",
    "This sheet is no table (instructions, perhaps) and was not read.",
    "warning",
)


def may_take_in(role: str, ledger: str) -> bool:
    """Whether a role may take in a ledger of this kind."""
    return role in _ALL or ledger in _OWN.get(role, frozenset())


def not_yours(title: Text) -> Finding:
    """The finding on a sheet that its sender's office does not keep."""
    text = NOT_YOURS.fill(what=title.zh, what_en=title.en)
    return Finding("", "ledger_not_yours", text.zh, text.en)


def sees_own_rows_only(role: str) -> bool:
    """Whether a result must be told from the office's own rows alone.

    What became of a row depends on what other offices have said of the same child; an office that
    does not know them must not learn it from "unchanged" where it expected "taken in".
    """
    return role not in _ALL


def statement(ledger: str, values: Mapping[str, Any]) -> str:
    """All that a row says, as one text: equal for the same row of another file, in whatever order."""
    told = {name: str(value) for name, value in values.items() if value not in (None, "", (), [])}
    return json.dumps([ledger, sorted(told.items())], ensure_ascii=False)
