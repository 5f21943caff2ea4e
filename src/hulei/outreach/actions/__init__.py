"""Writing lectures and legal vice-principals: from ledgers and from pages."""

from hulei.outreach.actions.following import follow_schools
from hulei.outreach.actions.saving import save_lecture, save_legal_vice_principal
from hulei.outreach.actions.taking_in import appoint_from_roster, take_in_lectures

__all__ = [
    "appoint_from_roster",
    "follow_schools",
    "save_lecture",
    "save_legal_vice_principal",
    "take_in_lectures",
]
