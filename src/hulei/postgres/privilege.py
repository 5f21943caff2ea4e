"""PostgreSQL refuses to run as root; this decides how a root user starts it all the same.

An ordinary user starts it directly. Root starts the supervisor (and with it initdb and the server)

1. in a user namespace of its own, where root bears the number of ``nobody``: nothing is copied,
   files stay root's, and it works below a home folder closed to others; or, where namespaces are
   forbidden (many containers),
2. as ``nobody`` who may pass file permissions (``CAP_DAC_OVERRIDE``), with the cluster's files
   handed to ``nobody``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hulei.postgres.errors import DatabaseTrouble

WAY_VARIABLE = "HULEI_POSTGRES_AS"
"""Environment variable: ``namespace`` or ``capability`` forces one of root's two ways."""

NOBODY = 65534


@dataclass(frozen=True)
class Way:
    """How to start the supervisor: the words before its command, and who owns the cluster's files."""

    name: str
    prefix: tuple[str, ...]
    owner: int


DIRECT = Way("direct", (), os.geteuid())
NAMESPACE = Way("namespace", ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"), 0)
CAPABILITY = Way(
    "capability",
    (
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
        "--",
    ),
    NOBODY,
)


def choose() -> Way:
    """The way for the present user; raises :class:`DatabaseTrouble` where root has none."""
    if os.geteuid() != 0:
        return DIRECT
    forced = os.environ.get(WAY_VARIABLE)
    ways = [way for way in (NAMESPACE, CAPABILITY) if forced in (None, "", way.name)]
    for way in ways:
        if _works(way):
            return way
    raise DatabaseTrouble(
        "PostgreSQL 不能以 root 运行,而本机既不允许用户命名空间也不允许降权。"
        "请以普通用户运行,或用 DATABASE_URL 指定数据库。",
        "PostgreSQL does not run as root, and this machine allows neither user namespaces nor giving up "
        "root. Run Hulei as an ordinary user, or name a database with DATABASE_URL.",
    )


def hand_over(paths: Iterable[Path], owner: int) -> None:
    """Give files to the owner that the chosen way needs; nothing to do unless we are root."""
    if os.geteuid() != 0:
        return
    for path in paths:
        if path.exists() and path.lstat().st_uid != owner:
            for folder, _, names in os.walk(path):
                for name in names:
                    os.lchown(os.path.join(folder, name), owner, -1)
                os.lchown(folder, owner, -1)
            os.lchown(path, owner, -1)


def _works(way: Way) -> bool:
    if not shutil.which(way.prefix[0]):
        return False
    trial = subprocess.run([*way.prefix, "true"], capture_output=True, check=False)
    return trial.returncode == 0
