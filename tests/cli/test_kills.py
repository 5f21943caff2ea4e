"""Killing whatever is at work, anywhere: nothing is lost, nothing is double, and the ledger of acts is whole.

``HULEI_KILLS`` asks for more kills than usual.
"""

from __future__ import annotations

import contextlib
import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hulei.journeys.demo_year import generate
from hulei.postgres import connect
from hulei.postgres.errors import DatabaseTrouble
from hulei.prevention.tests.children import national_id
from tests.cli.command import Answer, Installation, new_installation

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

KILLS = int(os.environ.get("HULEI_KILLS", "20"))
DICE = random.Random(20231229)
SCHOOLS = ("营盘中学", "兴港镇粟山小学", "兴港镇南乐小学")
CHILD = ("姓名", "性别", "出生日期", "身份证号", "就读学校", "监护人", "监护人电话", "家庭住址")
# Batches are small here, so that there are many places to be killed at.
WITH_SMALL_BATCHES = """
import sys
from hulei.cli import database, main
ready = database.ready
def ready_with_small_batches(*words, **more):
    ready(*words, **more)
    from hulei.intake.actions import running
    running.BATCH = 25
database.ready = ready_with_small_batches
sys.exit(main.main())
"""
PERIOD = ("--from", "2023-01-01", "--to", "2023-12-29", "--as-of", "2023-12-29")


class Small(Installation):
    """Commands that take in twenty-five rows at a time."""

    def words(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-c", WITH_SMALL_BATCHES, "--data-dir", str(self.folder), *map(str, words)]


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rosters, and two registers of some hundred rows about the same children, every tenth row bad."""
    folder = tmp_path_factory.mktemp("ledgers")
    year = generate(tmp_path_factory.mktemp("demo"))
    year.files[0].rename(folder / year.files[0].name)
    children = [_child(serial) for serial in range(500)]
    _write(folder / "教育.csv", "学生不良行为", ("不良行为类别", "发生日期"), children, 900)
    _write(folder / "网格.csv", "网格走访摸排", ("走访情况", "走访日期"), children, 900)
    return folder


def _child(serial: int) -> list[Any]:
    born = date(2009, 1, 1) + timedelta(days=serial)
    name = "莫王李苏容"[serial % 5] + chr(0x5EFA + serial // 5 % 90) + chr(0x6021 + serial // 450)
    home = f"铁山港区兴港镇粟山村{serial}号"
    ids = national_id(serial % 1000, born)
    return [name, "男", born, ids, SCHOOLS[serial % 3], f"{name[0]}家", f"199{serial:08d}", home]


def _write(path: Path, title: str, added: tuple[str, str], children: list[list[Any]], rows: int) -> None:
    """Rows about children drawn anew each time: some know no id, some no phone, some are bad."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([title])
        writer.writerow([*CHILD, *added])
        for number in range(rows):
            child = list(DICE.choice(children))
            for column in DICE.sample(range(3, 8), number % 3):
                child[column] = ""
            if number % 10 == 0:
                child[0] = ""
            day = date(2023, 1, 1) + timedelta(days=number % 300)
            writer.writerow([*child, DICE.choice(("多次旷课", "打架", "正常")), day])


@pytest.fixture(scope="module")
def undisturbed(ledgers: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run without kills leaves."""
    place = Small(new_installation(tmp_path_factory.mktemp("calm")).folder)
    assert place.run("intake", ledgers, "--json").status == 1  # the bad rows
    return _state(place)


def _state(place: Installation) -> dict[str, Any]:
    """Everything that must not differ: counts, results, which row lies in which dossier, figures."""
    out = place.folder.parent / "sources.csv"
    assert place.run("dossiers", "sources", "--out", out).status == 0
    with held(place):
        rows = place.query(
            "SELECT u.file_name, r.number, r.outcome, r.findings::text FROM intake_sourcerecord r JOIN"
            " intake_sheet s ON s.id = r.sheet_id JOIN intake_upload u ON u.id = s.upload_id ORDER BY 1, 2"
        )
        sheets = place.query(
            "SELECT ledger, state, rows_done, accepted, unchanged, rejected FROM intake_sheet"
        )
        return {
            "counts": place.counts(),
            "rows": rows,
            "sheets": sorted(sheets),
            "dossiers": _dossiers(out),
            "figures": place.run("metrics", *PERIOD, "--json").json(),
        }


def _dossiers(path: Path) -> set[frozenset[tuple[str, str]]]:
    """Which rows lie together; the numbers of dossiers are drawn by lot."""
    together: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            together[line["dossier"]].add((line["file"], line["row"]))
    return {frozenset(rows) for rows in together.values()}


@contextlib.contextmanager
def held(place: Installation) -> Iterator[None]:
    """The database kept running between commands."""
    server = connect.hold(place.folder)
    try:
        yield
    finally:
        if server:
            server.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Small]:
    """A fresh district, its database kept running for speed."""
    made = Small(new_installation(tmp_path).folder)
    with held(made):
        yield made


def _progress(place: Installation) -> int:
    with contextlib.suppress(Exception):
        return int(place.query("SELECT coalesce(sum(rows_done), 0) FROM intake_sheet")[0][0])
    return -1


def _kill_at_work(place: Installation, process: subprocess.Popen[bytes], kill: Callable[[], None]) -> bool:
    """Kill at a random moment, most often while rows go in; False if the command had ended before."""
    before = _progress(place)
    if DICE.random() < 0.15:
        time.sleep(DICE.uniform(0.1, 2.0))
    else:
        patience = time.monotonic() + 15
        while process.poll() is None and _progress(place) == before and time.monotonic() < patience:
            time.sleep(0.01)
        time.sleep(DICE.uniform(0, 0.3))
    ended = process.poll() is not None
    kill()
    return not ended


def _finish(place: Installation, ledgers: Path) -> Answer:
    answer = place.run("intake", ledgers, "--json")
    assert "Traceback" not in answer.err, answer.err
    return answer


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_the_command_killed_anywhere(place: Small, ledgers: Path, undisturbed: dict[str, Any]) -> None:
    struck = 0
    for _ in range(KILLS):
        process = place.start("intake", ledgers, "--json")
        struck += _kill_at_work(place, process, partial(_kill_group, process))
    assert struck >= KILLS * 2 // 3  # else it was over too early to prove anything
    _finish(place, ledgers)
    # Plain copies of files that were open when their process was killed are gone too.
    assert not [path for path in (place.folder / "tmp").rglob("*") if path.is_file()]
    _compare(place, undisturbed)


def test_the_job_killed_anywhere_and_told_to_stop(
    place: Small, ledgers: Path, undisturbed: dict[str, Any]
) -> None:
    """What a killed command has queued, the job of the pages takes over."""
    first = place.start("intake", ledgers)
    while first.poll() is None and not _progress(place) > 0:
        time.sleep(0.02)
    _kill_group(first)
    for turn in range(max(6, KILLS // 4)):
        worker = place.start("work")
        if turn % 3 == 2:  # politely: it ends between two batches, soon
            _kill_at_work(place, worker, worker.terminate)
            assert worker.wait(timeout=20) in (0, -signal.SIGTERM)  # the latter: it was just starting
        else:
            _kill_at_work(place, worker, partial(_kill_group, worker))
    worker = place.start("work")
    waiting = "SELECT count(*) FROM intake_sheet WHERE state IN ('queued', 'running')"
    deadline = time.monotonic() + 120
    while place.query(waiting)[0][0] and time.monotonic() < deadline:
        time.sleep(0.1)
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    _compare(place, undisturbed)


def test_the_database_killed_under_the_command(
    tmp_path: Path, ledgers: Path, undisturbed: dict[str, Any]
) -> None:
    """Its supervisor, the server, or the connection: the command says so, and the next one goes on."""
    place = Small(new_installation(tmp_path).folder)
    blows = (_kill_supervisor, _kill_server, _cut_connections)
    for turn in range(max(6, KILLS // 3)):
        process = place.start("intake", ledgers, stderr=subprocess.PIPE)
        _kill_at_work(place, process, partial(blows[turn % 3], place))
        _, err = process.communicate(timeout=60)
        assert b"Traceback" not in err, err.decode()
        assert process.returncode == 1
    for _ in range(5):  # a server that was killed may still be recovering
        if "数据库" not in _finish(place, ledgers).err:
            break
    _compare(place, undisturbed)


def _kill_supervisor(place: Installation) -> None:
    _kill_process(place, b"hulei.postgres.supervisor")


def _kill_server(place: Installation) -> None:
    _kill_process(place, b"/postgres\0")


def _kill_process(place: Installation, word: bytes) -> None:
    """SIGKILL to the process of this data folder whose command line holds a word."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (folder / "cmdline").read_bytes()
            if str(place.folder).encode() in line and word in line:
                os.kill(int(folder.name), signal.SIGKILL)


def _cut_connections(place: Installation) -> None:
    """As an administrator ends sessions, or a network."""
    others = "datname = 'hulei' AND pid <> pg_backend_pid()"
    with contextlib.suppress(psycopg.Error, DatabaseTrouble):
        place.query(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def _compare(place: Installation, undisturbed: dict[str, Any]) -> None:
    state = _state(place)
    # How often rows went in anew does not matter, only what of them is in.
    for name in ("counts", "rows", "dossiers", "figures"):
        assert state[name] == undisturbed[name], name
    assert {sheet[1] for sheet in state["sheets"]} == {"done"}
    verified = place.run("audit", "verify")
    assert verified.status == 0, verified.err


def test_two_commands_at_the_same_files(place: Small, ledgers: Path, undisturbed: dict[str, Any]) -> None:
    """One waits for the other; both tell what became of every row."""
    both = [place.start("intake", ledgers, "--json", stdout=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate(timeout=200)[0].decode() for process in both]
    answers = [Answer(process.returncode, out, "") for process, out in zip(both, told, strict=True)]
    assert [answer.status for answer in answers] == [1, 1]
    first, second = sorted(answers, key=lambda a: -sum(f["accepted"] for f in a.json()["files"]))
    assert sum(f["accepted"] for f in second.json()["files"]) == 0
    for one, other in zip(first.json()["files"], second.json()["files"], strict=True):
        assert one["accepted"] + one["unchanged"] == other["unchanged"]
        assert one["rejected"] == other["rejected"]
    _compare(place, undisturbed)


def test_the_job_and_a_command_at_the_same_files(
    place: Small, ledgers: Path, undisturbed: dict[str, Any]
) -> None:
    """The job may take the command's sheets up; the command waits and tells the same in the end."""
    worker = place.start("work")
    answer = place.run("intake", ledgers, "--json")
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    assert answer.status == 1
    for one in answer.json()["files"]:
        assert one["accepted"] + one["unchanged"] + len({f["row"] for f in one["rejected"]}) == one["rows"]
    _compare(place, undisturbed)
