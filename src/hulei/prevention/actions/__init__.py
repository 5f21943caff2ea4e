"""Taking in and editing calls, clues, registers, cases and visits."""

from hulei.prevention.actions.calls import take_in_police_calls
from hulei.prevention.actions.cases import take_in_cases, take_in_clues
from hulei.prevention.actions.editing import save_case, save_clue, save_police_call, save_visit
from hulei.prevention.actions.following import follow_ground, follow_minors, follow_schools
from hulei.prevention.actions.registers import (
    open_dossiers,
    take_in_register_civil_affairs,
    take_in_register_education,
    take_in_register_grid,
    take_in_register_police,
)

__all__ = [
    "follow_ground",
    "follow_minors",
    "follow_schools",
    "open_dossiers",
    "save_case",
    "save_clue",
    "save_police_call",
    "save_visit",
    "take_in_cases",
    "take_in_clues",
    "take_in_police_calls",
    "take_in_register_civil_affairs",
    "take_in_register_education",
    "take_in_register_grid",
    "take_in_register_police",
]
