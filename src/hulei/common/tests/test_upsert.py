"""Keyed rows: added once, filled in, kept where a person has edited; whatever comes in whatever batches."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hulei.common import faults, upsert
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.upsert import Draft
from hulei.governance.models import JointMeeting
from tests import ground

pytestmark = pytest.mark.django_db
LABELS = {"title": "会议名称", "held_on": "召开日期"}


def draft(number: str, row: int = 1, **values: Any) -> Draft:
    told = {"title": "", "held_on": date(2023, 2, 8), **values}
    return Draft(LedgerRow(row, told, None, LABELS), (number, ground.DISTRICT), told)


def land(*resolved: Draft | Landed, **more: Any) -> list[Landed]:
    return upsert.land(
        JointMeeting.objects.all(),
        "governance.joint_meeting",
        ("number", "district_code"),
        resolved,
        at=ground.AT,
        **more,
    )


def outcomes(*resolved: Draft | Landed) -> list[str]:
    return [one.outcome for one in land(*resolved)]


def test_added_then_unchanged_then_filled() -> None:
    assert outcomes(draft("1"), draft("2", title="会")) == ["added", "added"]
    assert outcomes(draft("1"), draft("2")) == ["unchanged", "unchanged"]
    assert outcomes(draft("1", title="例会")) == ["filled"]
    one = JointMeeting.objects.get(number="1")
    assert (one.title, one.version) == ("例会", 2)
    assert JointMeeting.objects.get(number="2").title == "会"  # an empty cell takes nothing away


def test_a_ledger_corrects_itself_but_no_person() -> None:
    land(draft("1", title="旧"))
    assert outcomes(draft("1", title="新")) == ["filled"]
    JointMeeting.objects.update(title="人工", hand_edited=True)
    (one,) = land(draft("1", title="台账", held_on=None))
    assert one.outcome == "unchanged"
    assert [(f.code, f.column, f.level) for f in one.findings] == [("value_kept", "会议名称", "warning")]
    assert JointMeeting.objects.get().title == "人工"


def test_refused_rows_keep_their_place() -> None:
    refused = Landed.refused(Finding("会议名称", "x", "x"))
    landed = land(draft("1"), refused, draft("2"))
    assert [one.outcome for one in landed] == ["added", "rejected", "added"]
    assert landed[1].findings == refused.findings
    assert landed[0].record_id != landed[2].record_id


def test_a_key_twice_in_one_batch_is_one_record_and_is_reported() -> None:
    landed = land(draft("1", 1), draft("1", 2, title="会"), draft("1", 3), repeated=faults.repeated)
    assert [one.outcome for one in landed] == ["added", "filled", "unchanged"]
    assert len({one.record_id for one in landed}) == 1
    assert [len(one.findings) for one in landed] == [0, 1, 1]
    assert JointMeeting.objects.get().title == "会"


ROWS = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from(["", "会", "例会"]), st.sampled_from([1, 2])),
    max_size=8,
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.integers(1, 8))
def test_the_size_of_batches_does_not_matter(rows: list[tuple[str, str, int]], size: int) -> None:
    drafts = [
        draft(number, at, title=title, held_on=date(2023, 2, day))
        for at, (number, title, day) in enumerate(rows, start=1)
    ]
    answers = []
    for step in (size, len(rows) or 1):
        with transaction.atomic():
            told = Counter(
                one.outcome
                for start in range(0, len(drafts), step)
                for one in land(*drafts[start : start + step])
            )
            stored = sorted(JointMeeting.objects.values_list("number", "title", "held_on"))
            answers.append((told, stored))
            assert len(stored) == len({number for number, _, _ in rows})
            transaction.set_rollback(True)
    assert answers[0] == answers[1]
