"""Files kept encrypted, in chunks, so that memory does not grow with the file."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hulei.common.crypto import Undecipherable, derive

CHUNK = 1024 * 1024
_MAGIC = b"HULEI1"


def _cipher(key_id: int) -> AESGCM:
    return AESGCM(derive(settings.HULEI_KEYS[key_id], b"file"))


def store(source: BinaryIO, target: Path) -> None:
    """Write ``source`` encrypted to ``target``: it appears whole or not at all.

    Each chunk is bound to its place and to whether it is the last, so none can be cut or swapped.
    """
    key_id, prefix = max(settings.HULEI_KEYS), os.urandom(7)
    cipher = _cipher(key_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(_MAGIC + struct.pack(">I", key_id) + prefix)
        number, chunk = 0, source.read(CHUNK)
        while True:
            following = source.read(CHUNK)
            nonce = prefix + struct.pack(">I", number) + bytes([not following])
            out.write(cipher.encrypt(nonce, chunk, None))
            if not following:
                break
            number, chunk = number + 1, following
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)


def chunks(path: Path) -> Iterator[bytes]:
    """The plain chunks of a stored file. Raises Undecipherable where it was altered or cut."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise Undecipherable(path.name)
        (key_id,) = struct.unpack(">I", file.read(4))
        prefix, cipher, number = file.read(7), _cipher(key_id), 0
        sealed = file.read(CHUNK + 16)
        while True:
            following = file.read(CHUNK + 16)
            try:
                yield cipher.decrypt(
                    prefix + struct.pack(">I", number) + bytes([not following]), sealed, None
                )
            except Exception as error:
                raise Undecipherable(path.name) from error
            if not following:
                return
            number, sealed = number + 1, following


def scratch() -> Path:
    """A private folder for files that live for a moment."""
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def opened(path: Path, suffix: str = "") -> Iterator[Path]:
    """The plain file for a moment, readable by this user only, removed afterwards.

    Where the system gives open files a path of their own (Linux), it has no name from the start:
    a process that is killed leaves nothing in the clear.
    """
    descriptor, name = tempfile.mkstemp(suffix=suffix, dir=scratch())
    nameless = Path(f"/proc/self/fd/{descriptor}")
    if nameless.exists():
        Path(name).unlink()
    try:
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks(path):
                out.write(chunk)
            out.flush()
            yield nameless if nameless.exists() else Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
