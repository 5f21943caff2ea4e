"""The pages of figures and ledgers are those that the declarations give, whole and up to date."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from hulei.insight.metrics import METRICS
from hulei.intake.reading.templates import TYPES, load_templates

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
STALE = "run .venv/bin/python scripts/reference_pages.py"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "scripts" / "reference_pages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_figure_stands_with_its_definition_and_version() -> None:
    text = (DOCS / "metrics.md").read_text(encoding="utf-8")
    assert text == _script().metrics_page(), STALE
    assert all(f"### `{name}` {one.title.zh}" in text for name, one in METRICS.items())


def test_every_ledger_stands_with_its_columns() -> None:
    text = (DOCS / "ledgers.md").read_text(encoding="utf-8")
    assert text == _script().ledgers_page(), STALE
    assert all(f"## `{one.id}` {one.title.zh}" in text for one in load_templates())


def test_every_type_of_column_has_its_words() -> None:
    assert {name for name, _ in _script().TYPES} == TYPES
