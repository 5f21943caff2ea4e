"""Writing hazards, equipment, drills, guard posts and parents' concerns: from ledgers and from pages."""

from hulei.campus.actions.following import follow_schools
from hulei.campus.actions.saving import (
    save_drill,
    save_equipment,
    save_guard_post,
    save_hazard,
    save_parent_concern,
)
from hulei.campus.actions.taking_in import (
    take_in_drills,
    take_in_equipment,
    take_in_guard_posts,
    take_in_hazards,
    take_in_parent_concerns,
)

__all__ = [
    "follow_schools",
    "save_drill",
    "save_equipment",
    "save_guard_post",
    "save_hazard",
    "save_parent_concern",
    "take_in_drills",
    "take_in_equipment",
    "take_in_guard_posts",
    "take_in_hazards",
    "take_in_parent_concerns",
]
