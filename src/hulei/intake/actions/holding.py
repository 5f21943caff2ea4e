"""Locks that end with the connection: a killed process leaves none behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

_SHEET = 0x1E6E
_DISTRICT = 0x1E6F
_ASK_AGAIN_SECONDS = 0.2


@contextmanager
def sheet_held(sheet_id: int, *, wait: bool) -> Iterator[bool]:
    """Whether this process alone runs the sheet now. With ``wait``, once the other one is done."""
    with _held(_SHEET, sheet_id, wait=wait) as got:
        yield got


@contextmanager
def district_held(district: str, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Commands of one district take in one after the other: each tells what became of its own files.

    ``waiting`` is called once if another command is at it.
    """
    with _held(_DISTRICT, int(district), wait=False) as got:
        if got:
            yield
            return
    waiting()
    with _held(_DISTRICT, int(district), wait=True):
        yield


@contextmanager
def _held(kind: int, number: int, *, wait: bool) -> Iterator[bool]:
    while not (got := _ask("pg_try_advisory_lock", kind, number)) and wait:
        time.sleep(_ASK_AGAIN_SECONDS)
    try:
        yield got
    finally:
        # A lost connection has let go already, and must not hide why it was lost.
        if got and connection.is_usable():
            _ask("pg_advisory_unlock", kind, number)


def _ask(function: str, kind: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [kind, number])
        return bool(cursor.fetchone()[0])
