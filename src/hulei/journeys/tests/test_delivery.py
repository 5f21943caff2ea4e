"""Events: none unheard, none lost, none delivered twice; a fault of one subscriber is its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from hulei.audit import queries as audit
from hulei.common import events, walls
from hulei.common.events import EVENTS, GroundMoved, SchoolsMoved
from hulei.common.viewer import Viewer, Viewpoint
from hulei.journeys import delivery, wiring
from hulei.journeys.tests.any_rows import AT, Rows
from hulei.journeys.tests.conftest import Ground

GROUND = GroundMoved(("450512102",), ("450512102201",))


def test_every_event_has_a_subscriber_and_no_other_is_wired() -> None:
    assert set(wiring.SUBSCRIBERS) == set(EVENTS.values())
    for event, subscribers in wiring.SUBSCRIBERS.items():
        assert subscribers, event
        for name, function in subscribers.items():
            package = function.__module__.split(".")[1]
            assert name == f"{package}.{function.__name__}"


@pytest.mark.parametrize("name", EVENTS)
def test_events_survive_being_written_down(name: str) -> None:
    samples: dict[str, Any] = {"bool": True, "tuple[str, ...]": ("a", "b"), "tuple[int, ...]": (1, 2)}
    event = EVENTS[name](**{f.name: samples[str(f.type)] for f in fields(EVENTS[name])})
    assert events.read(name, events.written(event)) == event


def test_nothing_is_published_into_the_void(monkeypatch: pytest.MonkeyPatch, ground: Ground) -> None:
    monkeypatch.setattr(events, "_carriers", [])
    with pytest.raises(events.Unconnected):
        ground.save("school", ground.school(), station=ground.agency("兴港派出所"))


def test_an_event_falls_with_its_transaction(ground: Ground) -> None:
    before = audit.deliveries(ground.by).count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish(GROUND, by=ground.by, at=AT)
        raise ZeroDivisionError
    assert audit.deliveries(ground.by).count() == before


def test_it_is_delivered_right_after_the_commit(
    ground: Ground, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    school = ground.school()
    hazard = Rows(school.scope.fields(), **{"places.School": school})
    hazard.named("campus.Hazard")
    with django_capture_on_commit_callbacks(execute=True):
        ground.save("school", school, station=ground.agency("营盘派出所"))
    assert [row.station_code for _, row in hazard.again()] == [ground.agency("营盘派出所").code]
    assert not audit.deliveries(ground.by).filter(delivered_at=None).exists()


def test_the_web_server_leaves_delivery_to_the_job_runner(ground: Ground) -> None:
    for login, may in (("web", False), ("worker", True)):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            name = sql.Identifier(f"{settings.HULEI_ROLE_PREFIX}_{login}")
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(name))
            assert walls.may_enter(Viewpoint.WORKER) is may
            raise ZeroDivisionError


@pytest.mark.parametrize("viewpoint", [Viewpoint.POLICE_DISTRICT, Viewpoint.SYSTEM_ADMIN])
def test_who_may_move_a_school_need_not_see_what_follows(ground: Ground, viewpoint: Viewpoint) -> None:
    by = replace(ground.by, account_id=7, name="管理员甲", viewpoint=viewpoint)
    school = ground.school()
    rows = Rows(school.scope.fields(), **{"places.School": school})
    rows.named("people.Minor")
    rows.named("people.Enrolment")
    with walls.entered(by):
        replace(ground, by=by).save("school", school, station=ground.agency("营盘派出所"))
    delivery.deliver_waiting()
    assert {row.station_code for _, row in rows.again()} == {ground.agency("营盘派出所").code}
    assert audit.entries(ground.by).get(tag="people.scope.followed").actor_id == 7


def test_a_failing_subscriber_undoes_nothing_and_is_repeated(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, heard = [True], []

    def first(event: SchoolsMoved, *, by: Viewer, at: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE places_school SET guards = 77")
        if failing[0]:
            raise ValueError("姓名与号码不得进入台账")
        heard.append("first")

    def second(event: SchoolsMoved, *, by: Viewer, at: Any) -> None:
        heard.append("second")

    table = {SchoolsMoved: {"a.first": first, "b.second": second}}
    monkeypatch.setattr(wiring, "SUBSCRIBERS", table)
    ground.save("school", ground.school(), station=ground.agency("营盘派出所"))
    assert delivery.deliver_waiting(lambda: AT) == 2
    assert ground.school().station == ground.agency("营盘派出所")
    assert ground.school().guards is None and heard == ["second"]
    waiting = audit.deliveries(ground.by).get(delivered_at=None)
    assert (waiting.subscriber, waiting.tries, waiting.fault) == ("a.first", 1, "ValueError")
    entry = audit.entries(ground.by).get(tag="audit.delivery.failed")
    assert "ValueError" in entry.payload and "姓名与号码" not in entry.payload
    failing[0] = False
    assert delivery.deliver_waiting(lambda: AT) == 0  # not yet due
    assert delivery.deliver_waiting(lambda: AT + timedelta(minutes=1)) == 1
    assert heard == ["second", "first"] and ground.school().guards == 77
    assert not audit.deliveries(ground.by).filter(delivered_at=None).exists()
    assert not list(audit.breaks_unscoped())
