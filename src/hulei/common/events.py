"""What has happened, for others to follow: published by actions, delivered after commit.

An event says what changed, never how it is now: a subscriber reads that for itself, so an event
may be delivered late, twice or out of order. It holds codes and numbers, nothing personal. Who
listens is told in one place only, ``journeys.wiring``; ``carry_by`` connects the two at start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeAlias

from hulei.common.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SchoolsMoved:
    """Schools that have another town or station."""

    school_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AgenciesMoved:
    """Offices that have another town, or became a station or ceased to be one."""

    agency_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroundMoved:
    """Addresses that may lie elsewhere now: another station, grid or town.

    ``villages`` and ``towns`` are codes, former ones included; ``everywhere`` after an area was added,
    which addresses of any place may have meant.
    """

    towns: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class MinorsAdded:
    """Children that somebody entered by hand; rows of registers open their files themselves."""

    minor_ids: tuple[int, ...]


Event: TypeAlias = SchoolsMoved | AgenciesMoved | GroundMoved | MinorsAdded
_EVENTS = (SchoolsMoved, AgenciesMoved, GroundMoved, MinorsAdded)
EVENTS: Mapping[str, type[Any]] = {one.__name__: one for one in _EVENTS}
Carrier = Callable[[Event, Viewer, datetime], None]


class Unconnected(RuntimeError):
    """Nobody carries events: the wiring was not connected at start."""


_carriers: list[Carrier] = []


def carry_by(carrier: Carrier) -> None:
    """From now on give every published event to ``carrier``, within the publisher's transaction."""
    _carriers[:] = [carrier]


def publish(event: Event, *, by: Viewer, at: datetime) -> None:
    """Tell that something has happened. Stands or falls with the running transaction.

    Raises Unconnected rather than letting an event go unheard.
    """
    if not _carriers:
        raise Unconnected
    _carriers[0](event, by, at)


def written(event: Event) -> dict[str, Any]:
    """The event as JSON."""
    return asdict(event)


def read(name: str, body: Mapping[str, Any]) -> Event:
    """The event of :func:`written`. Raises KeyError for an unknown name."""
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
    found: Event = EVENTS[name](**plain)
    return found
