"""Factories of accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hulei.access.models import Account

NOON = datetime(2023, 12, 29, 4, 0, tzinfo=UTC)


@pytest.fixture
def account_factory(db: None) -> Callable[..., Account]:
    """Make an account with a known password."""

    def make(username: str, password: str = "a long pass phrase", **more: object) -> Account:
        account = Account(username=username, display_name=username, created_at=NOON, **more)
        account.set_password(password)
        account.save()
        return account

    return make
