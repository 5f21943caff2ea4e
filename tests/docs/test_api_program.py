"""docs/api.md: the program on the page, run as it stands against a served district."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest
from django.db import transaction

from hulei.access.terms import Role
from hulei.insight.tests import small_year
from tests import ground
from tests.stage import PASSWORD, account

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.mark.django_db(transaction=True)
def test_the_program_signs_in_and_prints(live_server: Any, capsys: Any) -> None:
    programs = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(programs) == 1
    with transaction.atomic():
        small_year.take_in()
        account(Role.EDUCATION_OFFICER, ground.DISTRICT, "铁山港区", username="education")
    program = programs[0].replace("http://127.0.0.1:8000", live_server.url).replace('"..."', repr(PASSWORD))
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(program, str(PAGE), "exec"), names)  # the page's own words
    assert capsys.readouterr().out.count("YH") == len(small_year.HAZARDS)
    # Whoever signed in so writes with the form token only. This role may not: 403 either way, told apart.
    assert "CSRF" in _refused(live_server.url, names, {})
    assert "当前身份不能进行此操作" in _refused(live_server.url, names, {"X-CSRFToken": names["token"]()})


def _refused(address: str, names: dict[str, Any], headers: dict[str, str]) -> str:
    """What is said to a change that is refused."""
    change = Request(
        f"{address}/api/v1/campus/hazard/1",
        json.dumps({"values": {}}).encode(),
        {"Content-Type": "application/json", **headers},
        method="PATCH",
    )
    with pytest.raises(HTTPError) as refused:
        names["browser"].open(change)
    assert refused.value.code == 403
    return str(json.loads(refused.value.read()))
