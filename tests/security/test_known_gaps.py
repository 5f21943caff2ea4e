"""Gaps that are known and written down in docs/threat-model.md; each test fails until its gap is closed."""

from __future__ import annotations

import pytest

from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.insight.tests import small_year
from hulei.prevention import actions as prevention
from tests import ground
from tests.stage import HIDDEN, HIDDEN_GUARDIAN, HIDDEN_ID, Stage, text

pytestmark = pytest.mark.django_db


@pytest.mark.xfail(strict=True, reason="particulars are kept per child, not per office that gave them")
def test_an_office_that_names_a_child_is_shown_no_more_than_it_said(stage: Stage) -> None:
    """A name and an id bring the child into sight, with a guardian whom the office never named."""
    row = {"name": HIDDEN, "national_id": HIDDEN_ID, "school": small_year.PRIMARY, "behaviour": "旷课"}
    with walls.entered(ground.OPERATOR):
        landed = prevention.take_in_register_education(
            [LedgerRow(1, row, source_id=901)], by=ground.OPERATOR, at=ground.AT
        )
    assert [one.outcome for one in landed] == ["added"]
    page = text(stage.browser(Role.EDUCATION_OFFICER).get(f"/people/minor/{stage.minors[HIDDEN]}/"))
    assert HIDDEN in page
    assert HIDDEN_GUARDIAN not in page
