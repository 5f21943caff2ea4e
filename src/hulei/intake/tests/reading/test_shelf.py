"""The shelf of texts: any order, any size, and nothing readable on the disk."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hulei.intake.reading import shelf as module
from hulei.intake.reading.shelf import TextShelf
from hulei.intake.tests.reading.sheets import cells_of


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_TEXTS", 3)
    monkeypatch.setattr(module, "BLOCK_TEXTS", 4)
    monkeypatch.setattr(module, "CACHED_BLOCKS", 2)


@pytest.mark.usefixtures("small")
def test_fetched_in_any_order() -> None:
    texts = [f"文字{n}" * (n % 5) for n in range(200)]
    shelf = TextShelf()
    for text in texts:
        shelf.append(text)
    places = list(range(200)) * 2
    random.Random(3).shuffle(places)
    assert [shelf.get(place) for place in places] == [texts[place] for place in places]
    assert len(shelf) == 200
    for wrong in (-1, 200):
        with pytest.raises(IndexError):
            shelf.get(wrong)
    shelf.close()
    shelf.close()


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_characters="\x00"), max_size=9), max_size=40))
def test_every_text_comes_back(texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIRST_TEXTS", 2)
        patch.setattr(module, "BLOCK_TEXTS", 3)
        shelf = TextShelf()
        for text in texts:
            shelf.append(text)
        assert [shelf.get(n) for n in range(len(texts))] == texts
        shelf.close()


@pytest.mark.usefixtures("small")
def test_what_lies_on_the_disk_cannot_be_read() -> None:
    shelf = TextShelf()
    for n in range(100):
        shelf.append(f"459900201206254033-{n}")
    stored = os.pread(shelf._file, 1 << 20, 0)
    assert len(stored) > 1000 and b"459900" not in stored
    shelf.close()


@pytest.mark.usefixtures("small")
def test_a_workbook_with_more_texts_than_fit(tmp_path: Path) -> None:
    grid = [[f"第{r}行第{c}列" for c in range(6)] for r in range(300)]
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        for line, row in enumerate(grid):
            page.write_row(line, 0, row)
    assert [cells for _, cells in cells_of(tmp_path / "t.xlsx")] == grid
