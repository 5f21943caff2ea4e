"""``hulei index``: files in, readings out, the same from every engine, without a district or a database."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from hulei.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = Path(os.environ.get("HULEI_SAMPLES") or ROOT.parent / "shared" / "data")
EIGHT = SAMPLES / "eight-children.jsonl"
ENGINES = ["python", "duckdb", "postgres", "spark"]
needs_samples = pytest.mark.skipif(
    not EIGHT.exists(), reason="the shared sample data is not here (HULEI_SAMPLES)"
)

EXPECTED = {
    "A": ("B0", "-", 0, "N1", 24, False, "yellow", ["mentor"]),
    "B": ("B1", "a", 4, "N1", 16, False, "yellow", ["attention", "mentor"]),
    "C": ("B2", "a", 6, "N0", 0, False, "green", ["correction"]),
    "D": ("B0", "-", 0, "N1", 18, False, "yellow", ["mentor"]),
    "E": ("B3", "a", 16, "N3", 45, True, "red", ["correction", "mentor"]),
    "F": ("B0", "-", 0, "N0", 0, False, "green", []),
    "G": ("B0", "-", 0, "N3", 40, True, "red", ["mentor"]),
    "H": ("B0", "-", 0, "N1", 12, False, "yellow", ["mentor"]),
}
LINES = {
    "A": {"A-01": 10, "A-02": 8, "A-03": 6},
    "B": {"B-04": 2, "B-05": 2, "B-06": 2, "B-07": 4, "B-08": 10},
    "C": {"C-09": 6},
    "D": {"D-13": 10, "D-14": 8},
    "E": {"E-15": 16, "E-16": 25, "E-17": 20},
    "F": {},
    "G": {"G-20": 25, "G-21": 15},
    "H": {"H-23": 4, "H-24": 8},
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "spark" and (not importlib.util.find_spec("pyspark") or not shutil.which("java")):
        pytest.skip("pyspark (an optional extra) or Java is not installed")
    if request.param == "postgres":
        from django.conf import settings

        monkeypatch.setenv("HULEI_DATA", str(settings.DATA_DIR))
    return request.param


def score(file: Path, out: Path, *more: str, as_of: str = "2026-11-01") -> int:
    return main(["index", "score", str(file), "--as-of", as_of, "--out", str(out), *more])


@needs_samples
def test_the_eight_children_from_every_engine(engine: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert score(EIGHT, out, "--engine", engine) == 0
    assert score(EIGHT, tmp_path / "python.jsonl") == 0
    assert out.read_bytes() == (tmp_path / "python.jsonl").read_bytes()
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [reading["child"] for reading in found] == list("ABCDEFGH")
    for reading in found:
        behaviour, need = reading["behaviour"], reading["need"]
        assert (
            *(behaviour[name] for name in ("tier", "grade", "points")),
            *(need[name] for name in ("level", "points", "urgent", "colour")),
            reading["tracks"],
        ) == EXPECTED[reading["child"]]
        assert {line["fact"]: line["points"] for line in reading["contributions"]} == LINES[reading["child"]]


@needs_samples
def test_f_cannot_be_told_from_a_child_without_any_record(tmp_path: Path) -> None:
    f = json.loads(EIGHT.read_text(encoding="utf-8").splitlines()[5])
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(f) + "\n" + json.dumps({**f, "facts": []}) + "\n", encoding="utf-8")
    assert score(file, tmp_path / "out.jsonl") == 0
    first, second = (tmp_path / "out.jsonl").read_text().splitlines()
    assert first == second


def made(name: str, **values) -> str:
    return json.dumps({"child": name, "birth": "2011-06-01", "intake_basis": "clue", "facts": [], **values})


def test_malformed_lines_are_told_and_the_others_scored_in_order(engine: str, tmp_path: Path, capfd) -> None:
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [made("b"), "{", made("秘密", birth="2011-02-30"), "", made("a"), made("b"), '{"child": "z"}']
    file.write_bytes("\ufeff".encode() + "\n".join(lines).encode())
    assert score(file, out, "--engine", engine) == 1
    assert [json.loads(line)["child"] for line in out.read_text().splitlines()] == ["b", "a", "b"]
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("第")]
    assert [line.split(":")[0] for line in told] == ["第 2 行 line 2", "第 3 行 line 3", "第 7 行 line 7"]
    assert [line.split()[5].rstrip(":") for line in told] == ["json_invalid", "date_invalid", "field_missing"]
    assert "秘密" not in "".join(told)


def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hulei.cli.commands import index
    from hulei.engine.tests.test_exchange import FACT

    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(made(str(n), facts=[FACT] * (n % 2)) for n in range(25)), encoding="utf-8")
    monkeypatch.setattr(index, "_BATCH", 4)
    assert score(file, tmp_path / "duckdb.jsonl", "--engine", "duckdb") == 0
    assert score(file, tmp_path / "python.jsonl") == 0
    assert (tmp_path / "duckdb.jsonl").read_bytes() == (tmp_path / "python.jsonl").read_bytes()
    assert (tmp_path / "python.jsonl").read_text().count("theft") == 0
    assert (tmp_path / "python.jsonl").read_text().count('"B2"') == 12


def test_a_failed_run_leaves_no_half_file(tmp_path: Path, capsys) -> None:
    assert score(tmp_path / "absent.jsonl", tmp_path / "out.jsonl") == 1
    assert "absent.jsonl" in capsys.readouterr().err
    file = tmp_path / "in.jsonl"
    file.write_text(made("a"), encoding="utf-8")
    assert score(file, tmp_path / "no" / "out.jsonl") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_the_file_may_be_scored_onto_itself_and_to_standard_output(tmp_path: Path, capsys) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(made("a"), encoding="utf-8")
    assert main(["index", "score", str(file), "--as-of", "2026-11-01"]) == 0
    printed = capsys.readouterr().out
    assert score(file, file) == 0
    assert file.read_text(encoding="utf-8") == printed


def test_the_schema_is_a_schema_and_describes_the_eight(capsys) -> None:
    assert main(["index", "schema"]) == 0
    checker = Draft202012Validator(json.loads(capsys.readouterr().out))
    assert not checker.is_valid(json.loads(made("a", religion="x")))
    if EIGHT.exists():
        for line in EIGHT.read_text(encoding="utf-8").splitlines():
            checker.validate(json.loads(line))


def test_an_explanation_in_both_languages(tmp_path: Path, capsys) -> None:
    from hulei.engine.tests.test_exchange import FACT

    file = tmp_path / "in.jsonl"
    file.write_text(made("a") + "\n" + made("b", facts=[FACT]), encoding="utf-8")
    words = ["index", "explain", str(file), "--as-of", "2026-11-01", "--child"]
    assert main([*words, "b"]) == 0
    printed = capsys.readouterr().out
    assert "计入，6 分" in printed and "counts, 6 points" in printed
    assert main([*words, "nobody"]) == 1


def test_the_rulebook_is_printed_with_its_digest(capsys) -> None:
    assert main(["index", "rulebook", "--as-of", date(2026, 11, 1).isoformat()]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("rulebook ")
    assert "theft\tB2\t6\t360\tPJD.38.1.4" in printed
    assert "age_floor\t12\tXF.17.3" in printed


def test_no_engine_but_postgres_touches_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HULEI_DATA", str(tmp_path / "data"))
    file = tmp_path / "in.jsonl"
    file.write_text(made("a"), encoding="utf-8")
    for name in ("python", "duckdb"):
        assert score(file, tmp_path / "out.jsonl", "--engine", name) == 0
    assert not (tmp_path / "data").exists()
