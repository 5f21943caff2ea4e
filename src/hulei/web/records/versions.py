"""The version of a record as its editor carries it between reading and saving.

On a child's records it is a mark and not a count: ``3`` on a file that an office saw once would tell
that somebody else has written in it since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from hulei.common.pages import Page
from hulei.common.viewer import Viewer

_BELOW = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """All that somebody may know of what is stored instead of what they read."""

    version: int | None


def shown(page: Page, viewer: Viewer, record: Any) -> int | None:
    """The version for whoever may trace changes; a mark of nine digits at most for anybody else."""
    version = getattr(record, "version", None)
    if version is None or not page.trace or viewer.may(page.trace):
        return version
    digest = salted_hmac("hulei.version", f"{page.kind} {record.pk} {version}").digest()
    return int.from_bytes(digest[:8], "big") % _BELOW


def meant(page: Page, viewer: Viewer, record: Any, told: int) -> int:
    """The version that somebody carried; nought, which is never current, where it is not the present one."""
    return record.version if told == shown(page, viewer, record) else 0
