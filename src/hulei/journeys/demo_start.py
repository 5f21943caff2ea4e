"""Founding the demo: the district, its generated ledgers through the normal intake, the accounts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from hulei.access import actions as access
from hulei.access import queries
from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.intake.queries import Sheet
from hulei.journeys import ledger_intake
from hulei.journeys.demo_year import DEMO_ACCOUNTS, DemoAccount, generate
from hulei.people import queries as people
from hulei.places import actions as places
from hulei.places import queries as places_queries
from hulei.prevention import queries as prevention

DISTRICT = ("450512", "铁山港区")
REASON = "演示"
CHILDREN_OF_THE_SOCIAL_WORKER = 12


class NotADemo(Exception):
    """The data folder holds real work."""


def prepare(folder: Path, password_of: Callable[[str], str], tell: Callable[[Text], None]) -> None:
    """Make the demo year unless it is there. May be interrupted anywhere and run again.

    Raises :class:`NotADemo` outside the demo settings, and where the data folder is a real one.
    """
    if not settings.HULEI_DEMO:
        raise NotADemo
    by = queries.operator(DISTRICT[0])
    with walls.entered(by):
        present = queries.home_district()
        accounts = queries.demo_accounts_unscoped().count()
        if present and not accounts and not (folder / "is-demo").exists():
            raise NotADemo
    if accounts == len(DEMO_ACCOUNTS):
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "is-demo").touch()
    with walls.entered(by):
        places.found_district(by=by, at=timezone.now(), code=DISTRICT[0], name=DISTRICT[1])
    tell(Text("生成演示年度台账", "writing the demo year's ledgers"))
    year = generate(folder / "ledgers")
    _take_in(sorted(year.folder.iterdir()), by, tell)
    tell(Text("开通演示账号", "opening the demo accounts"))
    for account in DEMO_ACCOUNTS:
        _open(account, password_of(account.username), by)


def _take_in(paths: list[Path], by: Viewer, tell: Callable[[Text], None]) -> None:
    def progress(sheet: Sheet) -> None:
        if sheet.finished_at:
            text = Text(
                "导入 {file} {sheet}：{rows} 行，退回 {refused}",
                "taken in {file} {sheet}: {rows} rows, {refused} handed back",
            )
            values = {
                "file": sheet.upload.file_name,
                "sheet": sheet.name,
                "rows": sheet.rows_done,
                "refused": sheet.rejected,
            }
            tell(text.fill(**values))

    ledger_intake.take_in_files(paths, by=by, progress=progress)


def _open(demo: DemoAccount, password: str, by: Viewer) -> None:
    """One account with its role; one that a stopped start left behind is kept."""
    now, role = timezone.now(), Role(demo.role)
    with walls.entered(by):
        if queries.accounts(by).filter(username=demo.username).exists():
            return
        scope, scope_name = _scope(demo, by)
        account = access.open_account(
            by=by,
            at=now,
            reason=REASON,
            username=demo.username,
            display_name=demo.display_name,
            password=password,
            is_demo=True,
        )
        access.grant_role(
            by=by,
            at=now,
            reason=REASON,
            account=account,
            role=role,
            scope=scope,
            scope_name=scope_name,
            district=DISTRICT[0],
        )
        if demo.scope_kind == "assigned":
            for minor in people.minors(by).filter(pk__in=_children_with_cases(by))[
                :CHILDREN_OF_THE_SOCIAL_WORKER
            ]:
                access.assign_child(by=by, at=now, reason=REASON, account_id=account.pk, minor_id=minor.pk)


def _children_with_cases(by: Viewer) -> list[int]:
    """Children whose case runs: they are the ones a social worker visits."""
    return [pk for pk in prevention.cases(by).values_list("minor_id", flat=True) if pk is not None]


def _scope(demo: DemoAccount, by: Viewer) -> tuple[str, str]:
    """(code, name) of the place that the account is about. Raises LookupError for a name no roster has."""
    sources: dict[str, Callable[[Viewer], QuerySet[Any]]] = {
        "station": places_queries.stations,
        "school": places_queries.schools,
        "village": places_queries.areas,
        "grid": places_queries.grids,
    }
    if demo.scope_kind not in sources:
        return DISTRICT
    place = sources[demo.scope_kind](by).filter(name__startswith=demo.scope_name).first()
    if place is None:
        raise LookupError(demo.scope_name)
    return place.code, place.name
