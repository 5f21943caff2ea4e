"""Where a form shows what an action complained of."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from hulei.common.text import Text

TWICE = Text("已有一条相同的记录，请核对后再填。", "There is one like this already; please check.")


def placed(problem: ValidationError, fields: Collection[str]) -> list[tuple[str, ValidationError]]:
    """(field, complaint) in order; the field is empty for what belongs on top of the form."""
    if not hasattr(problem, "error_dict"):
        return [("", fault) for fault in problem.error_list]
    found = []
    for name, faults in problem.error_dict.items():
        for fault in faults:
            if name == NON_FIELD_ERRORS and (doubled := _doubled(fault, fields)):
                found.append((doubled, ValidationError(str(TWICE))))
            else:
                found.append((name if name in fields else "", fault))
    return found


def _doubled(fault: ValidationError, fields: Collection[str]) -> str:
    """The field that repeats another record's, of a complaint that names columns nobody typed."""
    if fault.code != "unique_together":
        return ""
    checked = [name.removesuffix("_key") for name in (fault.params or {}).get("unique_check", ())]
    return next((name for name in reversed(checked) if name in fields), "")
