"""Taking ledgers in from the command line, and saying which row went where."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hulei.cli import database
from hulei.cli.errors import UserMistake
from hulei.common.landing import Finding

SUFFIXES = {".xlsx", ".xls", ".xlsm", ".ods", ".csv", ".tsv", ".txt", ".et"}


def intake(arguments: argparse.Namespace) -> int:
    """Take files (or every ledger in a folder) in; print what became of the rows."""
    # A file named twice, or beside its folder, is one file.
    paths = list({path.absolute(): path for path in _files(arguments.paths)}.values())
    if arguments.hand_back:
        _folder(arguments.hand_back)
    database.ready()
    from hulei.journeys import ledger_intake

    by = _of_district()
    taken = ledger_intake.take_in_files(paths, by=by, progress=_progress, waiting=_waiting)
    entries = [entry for path, one in zip(paths, taken, strict=True) for entry in _entries(path, one, by)]
    if arguments.hand_back:
        uploads = [one for one in taken if not isinstance(one, Finding)]
        _hand_back(uploads, by, _folder(arguments.hand_back))
    if arguments.json:
        print(json.dumps({"files": entries}, ensure_ascii=False, indent=1))
    else:
        _print(entries)
    return 1 if any(e["rejected"] for e in entries) else 0


def _of_district() -> Any:
    """The operator, once a district is founded. Raises UserMistake."""
    by = database.operator()
    if not by.district:
        raise UserMistake("请先运行 hulei init 建立区县。", "run hulei init first.")
    return by


def _files(words: Sequence[str]) -> Iterator[Path]:
    """The files named, and the ledgers directly inside the folders named. Raises UserMistake."""
    for word in words:
        path = Path(word)
        if path.is_dir():
            yield from _ledgers_in(path)
        elif path.is_file():
            yield path
        elif path.exists():
            raise UserMistake(f"不是文件：{word}", f"not a file: {word}")
        else:
            raise UserMistake(f"找不到文件：{word}", f"no such file: {word}")


def _ledgers_in(folder: Path) -> list[Path]:
    try:
        files = [p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~$"))]
    except OSError as fault:
        raise UserMistake(
            f"无法打开文件夹 {folder}：{fault.strerror}", f"cannot open {folder}: {fault.strerror}"
        ) from fault
    found = sorted(p for p in files if p.suffix.lower() in SUFFIXES)
    if not found:
        raise UserMistake(f"文件夹里没有台账：{folder}", f"no ledgers in the folder: {folder}")
    return found


def _folder(word: str) -> Path:
    """A folder to write to, made if absent. Raises UserMistake."""
    folder = Path(word)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UserMistake(
            f"无法写入 {folder}：{fault.strerror}", f"cannot write {folder}: {fault.strerror}"
        ) from fault
    return folder


def _waiting() -> None:
    print(
        "hulei: 另一个导入正在进行，等它结束…… another intake is going on, waiting for it to end",
        file=sys.stderr,
    )


def _progress(sheet: Any) -> None:
    if sys.stderr.isatty():
        print(
            f"\r{sheet.upload.file_name} {sheet.name} {sheet.rows_done}/{sheet.rows_expected}",
            end="",
            file=sys.stderr,
        )


def _entries(path: Path, upload: Any, by: Any) -> Iterator[dict[str, Any]]:
    """One entry for each ledger of a file; a file that could not be read has one entry that says why."""
    from hulei.common import walls
    from hulei.intake import queries

    if isinstance(upload, Finding):
        fault = _finding(0, 0, upload)
        fault.pop("level")
        yield _entry(path.name, None, "", (0, 0, 0), [fault], [])
        return
    of_file = [_finding(0, 0, f) for f in queries.findings_of(upload.findings)]
    errors = [f for f in of_file if f.pop("level") == "error"]
    with walls.entered(by):
        sheets = list(queries.sheets(by).filter(upload=upload).order_by("position"))
        if not sheets:
            yield _entry(path.name, None, "", (0, 0, 0), errors, [f for f in of_file if f not in errors])
        for sheet in sheets:
            rejected, warnings = list(errors), [f for f in of_file if f not in errors]
            for line, number, finding in _sheet_findings(sheet):
                entry = _finding(number, line, finding)
                (rejected if entry.pop("level") == "error" else warnings).append(entry)
            counts = (sheet.rows_done, sheet.accepted, sheet.unchanged)
            yield _entry(path.name, sheet.ledger or None, sheet.name, counts, rejected, warnings)
            of_file, errors = [], []


def _sheet_findings(sheet: Any) -> Iterator[tuple[int, int, Finding]]:
    from hulei.intake import queries

    for finding in queries.findings_of(sheet.findings):
        yield 0, 0, finding
    for record, finding in queries.faults(sheet):
        yield record.line, record.number, finding


def _finding(number: int, line: int, finding: Finding) -> dict[str, Any]:
    return {
        "row": number,
        "line": line,
        "column": finding.column,
        "code": finding.code,
        "message": finding.message,
        "message_en": finding.message_en,
        "level": finding.level,
    }


def _entry(
    file: str,
    ledger: str | None,
    sheet: str,
    counts: tuple[int, int, int],
    rejected: list[Any],
    warnings: list[Any],
) -> dict[str, Any]:
    rows, accepted, unchanged = counts
    return {
        "file": file,
        "sheet": sheet,
        "ledger": ledger,
        "rows": rows,
        "accepted": accepted,
        "unchanged": unchanged,
        "rejected": rejected,
        "warnings": warnings,
    }


def _print(entries: Sequence[dict[str, Any]]) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for entry in entries:
        head = f"{entry['file']} {entry['sheet']}".strip()
        refused = len({f["row"] for f in entry["rejected"]})
        taken = f"{entry['rows']} 行，收入 {entry['accepted']}，无变化 {entry['unchanged']}"
        print(f"{head}: {taken}，退回 {refused}")
        for finding in entry["rejected"]:
            print(f"  ✗ 第 {finding['line']} 行 {finding['column']}：{finding['message']}", file=sys.stderr)
        for finding in entry["warnings"]:
            print(f"  ! 第 {finding['line']} 行 {finding['column']}：{finding['message']}", file=sys.stderr)


def _hand_back(uploads: Sequence[Any], by: Any, folder: Path) -> None:
    """Write the sheets handed back, each with the reasons in its last column. Raises UserMistake."""
    from django.utils import timezone

    from hulei.common import walls
    from hulei.intake import actions, queries

    with walls.entered(by):
        for upload in uploads:
            for sheet in queries.sheets(by).filter(upload=upload, rejected__gt=0):
                name = f"{Path(upload.file_name).stem}-{sheet.name}-退回.xlsx".replace("/", "_")
                body = actions.hand_back(by=by, at=timezone.now(), sheet=sheet)
                _write(folder / name, body)


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as fault:
        raise UserMistake(
            f"无法写入 {path}：{fault.strerror}", f"cannot write {path}: {fault.strerror}"
        ) from fault


def dossier_sources(arguments: argparse.Namespace) -> int:
    """A line for each accepted row of the four registers: file, row, dossier."""
    database.ready()
    from hulei.common import walls
    from hulei.prevention import queries

    by = _of_district()
    target = Path(arguments.out)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with walls.entered(by), draft.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["file", "row", "dossier"])
            for row in queries.dossier_rows(by):
                writer.writerow(row)
        draft.replace(target)
    except OSError as fault:
        raise UserMistake(
            f"无法写入 {target}：{fault.strerror}", f"cannot write {target}: {fault.strerror}"
        ) from fault
    finally:
        draft.unlink(missing_ok=True)
    return 0
