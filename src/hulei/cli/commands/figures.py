"""Figures and the year's work report."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from hulei.cli import database
from hulei.cli.errors import UserMistake
from hulei.common.periods import Period
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.rules import EARLIEST, LATEST, is_sensible

T = TypeVar("T")
OUT_OF_RANGE = Text(f"日期应在 {EARLIEST} 至 {LATEST} 之间。", f"days lie between {EARLIEST} and {LATEST}.")


def metrics(arguments: argparse.Namespace) -> int:
    """Print every figure of a period as known on a day; with ``--json`` as a list for programs.

    Without ``--as-of`` the day is the period's last, or today if that is earlier, so that the same
    words give the same figures next year.
    """
    if arguments.end < arguments.start:
        return _misused(Text("统计期止早于起。", "the period ends before it starts."))
    days = (arguments.start, arguments.end, arguments.as_of)
    if not all(is_sensible(day) for day in days if day):
        return _misused(OUT_OF_RANGE)
    database.ready()
    from hulei.common.clock import today
    from hulei.insight import queries

    period, as_of = Period(arguments.start, arguments.end), arguments.as_of or min(arguments.end, today())

    def ask(by: Viewer) -> list[Any]:
        return queries.figures(by, period, as_of, arguments.area or "")

    try:
        found = _looking(ask)
    except queries.UnknownArea as unknown:
        raise UserMistake(unknown.text.zh, unknown.text.en) from unknown
    if arguments.json:
        json.dump([one.as_json() for one in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _print_table(found)
    return 0


def _misused(text: Text) -> int:
    """Say what is wrong with the words of the command; exit status 2."""
    print(f"hulei: {text.zh} {text.en}", file=sys.stderr)
    return 2


def _print_table(found: list[Any]) -> None:
    for one in found:
        value = "--" if one.shown is None else one.shown
        print(f"{one.metric.id:34}{value:>10} {one.metric.unit.zh}\t{one.metric.title.zh}")


def work_report(arguments: argparse.Namespace) -> int:
    """Write the work report of a year as a Word file; with ``--json`` print the same as data."""
    if not EARLIEST.year <= arguments.year <= LATEST.year or not is_sensible(arguments.as_of or LATEST):
        return _misused(OUT_OF_RANGE)
    target = Path(arguments.out)
    if target.is_dir() or not target.parent.is_dir():
        raise UserMistake(
            f"不能写到 {target}：请给出已有目录下的文件名。",
            f"cannot write {target}: name a file in a folder that exists.",
        )
    database.ready()
    from django.utils import timezone

    from hulei.common.clock import today
    from hulei.insight import actions
    from hulei.insight.documents.work_report import as_json, render

    as_of = arguments.as_of or min(today(), date(arguments.year, 12, 31))

    def print_it(by: Viewer) -> Any:
        return actions.print_work_report(by=by, at=timezone.now(), year=arguments.year, as_of=as_of)

    try:
        report = _looking(print_it)
    except ValueError as problem:
        raise UserMistake(
            f"统计截止日 {as_of} 早于 {arguments.year} 年，没有可报告的内容。",
            f"the as-of day {as_of} lies before {arguments.year}: nothing to report.",
        ) from problem
    try:
        target.write_bytes(render(report))
    except OSError as problem:
        raise UserMistake(
            f"不能写到 {target}：{problem.strerror}", f"cannot write {target}: {problem.strerror}"
        ) from problem
    if arguments.json:
        json.dump(as_json(report), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print(target)
    return 0


def _looking(ask: Callable[[Viewer], T]) -> T:
    """What the operator gets, seen through the walls. Raises UserMistake before a district is founded."""
    from hulei.common import walls

    by = database.operator()
    if not by.district:
        raise UserMistake("请先运行 hulei init 建立区县。", "run hulei init first.")
    with walls.entered(by):
        return ask(by)
