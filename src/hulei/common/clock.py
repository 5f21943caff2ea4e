"""The day that pages take for today."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Today in China; in the demo year, the day on which its story ends."""
    return date.fromisoformat(settings.HULEI_TODAY) if settings.HULEI_TODAY else timezone.localdate()
