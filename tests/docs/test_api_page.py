"""docs/api.md: every request on the page gets the answer that stands below it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.campus import queries as campus
from tests import ground
from tests.stage import Stage

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
ANYTHING = "…"
# Who asks is said in the words before an example, and stays until others are named.
SPEAKERS = {
    "As the education\noffice": Role.EDUCATION_OFFICER,
    "As a school's safety head": Role.SCHOOL_SAFETY,
    "As the bureau's leader": Role.BUREAU_LEADER,
}
pytestmark = pytest.mark.django_db

Example = tuple[Role, str, str, Any]


def _examples() -> Iterator[Example]:
    """Who asks, the request line, the body and the answer, for each example in turn."""
    role = Role.EDUCATION_OFFICER
    pattern = (
        r"(?P<before>.*?)^```http\n(?P<line>[A-Z]+ \S+)\n(?P<body>.*?)^```\s+^```json\n(?P<answer>.*?)^```"
    )
    for found in re.finditer(pattern, TEXT, re.MULTILINE | re.DOTALL):
        role = next((one for words, one in SPEAKERS.items() if words in found["before"]), role)
        yield role, found["line"], found["body"], json.loads(found["answer"])


def _differs(wanted: Any, got: Any, where: str = "answer") -> list[str]:
    """Where ``got`` is not what the page shows; keys that the page leaves out do not matter."""
    if wanted == ANYTHING:
        return []
    if isinstance(wanted, dict) and isinstance(got, dict):
        absent = [f"{where}.{key} is absent" for key in wanted if key not in got]
        return absent + [
            fault
            for key in wanted
            if key in got
            for fault in _differs(wanted[key], got[key], f"{where}.{key}")
        ]
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        return [
            fault
            for n, (one, other) in enumerate(zip(wanted, got, strict=True))
            for fault in _differs(one, other, f"{where}[{n}]")
        ]
    return [] if wanted == got else [f"{where}: {got!r} instead of {wanted!r}"]


def test_every_request_gets_its_answer(stage: Stage) -> None:
    numbers = _numbers()
    asked = list(_examples())
    assert len(asked) == TEXT.count("```http\n") and {one[0] for one in asked} == set(SPEAKERS.values())
    for role, line, body, wanted in asked:
        verb, path = line.split(" ", 1)
        path = re.sub(r"\{(\w+)\}", lambda found: str(numbers[found[1]]), path)
        answer = stage.browser(role).generic(verb, path, body, content_type="application/json")
        status = wanted.get("code", 200)
        assert answer.status_code == status, (line, answer.content.decode())
        assert not _differs(wanted, json.loads(answer.content)), line


def test_a_hazard_can_be_changed_too(stage: Stage) -> None:
    path = f"/api/v1/campus/hazard/{_numbers()['YH2']}"
    change = {"values": {"note": "摄像头已换"}, "version": 1}
    answer = stage.browser(Role.SCHOOL_SAFETY).patch(path, change, content_type="application/json")
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def _numbers() -> dict[str, int]:
    """The records that the page names in braces."""
    hazards = dict(campus.hazards(ground.OPERATOR).values_list("number", "pk"))
    concern = campus.parent_concerns(ground.OPERATOR).get(content="放学拥堵")
    return {**hazards, "concern": concern.pk}


def test_nobody_is_told_anything(client: Any) -> None:
    answer = client.get("/api/v1/campus/hazard/")
    assert (answer.status_code, set(answer.json())) == (401, {"code", "title", "detail", "fields"})


def test_what_cannot_be_read_is_refused(stage: Stage) -> None:
    browser = stage.browser(Role.SCHOOL_SAFETY)
    broken = browser.patch("/api/v1/campus/hazard/1", "{", content_type="application/json")
    assert broken.status_code == 400


def test_statuses_are_explained() -> None:
    table = TEXT[TEXT.index("## Answers") :]
    from hulei.web.problems import PROBLEMS

    assert all(f"| {status} |" in table for status in PROBLEMS)
