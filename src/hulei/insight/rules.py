"""The arithmetic of the figures, and who may see which. Pure; days are passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hulei.common.viewer import Viewpoint
from hulei.insight.terms import Audience

# Local choice after the habit of official statistics: a partner sees no number of children below this.
SMALL_CELL = 5

# Days outside are slips of the keyboard, and beyond what calendars can reckon with.
EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)

# Police calls and the police register are read by the police themselves and by whoever supervises them.
ENCLAVE_VIEWPOINTS = frozenset(
    {Viewpoint.POLICE_DISTRICT, Viewpoint.POLICE_STATION, Viewpoint.PROSECUTION, Viewpoint.WORKER}
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric came to: its value, what it was made of, and how many rows it counted.

    ``value`` is None where there is no base to compare with. Counts are whole numbers; percentages
    are decimals with two places.
    """

    value: int | Decimal | None
    numerator: int | None
    denominator: int | None
    rows: int


def is_sensible(day: date) -> bool:
    """Whether a day can be asked for: between :data:`EARLIEST` and :data:`LATEST`."""
    return EARLIEST <= day <= LATEST


def percent_change(now: int, before: int) -> Decimal | None:
    """The change to ``now`` in percent, two places, halves away from zero; 98 -> 65 is -33.67.

    None where nothing was there before: a growth from nought has no percentage.
    """
    if before == 0:
        return None
    return (Decimal(now - before) * 100 / Decimal(before)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def month_number(day: date) -> int:
    """Months since the year 0: neighbours differ by one."""
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    """The first day of a :func:`month_number`."""
    return date(number // 12, number % 12 + 1, 1)


def zero_months(as_of: date, last_event: date | None, first_record: date | None) -> tuple[date, ...]:
    """The first days of the calendar months without an event, counted back from the month of ``as_of``.

    That month is included; the count ends before the month of ``last_event`` (the latest by
    ``as_of``), or with the month of ``first_record``: earlier months are unknown, not empty. Newest first.
    """
    if first_record is None or first_record > as_of:
        return ()
    oldest = month_number(first_record) if last_event is None else month_number(last_event) + 1
    return tuple(month_start(number) for number in range(month_number(as_of), oldest - 1, -1))


def months_on_record(as_of: date, first_record: date | None) -> int:
    """Calendar months from that of the first record to that of ``as_of``, both included."""
    if first_record is None or first_record > as_of:
        return 0
    return month_number(as_of) - month_number(first_record) + 1


def may_see(audience: Audience, viewpoint: Viewpoint) -> bool:
    """Whether a figure is for this viewpoint at all; the enclave's figures are not even named to partners."""
    return audience is not Audience.ENCLAVE or viewpoint in ENCLAVE_VIEWPOINTS


def hides(audience: Audience, viewpoint: Viewpoint, rows: int) -> bool:
    """Whether a figure is shown only as "<5": a partner looks at few children.

    Nought counts as few: that there is none in a town may tell as much as that there is one.
    """
    return audience is Audience.CHILDREN and viewpoint not in ENCLAVE_VIEWPOINTS and rows < SMALL_CELL


def whole_district_only(audience: Audience, viewpoint: Viewpoint) -> bool:
    """Whether a figure is given for the district only.

    A partner who got numbers of children by town could find a hidden one by subtraction.
    """
    return audience is Audience.CHILDREN and viewpoint not in ENCLAVE_VIEWPOINTS


def plain_digits(value: int | Decimal | None) -> str | None:
    """A value as plain digits: 4920, -33.67; None stays None."""
    return None if value is None else str(value)
