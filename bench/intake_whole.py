"""How fast a register is taken in whole, and in how much memory: Hulei beside the usual way.

    .venv/bin/python bench/intake_whole.py [--rows 5000 20000 80000] [--usual 5000 20000] [--folder DIR]

``whole`` is ``hulei intake``: the file stored encrypted, its ledger recognised, every cell read, every
row put to one child's file, ids and phones encrypted with blind indexes, the raw row kept beside,
each batch with its entry in the hash-chained ledger, batch by batch so that a kill loses nothing.
``again`` is the same file once more, ``copy`` the same rows as another file. ``usual`` is openpyxl and one
``save()`` a row into two plain tables, with nothing of all that. Each runs in a process of its own on
the same embedded PostgreSQL; rows per second by the clock, processor time and peak memory of that
process (the database server is not in them).
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import intake_read

DISTRICT = ("459901", "示例区")
SCHOOLS = 30


def rosters(folder: Path) -> list[Path]:
    """The station and the schools that the register's rows name."""
    stations, schools = folder / "派出所.csv", folder / "学校.csv"
    _write(
        stations,
        ["派出所", "辖区镇", "辖区村(社区)", "未保民警"],
        [["示例派出所", "示例镇", "示例村", "某人"]],
    )
    names = [[f"示例第{n}中学", "初中", "示例镇", "示例派出所"] for n in range(SCHOOLS)]
    _write(schools, ["学校名称", "学段", "所在镇", "所属派出所"], names)
    return [stations, schools]


def _write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def found(folder: Path) -> None:
    """An empty district with the rosters."""
    from hulei.cli.commands.district import found as found_district

    database(folder)
    found_district(*DISTRICT)
    take_in(rosters(folder))


def database(folder: Path) -> None:
    """Log in to the embedded server of the data folder."""
    os.environ["HULEI_DATA"] = str(folder / "data")
    from hulei.cli import database

    database.ready()


def stop(folder: Path) -> None:
    """Stop the embedded server of the data folder, so that the folder can go."""
    from hulei.postgres import server

    server.stop(folder / "data")


def take_in(paths: list[Path]) -> int:
    """As ``hulei intake`` does; the rows that are in now."""
    from hulei.access import queries as access
    from hulei.journeys import ledger_intake

    by = access.operator(DISTRICT[0])
    uploads = ledger_intake.take_in_files(paths, by=by, progress=lambda sheet: None)
    sheets = [sheet for upload in uploads for sheet in upload.sheets.all()]  # type: ignore[union-attr]
    assert not any(sheet.rejected for sheet in sheets)
    return sum(sheet.accepted + sheet.unchanged for sheet in sheets)


def whole(folder: Path, path: Path) -> int:
    """Hulei."""
    database(folder)
    return take_in([path])


def usual(folder: Path, path: Path) -> int:
    """The whole workbook in memory, an object and a statement for each row."""
    database(folder)
    import openpyxl
    from django.db import connection

    from hulei.cli.database import log_in

    child, entry = _plain_tables()
    log_in("owner")
    with connection.schema_editor() as editor:
        editor.create_model(child)
        editor.create_model(entry)
    page = openpyxl.load_workbook(path)["台账"]
    rows = 0
    for row in page.iter_rows(min_row=4, values_only=True):
        one = child(
            name=row[1], sex=row[2], birth_date=_day(row[3]), national_id=row[4], school=row[5],
            guardian=row[6], guardian_phone=row[7], address=row[8],
        )  # fmt: skip
        one.save()
        entry(
            child=one, behaviour=row[9], occurred_on=_day(row[10]), document=row[11], station=row[12]
        ).save()
        rows += 1
    with connection.schema_editor() as editor:
        editor.delete_model(entry)
        editor.delete_model(child)
    return rows


def _plain_tables() -> tuple[Any, Any]:
    from django.db import models

    def table(name: str, texts: tuple[str, ...], **fields: Any) -> Any:
        meta = type("Meta", (), {"app_label": "places"})
        columns = {t: models.CharField(max_length=200, db_index=t in ("name", "national_id")) for t in texts}
        return type(name, (models.Model,), {"__module__": "plain", "Meta": meta, **columns, **fields})

    told = ("name", "sex", "national_id", "school", "guardian", "guardian_phone", "address")
    child = table("PlainChild", told, birth_date=models.DateField())
    of = {"child": models.ForeignKey(child, models.PROTECT), "occurred_on": models.DateField()}
    return child, table("PlainEntry", ("behaviour", "document", "station"), **of)


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    return datetime.strptime(cell, "%Y年%m月%d日").date()


Plain = tuple[float, float] | None
"""Seconds by the clock and of the processor that the usual way took, where it was tried."""

WAYS: dict[str, Callable[[Path, Path], int]] = {"whole": whole, "usual": usual}


def measure(way: str, folder: Path, path: Path) -> None:
    """In the child process: run one way and print rows, seconds, processor seconds and peak MB."""
    begun = time.perf_counter()
    rows = WAYS[way](folder, path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(rows, time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run(way: str, folder: Path, path: Path) -> tuple[float, ...]:
    """The four numbers of a way, from a process of its own."""
    command = [sys.executable, __file__, "--measure", way, "--folder", str(folder), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return tuple(map(float, done.stdout.split()))


def compare(sizes: list[int], usual_sizes: list[int], folder: Path) -> None:
    """Print the table."""
    head = f"{'rows':>7}  {'way':6} {'seconds':>8} {'rows/s':>8} {'cpu s':>7} {'peak MB':>8}"
    print(f"{head}  against usual: clock, cpu")
    for size in sizes:
        place = folder / str(size)
        place.mkdir()
        path = place / "register.xlsx"
        intake_read.make(path, size)
        subprocess.run([sys.executable, __file__, "--found", "--folder", str(place)], check=True)
        plain = _line("usual", "usual", size, place, path, None) if size in usual_sizes else None
        for name in ("whole", "again"):
            _line(name, "whole", size, place, path, plain)
        copy = path.with_name("另一份.xlsx")
        shutil.copy(path, copy)
        _line("copy", "whole", size, place, copy, plain)


def _line(name: str, way: str, size: int, place: Path, path: Path, plain: Plain) -> Plain:
    rows, seconds, cpu, peak = run(way, place, path)
    assert rows == size, (rows, size)
    ratio = f"{plain[0] / seconds:6.2f} x {plain[1] / cpu:6.2f} x" if plain else ""
    print(
        f"{size:>7}  {name:6} {seconds:>8.2f} {rows / seconds:>8.0f} {cpu:>7.2f} {peak:>8.0f}  {ratio}",
        flush=True,
    )
    return seconds, cpu


def main() -> None:
    """Read the words of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[5000, 20000, 80000])
    parser.add_argument("--usual", type=int, nargs="*", default=[5000, 20000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--found", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=1, choices=sorted(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("path", type=Path, nargs="?", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure[0], given.folder, given.path)
    elif given.found:
        found(given.folder)
    else:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            try:
                compare(given.rows, given.usual, Path(folder))
            finally:
                for place in Path(folder).iterdir():
                    stop(place)


if __name__ == "__main__":
    main()
