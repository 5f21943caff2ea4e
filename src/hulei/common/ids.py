"""Ids that tell nothing: unique, never reused, in no order that anybody without the key could read.

A child's file that the police opened would otherwise stand before one that a school opened, and a
partner who counts numbers would know. The ids are a keyed permutation of a sequence, so that they
never collide and need no second look.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.db import connection, models

SEQUENCE = "hulei_scattered_ids"
_HALF = 20  # bits; ids have 40, at most 13 digits, exact in JSON and spreadsheets
_MASK = (1 << _HALF) - 1
_ROUNDS = 6
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to misread


def scattered(serial: int, key: bytes) -> int:
    """The ``serial``-th id: a bijection of 0 .. 2**40-1 (a Feistel network of HMAC-SHA-256).

    Raises ValueError beyond 2**40.
    """
    if not 0 <= serial < 1 << 2 * _HALF:
        raise ValueError(serial)
    left, right = serial >> _HALF, serial & _MASK
    for turn in range(_ROUNDS):
        digest = hmac.new(key, bytes([turn]) + right.to_bytes(4, "big"), hashlib.sha256).digest()
        left, right = right, left ^ (int.from_bytes(digest[:4], "big") & _MASK)
    return (left << _HALF) | right


def spelled(number: int) -> str:
    """A scattered id as people read it: eight letters and digits."""
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def draw(count: int) -> list[int]:
    """``count`` fresh ids, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('{SEQUENCE}') FROM generate_series(1, %s)", [count])
        return [scattered(row[0], _key()) for row in cursor.fetchall()]


def draw_one() -> int:
    """One fresh id, for a record entered by hand."""
    return draw(1)[0]


def _key() -> bytes:
    """The permutation's key never changes: the oldest one."""
    return hmac.new(settings.HULEI_KEYS[min(settings.HULEI_KEYS)], b"hulei/ids", hashlib.sha256).digest()


class ScatteredId(models.Model):
    """A model whose primary key is a scattered id."""

    id = models.BigIntegerField(primary_key=True, default=draw_one, editable=False)

    class Meta:
        abstract = True
