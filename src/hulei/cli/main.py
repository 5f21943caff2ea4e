"""``hulei``: one parser, one function per command.

Exit status: 0 when all went well, 1 when rows were handed back or something failed, 2 for usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import Any

from hulei import __doc__ as ABOUT
from hulei.cli.errors import UserMistake
from hulei.common.text import Text
from hulei.postgres.errors import DatabaseTrouble

INTERRUPTED = Text("已中断；再次运行同一命令即可继续。", "Interrupted; run the same command again to go on.")
LOST = Text(
    "数据库连接中断，已完成的部分保留；数据库恢复后再次运行同一命令即可。",
    "the database went away; what was complete stays. Run the same command again when it is back.",
)

Command = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    parser = build()
    arguments = parser.parse_args(words)
    if getattr(arguments, "data_dir", None):
        os.environ["HULEI_DATA"] = arguments.data_dir
    try:
        status = _command(arguments.run)(arguments)
        sys.stdout.flush()
        return status
    except (UserMistake, DatabaseTrouble) as mistake:
        print(f"hulei: {mistake}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"hulei: {INTERRUPTED.zh} {INTERRUPTED.en}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output went away (``| head``): not a fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        if not _is_lost_database(fault):
            raise
        print(f"hulei: {LOST.zh}\n       {LOST.en}\n       {str(fault).strip()}", file=sys.stderr)
        return 1


def _is_lost_database(fault: Exception) -> bool:
    """Whether PostgreSQL went away (stopped, killed, network); Django is loaded only if it was used."""
    django = sys.modules.get("django.db")
    return django is not None and isinstance(fault, (django.OperationalError, django.InterfaceError))


def _command(where: str) -> Command:
    """The function that ``<file>.<name>`` under ``cli/commands`` names."""
    module, name = where.split(".")
    return getattr(import_module(f"hulei.cli.commands.{module}"), name)  # type: ignore[no-any-return]


def build() -> argparse.ArgumentParser:
    """The parser with every command."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", metavar="DIR", help="数据目录 / data folder (HULEI_DATA, var)")
    parser = argparse.ArgumentParser(prog="hulei", description=ABOUT, parents=[common])
    within = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(
        name: str, text: str, run: str, to: argparse._SubParsersAction = within
    ) -> argparse.ArgumentParser:  # type: ignore[type-arg]
        found: argparse.ArgumentParser = to.add_parser(name, help=text, description=text)
        found.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS)
        found.set_defaults(run=run)
        return found

    def group(name: str, text: str) -> argparse._SubParsersAction:  # type: ignore[type-arg]
        return within.add_parser(name, help=text).add_subparsers(required=True, metavar="ACTION")

    demo = add("demo", "演示年度：建库、载入、启动 / the demo year, served", "serving.demo")
    _serving(demo)
    demo.add_argument("--prepare-only", action="store_true", help="只准备，不启动 / prepare, do not serve")
    serve = add("serve", "启动网页服务 / serve the pages", "serving.serve")
    _serving(serve)
    serve.add_argument(
        "--plain-http",
        action="store_true",
        help="不要求 https（仅限本机试用）/ without TLS, for trials on one machine",
    )
    add("work", "后台任务 / background jobs", "serving.work")

    init = add("init", "建立一个空的区县 / found an empty district", "district.init")
    init.add_argument("--district", nargs=2, metavar=("CODE", "NAME"), default=("450512", "铁山港区"))

    intake = add("intake", "导入台账 / take in ledgers", "ledgers.intake")
    intake.add_argument("paths", nargs="+", metavar="PATH")
    intake.add_argument("--json", action="store_true")
    intake.add_argument(
        "--hand-back", metavar="DIR", help="退回表存放目录 / folder for the sheets handed back"
    )

    metrics = add("metrics", "指标 / figures", "figures.metrics")
    metrics.add_argument("--from", dest="start", type=_day, required=True, metavar="D")
    metrics.add_argument("--to", dest="end", type=_day, required=True, metavar="D")
    metrics.add_argument("--as-of", type=_day, metavar="D")
    metrics.add_argument("--area", metavar="CODE")
    metrics.add_argument("--json", action="store_true")

    report = group("report", "报告 / reports")
    work = add("work", "年度工作报告 / the year's work report", "figures.work_report", report)
    work.add_argument("--year", type=int, required=True)
    work.add_argument("--as-of", type=_day, metavar="D")
    work.add_argument("--out", required=True, metavar="F.docx")
    work.add_argument("--json", action="store_true", help="同时输出 JSON / print the same as JSON")

    dossiers = group("dossiers", "一人一档 / one child, one file")
    sources = add(
        "sources",
        "登记表各行归入的档案 / which row belongs to which file",
        "ledgers.dossier_sources",
        dossiers,
    )
    sources.add_argument("--out", required=True, metavar="F.csv")

    _index(add, group)

    audit = group("audit", "留痕 / the audit ledger")
    add("verify", "校验留痕链 / verify the chain", "checks.audit_verify", audit)

    accounts = group("accounts", "账号 / accounts")
    account = add("add", "开通账号并授权 / open an account with a role", "district.account_add", accounts)
    account.add_argument("username")
    account.add_argument("--name", required=True)
    account.add_argument("--role", required=True)
    account.add_argument(
        "--scope", metavar="CODE", help="范围代码；默认本区县 / scope code; default: the district"
    )

    add("doctor", "检查运行环境 / check the installation", "checks.doctor")
    add("version", "版本 / version", "checks.version")
    return parser


def _index(add: Callable[..., argparse.ArgumentParser], group: Callable[..., Any]) -> None:
    index = group("index", "指数 / the index")
    score = add("score", "对文件中的未成年人计算指数 / score the children of a file", "index.score", index)
    score.add_argument("file", metavar="FILE.jsonl")
    score.add_argument("--as-of", type=_day, required=True, metavar="D")
    score.add_argument("--engine", choices=("python", "duckdb", "postgres", "spark"), default="python")
    score.add_argument("--out", metavar="F.jsonl", help="默认标准输出 / default: standard output")
    explain = add("explain", "逐项说明 / say why, fact by fact", "index.explain", index)
    explain.add_argument("file", metavar="FILE.jsonl")
    explain.add_argument("--as-of", type=_day, required=True, metavar="D")
    explain.add_argument("--child", metavar="CHILD", help="只说明这一人 / only this child")
    add("schema", "输出 JSON 模式 / print the JSON schema", "index.schema", index)
    rules = add("rulebook", "输出某日有效的规则 / print the rules in force", "index.rulebook", index)
    rules.add_argument("--as-of", type=_day, metavar="D", help="默认今日 / default: today")


def _serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(
            str(Text(f"日期应写作 2023-12-29，而不是 {text}", f"a date like 2023-12-29, not {text}"))
        ) from fault


if __name__ == "__main__":
    sys.exit(main())
