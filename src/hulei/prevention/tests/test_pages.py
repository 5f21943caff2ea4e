"""Every declared page reads its records, in a number of statements that does not grow with the list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.common.pages import Page
from hulei.common.text import in_language
from hulei.common.viewer import Viewer, Viewpoint
from hulei.people.pages import PAGES as PEOPLE_PAGES
from hulei.people.pages import masked_id
from hulei.prevention import actions
from hulei.prevention.pages import PAGES
from hulei.prevention.tests.children import civil_affairs, education, grid, national_id, police
from tests import ground

pytestmark = pytest.mark.django_db
OFFICE = ground.viewer(Viewpoint.POLICE_DISTRICT)
ALL = (*PEOPLE_PAGES, *PAGES)


def fill(first: int, number: int) -> None:
    """Some of everything."""

    def rows(make: Any) -> list[LedgerRow]:
        return [LedgerRow(n, make(n), source_id=None) for n in range(first, first + number)]

    def child(n: int) -> dict[str, Any]:
        return {"name": f"孩子{n}", "national_id": national_id(n), "guardian_phone": f"1990000{n:04d}"}

    ledgers = {
        "register_police": lambda n: police(**child(n)),
        "register_education": lambda n: education(**child(n)),
        "register_civil_affairs": lambda n: civil_affairs(**child(n)),
        "register_grid": lambda n: grid(**child(n)),
        "police_calls": lambda n: {
            "call_number": f"J{n}",
            "received_at": datetime(2023, 1, 2),
            "nature": "security",
            "station": "石头埠派出所",
        },
        "clues": lambda n: {
            "number": f"XS{n}",
            "received_on": date(2023, 1, 2),
            "content": "旷课",
            "minor_name": f"孩子{n}",
        },
        "cases": lambda n: {
            "number": f"GA{n}",
            "opened_on": date(2023, 1, 2),
            "name": f"孩子{n}",
            "national_id": national_id(n),
            "station": "石头埠派出所",
        },
    }
    with walls.entered(ground.OPERATOR):
        for ledger, make in ledgers.items():
            getattr(actions, f"take_in_{ledger}")(rows(make), by=ground.OPERATOR, at=ground.AT)


def shown(page: Page, viewer: Viewer) -> list[list[str]]:
    """The list as a reader sees it."""
    return [[str(c.read(r)) for c in page.columns] for r in page.rows(viewer).order_by(*page.order)]


@pytest.fixture(autouse=True)
def district() -> None:
    ground.found()
    fill(1, 2)


def test_lists_take_a_constant_number_of_statements() -> None:
    counts: list[dict[str, int]] = []
    for first, number in ((0, 0), (10, 8)):
        fill(first, number)
        counts.append({})
        for page in ALL:
            with walls.entered(OFFICE), CaptureQueriesContext(connection) as seen:
                shown(page, OFFICE)
            counts[-1][page.kind] = len(seen)
    assert counts[0] == counts[1]


def test_every_page_shows_its_records_in_both_languages_and_to_every_viewpoint() -> None:
    school = ground.school("兴港镇粟山小学")
    viewers = [
        OFFICE,
        ground.viewer(Viewpoint.PROSECUTION),
        ground.viewer(Viewpoint.EDUCATION),
        ground.viewer(Viewpoint.CIVIL_AFFAIRS),
        ground.viewer(Viewpoint.SCHOOL, school.code),
        ground.viewer(Viewpoint.VILLAGE, "450512102201"),
        ground.officer_of("石头埠派出所"),
    ]
    for viewer in viewers:
        for language in ("zh", "en"):
            with walls.entered(viewer), in_language(language):
                for page in ALL:
                    for record in page.rows(viewer):
                        _detail(page, viewer, record)


def _detail(page: Page, viewer: Viewer, record: Any) -> None:
    assert page.name(record)
    for section in page.sections:
        for row in section.rows(viewer, record) if section.rows else [record]:
            text = " ".join(str(column.read(row)) for column in section.columns)
            assert "1990000" not in text.replace("199****", "") and "4599002010" not in text, section.title


def test_forms_open_with_what_is_stored_and_save_it_unchanged() -> None:
    for page in ALL:
        if page.form is None:
            continue
        assert page.save is not None
        with walls.entered(OFFICE):
            for record in page.rows(OFFICE).order_by("pk")[:1]:
                made = page.form(OFFICE, record)
                initial = page.initial(record) if page.initial else _plain(record)
                form = made(_posted(made(initial=initial)))
                assert form.is_valid(), (page.kind, form.errors)
                saved = page.save(
                    by=OFFICE, at=ground.AT, reason="核对", record_id=record.pk, version=record.version,
                    values=form.cleaned_data,
                )  # fmt: skip
                assert saved.pk == record.pk


def _plain(record: Any) -> dict[str, Any]:
    return {f.name: getattr(record, f.attname) for f in record._meta.concrete_fields}


def _posted(form: Any) -> dict[str, Any]:
    """What a browser sends back for an untouched form."""
    values = {}
    for bound in form:
        value = bound.field.widget.format_value(bound.value())
        values[bound.name] = value[0] if isinstance(value, (list, tuple)) and value else value or ""
    return values


def test_ids_are_shown_masked() -> None:
    from hulei.people import queries

    with walls.entered(OFFICE):
        minor = queries.minors(OFFICE)[0]
        shown_id = masked_id(minor)
    assert shown_id and len(shown_id) == 18 and "*" * 10 in shown_id
