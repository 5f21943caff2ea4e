"""Writing meetings, resolutions, directives and assignments: from ledgers and from pages."""

from hulei.governance.actions.following import follow_agencies
from hulei.governance.actions.saving import (
    save_assignment,
    save_directive,
    save_joint_meeting,
    save_resolution,
)
from hulei.governance.actions.taking_in import (
    take_in_directive_assignments,
    take_in_joint_meetings,
    take_in_resolutions,
)

__all__ = [
    "follow_agencies",
    "save_assignment",
    "save_directive",
    "save_joint_meeting",
    "save_resolution",
    "take_in_directive_assignments",
    "take_in_joint_meetings",
    "take_in_resolutions",
]
