"""Field encryption (AES-256-GCM) and blind indexes (HMAC-SHA-256) under versioned keys.

National ids, phones and addresses are stored only this way. The cipher text names its key
(``1:...``), so keys can be rotated row by row. The key material comes from
``settings.HULEI_KEYS``: {key id: 32 bytes}, the largest id is the current one. The algorithms are
behind two small functions so that SM4-GCM and HMAC-SM3 can take their place.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class Undecipherable(Exception):
    """The stored text was altered or its key is missing."""


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(derive(key, b"field"))


def derive(key: bytes, use: bytes) -> bytes:
    """One key per use, so that an index never shares a key with a cipher."""
    return hmac.new(key, b"hulei/" + use, hashlib.sha256).digest()


def encrypt(plain: str | bytes) -> str:
    """``<key id>:<base64 of nonce + cipher text>``; the empty text stays empty."""
    if not plain:
        return ""
    key_id = max(settings.HULEI_KEYS)
    nonce = os.urandom(12)
    data = plain.encode() if isinstance(plain, str) else plain
    sealed = _cipher(settings.HULEI_KEYS[key_id]).encrypt(nonce, data, str(key_id).encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt_bytes(stored: str) -> bytes:
    """The plain bytes of what :func:`encrypt` gave. Raises :class:`Undecipherable`."""
    if not stored:
        return b""
    key_id, _, body = stored.partition(":")
    try:
        raw = base64.b64decode(body, validate=True)
        return _cipher(settings.HULEI_KEYS[int(key_id)]).decrypt(raw[:12], raw[12:], key_id.encode())
    except Exception as error:
        raise Undecipherable(key_id) from error


def decrypt(stored: str) -> str:
    """The plain text of what :func:`encrypt` gave. Raises :class:`Undecipherable`."""
    return decrypt_bytes(stored).decode()


@lru_cache(maxsize=8)
def _index_key(key: bytes, use: str) -> bytes:
    return derive(key, b"index/" + use.encode())


def blind_index(use: str, value: str) -> str:
    """32 hex digits by which equal values are found without storing them; empty stays empty.

    ``use`` separates the indexes (``national_id``, ``phone`` ...). The first key is used for all
    time: a rotation of the field key need not rewrite the indexes.
    """
    if not value:
        return ""
    key = settings.HULEI_KEYS[min(settings.HULEI_KEYS)]
    return hmac.new(_index_key(key, use), value.encode(), hashlib.sha256).hexdigest()[:32]


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """A text that PostgreSQL only ever sees encrypted. It cannot be searched: add a blind index."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return value if value is None else decrypt(value)
