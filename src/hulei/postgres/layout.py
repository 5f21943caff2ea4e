"""Where the files of one embedded cluster lie below its data folder."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from hulei.postgres.errors import DatabaseTrouble

PORT = 5432
"""Only names the socket file; the embedded server listens on no network address."""

_LONGEST_SOCKET_PATH = 107
"""Bytes that a Unix socket's path may have on Linux (``sun_path`` less its closing zero)."""

_SOCKET_NAME = f".s.PGSQL.{PORT}"


@dataclass(frozen=True)
class Layout:
    """The paths of the cluster of one data folder."""

    data_dir: Path

    @property
    def pgdata(self) -> Path:
        """The cluster itself; it appears whole (by rename) or not at all."""
        return self.data_dir / "postgres"

    @property
    def lock(self) -> Path:
        """Held by the supervisor and every server process: free means that nothing runs."""
        return self.data_dir / "postgres.lock"

    @property
    def password_file(self) -> Path:
        """The superuser's password, readable by the owner alone."""
        return self.data_dir / "postgres.password"

    @property
    def log(self) -> Path:
        """What supervisor and server say."""
        return self.data_dir / "postgres.log"

    @property
    def run_dir(self) -> Path:
        """The folder of the sockets: below the data folder, or below /tmp where that is too long."""
        near = self.data_dir / "run"
        if _holds_sockets(near):
            return near
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return Path("/tmp") / f"hulei-{digest}"  # not TMPDIR: every process must find the same one

    @property
    def control(self) -> Path:
        """The socket on which holders keep the supervisor alive."""
        return self.run_dir / "hold"


def layout_of(data_dir: Path | str) -> Layout:
    """The layout of a data folder, which is created (readable by its owner alone) if it lacks."""
    folder = Path(data_dir).expanduser()
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        layout = Layout(folder.resolve())
        _private_folder(layout.run_dir)
    except OSError as trouble:
        raise DatabaseTrouble(
            f"无法使用数据目录 {folder}:{trouble.strerror}。请换一个目录(--data-dir 或 HULEI_DATA)。",
            f"Cannot use the data folder {folder}: {trouble.strerror}. "
            "Choose another with --data-dir or HULEI_DATA.",
        ) from trouble
    return layout


def superuser_password(layout: Layout) -> str:
    """The password of the cluster's superuser, made up on first use; safe when asked twice at once."""
    path = layout.password_file
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename this never replaces what another process wrote
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _holds_sockets(folder: Path) -> bool:
    """Whether sockets in the folder have short enough paths and its file system knows sockets."""
    if len(os.fsencode(folder / f"{_SOCKET_NAME}.lock")) > _LONGEST_SOCKET_PATH:
        return False
    if (folder / "sockets").exists():
        return True
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with socket.socket(socket.AF_UNIX) as probe:
            trial = folder / f"t{os.getpid()}"
            probe.bind(str(trial))
            trial.unlink()
        (folder / "sockets").touch()
    except OSError:
        return False
    return True


def _private_folder(folder: Path) -> None:
    """Create the folder, or make sure that an existing one is ours alone (it may lie in /tmp)."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = found.st_uid in (os.geteuid(), folder.parent.stat().st_uid if folder.name == "run" else -1)
    if not stat.S_ISDIR(found.st_mode) or not ours:
        raise DatabaseTrouble(
            f"套接字目录 {folder} 不属于当前用户,已停止。请删除它或换一个数据目录。",
            f"The socket folder {folder} belongs to somebody else. Remove it or choose another data folder.",
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
