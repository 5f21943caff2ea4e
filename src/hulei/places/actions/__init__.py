"""Writes of places: founding a district, taking rosters in, edits on a page."""

from hulei.places.actions.founding import found_district
from hulei.places.actions.saving import (
    save_agency,
    save_area,
    save_grid,
    save_police_grid,
    save_school,
)
from hulei.places.actions.taking_in import (
    take_in_agencies,
    take_in_grids,
    take_in_schools,
    take_in_stations,
)

__all__ = [
    "found_district",
    "save_agency",
    "save_area",
    "save_grid",
    "save_police_grid",
    "save_school",
    "take_in_agencies",
    "take_in_grids",
    "take_in_schools",
    "take_in_stations",
]
