"""Files kept encrypted, in chunks, so that memory does not grow with the file."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
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
    # A draft of its own for each call: threads of one server may store the same file at once.
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(_MAGIC + struct.pack(">I", key_id) + prefix)
            for sealed in _sealed(source, cipher, prefix):
                out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _sealed(source: BinaryIO, cipher: AESGCM, prefix: bytes) -> Iterator[bytes]:
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        nonce = prefix + struct.pack(">I", number) + bytes([not following])
        yield cipher.encrypt(nonce, chunk, None)
        if not following:
            return
        number, chunk = number + 1, following


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
    """A private folder of this process for plain files that live for a moment.

    A process that is killed leaves its plain files behind; the next one that needs a folder removes them.
    """
    return _own_folder(Path(settings.DATA_DIR) / "tmp")


@lru_cache(maxsize=8)
def _own_folder(above: Path) -> Path:
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(above)
    while True:
        folder = Path(tempfile.mkdtemp(dir=above))
        # Kept open and locked as long as this process, or one that it forks, lives.
        if _lock(folder) is not None and folder.exists():
            atexit.register(_leave, folder, os.getpid())
            return folder


def _leave(folder: Path, owner: int) -> None:
    """At the end of the process itself, not of one that it forked."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(above: Path) -> None:
    """Remove the folders that no living process holds."""
    for folder in above.iterdir():
        held = _lock(folder)
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            if folder.is_file():
                folder.unlink()
            os.close(held)


def _lock(folder: Path) -> int | None:
    """A lock that ends with the process, or None where another has it or the folder is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


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
