"""Fixtures that several stories share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import browser

__all__ = ["browser"]


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The district of ``tests.stage``, made once for a module and undone after it."""
    from django.db import connections

    from tests import stage

    with django_db_blocker.unblock():
        with stage.savepoint():
            yield stage.build()
        connections.close_all()


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """A test on the stage runs in a savepoint of its module's transaction, any other as usual."""
    from tests import stage

    if "stage" not in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        yield
        return
    with django_db_blocker.unblock(), stage.savepoint():
        yield


@pytest.fixture
def stage(_standing: Any, _django_db_helper: None, settings: Any) -> Any:
    """The district of ``tests.stage``; what a test changes in it is undone. Mark the test ``django_db``."""
    from django.core.cache import cache

    from tests import stage as parts

    settings.HULEI_TODAY = parts.TODAY
    cache.clear()
    _standing.clients.clear()
    return _standing
