"""How much a file may ask of the machine before it is refused. Local choices, not law."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one upload; sizes in bytes."""

    file_bytes: int = 64 * MB
    # all parts of a zipped workbook together, unpacked
    unpacked_bytes: int = 1536 * MB
    # office sheets pack 5 to 30 times; bombs a thousand times
    ratio: int = 250
    # small files may pack as well as they like
    ratio_from_bytes: int = 48 * MB
    parts: int = 5_000
    # cells of an xls or ods sheet's bounding box, which the reader holds in memory or walks through
    box_cells: int = 8_000_000


STANDARD = Limits()
