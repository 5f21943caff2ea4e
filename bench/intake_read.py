"""How fast ledgers are read, and in how much memory: our stream beside openpyxl.

    .venv/bin/python bench/intake_read.py [--rows 10000 50000 200000]

Makes registers of made-up children (13 columns, as offices keep them; ids on the unassigned area
459900), reads each in a process of its own and prints rows per second of processor time and the peak
of that process's memory. ``openpyxl`` loads cells and nothing else; ``rows`` is the same work by our
reader; ``read`` also finds the head, recognises the ledger and gives every cell its meaning and its
faults. ``read`` is what intake does: it does more and must still take less.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

HEAD = ["序号", "姓名", "性别", "出生日期", "身份证号", "就读学校", "监护人", "监护人电话", "家庭住址"]
HEAD += ["行为类别", "行为日期", "文书号", "办案单位"]
SEED = 20231229


def make(path: Path, rows: int) -> None:
    """Write a police register with ``rows`` children; every second birth date is text."""
    import xlsxwriter

    from hulei.intake.reading.normal.identity import check_character

    dice = random.Random(SEED)
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["严重不良行为未成年人矫治教育台账"])
        page.write_row(1, 0, ["填报单位:示例分局"])
        page.write_row(2, 0, HEAD)
        for number in range(1, rows + 1):
            born = date(2006, 1, 1) + timedelta(days=dice.randrange(4000))
            first_17 = f"459900{born:%Y%m%d}{dice.randrange(1000):03d}"
            when = datetime(2023, 1, 1) + timedelta(days=dice.randrange(360))
            row = [
                number, _name(dice), dice.choice("男女"), "", first_17 + check_character(first_17),
                f"示例第{dice.randrange(30)}中学", _name(dice), f"199{dice.randrange(10**8):08d}",
                f"示例镇示例村{dice.randrange(900)}号", "盗窃", "",
                f"公(示)矫字〔2023〕{number}号", "示例派出所",
            ]  # fmt: skip
            page.write_row(number + 2, 0, row)
            if number % 2:
                page.write_datetime(number + 2, 3, datetime(born.year, born.month, born.day), day)
            else:
                page.write_string(number + 2, 3, f"{born.year}年{born.month}月{born.day}日")
            page.write_datetime(number + 2, 10, when, day)


def _name(dice: random.Random) -> str:
    return dice.choice("王李张陈黄") + "".join(chr(0x4E00 + dice.randrange(3000)) for _ in range(2))


def by_openpyxl(path: Path) -> int:
    """The usual way: the whole workbook in memory."""
    import openpyxl

    page = openpyxl.load_workbook(path)["台账"]
    return sum(1 for _ in page.iter_rows(min_row=4, values_only=True))


def by_rows(path: Path) -> int:
    """Our stream of raw rows."""
    from hulei.intake.reading.workbook import open_workbook

    with open_workbook(path) as book:
        return sum(1 for row in book.sheets[0].rows() if row.line > 3)


def by_read(path: Path) -> int:
    """Our whole reading: recognised, every cell understood, every fault found."""
    from hulei.intake.reading.recognition import recognise
    from hulei.intake.reading.rows import read_ledger
    from hulei.intake.reading.templates import load_templates
    from hulei.intake.reading.workbook import open_workbook

    with open_workbook(path) as book:
        sheet = book.sheets[0]
        found = recognise(sheet.head(), load_templates())
        return sum(not row.refused for row in read_ledger(sheet, found, today=date(2024, 1, 1)))


WAYS: dict[str, Callable[[Path], int]] = {"openpyxl": by_openpyxl, "rows": by_rows, "read": by_read}


def child(way: str, path: Path) -> None:
    """Measure one way in this process: rows, seconds of processor time, peak in MB."""
    began = time.process_time()
    rows = WAYS[way](path)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(rows, f"{seconds:.3f}", f"{peak:.1f}")


def measure(way: str, path: Path) -> tuple[int, float, float]:
    """Run :func:`child` in a fresh process."""
    command = [sys.executable, __file__, "--child", way, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows, seconds, peak = done.stdout.split()
    return int(rows), float(seconds), float(peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 50_000, 200_000])
    parser.add_argument("--child", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    print(
        f"{'rows':>9} {'file MB':>8} {'way':>9} {'CPU s':>8} {'rows/s':>8} {'peak MB':>8}  against openpyxl"
    )
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            path = Path(folder) / f"{rows}.xlsx"
            subprocess.run(
                [sys.executable, "-c", _MAKE, str(Path(__file__).parent), str(path), str(rows)], check=True
            )
            _compare(path, rows)


# Made in a process of its own too: a parent that has grown would lend its size to its children.
_MAKE = (
    "import sys; sys.path.insert(0, sys.argv[1]); import intake_read, pathlib; "
    "intake_read.make(pathlib.Path(sys.argv[2]), int(sys.argv[3]))"
)


def _compare(path: Path, rows: int) -> None:
    base: tuple[float, float] | None = None
    for way in WAYS:
        counted, seconds, peak = measure(way, path)
        if counted != rows:
            raise SystemExit(f"{way} read {counted} rows of {rows}")
        base = base or (seconds, peak)
        ratio = f"{base[0] / seconds:4.1f}x as fast, {peak / base[1] * 100:3.0f} % of the memory"
        size = path.stat().st_size / 1024 / 1024
        print(
            f"{rows:>9,} {size:>8.1f} {way:>9} {seconds:>8.2f} {rows / seconds:>8,.0f} {peak:>8.0f}  {ratio}",
            flush=True,
        )


if __name__ == "__main__":
    main()
