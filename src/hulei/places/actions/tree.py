"""Towns and villages by their names in a roster, added where the tree lacks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hulei.places import queries, rules
from hulei.places.actions.founding import add_local_area
from hulei.places.models import Area
from hulei.places.naming import Known, areas
from hulei.places.terms import AreaLevel


@dataclass
class Tree:
    """The areas of a district while one roster is taken in."""

    district: Area
    at: datetime
    _areas: list[Area] = field(default_factory=list)
    added: int = 0

    def __post_init__(self) -> None:
        rows = Area.objects.filter(district_code=self.district.code).exclude(pk=self.district.pk)
        self._areas = list(rows.select_related("parent"))
        self._home = queries.home_names_unscoped(self.district.code)

    def town(self, name: str | None) -> Area | None:
        """The town of this name, added if need be; None for no name."""
        if not name:
            return None
        return self._find(name, AreaLevel.TOWN, None) or self._add(name, AreaLevel.TOWN, self.district)

    def village(self, name: str, town: Area | None) -> Area:
        """The village of this name: in its town, else the only one of the district, else added."""
        found = self._find(name, AreaLevel.VILLAGE, town) if town else None
        return (
            found
            or self._find(name, AreaLevel.VILLAGE, None)
            or self._add(name, AreaLevel.VILLAGE, town or self.district)
        )

    def _find(self, name: str, level: AreaLevel, town: Area | None) -> Area | None:
        among = [a for a in self._areas if a.level == level and (town is None or a.parent_id == town.pk)]
        known = [Known(a, (a.name,), a.level, a.parent.name if a.parent else "") for a in among]
        return areas(known, self._home).find(name)

    def _add(self, name: str, level: AreaLevel, parent: Area) -> Area:
        bare = rules.without_prefixes(name, self._home.all)
        if parent is not self.district:
            bare = rules.without_prefixes(bare, [parent.name])
        area = add_local_area(bare, level, parent, self.district, self.at)
        self._areas.append(area)
        self.added += 1
        return area
