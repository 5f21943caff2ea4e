"""The one table of who hears of what: event -> functions. Each reads how things are now and follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hulei.campus import actions as campus
from hulei.common.events import AgenciesMoved, GroundMoved, MinorsAdded, SchoolsMoved
from hulei.governance import actions as governance
from hulei.outreach import actions as outreach
from hulei.people import actions as people
from hulei.prevention import actions as prevention

# Called with the event, by= and at=, in a transaction of its own that sees all rows. Must bear a repetition.
Subscriber = Callable[..., None]

SUBSCRIBERS: Mapping[type[Any], Mapping[str, Subscriber]] = MappingProxyType(
    {
        SchoolsMoved: {
            "people.follow_schools": people.follow_schools,
            "prevention.follow_schools": prevention.follow_schools,
            "campus.follow_schools": campus.follow_schools,
            "outreach.follow_schools": outreach.follow_schools,
        },
        MinorsAdded: {"prevention.follow_minors": prevention.follow_minors},
        AgenciesMoved: {"governance.follow_agencies": governance.follow_agencies},
        GroundMoved: {
            "people.follow_ground": people.follow_ground,
            "prevention.follow_ground": prevention.follow_ground,
        },
    }
)
