"""Serving the pages, the background jobs, and the demo year."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from hulei.cli import database
from hulei.cli.errors import UserMistake
from hulei.common.text import Text
from hulei.config.paths import data_dir
from hulei.postgres.errors import DatabaseTrouble

_GRACE_SECONDS = 10
_IDLE_SECONDS = 0.5
_AGAIN_AFTER_SECONDS = (0.5, 1, 2, 4, 8, 15)


def serve(arguments: argparse.Namespace) -> int:
    """Serve the pages and run the jobs until told to stop."""
    database.ready()
    _refuse_demo_accounts()
    environment = {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    if arguments.plain_http:
        environment["HULEI_PLAIN_HTTP"] = "1"
    return run_servers(arguments.host, arguments.port, environment)


def _refuse_demo_accounts() -> None:
    from hulei.access import queries
    from hulei.common import walls

    with walls.entered(database.operator()):
        if queries.demo_accounts_unscoped().exists():
            raise UserMistake(
                "此数据目录含演示账号，不能用于正式服务。演示请用 hulei demo；正式使用请另指定 --data-dir。",
                "this data folder holds demo accounts. Use hulei demo, or another --data-dir for real work.",
            )


def work(arguments: argparse.Namespace) -> int:
    """Run background jobs until told to stop (started by ``hulei serve``)."""
    database.ready(os.environ.get("HULEI_SETTINGS", "production"))
    from hulei.journeys import ledger_intake

    stopping = _Stop()
    while not stopping.asked:
        try:
            idle = not ledger_intake.run_next(stop=lambda: stopping.asked)
        except ledger_intake.LOST as fault:
            _find_database_again(str(fault), stopping)
            continue
        if idle:
            time.sleep(_IDLE_SECONDS)
    return 0


def _find_database_again(fault: str, stopping: _Stop) -> None:
    """Wait for a database that restarts. Raises DatabaseTrouble when it stays away."""
    from django.db import OperationalError, connection

    print(f"hulei: {Text('数据库连接中断', 'the database was lost')}: {fault.strip()}", file=sys.stderr)
    for seconds in _AGAIN_AFTER_SECONDS:
        if stopping.asked:
            return
        time.sleep(seconds)
        with contextlib.suppress(OperationalError, DatabaseTrouble):
            connection.close()
            database.hold()
            connection.ensure_connection()
            return
    database.hold()
    connection.ensure_connection()


def demo(arguments: argparse.Namespace) -> int:
    """Prepare the demo year on the first start, print the accounts, serve."""
    database.ready("demo")
    from hulei.cli.commands.demo_year import prepare, print_accounts

    prepare()
    print_accounts(f"http://{arguments.host}:{arguments.port}/")
    if arguments.prepare_only:
        return 0
    return run_servers(
        arguments.host, arguments.port, {"DJANGO_SETTINGS_MODULE": "hulei.config.settings.demo"}
    )


class _Stop:
    """Remembers that the process was asked to end."""

    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def run_servers(host: str, port: int, environment: dict[str, str]) -> int:
    """The web server and the job runner as children; when one ends or we are told to, all end."""
    from hulei.postgres.cluster import die_with_parent

    _refuse_taken_port(host, port)
    (data_dir() / "static").mkdir(parents=True, exist_ok=True)
    for leftover in (data_dir() / "tmp").glob("*.upload*"):
        leftover.unlink(missing_ok=True)  # of a server that was killed while somebody sent a file
    stopping = _Stop()
    env = {**os.environ, **environment, "HULEI_LOGIN": "web"}
    commands: Sequence[list[str]] = (
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
            "hulei.config.wsgi:application",
        ],
        [sys.executable, "-m", "hulei.cli.main", "work"],
    )
    children = [
        # Groups of their own: a Ctrl-C at the terminal reaches us alone, and we tell them in order.
        # A web worker that hears it beside its master can lock up and outlive both.
        subprocess.Popen(words, env=env, process_group=0, preexec_fn=die_with_parent(signal.SIGTERM))
        for words in commands
    ]
    try:
        while not stopping.asked and all(child.poll() is None for child in children):
            time.sleep(0.2)
    finally:
        _end(children)
    failed = [
        child.returncode for child in children if child.returncode not in (0, -signal.SIGTERM, -signal.SIGINT)
    ]
    return 1 if failed and not stopping.asked else 0


def _refuse_taken_port(host: str, port: int) -> None:
    """The server shares ports, so two installations on one would answer in turn: ask before."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise UserMistake(
                f"端口 {host}:{port} 不可用（{fault.strerror}），请用 --port 换一个。",
                f"port {host}:{port} cannot be used ({fault.strerror}); choose another with --port.",
            ) from fault


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # workers that outlived their master
