"""Hold the embedded server: ``with ensure(data_dir): ...`` or simply ``ensure(data_dir)``.

A process that calls :func:`ensure` holds the server until it closes the handle or ends, in
whatever manner it ends. Several processes may hold the same server; the last to go stops it.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from hulei.postgres import binaries, privilege
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.layout import PORT, Layout, layout_of

_PATIENCE = 150.0
"""Seconds to wait for a server: its own start limit and a predecessor's shutdown."""

_MOST_LOG_BYTES = 8 * 1024 * 1024


class Server:
    """A hold on a running server. Closing it, or the end of the process, lets go."""

    def __init__(self, layout: Layout, connection: socket.socket) -> None:
        self.data_dir = layout.data_dir
        self.host = str(layout.run_dir)
        self.port = PORT
        self._connection: socket.socket | None = connection
        self.holds = 1  # how often this process asked for it

    @property
    def alive(self) -> bool:
        """Whether the supervisor at the other end still keeps the server for us."""
        if self._connection is None:
            return False
        try:
            return self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def keep_across_exec(self) -> None:
        """Let programs that this process turns into, or starts with open files, hold the server too."""
        if self._connection is not None:
            self._connection.set_inheritable(True)

    def close(self) -> None:
        """Let go; the server stops a moment after its last holder did."""
        self.holds -= 1
        if self.holds > 0 and self.alive:
            return
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if _held.get(self.data_dir) is self:
            del _held[self.data_dir]

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


_held: dict[Path, Server] = {}
"""Holds of this process, so that a handle nobody kept is not collected with its connection."""


def ensure(data_dir: Path | str, *, durable: bool = True) -> Server:
    """A hold on the server of a data folder; makes the cluster and starts the server if need be.

    ``durable=False`` is for throw-away test clusters. Raises :class:`DatabaseTrouble`.
    """
    layout = layout_of(data_dir)
    held = _held.get(layout.data_dir)
    if held is not None and held.alive:
        held.holds += 1
        return held
    connection = _hold(layout)
    if connection is None:
        way = privilege.choose()
        connection = _launch_and_hold(layout, way, durable=durable)
    server = Server(layout, connection)
    _held[layout.data_dir] = server
    return server


def stop(data_dir: Path | str) -> bool:
    """Stop the server of a data folder whoever holds it; False when none ran. Waits until it is down."""
    layout = layout_of(data_dir)
    connection = _connect(layout)
    if connection is None:
        return False
    with connection:
        connection.settimeout(_PATIENCE)
        connection.sendall(b"stop\n")
        with contextlib.suppress(ConnectionError):
            while connection.recv(4096):  # ends when the supervisor does
                pass
    held = _held.pop(layout.data_dir, None)
    if held is not None:
        held.close()
    return True


def is_running(data_dir: Path | str) -> bool:
    """Whether a supervisor answers for the data folder."""
    connection = _connect(layout_of(data_dir))
    if connection is None:
        return False
    connection.close()
    return True


def _launch_and_hold(layout: Layout, way: privilege.Way, *, durable: bool) -> socket.socket:
    """Start supervisors until one (ours or another process's) takes our hold."""
    deadline = time.monotonic() + _PATIENCE
    binaries.find()  # says clearly what is missing, where the supervisor could only write a log
    _prepare_files(layout, way)
    launched = _launch(layout, way, durable=durable)
    failures = 0
    while time.monotonic() < deadline and failures < 3:
        if launched.poll() is not None:
            failures += 1 if launched.returncode else 0
            launched = _launch(layout, way, durable=durable)
        connection = _hold(layout)
        if connection is not None:
            return connection
        time.sleep(0.03)
    raise DatabaseTrouble(
        f"数据库未能启动,请看日志 {layout.log}。",
        f"The database did not start; see its log {layout.log}.",
    )


def _launch(layout: Layout, way: privilege.Way, *, durable: bool) -> subprocess.Popen[bytes]:
    command = [*way.prefix, sys.executable, "-m", "hulei.postgres.supervisor", str(layout.data_dir)]
    if not durable:
        command.append("--hasty")
    with open(layout.log, "ab") as log:
        os.fchmod(log.fileno(), 0o600)
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=layout.data_dir,
            start_new_session=True,  # a Ctrl-C meant for us must not reach it
        )


def _prepare_files(layout: Layout, way: privilege.Way) -> None:
    """Roll over a long log, and hand the cluster to whom the chosen way of starting runs it as."""
    if layout.log.exists() and layout.log.stat().st_size > _MOST_LOG_BYTES:
        os.replace(layout.log, layout.log.with_suffix(".log.1"))
    privilege.hand_over([layout.pgdata], way.owner)


def _hold(layout: Layout) -> socket.socket | None:
    """Connect and wait until the supervisor says that the server is ready; None if none stays."""
    connection = _connect(layout)
    if connection is None:
        return None
    connection.settimeout(_PATIENCE)
    heard = b""
    try:
        while not heard.endswith(b"\n"):
            piece = connection.recv(4096)
            if not piece:
                break
            heard += piece
    except ConnectionError:
        heard = b""
    if not heard.endswith(b"\n"):  # it was just leaving
        connection.close()
        return None
    answer = json.loads(heard)
    if not answer["ok"]:
        connection.close()
        raise DatabaseTrouble(answer["zh"], answer["en"])
    connection.settimeout(None)
    return connection


def _connect(layout: Layout) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(layout.control))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except OSError:
        connection.close()
        raise
    return connection
