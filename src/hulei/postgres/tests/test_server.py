"""Starting, sharing, killing: whatever happens, no orphan and no broken cluster."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hulei.postgres import connect, layout, privilege, server
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.tests.helpers import (
    holder,
    postmaster_pid,
    processes_of,
    start_holder,
    supervisor_pid,
    wait_until,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="watches processes through /proc")


def _gone(folder: Path) -> None:
    wait_until(lambda: not processes_of(folder), "every process of the folder ends")


def _query(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with connect.connect(connect.admin_url(folder), database="postgres") as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_it_starts_once_is_found_again_and_stops(folder: Path) -> None:
    with server.ensure(folder, durable=False) as first:
        with server.ensure(folder) as second:
            assert second is first
        assert first.alive
        assert _query(folder, "SHOW server_version")
        assert _query(folder, "SHOW listen_addresses") == [("",)]
        assert _query(folder, "SHOW data_checksums") == [("on",)]
    assert server.stop(folder)
    assert not server.is_running(folder)
    assert not server.stop(folder)
    _gone(folder)


def test_searching_chinese_works(folder: Path) -> None:
    with server.ensure(folder, durable=False):
        _query(folder, "CREATE EXTENSION pg_trgm")
        assert _query(folder, "SELECT show_trgm('铁山港区') <> '{}'") == [(True,)]


def test_a_wrong_password_does_not_get_in(folder: Path) -> None:
    with server.ensure(folder, durable=False):
        settings = {**connect.admin_url(folder), "PASSWORD": "wrong"}
        with pytest.raises(DatabaseTrouble):
            connect.connect(settings, database="postgres")


def test_it_stops_when_its_only_holder_is_killed(folder: Path) -> None:
    with holder(folder) as process:
        assert processes_of(folder)
        process.send_signal(signal.SIGKILL)
        _gone(folder)
    assert "database system is shut down" in (folder / "postgres.log").read_text()


def test_the_first_holder_may_end_while_a_second_stays(folder: Path) -> None:
    with holder(folder) as first, holder(folder) as second:
        number = postmaster_pid(folder)
        first.send_signal(signal.SIGKILL)
        first.wait()
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=3)
        assert postmaster_pid(folder) == number
        second.send_signal(signal.SIGKILL)
        _gone(folder)


def test_two_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    starters = [start_holder(folder) for _ in range(4)]
    try:
        said = [process.stdout.readline() for process in starters if process.stdout]
        assert all(line.startswith("held") for line in said)
        log = (folder / "postgres.log").read_text()
        assert log.count("database system is ready to accept connections") == 1
    finally:
        for process in starters:
            process.kill()
            process.wait()
    _gone(folder)


def test_a_killed_server_is_started_again_with_its_data(folder: Path) -> None:
    with server.ensure(folder, durable=True):
        _query(folder, "CREATE TABLE kept AS SELECT 1 AS n")
        killed = postmaster_pid(folder)
        os.kill(killed, signal.SIGKILL)

        def answers() -> bool:
            try:
                return _query(folder, "SELECT n FROM kept") == [(1,)]
            except DatabaseTrouble:
                return False

        wait_until(lambda: answers() and postmaster_pid(folder) != killed, "the server comes back")


def test_a_killed_supervisor_leaves_no_orphan_and_a_sound_cluster(folder: Path) -> None:
    held = server.ensure(folder, durable=True)
    _query(folder, "CREATE TABLE kept AS SELECT 1 AS n")
    os.kill(supervisor_pid(folder), signal.SIGKILL)
    wait_until(lambda: not held.alive, "the hold is lost")
    with server.ensure(folder, durable=True) as again:  # waits for the old server to be down
        assert again is not held
        assert _query(folder, "SELECT n FROM kept") == [(1,)]
    assert "not properly shut down" not in (folder / "postgres.log").read_text()


def test_all_killed_at_once_and_the_data_is_there(folder: Path) -> None:
    with holder(folder) as process:
        with connect.connect(connect.admin_url(folder), database="postgres") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        for number in [supervisor_pid(folder), postmaster_pid(folder), *processes_of(folder), process.pid]:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        _gone(folder)
    with server.ensure(folder, durable=False):
        assert _query(folder, "SELECT n FROM kept") == [(1,)]


def test_a_killed_first_start_leaves_nothing_half(folder: Path) -> None:
    for _ in range(3):
        starter = start_holder(folder)
        wait_until(lambda: any(folder.glob("postgres.new-*/*")), "initdb is at work")
        for number in [*processes_of(folder), starter.pid]:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        starter.wait()
        _gone(folder)
        assert not (folder / "postgres").exists()
    with server.ensure(folder, durable=False):
        assert _query(folder, "SELECT 1") == [(1,)]
        assert not list(folder.glob("postgres.new-*"))


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(folder: Path) -> None:
    with server.ensure(folder, durable=False):
        pass
    server.stop(folder)
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}/postgres\n0\n5432\n\n\n")
    with server.ensure(folder, durable=False):
        assert _query(folder, "SELECT 1") == [(1,)]


def test_a_broken_cluster_is_reported_with_its_log(folder: Path) -> None:
    with server.ensure(folder, durable=False):
        pass
    server.stop(folder)
    (folder / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(DatabaseTrouble) as caught:
        server.ensure(folder, durable=False)
    assert "postgres.log" in caught.value.en


def test_a_cluster_of_another_version_is_left_alone(folder: Path) -> None:
    with server.ensure(folder, durable=False):
        pass
    server.stop(folder)
    (folder / "postgres" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(DatabaseTrouble, match=r"9\.6"):
        server.ensure(folder, durable=False)


def test_a_data_folder_with_a_long_and_odd_path(tmp_path: Path, embedded: None) -> None:
    folder = tmp_path / ("数据 'it''s, \"here\"" + "x" * 80)
    with server.ensure(folder, durable=False) as held:
        assert _query(folder, "SELECT 1") == [(1,)]
        assert held.host.startswith("/tmp/hulei-")
    server.stop(folder)
    shutil.rmtree(layout.layout_of(folder).run_dir)


def test_personal_data_of_failed_statements_stays_out_of_the_log(folder: Path) -> None:
    with server.ensure(folder, durable=False):
        _query(folder, "CREATE TABLE minor (national_id text PRIMARY KEY)")
        _query(folder, "INSERT INTO minor VALUES ('459900201001010019')")
        with pytest.raises(Exception, match="duplicate"):
            _query(folder, "INSERT INTO minor VALUES ('459900201001010019')")
    assert "459900201001010019" not in (folder / "postgres.log").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to choose a way")
@pytest.mark.parametrize("ways", [("namespace",), ("capability",), ("namespace", "capability", "namespace")])
def test_root_has_two_ways_and_may_change_between_them(
    folder: Path, ways: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for way in ways:
        monkeypatch.setenv(privilege.WAY_VARIABLE, way)
        try:
            privilege.choose()
        except DatabaseTrouble:
            pytest.skip(f"this machine forbids the way {way}")
        with holder(folder) as process:
            _query(folder, "CREATE TABLE IF NOT EXISTS kept (n int)")
            os.kill(supervisor_pid(folder), signal.SIGKILL)
            _gone(folder)
            process.kill()
        with server.ensure(folder, durable=False):
            assert _query(folder, "SELECT * FROM kept") == []
        server.stop(folder)


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become another user"
)
def test_an_ordinary_user_starts_it(tmp_path: Path, embedded: None) -> None:
    for parent in tmp_path.parents:
        if parent.name.startswith("pytest-"):
            parent.chmod(0o711)
    tmp_path.chmod(0o711)
    home = tmp_path / "home"
    home.mkdir()
    shutil.chown(home, privilege.NOBODY, privilege.NOBODY)
    source = Path(layout.__file__).parents[2]
    packages = Path(sys.prefix).glob("lib/python*/site-packages")
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(source), *map(str, packages)]),
    }
    trial = "import subprocess, sys, hulei; subprocess.check_call([sys.executable, '-c', ''])"
    pythons = [sys.executable, "/usr/bin/python3"]
    python = next((p for p in pythons if _succeeds([*as_user, p, "-c", trial], environment)), None)
    if python is None:
        pytest.skip("an ordinary user may read neither Python nor the sources here")
    script = "import sys; from hulei.postgres.server import ensure; print(ensure(sys.argv[1]).alive)"
    done = subprocess.run(
        [*as_user, python, "-c", script, str(home / "d")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "True", done.stderr
    _gone(home / "d")


def _succeeds(words: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(words, env=environment, capture_output=True, check=False).returncode == 0
