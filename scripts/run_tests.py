"""Run the tests; with ``--postgres BIN`` those of the database once more on another PostgreSQL.

The other server is started from the programs in BIN as a throw-away cluster and reached through
``DATABASE_URL``, as an operator's own would be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parent.parent
NOTHING_RAN = 5


def main() -> int:
    """pytest's status, with "nothing ran" counted as success where a choice of tests was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--postgres", type=Path, metavar="BIN", help="folder of another PostgreSQL's programs"
    )
    given, wanted = parser.parse_known_args()
    if given.postgres is None:
        return _pytest(wanted)
    if not os.access(given.postgres / "postgres", os.X_OK):
        print(f"跳过:{given.postgres} 没有 PostgreSQL。 Skipped: no PostgreSQL in {given.postgres}.")
        return 0
    return _on_another(given.postgres, wanted)


def _pytest(words: list[str], **environment: str) -> int:
    status = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=os.environ | environment, check=False
    ).returncode
    return 0 if words and status == NOTHING_RAN else status


def _on_another(programs: Path, words: list[str]) -> int:
    from hulei.postgres import binaries, connect, server

    os.environ.pop(connect.URL_VARIABLE, None)
    os.environ[binaries.FOLDER_VARIABLE] = str(programs)
    data_dir = ROOT / "build" / "testdata-other"
    with server.ensure(data_dir, durable=False):
        admin = connect.admin_url(data_dir)
        del os.environ[binaries.FOLDER_VARIABLE]
        with connect.connect(admin, database="postgres") as connection:
            print(f"PostgreSQL {connection.info.parameter_status('server_version')}", flush=True)
        place = urlencode({"host": admin["HOST"], "port": admin["PORT"]})
        url = f"postgresql://{admin['USER']}:{quote(admin['PASSWORD'])}@/{admin['NAME']}?{place}"
        return _pytest(["-m", "database", *words], DATABASE_URL=url, HULEI_DATA=str(data_dir))


if __name__ == "__main__":
    sys.exit(main())
