"""What others script: shapes of answers, exit status, and words instead of tracebacks."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hulei.intake.tests import office
from hulei.postgres import connect, server
from hulei.postgres.tests.conftest import DEBIAN
from tests.cli.command import Answer, Installation, new_installation

pytestmark = pytest.mark.slow
METRICS = ("metrics", "--from", "2023-01-01", "--to", "2023-12-29", "--as-of", "2023-12-29")
STATIONS = ("派出所", "辖区镇", "辖区村(社区)", "未保民警", "警号")
SCHOOLS = ("学校名称", "学段", "所在镇", "所属派出所")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A district with its rosters; its database is kept running between commands."""
    folder = tmp_path_factory.mktemp("contract")
    made = new_installation(folder)
    with connect.hold(made.folder) or connect.connect({}):
        answer = made.run("intake", rosters(folder), "--json")
        assert answer.status == 0, answer.out
        yield made


def rosters(folder: Path) -> Path:
    """The station and the school that the rows name."""
    target = folder / "rosters"
    target.mkdir()
    station = {"派出所": "石头埠派出所", "辖区镇": "兴港镇", "辖区村(社区)": "粟山村"}
    school = {"学校名称": office.SCHOOL, "学段": "小学", "所在镇": "兴港镇", "所属派出所": "石头埠派出所"}
    office.write_xlsx(target / "b派出所.xlsx", office.grid(STATIONS, [station]))
    office.write_xlsx(target / "a学校.xlsx", office.grid(SCHOOLS, [school]))
    return target


def refused(answer: Answer, status: int = 1) -> str:
    """A mistake: nothing on standard output, words on standard error."""
    assert (answer.status, answer.out) == (status, ""), answer
    assert "Traceback" not in answer.err
    assert answer.err.strip()
    return answer.err


def test_the_answer_of_an_intake(place: Installation, tmp_path: Path) -> None:
    rows = [
        office.education(1),
        office.education(2, 姓名=None, 出生日期="2010-02-30"),
        office.education(3, 身份证号=459900201001040000.0),
        office.education(4, 身份证号="459900201001050011"),
        office.education(1),
    ]
    path = office.write(tmp_path / "教育.xlsx", office.EDUCATION, rows)
    answer = place.run("intake", path, "--json")
    assert answer.status == 1
    assert answer.err == ""
    (entry,) = answer.json()["files"]
    wanted = {"file", "ledger", "rows", "accepted", "unchanged", "rejected", "warnings"}
    assert wanted <= set(entry)
    assert entry["file"] == "教育.xlsx"
    assert entry["ledger"] == "register_education"
    assert (entry["rows"], entry["accepted"], entry["unchanged"]) == (5, 2, 1)
    assert [(f["row"], f["column"], f["code"]) for f in entry["rejected"]] == [
        (2, "姓名", "name_missing"),
        (2, "出生日期", "date_invalid"),
        (3, "身份证号", "national_id_rounded"),
    ]
    assert [(f["row"], f["code"]) for f in entry["warnings"]] == [(4, "national_id_checksum")]
    for fault in (*entry["rejected"], *entry["warnings"]):
        assert {"row", "column", "code", "message"} <= set(fault)
        assert fault["message"] and "4599" not in fault["message"]
    again = place.run("intake", path, "--json")
    assert again.status == 1  # the bad rows are still bad
    assert (again.json()["files"][0]["accepted"], again.json()["files"][0]["unchanged"]) == (0, 3)


def test_all_went_well(place: Installation, tmp_path: Path) -> None:
    path = office.write(tmp_path / "h.csv", office.HAZARDS, [office.hazard(n) for n in (1, 2)])
    answer = place.run("intake", path, path, tmp_path, "--json")
    assert answer.status == 0
    assert answer.err == ""
    (entry,) = answer.json()["files"]  # named thrice, taken in once
    assert (entry["ledger"], entry["accepted"], entry["rejected"]) == ("hazards", 2, [])
    shown = place.run("intake", path)
    assert shown.status == 0
    assert "无变化 2" in shown.out


def test_files_that_cannot_be_read(place: Installation, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "c.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    office.write_xlsx(tmp_path / "d.xlsx", [["物品", "数量", "单价"], ["桌子", 3, 20], ["椅子", 4, 10]])
    office.write(tmp_path / "e.xlsx", office.HAZARDS, [office.hazard(9)])
    with (tmp_path / "f.csv").open("wb") as large:
        large.truncate(60 * 1024 * 1024)
    answer = place.run("intake", tmp_path, "--json")
    assert answer.status == 1
    assert answer.err == ""
    entries = {entry["file"]: entry for entry in answer.json()["files"]}
    good = entries.pop("e.xlsx")
    assert (good["accepted"], good["rejected"]) == (1, [])
    assert len(entries) == 5
    for name, entry in entries.items():
        assert entry["ledger"] is None, name
        assert [(fault["row"]) for fault in entry["rejected"]] == [0], name
    codes = {name: entry["rejected"][0]["code"] for name, entry in entries.items()}
    assert codes["d.xlsx"] == "ledger_unknown"
    assert codes["f.csv"] == "file_too_large"
    assert codes["b.csv"] == "file_empty"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("intake",),
        ("metrics",),
        ("metrics", "--from", "2023-13-01", "--to", "2023-12-29"),
        ("metrics", "--from", "heute", "--to", "2023-12-29"),
        ("metrics", "--from", "2023-12-29", "--to", "2023-01-01"),
        ("report", "work", "--year", "zwei", "--out", "x.docx"),
        ("dossiers", "sources"),
        ("init", "--district", "459901"),
    ],
)
def test_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused(Installation(tmp_path / "none").run(*words), 2)
    assert not (tmp_path / "none").exists()


def test_mistakes(place: Installation, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert "absent.xlsx" in refused(place.run("intake", tmp_path / "absent.xlsx"))
    assert "empty" in refused(place.run("intake", tmp_path / "empty"))
    assert "999999" in refused(place.run(*METRICS, "--area", "999999"))
    for command in (
        ("dossiers", "sources", "--out", tmp_path / "no" / "x.csv"),
        ("dossiers", "sources", "--out", tmp_path),
        ("report", "work", "--year", "2023", "--out", tmp_path / "no" / "x.docx"),
        ("report", "work", "--year", "2023", "--out", tmp_path),
        ("intake", place.folder.parent / "rosters", "--hand-back", tmp_path / "file"),
    ):
        assert "hulei:" in refused(place.run(*command))
    assert "450512" in refused(place.run("init", "--district", "459901", "某某区"))
    assert place.run("init").status == 0
    refused(place.run("init", "--district", "abc", "某某区"))


def test_before_a_district_is_founded(tmp_path: Path) -> None:
    bare = Installation(tmp_path / "data")
    (tmp_path / "x.csv").write_text("姓名\n")
    for words in (
        ("intake", tmp_path / "x.csv"),
        METRICS,
        ("dossiers", "sources", "--out", tmp_path / "y.csv"),
    ):
        assert "hulei init" in refused(bare.run(*words))
    assert not (tmp_path / "y.csv").exists()


def test_another_district(tmp_path: Path) -> None:
    other = new_installation(tmp_path, "459901", "某某区")
    assert other.run("intake", rosters(tmp_path), "--json").status == 0
    figures = other.run(*METRICS, "--json").json()
    assert all(set(one) == {"id", "value", "numerator", "denominator", "unit", "rows"} for one in figures)
    assert next(one for one in figures if one["id"] == "schools_below_four_hours")["value"] == 1


def test_which_row_lies_in_which_dossier(place: Installation, tmp_path: Path) -> None:
    rows = [office.education(n + 500) for n in range(4)]
    rows[1]["姓名"] = None
    path = office.write(tmp_path / "行号.xlsx", office.EDUCATION, [*rows, rows[0]])
    place.run("intake", path)
    out = tmp_path / "sources.csv"
    assert place.run("dossiers", "sources", "--out", out).status == 0
    with out.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
        assert list(table[0]) == ["file", "row", "dossier"]
    mine = {int(line["row"]): line["dossier"] for line in table if line["file"] == "行号.xlsx"}
    assert sorted(mine) == [1, 3, 4, 5]  # the refused row keeps its number
    assert mine[1] == mine[5]
    assert len(set(mine.values())) == 3


def test_a_reader_that_goes_away(place: Installation) -> None:
    process = subprocess.Popen(
        place.words(*METRICS, "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=place.environment,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    assert process.wait(timeout=60) == 0


def test_ctrl_c(place: Installation, tmp_path: Path) -> None:
    """While it starts, and while rows go in."""
    path = office.write(tmp_path / "e.csv", office.EDUCATION, [office.education(n) for n in range(600)])
    for seconds in (0.7, 1.2, 1.7):
        process = place.start("intake", path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, 1, -signal.SIGINT), err
        assert b"Traceback" not in err, err.decode()
    assert place.run("intake", path).status == 0


def test_tampering_is_found_and_named(tmp_path: Path) -> None:
    own = new_installation(tmp_path)
    with connect.hold(own.folder) or connect.connect({}):
        assert "intact" in own.run("audit", "verify").out
        own.query(
            "SET session_replication_role = replica; UPDATE audit_auditentry SET tag = 'x.y.z' WHERE seq = 1"
        )
        answer = own.run("audit", "verify")
    assert answer.status == 1
    assert "#1" in answer.err
    assert "Traceback" not in answer.err


def test_the_doctor(place: Installation) -> None:
    answer = place.run("doctor")
    assert "✗" not in answer.out.replace("✗ 前端资源", "")
    key = next((place.folder / "keys").iterdir())
    key.chmod(0o644)
    try:
        answer = place.run("doctor")
    finally:
        key.chmod(0o600)
    assert answer.status == 1
    assert "chmod 600" in answer.out


@pytest.mark.skipif(not os.access(DEBIAN / "postgres", os.X_OK), reason=f"no PostgreSQL 15 in {DEBIAN}")
def test_a_database_of_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole chain on somebody else's PostgreSQL 15, named by DATABASE_URL."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HULEI_POSTGRES_BIN", str(DEBIAN))
    with server.ensure(tmp_path / "cluster", durable=False):
        given = connect.admin_url(tmp_path / "cluster", database="district")
        url = (
            f"host={given['HOST']} port={given['PORT']} user={given['USER']} password={given['PASSWORD']}"
            " dbname=district"
        )
        own = new_installation(tmp_path, DATABASE_URL=url)
        assert own.run("intake", rosters(tmp_path), "--json").status == 0
        path = office.write(
            tmp_path / "e.xlsx",
            office.EDUCATION,
            [office.education(n, 发生日期=date(2023, 5, 1)) for n in range(9)],
        )
        assert own.run("intake", path, "--json").json()["files"][0]["accepted"] == 9
        assert own.run(*METRICS, "--json").status == 0
        assert own.run("audit", "verify").status == 0
        assert not (own.folder / "postgres").exists()
        server.stop(tmp_path / "cluster")
    lost = own.run("audit", "verify")
    assert "数据库" in refused(lost)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_ordinary_user(tmp_path: Path) -> None:
    """Root's own runs are the tests above; here the same as nobody, in a folder of theirs."""
    home = tmp_path / "home"
    home.mkdir()
    for folder in (home, *home.parents):
        if folder.owner() == "root" and folder.is_relative_to(tmp_path.parent.parent):
            folder.chmod(0o755)
    os.chown(home, 65534, 65534)
    own = Installation(home / "data", {"PYTHONPYCACHEPREFIX": "", "HOME": str(home)})

    def run(*words: str) -> Answer:
        done = subprocess.run(
            own.words(*words),
            capture_output=True,
            text=True,
            env={**own.environment, "PYTHONDONTWRITEBYTECODE": "1"},
            user=65534,
            group=65534,
            extra_groups=[],
            cwd=home,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    try:
        founded = run("init")
    except PermissionError:
        pytest.skip("this Python may be used by root only")
    assert founded.status == 0, founded.err
    assert run("audit", "verify").status == 0
