"""The small process between Hulei and the server: it keeps the server while anybody holds it.

Run as ``python -m hulei.postgres.supervisor DATA_DIR``; started by :mod:`hulei.postgres.server`.

Promise: at most one supervisor per data folder (a lock). Every process that uses the database
keeps a connection to the control socket; the kernel closes it however that process ends. When
none is left for :data:`LINGER` seconds the server is shut down cleanly. When the supervisor itself
is killed, the kernel tells the server to shut down; when the server is killed, it is started
again. The control socket says one line of JSON to each holder, ``{"ok": true}`` or the trouble in
two languages, and obeys the word ``stop``.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from hulei.postgres import binaries, cluster
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.layout import Layout

LINGER = 2.0
"""Seconds without a holder after which the server stops; spares a restart between two commands."""

START_SECONDS = 120.0
"""Recovery after a crash can take a while on a slow disk."""

_TICK = 0.25

_RESTARTS = 10
"""In a row; waiting longer each time, since orphaned processes may finish their query first."""


class Supervisor:
    """One server, its holders, and the rules of staying and leaving."""

    def __init__(self, layout: Layout, lock: int, log: IO[bytes], *, durable: bool) -> None:
        self.layout = layout
        self.lock = lock
        self.log = log
        self.durable = durable
        self.binaries = binaries.find()
        self.server: subprocess.Popen[bytes] | None = None
        self.selector = selectors.DefaultSelector()
        self.holders: set[socket.socket] = set()
        self.listener = self._listen()
        self.answer = b""
        self.leaving = False
        self.restarts = 0
        self.started_at = 0.0

    def run(self) -> None:
        """Start the server and stay until nobody holds it."""
        answer: dict[str, object] = {"ok": True}
        try:
            cluster.create(self.layout, self.binaries, self.lock)
            cluster.check(self.layout, self.binaries)
            self._start()
        except (DatabaseTrouble, OSError) as trouble:
            answer = _as_answer(trouble)
            self._say(str(trouble))
            self.leaving = True
        self.answer = (json.dumps(answer) + "\n").encode()
        alone_since = time.monotonic()
        while not self.leaving:
            self._serve_control()
            self._revive()
            if self.holders:
                alone_since = time.monotonic()
            elif time.monotonic() - alone_since > LINGER:
                self.leaving = True
        self._leave()

    def _listen(self) -> socket.socket:
        path = self.layout.control
        with contextlib.suppress(FileNotFoundError):
            path.unlink()  # left by a killed supervisor: we have the lock
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(64)
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)
        return listener

    def _start(self) -> None:
        self.server = cluster.start(self.layout, self.binaries, self.lock, self.log, durable=self.durable)
        deadline = time.monotonic() + START_SECONDS
        while not cluster.is_ready(self.layout, self.server):
            if self.server.poll() is not None or time.monotonic() > deadline:
                cluster.stop(self.server)
                tail = _tail(self.layout.log)
                raise DatabaseTrouble(
                    f"数据库未能启动,日志 {self.layout.log}:\n{tail}",
                    f"The database did not start; its log is {self.layout.log}.",
                )
            time.sleep(0.02)

    def _revive(self) -> None:
        """Start a server again that was killed from outside; give up after a few times."""
        if self.server is None or self.server.poll() is None:
            return
        self.restarts = self.restarts + 1 if time.monotonic() - self.started_at < 60 else 1
        self._say(f"the server ended with status {self.server.returncode}; start {self.restarts}")
        if self.restarts > _RESTARTS:
            self.leaving = True
            return
        time.sleep(0.2 * self.restarts)  # its orphaned children notice and let go of the memory
        self.started_at = time.monotonic()
        with contextlib.suppress(DatabaseTrouble):
            self._start()

    def _serve_control(self) -> None:
        for key, _ in self.selector.select(_TICK):
            if key.fileobj is self.listener:
                self._welcome()
            elif isinstance(key.fileobj, socket.socket):
                self._hear(key.fileobj)

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):
            holder, _ = self.listener.accept()
            holder.setblocking(False)
            self.selector.register(holder, selectors.EVENT_READ)
            self.holders.add(holder)
            holder.sendall(self.answer)

    def _hear(self, holder: socket.socket) -> None:
        try:
            word = holder.recv(64)
        except BlockingIOError:
            return
        except OSError:
            word = b""
        if word.strip() == b"stop":
            self.leaving = True
        elif not word:
            self.selector.unregister(holder)
            self.holders.discard(holder)
            holder.close()

    def _leave(self) -> None:
        """Stop the server. Who comes meanwhile is turned away by the closed socket and tries again."""
        if self.answer != b'{"ok": true}\n':
            self._welcome_all()
        with contextlib.suppress(OSError):
            self.layout.control.unlink()
        self.listener.close()
        if self.server is not None:
            cluster.stop(self.server)

    def _welcome_all(self) -> None:
        """Tell everybody who waits (or comes within half a second) what the trouble is."""
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            self._serve_control()

    def _say(self, text: str) -> None:
        self.log.write(f"supervisor {os.getpid()}: {text}\n".encode())
        self.log.flush()


def main(words: list[str] | None = None) -> int:
    """Wait for the lock, supervise, leave. Silent when another supervisor already does the work."""
    parser = argparse.ArgumentParser(prog="hulei.postgres.supervisor")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--hasty", action="store_true", help="no fsync: for throw-away test clusters")
    given = parser.parse_args(words)
    os.umask(0o077)
    layout = Layout(given.data_dir)
    lock = _take_lock(layout)
    if lock is None:
        return 0
    with open(layout.log, "ab") as log:
        try:
            supervisor = Supervisor(layout, lock, log, durable=not given.hasty)
        except (DatabaseTrouble, OSError) as trouble:
            sys.stderr.write(f"{trouble}\n")
            return 1
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, lambda *_: setattr(supervisor, "leaving", True))
        supervisor.run()
    return 0


def _take_lock(layout: Layout) -> int | None:
    """The lock, once an ending server lets go of it; None when a living supervisor has it."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if _somebody_listens(layout):
                return None
            time.sleep(0.05)
        else:
            return descriptor
    return None


def _somebody_listens(layout: Layout) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(layout.control))
        except OSError:
            return False
    return True


def _as_answer(trouble: Exception) -> dict[str, object]:
    if isinstance(trouble, DatabaseTrouble):
        return {"ok": False, "zh": trouble.zh, "en": trouble.en}
    return {"ok": False, "zh": f"数据库未能启动:{trouble}", "en": f"The database did not start: {trouble}"}


def _tail(path: Path, lines: int = 8) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
