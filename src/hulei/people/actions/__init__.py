"""Writing about children: what registers say, where a child belongs, edits by hand, contacts."""

from hulei.people.actions.editing import reveal_contact, save_minor
from hulei.people.actions.registers import Said, open_minors, redirect, take_in
from hulei.people.actions.scope import follow_ground, follow_schools, refresh_scope

__all__ = [
    "Said",
    "follow_ground",
    "follow_schools",
    "open_minors",
    "redirect",
    "refresh_scope",
    "reveal_contact",
    "save_minor",
    "take_in",
]
