"""The command line as somebody types it: a process and a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Neither the tests' settings nor an operator's database may be touched.
_NOT_OURS = (
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "HULEI_LOGIN",
    "HULEI_DATA",
    "HULEI_SETTINGS",
    "PYTHONDONTWRITEBYTECODE",
)


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """The answer as data."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Installation:
    """A Hulei with a data folder of its own."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its processes."""
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        # Compiled modules are kept aside: many short processes follow one another here.
        kept |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")}
        return {**kept, **self.variables}

    def words(self, *words: str | Path) -> list[str]:
        """The command line of a process."""
        return [sys.executable, "-m", "hulei.cli.main", "--data-dir", str(self.folder), *map(str, words)]

    def run(self, *words: str | Path, timeout: float = 300) -> Answer:
        """Run a command to its end."""
        done = subprocess.run(
            self.words(*words),
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=ROOT,
            timeout=timeout,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own; its output goes to ``started.log``."""
        with (self.folder.parent / "started.log").open("ab") as log:
            given = {"stdout": log, "stderr": log, **more}
            return subprocess.Popen(
                self.words(*words), env=self.environment, cwd=ROOT, start_new_session=True, **given
            )

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the embedded database directly, past Hulei; it must be held by a running command."""
        from hulei.postgres import connect

        with connect.connect(connect.admin_url(self.folder)) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def counts(self) -> dict[str, int]:
        """Rows of every table of the district's records."""
        from hulei.postgres import connect

        with connect.hold(self.folder) or connect.connect({}):
            tables = self.query(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                " AND relname !~ '^(audit|django|auth|axes)_' ORDER BY 1"
            )
            return {name: int(self.query(f'SELECT count(*) FROM "{name}"')[0][0]) for (name,) in tables}


def new_installation(folder: Path, *district: str, **variables: str) -> Installation:
    """A data folder with an empty district."""
    made = Installation(folder / "data", variables)
    answer = made.run("init", *(("--district", *district) if district else ()))
    assert answer.status == 0, answer.err
    return made
