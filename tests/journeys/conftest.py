"""The demo as a newcomer starts it, for the browser's journeys."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser import executable

STARTS_WITHIN = 240


@dataclass(frozen=True)
class Demo:
    """A running demo: where it is, its folder, and the printed accounts."""

    address: str
    folder: Path
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """``hulei demo`` in a data folder of its own, with its jobs; ended after the last test."""
    if executable() is None:
        pytest.skip("no Chromium: run make setup on x86_64 Linux, install one, or set HULEI_CHROMIUM")
    folder = tmp_path_factory.mktemp("demo")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "HULEI_LOGIN", "HULEI_DATA")
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "hulei.cli.main", "--data-dir", str(folder / "data"), "demo"]
    told = (folder / "told.txt").open("w+", encoding="utf-8")
    server = subprocess.Popen([*words, "--port", str(port)], stdout=told, stderr=told, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(server, address, folder / "told.txt")
        printed = (folder / "told.txt").read_text(encoding="utf-8")
        accounts = dict(re.findall(r"^  ([a-z-]+) +([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}) ", printed, re.M))
        yield Demo(address, folder / "data", accounts)
    finally:
        server.terminate()
        server.wait(timeout=30)
        told.close()


def _wait(server: subprocess.Popen[bytes], address: str, told: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert server.poll() is None, told.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{address}/alive", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(told.read_text(encoding="utf-8"))
