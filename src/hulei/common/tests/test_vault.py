"""Stored files: whole or not at all, unreadable outside, altered ones refused."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hulei.common import vault
from hulei.common.crypto import Undecipherable

PLAIN = b"459900201001010000" * 40


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "CHUNK", 64)


def stored(folder: Path, body: bytes = PLAIN) -> Path:
    path = folder / "2023" / "file"
    vault.store(io.BytesIO(body), path)
    return path


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_what_goes_in_comes_out(tmp_path: Path, body: bytes) -> None:
    path = stored(tmp_path, body)
    assert b"".join(vault.chunks(path)) == body
    with vault.opened(path) as plain:
        assert plain.read_bytes() == body
        assert plain.stat().st_mode & 0o077 == 0
    assert not plain.exists()


def test_nothing_can_be_read_or_altered(tmp_path: Path) -> None:
    path = stored(tmp_path)
    sealed = path.read_bytes()
    assert b"4599" not in sealed
    assert path.stat().st_mode & 0o077 == 0
    for at in range(0, len(sealed), 7):
        path.write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        with pytest.raises((Undecipherable, KeyError)):
            list(vault.chunks(path))


def test_no_chunk_can_be_cut_or_moved(tmp_path: Path) -> None:
    path = stored(tmp_path)
    sealed, size, head = path.read_bytes(), 64 + 16, 17
    pieces = [sealed[at : at + size] for at in range(head, len(sealed), size)]
    for wrong in (pieces[:-1], pieces[1:], [pieces[1], pieces[0], *pieces[2:]], [*pieces, pieces[-1]]):
        path.write_bytes(sealed[:head] + b"".join(wrong))
        with pytest.raises(Undecipherable):
            list(vault.chunks(path))


def test_a_store_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stored(tmp_path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        stored(tmp_path, b"new")
    monkeypatch.undo()
    monkeypatch.setattr(vault, "CHUNK", 64)
    assert b"".join(vault.chunks(path)) == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_what_a_killed_process_left_open_is_swept(tmp_path: Path, settings: Any) -> None:
    """A plain copy of a stored file must not outlive the process that made it."""
    settings.DATA_DIR = tmp_path
    left = tmp_path / "tmp" / "left"
    left.mkdir(parents=True)
    (left / "plain").write_bytes(PLAIN)
    (tmp_path / "tmp" / "loose").write_bytes(PLAIN)
    code = (
        "import sys, time; from pathlib import Path; from hulei.common import vault;"
        "folder = vault._own_folder(Path(sys.argv[1])); (folder / 'plain').touch();"
        "print(folder, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "tmp")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        theirs = Path(other.stdout.readline().strip())
        assert not left.exists()
        own = vault.scratch()
        assert set((tmp_path / "tmp").iterdir()) == {theirs, own}  # a living process keeps its folder
        assert vault.scratch() == own
        other.kill()
    vault._own_folder.cache_clear()
    assert theirs not in {vault.scratch(), *(tmp_path / "tmp").iterdir()}
