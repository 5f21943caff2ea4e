"""Watching real servers from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HOLDER = """
import sys, time
from hulei.postgres.server import ensure
server = ensure(sys.argv[1], durable=False)
print("held", server.host, flush=True)
time.sleep(600)
"""


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
    """Wait for something that comes about in other processes; the limit is only against hanging."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.05)


def processes_of(folder: Path) -> list[int]:
    """Every living process whose command names the folder or that runs in it, our holders excepted."""
    mark = os.fsencode(folder)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            place = os.fsencode(os.readlink(entry / "cwd"))
        except OSError:
            continue
        if (mark in command or place.startswith(mark)) and b"-c\0" + HOLDER.encode() not in command:
            found.append(int(entry.name))
    return found


def postmaster_pid(folder: Path) -> int:
    """The number of the server's first process."""
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def supervisor_pid(folder: Path) -> int:
    """The number of the supervisor, the server's parent."""
    status = Path(f"/proc/{postmaster_pid(folder)}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("PPid")).split()[1])


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the server of the folder until it is killed."""
    process = start_holder(folder)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("held")
        yield process
    finally:
        process.kill()
        process.wait()


def start_holder(folder: Path) -> subprocess.Popen[str]:
    """The same without waiting for the server."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
