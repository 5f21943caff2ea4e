"""Opening accounts, granting roles, assigning children; and the course of every save."""

from hulei.access.actions.accounts import (
    assign_child,
    change_account,
    end_assignment,
    end_grant,
    follow_merge,
    grant_role,
    open_account,
    save_account,
    save_grant,
    set_password,
)
from hulei.access.actions.saving import save_record

__all__ = [
    "assign_child",
    "change_account",
    "end_assignment",
    "end_grant",
    "follow_merge",
    "grant_role",
    "open_account",
    "save_account",
    "save_grant",
    "save_record",
    "set_password",
]
