"""Fixtures that several stories share."""

from tests.browser import browser

__all__ = ["browser"]
