"""Makes a cluster and starts its server; run by the supervisor, never as root."""

from __future__ import annotations

import contextlib
import ctypes
import locale
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from hulei.postgres.binaries import Binaries
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.layout import PORT, Layout, superuser_password

SUPERUSER = "postgres"

_PR_SET_PDEATHSIG = 1
_DRAFT = "postgres.new-"

SETTINGS = {
    # for a small machine that also runs the web server
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_connections": "60",
    # row-level security makes a generic plan a bad guess for most viewers
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    # a base backup and an archive can be taken at any time
    "wal_level": "replica",
    "password_encryption": "scram-sha-256",
    # personal data must not reach the log through failed statements or key values
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}

HASTY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
"""For throw-away clusters of tests: quicker, and lost when the machine (not a process) crashes."""


def create(layout: Layout, binaries: Binaries, lock: int) -> None:
    """Make the cluster unless it is there. Interrupted at any point it leaves nothing half done."""
    for leftover in layout.data_dir.glob(f"{_DRAFT}*"):
        shutil.rmtree(leftover)
    if layout.pgdata.exists():
        return
    draft = layout.data_dir / f"{_DRAFT}{os.getpid()}"
    draft.mkdir(mode=0o700)
    try:
        _run_initdb(draft / "data", binaries, superuser_password(layout), lock)
        with open(draft / "data" / "postgresql.conf", "a") as conf:
            conf.write("\ninclude 'hulei.conf'  # written at every start; ALTER SYSTEM comes after it\n")
        (draft / "data").rename(layout.pgdata)
        _sync_folder(layout.data_dir)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check(layout: Layout, binaries: Binaries) -> None:
    """Before the first start: the cluster fits the programs, and no stale lock file is in the way."""
    made_with = (layout.pgdata / "PG_VERSION").read_text().strip()
    if made_with != str(binaries.major):
        raise DatabaseTrouble(
            f"数据目录由 PostgreSQL {made_with} 建立,现有程序为 {binaries.major}。请先用旧版导出再导入。",
            f"The data folder was made by PostgreSQL {made_with}, the programs are {binaries.major}. "
            "Dump it with the old version and restore it with the new one.",
        )
    _forget_stale_locks(layout)


def start(
    layout: Layout, binaries: Binaries, lock: int, log: IO[bytes], *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server. It inherits the lock, and stops (fast, cleanly) when the caller dies."""
    settings = SETTINGS if durable else SETTINGS | HASTY_SETTINGS
    lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
    (layout.pgdata / "hulei.conf").write_text("".join(lines))
    return subprocess.Popen(
        [
            binaries.program("postgres"),
            *("-D", str(layout.pgdata)),
            *("-c", "listen_addresses="),
            *("-c", f'unix_socket_directories="{layout.run_dir}"'),
            *("-c", "unix_socket_permissions=0700"),
            *("-c", f"port={PORT}"),
        ],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=(lock,),
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGINT),
    )


def is_ready(layout: Layout, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server says in its pid file that it takes connections."""
    try:
        lines = (layout.pgdata / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready"


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; after half a minute an immediate one, which the next start recovers from."""
    for sign, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is not None:
            return
        server.send_signal(sign)
        deadline = time.monotonic() + seconds
        while server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)


def _run_initdb(pgdata: Path, binaries: Binaries, password: str, lock: int) -> None:
    word = pgdata.with_name("password")
    word.write_text(password)
    made = subprocess.run(
        [binaries.program("initdb"), "--pgdata", str(pgdata), *_initdb_words(binaries, str(word))],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        pass_fds=(lock,),
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    if made.returncode != 0:
        raise DatabaseTrouble(
            f"建立数据库失败:{made.stderr.strip()}", f"Making the database failed: {made.stderr.strip()}"
        )


def _initdb_words(binaries: Binaries, password_file: str) -> list[str]:
    # Under LC_ALL=C the server would be blind to Chinese in trigram search, so the locale is named.
    name = _utf8_locale()
    words = [
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        f"--locale={name}",
        "--data-checksums",
    ]
    if binaries.major >= 17:
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return words


def _utf8_locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise DatabaseTrouble(
        "本机缺少 UTF-8 区域设置(如 C.UTF-8),中文检索将失效,已停止。请安装后重试。",
        "This machine has no UTF-8 locale (such as C.UTF-8), so searching Chinese would not work. "
        "Install one and try again.",
    )


def _forget_stale_locks(layout: Layout) -> None:
    # The lock, which every server process inherits, is ours alone now: none of ours is left. What
    # the pid file and the socket's lock file name is dead, a zombie that nobody collected, or a
    # stranger who took the number since (both usual in containers), and PostgreSQL would balk at
    # it. A server that somebody started behind our back has our folder in its command and is left
    # to PostgreSQL's own refusal.
    path = layout.pgdata / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = abs(int(path.read_text().splitlines()[0]))
        if os.fsencode(layout.pgdata) in Path(f"/proc/{pid}/cmdline").read_bytes():
            return
        path.unlink()
    for leftover in layout.run_dir.glob(".s.PGSQL.*"):
        leftover.unlink()


def die_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before its program so that the kernel signals it when its parent dies."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_kernel


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C.UTF-8", "TZ": "UTC"}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
