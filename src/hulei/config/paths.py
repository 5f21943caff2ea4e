"""Where Hulei keeps its data, and the secrets it makes for itself on the first start."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import lru_cache
from pathlib import Path


def data_dir() -> Path:
    """The data folder: ``HULEI_DATA``, or ``var`` in the working directory."""
    return Path(os.environ.get("HULEI_DATA") or "var").absolute()


@lru_cache(maxsize=16)
def secret(name: str, folder: Path | None = None) -> bytes:
    """32 random bytes kept under ``keys/<name>`` (mode 0600), made on first use, never replaced.

    Two processes that start at once agree on one: the file appears whole or not at all.
    """
    keys = (folder or data_dir()) / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = keys / name
    if not path.exists():
        draft = keys / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return bytes.fromhex(path.read_text().strip())


def field_keys() -> dict[int, bytes]:
    """All field keys by number: ``keys/field-1``, ``field-2`` ...; the largest is the current one."""
    secret("field-1")
    found = {}
    for path in (data_dir() / "keys").glob("field-*"):
        found[int(path.name.removeprefix("field-"))] = bytes.fromhex(path.read_text().strip())
    return found
